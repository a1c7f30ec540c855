"""JSON values <-> shapes: one closure per shape, made on first use. CBOR's data items are read and written alike."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from botocore.model import Shape

from . import timestamps
from .faults import MAX_DEPTH, WrongType, serialization, too_deep, wrong_type

Reader = Callable[[Any, int], Any]
Writer = Callable[[Any], Any]

_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def decode(body: bytes) -> Any:
    """The value that a JSON body holds.

    Raises:
        SerializationException: it is no JSON.
    """
    try:
        text = body.decode("utf-8")
        value = _DECODER.decode(text)
        if b"\\u" in body:
            _ENCODE(value).encode("utf-8")
    except (ValueError, RecursionError):
        raise serialization() from None
    return value


def encode(value: Any) -> bytes:
    """A value as compact JSON."""
    return _ENCODE(value).encode("utf-8", "replace")


class JsonReader:
    """Makes the readers of JSON values; ``wrong`` words the errors."""

    def __init__(self, wrong: WrongType = wrong_type) -> None:
        self.wrong = wrong
        self._structures: dict[str, Reader] = {}

    def reader(self, shape: Shape) -> Reader:
        """The reader of a shape: ``read(value, depth)``."""
        make: Callable[[Shape], Reader] = getattr(self, f"_{shape.type_name}")
        return make(shape)

    def _structure(self, shape: Shape) -> Reader:
        if shape.is_document_type:
            return read_document
        known = self._structures.get(shape.name)
        if known is None:
            members: list[tuple[str, str, Reader]] = []
            known = self._structures[shape.name] = self._structure_reader(members)
            for name, member in shape.members.items():
                members.append((member.serialization.get("name", name), name, self.reader(member)))
        return known

    def _structure_reader(self, members: list[tuple[str, str, Reader]]) -> Reader:
        wrong = self.wrong

        def read(value: Any, depth: int) -> dict[str, Any]:
            if type(value) is not dict:
                raise wrong(value, "Structure")
            if depth > MAX_DEPTH:
                raise too_deep()
            depth += 1
            result = {}
            left = len(value)
            for key, name, reader in members:
                if key in value:
                    item = value[key]
                    if item is not None:
                        result[name] = reader(item, depth)
                    left -= 1
                    if not left:
                        break
            return result

        return read

    def _list(self, shape: Shape) -> Reader:
        item = self._element(shape.member)
        wrong = self.wrong

        def read(value: Any, depth: int) -> list[Any]:
            if type(value) is not list:
                raise wrong(value, "List")
            if depth > MAX_DEPTH:
                raise too_deep()
            depth += 1
            return [item(element, depth) for element in value]

        return read

    def _map(self, shape: Shape) -> Reader:
        item = self._element(shape.value)
        wrong = self.wrong

        def read(value: Any, depth: int) -> dict[str, Any]:
            if type(value) is not dict:
                raise wrong(value, "Map")
            if depth > MAX_DEPTH:
                raise too_deep()
            depth += 1
            return {key: item(element, depth) for key, element in value.items()}

        return read

    def _element(self, shape: Shape) -> Reader:
        """Elements of lists and maps: where a structure should be, null is an empty one."""
        reader = self.reader(shape)
        if shape.type_name != "structure" or shape.is_document_type:
            return reader
        return lambda value, depth: reader({} if value is None else value, depth)

    def _string(self, shape: Shape) -> Reader:
        wrong = self.wrong
        if shape.serialization.get("jsonvalue"):
            return self._json_value

        def read(value: Any, depth: int) -> str:
            if type(value) is str:
                return value
            raise wrong(value, "String")

        return read

    _character = _string

    def _json_value(self, value: Any, depth: int) -> Any:
        if type(value) is not str:
            raise self.wrong(value, "String")
        return read_document(decode(value.encode("utf-8")), depth)

    def _boolean(self, shape: Shape) -> Reader:
        wrong = self.wrong

        def read(value: Any, depth: int) -> bool:
            if type(value) is bool:
                return value
            raise wrong(value, "Boolean")

        return read

    def _integer(self, shape: Shape) -> Reader:
        wrong = self.wrong
        expected = shape.type_name.capitalize()

        def read(value: Any, depth: int) -> int:
            if type(value) is int:
                return value
            if type(value) is float and math.isfinite(value):
                return int(value)
            raise wrong(value, expected)

        return read

    _long = _integer

    def _double(self, shape: Shape) -> Reader:
        wrong = self.wrong
        expected = shape.type_name.capitalize()

        def read(value: Any, depth: int) -> float:
            if type(value) is float:
                return value
            if type(value) is int and value.bit_length() < 1024:
                return float(value)
            if type(value) is str and value in _SPECIAL:
                return _SPECIAL[value]
            raise wrong(value, expected)

        return read

    _float = _double

    def _blob(self, shape: Shape) -> Reader:
        wrong = self.wrong

        def read(value: Any, depth: int) -> bytes:
            if type(value) is not str:
                raise wrong(value, "Blob")
            try:
                return base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                raise serialization("Invalid base64 text") from None

        return read

    def _timestamp(self, shape: Shape) -> Reader:
        wrong = self.wrong

        def read(value: Any, depth: int) -> Any:
            try:
                if type(value) is str:
                    return timestamps.from_text(value)
                if type(value) in (int, float):
                    return timestamps.from_epoch(value)
            except ValueError:
                pass
            raise wrong(value, "Date")

        return read


def read_document(value: Any, depth: int) -> Any:
    """A JSON value as it is, if it is not nested too deeply."""
    level = [value]
    while level:
        if depth > MAX_DEPTH:
            raise too_deep()
        depth += 1
        inner: list[Any] = []
        for item in level:
            if type(item) is dict:
                inner.extend(item.values())
            elif type(item) is list:
                inner.extend(item)
        level = inner
    return value


class JsonWriter:
    """Makes the writers of JSON values; a writer of None leaves the value as it is."""

    timestamp_format = "unixTimestamp"

    def __init__(self) -> None:
        self._structures: dict[str, Writer] = {}

    def writer(self, shape: Shape) -> Writer | None:
        """The writer of a shape."""
        make: Callable[[Shape], Writer | None] | None = getattr(self, f"_{shape.type_name}", None)
        return make(shape) if make else None

    def members(self, shape: Shape) -> list[tuple[str, str, Writer | None]]:
        """Name, name on the wire and writer of every member that goes into the body."""
        return [
            (name, member.serialization.get("name", name), self.writer(member))
            for name, member in shape.members.items()
            if not member.serialization.get("location")
        ]

    def _structure(self, shape: Shape) -> Writer | None:
        if shape.is_document_type:
            return None
        known = self._structures.get(shape.name)
        if known is None:
            members: list[tuple[str, str, Writer | None]] = []
            known = self._structures[shape.name] = structure_writer(members)
            members.extend(self.members(shape))
        return known

    def _list(self, shape: Shape) -> Writer:
        item = self.writer(shape.member)
        if item is None:
            return list
        return lambda value: [item(element) for element in value]

    def _map(self, shape: Shape) -> Writer:
        item = self.writer(shape.value)
        if item is None:
            return dict
        return lambda value: {key: item(element) for key, element in value.items()}

    def _string(self, shape: Shape) -> Writer | None:
        if shape.serialization.get("jsonvalue"):
            return lambda value: _ENCODE(value)
        return None

    def _double(self, shape: Shape) -> Writer:
        return write_float

    _float = _double

    def _blob(self, shape: Shape) -> Writer:
        return write_blob

    def _timestamp(self, shape: Shape) -> Writer:
        chosen = (shape.serialization.get("timestampFormat") or self.timestamp_format).lower()
        if chosen == "unixtimestamp":
            return timestamps.to_epoch
        return lambda value: timestamps.to_text(value, chosen)


def structure_writer(members: list[tuple[str, str, Writer | None]]) -> Writer:
    """Writes the members of a structure that are there, in the model's order."""

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        result = {}
        for name, key, writer in members:
            item = value.get(name)
            if item is not None:
                result[key] = item if writer is None else writer(item)
        return result

    return write


def write_float(value: Any) -> Any:
    """A number, or the strings that stand for those JSON has not."""
    number = float(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def write_blob(value: Any) -> str:
    """Base64."""
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode("ascii")
