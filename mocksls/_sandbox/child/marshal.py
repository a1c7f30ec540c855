"""Handler results as JSON, as Lambda's Python runtime writes them: not quite what ``json.dumps`` does.

Decimals become numbers, named tuples objects, bytes text; the runtimes from python3.12 on leave non-ASCII unescaped.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

_ESCAPING_RUNTIMES = ("AWS_Lambda_python3.8", "AWS_Lambda_python3.9", "AWS_Lambda_python3.10", "AWS_Lambda_python3.11")
_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_json(value: Any) -> str:
    """Encode a result.

    Raises:
        TypeError: something in it has no JSON form; the text is the runtime's.
        ValueError: it contains itself, or bytes that are no UTF-8.
    """
    escape = os.environ.get("AWS_EXECUTION_ENV", "") in _ESCAPING_RUNTIMES
    with suppress(RecursionError):  # it may contain itself, which the writer tells from being deep
        if _is_plain(value):
            return json.dumps(value, ensure_ascii=escape)
    return "".join(_Writer(escape).write(value))


def _is_plain(value: Any) -> bool:
    """Whether the standard encoder writes the value as the runtime does."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is dict:
        return all(type(key) is str and (type(item) in _PLAIN or _is_plain(item)) for key, item in value.items())
    return kind is list and all(type(item) in _PLAIN or _is_plain(item) for item in value)


class _Writer:
    """Writes what the standard encoder would not, or not in that way."""

    def __init__(self, escape: bool) -> None:
        self._text = encode_basestring_ascii if escape else encode_basestring
        self._within: set[int] = set()

    def write(self, value: Any) -> Iterator[str]:
        scalar = self._scalar(value)
        if scalar is not None:
            yield scalar
            return
        if id(value) in self._within:
            raise ValueError("Circular reference detected")
        self._within.add(id(value))
        as_dict = None if isinstance(value, list) else getattr(value, "_asdict", None)
        if callable(as_dict):
            yield from self._object(as_dict())
        elif isinstance(value, (list, tuple)):
            yield from self._array(value)
        elif isinstance(value, dict):
            yield from self._object(value)
        else:
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        self._within.discard(id(value))

    def _scalar(self, value: Any) -> str | None:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes):
            return self._text(value.decode("utf-8"))
        if isinstance(value, Decimal):
            return "NaN" if value.is_nan() else str(value)
        return _constant(value)

    def _array(self, items: Any) -> Iterator[str]:
        before = "["
        for item in items:
            yield before
            yield from self.write(item)
            before = ", "
        yield "]" if before != "[" else "[]"

    def _object(self, items: dict[Any, Any]) -> Iterator[str]:
        before = "{"
        for key, item in items.items():
            yield f"{before}{self._text(_key(key))}: "
            yield from self.write(item)
            before = ", "
        yield "}" if before != "{" else "{}"


def _constant(value: Any) -> str | None:
    """None, booleans and numbers; None for everything else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _number(value)
    return None


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float.__repr__(value)


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, bytes):
        return key.decode("utf-8")
    constant = _constant(key)
    if constant is None:
        raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")
    return constant
