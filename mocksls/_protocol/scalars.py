"""Scalars as text: what headers, URIs, query strings, forms and XML carry."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.model import Shape

from . import timestamps

TextReader = Callable[[str], Any]
TextWriter = Callable[[Any], str]

_INTEGER = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class MalformedValue(ValueError):
    """A text that is no value of its type."""


def read_boolean(text: str) -> bool:
    """``true`` or ``false``, in any case."""
    lowered = text.strip().lower()
    if lowered == "true":
        return True
    if lowered == "false":
        return False
    raise MalformedValue(text)


def read_integer(text: str) -> int:
    """A decimal integer."""
    text = text.strip()
    if _INTEGER.fullmatch(text) is None:
        raise MalformedValue(text)
    return int(text)


def read_float(text: str) -> float:
    """A decimal number, or ``NaN``, ``Infinity``, ``-Infinity``."""
    text = text.strip()
    if text in _SPECIAL:
        return _SPECIAL[text]
    try:
        number = float(text)
    except ValueError:
        raise MalformedValue(text) from None
    if not math.isfinite(number) or "_" in text:
        raise MalformedValue(text)
    return number


def read_blob(text: str) -> bytes:
    """Base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedValue(text) from None


def read_timestamp(text: str) -> datetime:
    """Any of the three formats."""
    try:
        return timestamps.from_text(text)
    except ValueError:
        raise MalformedValue(text) from None


def read_json_value(text: str) -> Any:
    """JSON in base64, as headers carry it."""
    try:
        return json.loads(read_blob(text))
    except (ValueError, RecursionError):
        raise MalformedValue(text) from None


def _same(text: str) -> str:
    return text


_READERS: dict[str, TextReader] = {
    "string": _same,
    "character": _same,
    "boolean": read_boolean,
    "integer": read_integer,
    "long": read_integer,
    "float": read_float,
    "double": read_float,
    "blob": read_blob,
    "timestamp": read_timestamp,
}


def text_reader(shape: Shape) -> TextReader:
    """How a scalar shape is read from text."""
    if shape.serialization.get("jsonvalue"):
        return read_json_value
    return _READERS[shape.type_name]


def write_boolean(value: Any) -> str:
    """``true`` or ``false``."""
    return "true" if value else "false"


def write_float(value: Any) -> str:
    """A number, or ``NaN``, ``Infinity``, ``-Infinity``."""
    number = float(value)
    if math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def write_blob(value: Any) -> str:
    """Base64."""
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode("ascii")


def write_json_value(value: Any) -> str:
    """JSON in base64."""
    return write_blob(json.dumps(value, separators=(",", ":")))


_WRITERS: dict[str, TextWriter] = {
    "boolean": write_boolean,
    "float": write_float,
    "double": write_float,
    "blob": write_blob,
}


def text_writer(shape: Shape, timestamp_format: str, always_fraction: bool = False) -> TextWriter:
    """How a scalar shape is written as text; the format is what holds where the model names none."""
    if shape.type_name == "timestamp":
        chosen = shape.serialization.get("timestampFormat") or timestamp_format
        return lambda value: timestamps.to_text(value, chosen, always_fraction)
    if shape.serialization.get("jsonvalue"):
        return write_json_value
    return _WRITERS.get(shape.type_name, str)
