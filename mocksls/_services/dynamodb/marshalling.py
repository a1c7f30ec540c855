"""Items as text: DynamoDB JSON (lines of ``{"Item": {...}}``) and CSV, as exports write and imports read them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
"""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mocksls._services.dynamodb.values import AttributeValue, Item

_DECODER = json.JSONDecoder()


def to_json(value: AttributeValue) -> dict[str, Any]:
    """An attribute value as JSON can hold it: binaries in base64."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {"B": base64.b64encode(content).decode()}
    if kind == "BS":
        return {"BS": [base64.b64encode(element).decode() for element in content]}
    if kind == "L":
        return {"L": [to_json(element) for element in content]}
    if kind == "M":
        return {"M": {name: to_json(element) for name, element in content.items()}}
    return value


def item_to_json(item: Item) -> dict[str, Any]:
    """An item as JSON can hold it."""
    return {name: to_json(value) for name, value in item.items()}


def lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as a compressed file of JSON lines."""
    text = "".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n" for record in records)
    return gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)


def from_json(value: Any) -> AttributeValue:
    """An attribute value that JSON held.

    Raises: ValueError for what is none.
    """
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError("not an attribute value")
    ((kind, content),) = value.items()
    read = _READERS.get(kind)
    if read is None:
        raise ValueError(f"unknown type {kind}")
    return {kind: read(content)}


def _text(content: Any) -> str:
    if not isinstance(content, str):
        raise ValueError("not a text")
    return content


def _binary(content: Any) -> bytes:
    try:
        return base64.b64decode(_text(content), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _truth(content: Any) -> bool:
    if not isinstance(content, bool):
        raise ValueError("not a boolean")
    return content


def _elements(content: Any) -> list[Any]:
    if not isinstance(content, list):
        raise ValueError("not a list")
    return content


def item_from_json(content: Any) -> Item:
    """An item that JSON held.

    Raises: ValueError for what is none.
    """
    if not isinstance(content, dict):
        raise ValueError("not an item")
    return {name: from_json(value) for name, value in content.items()}


_READERS: dict[str, Any] = {
    "S": _text,
    "N": _text,
    "B": _binary,
    "BOOL": _truth,
    "NULL": _truth,
    "SS": lambda content: [_text(element) for element in _elements(content)],
    "NS": lambda content: [_text(element) for element in _elements(content)],
    "BS": lambda content: [_binary(element) for element in _elements(content)],
    "L": lambda content: [from_json(element) for element in _elements(content)],
    "M": item_from_json,
}


def decompressed(body: bytes, compression: str) -> bytes:
    """The contents of a file.

    Raises: ValueError for what is not compressed that way.
    """
    if compression == "NONE":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("not a gzip file") from error


def json_items(body: bytes) -> Iterator[Item | None]:
    """The items of a DynamoDB JSON file; None stands for a record that is none."""
    text = body.decode("utf-8", "replace")
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        try:
            record, at = _DECODER.raw_decode(text, at)
        except ValueError:
            at = text.find("\n", at)
            yield None
            if at < 0:
                return
            continue
        yield _json_item(record)


def _json_item(record: Any) -> Item | None:
    try:
        return item_from_json(record["Item"] if isinstance(record, dict) else None)
    except (KeyError, ValueError):
        return None


def csv_items(body: bytes, options: Mapping[str, Any], key_types: Mapping[str, str]) -> Iterator[Item | None]:
    """The items of a CSV file: keys in their types, all else as text; None stands for a line that is none."""
    rows = csv.reader(io.StringIO(body.decode("utf-8", "replace")), delimiter=options.get("Delimiter", ","))
    header: Sequence[str] | None = options.get("HeaderList")
    for row in rows:
        if not row:
            continue
        if header is None:
            header = row
            continue
        yield _csv_item(header, row, key_types)


def _csv_item(header: Sequence[str], row: Sequence[str], key_types: Mapping[str, str]) -> Item | None:
    if len(row) != len(header):
        return None
    try:
        return {name: _csv_value(text, key_types.get(name, "S")) for name, text in zip(header, row, strict=True)}
    except ValueError:
        return None


def _csv_value(text: str, kind: str) -> AttributeValue:
    return {kind: _binary(text) if kind == "B" else text}
