"""Compiled copiers: parameters into the canonical form, answers into what botocore would have parsed.

One copier per shape and direction, made at first use from botocore's shape. They share nothing between the caller
and the cloud, and give values the types, the precision and the member order that the wire would have given them.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from botocore.utils import parse_to_aware_datetime
from dateutil.tz import tzlocal, tzutc

Copy = Callable[[Any], Any]
UTC = datetime.timezone.utc


class Copiers:
    """The copiers of one protocol and direction, by shape name."""

    text: Callable[[Any], Any]

    def __init__(self, protocol: str) -> None:
        self._protocol = protocol
        self._made: dict[str, Copy] = {}

    def of(self, shape: Any) -> Copy:
        """The copier of a shape."""
        known = self._made.get(self._key(shape))
        return known if known is not None else self._make(shape)

    def _key(self, shape: Any) -> str:
        serialization = shape.serialization
        if shape.type_name in ("timestamp", "string", "blob", "list"):
            marks = (
                serialization.get("timestampFormat"),
                serialization.get("location"),
                serialization.get("flattened"),
            )
            return f"{shape.name}|{marks}|{serialization.get('jsonvalue')}"
        return str(shape.name)

    def _make(self, shape: Any) -> Copy:
        key = self._key(shape)
        slot: list[Copy] = []
        self._made[key] = lambda value: slot[0](value)  # a shape may contain itself
        copy = self._compile(shape)
        slot.append(copy)
        self._made[key] = copy
        return copy

    def _compile(self, shape: Any) -> Copy:
        kind = shape.type_name
        if getattr(shape, "is_document_type", False) or shape.serialization.get("jsonvalue"):
            return deepcopy
        if kind == "structure":
            return self._structure(shape)
        if kind == "list":
            member = self.of(shape.member)
            return member_list(member)
        if kind == "map":
            return _map(self.text, self.of(shape.value))
        return self._scalar(shape, kind)

    def _structure(self, shape: Any) -> Copy:
        raise NotImplementedError

    def _scalar(self, shape: Any, kind: str) -> Copy:
        raise NotImplementedError


def member_list(member: Copy) -> Copy:
    """Copies each member of a list; scalars that need no copying are taken over at once."""
    if member is _same:
        return list
    return lambda value: [None if item is None else member(item) for item in value]


def _map(key_copy: Copy, value_copy: Copy) -> Copy:
    def copy(value: dict[str, Any]) -> dict[str, Any]:
        return {key_copy(key): None if item is None else value_copy(item) for key, item in value.items()}

    return copy


def _structure(members: Iterable[tuple[str, Copy]]) -> Copy:
    """Copies the members that are given and not None, in the model's order."""
    ordered = tuple(members)
    by_name = dict(ordered)

    def copy(value: dict[str, Any]) -> dict[str, Any]:
        if len(value) == 1:
            (name,) = value
            member, item = by_name.get(name), value[name]
            return {} if member is None or item is None else {name: member(item)}
        return {name: member(value[name]) for name, member in ordered if value.get(name) is not None}

    return copy


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    if type(value) is str:
        return value
    return str.__str__(value) if isinstance(value, str) else value


def _given_text(value: Any) -> Any:
    """A string as given; one that no wire can carry raises UnicodeEncodeError."""
    if type(value) is not str:
        value = _text(value)
    if not value.isascii():
        value.encode("utf-8")
    return value


def _bytes(value: Any) -> bytes:
    if type(value) is bytes:
        return value
    return value.encode("utf-8") if isinstance(value, str) else bytes(value)


# -- parameters --------------------------------------------------------------------------------------------------


class ParameterCopiers(Copiers):
    """What the caller gave, in the canonical form.

    Raises:
        UnicodeEncodeError: a string has lone surrogates.
    """

    text = staticmethod(_given_text)

    def _structure(self, shape: Any) -> Copy:
        return _structure((name, self.of(member)) for name, member in shape.members.items())

    def _scalar(self, shape: Any, kind: str) -> Copy:
        if kind in ("string", "character"):
            return _given_text
        if kind == "blob":
            return read_blob
        if kind == "timestamp":
            return _given_time(shape.serialization, self._protocol)
        if kind in ("float", "double"):
            return float
        return _number


def _number(value: Any) -> Any:
    return value if isinstance(value, bool) else int(value)


def read_blob(value: Any) -> bytes:
    """The bytes of a blob parameter; a file-like one is read from its position to its end."""
    if isinstance(value, (bytes, bytearray, str)):
        return _bytes(value)
    if hasattr(value, "signal_transferring"):
        value.signal_transferring()  # s3transfer counts what is read from here on as progress
    read = getattr(value, "read", None)
    return _bytes(read()) if read is not None else bytes(value)


_SUBSECOND = ("iso8601",)


def _given_time(serialization: Any, protocol: str) -> Copy:
    form = serialization.get("timestampFormat", "").lower() or _default_form(serialization, protocol)
    keeps_fraction = form in _SUBSECOND

    def copy(value: Any) -> datetime.datetime:
        moment: datetime.datetime = parse_to_aware_datetime(value).astimezone(UTC)
        return moment if keeps_fraction else moment.replace(microsecond=0)

    return copy


def _default_form(serialization: Any, protocol: str) -> str:
    if serialization.get("location") in ("header", "headers"):
        return "rfc822"
    return "unixtimestamp" if protocol in ("json", "rest-json", "smithy-rpc-v2-cbor") else "iso8601"


# -- answers -----------------------------------------------------------------------------------------------------


class AnswerCopiers(Copiers):
    """What an operation returned, as botocore's parser would have given it."""

    text = staticmethod(_text)

    def _structure(self, shape: Any) -> Copy:
        plain = _structure((name, self._member(member)) for name, member in shape.members.items())
        if any(self._vanishes(member) for member in shape.members.values()):
            return lambda value: without_none(plain(value))
        return plain

    def _member(self, shape: Any) -> Copy:
        copy = self.of(shape)
        if self._vanishes(shape):
            return lambda value: copy(value) if value else None
        return copy

    def _vanishes(self, shape: Any) -> bool:
        """An empty list without an element around it is nothing on the wire."""
        is_flat = shape.type_name == "list" and shape.serialization.get("flattened")
        return bool(is_flat) and self._protocol in ("rest-xml", "query")

    def top(self, shape: Any) -> Copy:
        """The copier of an operation's whole output; REST protocols show header members before the body's."""
        members = [(name, self._member(member), member) for name, member in shape.members.items()]
        if self._protocol.startswith("rest"):
            members.sort(key=lambda entry: _in_body(entry[2]))
        header_maps = [name for name, _, member in members if member.serialization.get("location") == "headers"]
        plain = _structure((name, copy) for name, copy, _ in members)

        def copy_top(value: dict[str, Any]) -> dict[str, Any]:
            for name in header_maps:
                if value.get(name) is None:
                    value = {**value, name: {}}
            return without_none(plain(value))

        needs_more = header_maps or self._protocol in ("rest-xml", "query")
        return copy_top if needs_more else plain

    def _scalar(self, shape: Any, kind: str) -> Copy:
        if kind in ("string", "character"):
            return _text
        if kind == "blob":
            return _bytes
        if kind == "timestamp":
            return _shown_time(shape.serialization, self._protocol)
        return _same


def without_none(parsed: dict[str, Any]) -> dict[str, Any]:
    """Drop the members that the wire cannot show (empty flattened lists)."""
    return {name: value for name, value in parsed.items() if value is not None}


def _in_body(member: Any) -> bool:
    return member.serialization.get("location") not in ("header", "headers", "statusCode")


def _shown_time(serialization: Any, protocol: str) -> Copy:
    form = serialization.get("timestampFormat", "").lower() or _default_form(serialization, protocol)
    whole_seconds = form == "rfc822" or protocol == "query"

    def copy(value: Any) -> datetime.datetime:
        moment = value if isinstance(value, datetime.datetime) else datetime.datetime.fromtimestamp(value, UTC)
        micro = 0 if whole_seconds else moment.microsecond // 1000 * 1000
        moment = moment.replace(microsecond=micro)
        if form == "unixtimestamp":
            return moment.astimezone(tzlocal())
        return moment.astimezone(_zone_of_z() if form == "iso8601" else tzutc())

    return copy


def _zone_of_z() -> datetime.tzinfo:
    """What dateutil makes of a ``Z``: the local zone where that is named UTC."""
    zone: datetime.tzinfo = tzlocal() if "UTC" in time.tzname else tzutc()
    return zone
