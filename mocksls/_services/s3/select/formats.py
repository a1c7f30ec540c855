"""What queries read and write: lines of CSV and of JSON, whole JSON documents, compressed or not."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from .expressions import MISSING, Row, text_of
from .faults import fault


def unpacked(body: bytes, kind: str) -> bytes:
    """An input without its compression.

    Raises:
        AwsError: InvalidCompressionFormat.
    """
    try:
        if kind == "GZIP":
            return gzip.decompress(body)
        if kind == "BZIP2":
            return bz2.decompress(body)
    except (OSError, EOFError, ValueError, zlib.error):
        text = f"{kind} is not applicable to the queried object. Please correct the request and try again."
        raise fault("InvalidCompressionFormat", text) from None
    if kind != "NONE":
        raise fault("InvalidCompressionFormat", f"The file is not in a supported compression format: {kind}.")
    return body


def read(body: bytes, given: Mapping[str, Any]) -> Iterator[Any]:
    """The records of an input.

    Raises:
        AwsError: InvalidTextEncoding, InvalidFileHeaderInfo, JSONParsingError, InvalidDataSource ...
    """
    try:
        text = unpacked(body, given.get("CompressionType", "NONE")).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fault("InvalidTextEncoding", "Invalid encoding type. Only UTF-8 encoding is supported.") from None
    if "CSV" in given:
        return _csv(text, given["CSV"])
    return _json(text, given["JSON"].get("Type", "DOCUMENT"))


def _csv(text: str, given: Mapping[str, Any]) -> Iterator[Row]:
    header = given.get("FileHeaderInfo", "NONE")
    if header not in ("NONE", "USE", "IGNORE"):
        raise fault("InvalidFileHeaderInfo", "FileHeaderInfo is invalid. Only NONE, USE, and IGNORE are supported.")
    delimiter = given.get("RecordDelimiter", "\n")
    if delimiter != "\n":
        text = text.replace(delimiter, "\n")
    quote = given.get("QuoteCharacter", '"')
    escape = given.get("QuoteEscapeCharacter", '"')
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=given.get("FieldDelimiter", ","),
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=escape == quote,
        escapechar=None if escape == quote else escape,
    )
    comments = given.get("Comments")
    names: list[str] | None = None
    for row in rows:
        if not row or (comments and row[0].startswith(comments)):
            continue
        if header != "NONE":
            names, header = (row if header == "USE" else None), "NONE"
            continue
        yield _row(names, row)


def _row(names: list[str] | None, cells: list[str]) -> Row:
    if names is None:
        return Row((f"_{at}", cell) for at, cell in enumerate(cells, 1))
    named = [*names, *(f"_{at}" for at in range(len(names) + 1, len(cells) + 1))]
    return Row(zip(named, cells, strict=False))


def _json(text: str, kind: str) -> Iterator[Any]:
    """JSON values one after the other; in lines or not makes no difference to what they are."""
    if kind not in ("DOCUMENT", "LINES"):
        raise fault("InvalidJsonType", "The JsonType is invalid. Only DOCUMENT and LINES are supported.")
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at >= len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise fault("JSONParsingError", "Error parsing JSON file. Please check the file and try again.") from None
        yield value


def written(record: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """A record of the result."""
    if "JSON" in given:
        shown = {name: value for name, value in record.items() if value is not MISSING}
        text = json.dumps(shown, separators=(",", ":"), ensure_ascii=False)
        return text + str(given["JSON"].get("RecordDelimiter", "\n"))
    form = given["CSV"]
    delimiter, quote = str(form.get("FieldDelimiter", ",")), str(form.get("QuoteCharacter", '"'))
    always = form.get("QuoteFields") == "ALWAYS"
    cells = [_cell(value, delimiter, quote, form.get("QuoteEscapeCharacter", '"'), always) for value in record.values()]
    return delimiter.join(cells) + str(form.get("RecordDelimiter", "\n"))


def _cell(value: Any, delimiter: str, quote: str, escape: str, always: bool) -> str:
    if value is None or value is MISSING:
        text = ""
    elif isinstance(value, (dict, list)):
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    else:
        text = text_of(value)
    if always or any(letter in text for letter in (delimiter, quote, "\n", "\r") if letter):
        return f"{quote}{text.replace(quote, escape + quote)}{quote}"
    return text
