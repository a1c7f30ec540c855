"""Typed values as a JSON text and raw blobs beside it, for the channel between a test and its handlers.

JSON values stay what they are. Bytes become a reference into the list of blobs, datetimes their ISO text; both are
tagged by a key that begins with a NUL, and mappings with such keys of their own are written as pairs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

_BLOB, _TIME, _PAIRS = "\0b", "\0t", "\0p"
_MARK = '"\\u0000'
_ZERO = timedelta(0)


def pack(value: Any) -> tuple[str, list[bytes]]:
    """Encode a value; returns its JSON text and the blobs that the text refers to.

    Raises:
        TypeError: the value holds something that neither JSON nor a tag can carry.
    """
    tagger = _Tagger()
    text = json.dumps(value, default=tagger.tag, separators=(",", ":"))
    if text.count(_MARK) != tagger.tags:
        tagger = _Tagger()
        text = json.dumps(_escaped(value), default=tagger.tag, separators=(",", ":"))
    return text, tagger.blobs


def unpack(text: str | bytes, blobs: Sequence[bytes]) -> Any:
    """Decode what ``pack`` made.

    Raises:
        ValueError: the text is no JSON, or refers to blobs that are not there.
    """
    if isinstance(text, bytes):
        text = text.decode()
    if _MARK not in text:
        return json.loads(text)
    return json.loads(text, object_hook=_untagger(blobs))


class _Tagger:
    """Writes what JSON has no type for, and counts what it wrote."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []
        self.tags = 0

    def tag(self, value: object) -> dict[str, Any]:
        self.tags += 1
        if isinstance(value, (bytes, bytearray, memoryview)):
            self.blobs.append(bytes(value))
            return {_BLOB: len(self.blobs) - 1}
        if isinstance(value, datetime):
            return {_TIME: value.isoformat()}
        raise TypeError(f"a value of type {type(value).__name__} cannot be sent")


def _escaped(value: Any) -> Any:
    """The same value with mappings whose keys look like tags written as pairs."""
    if isinstance(value, dict):
        inner = {key: _escaped(item) for key, item in value.items()}
        if any(isinstance(key, str) and key.startswith("\0") for key in inner):
            return {_PAIRS: [[key, item] for key, item in inner.items()]}
        return inner
    if isinstance(value, (list, tuple)):
        return [_escaped(item) for item in value]
    return value


def _untagger(blobs: Sequence[bytes]) -> Callable[[dict[str, Any]], Any]:
    """The hook that turns tags back into what they stand for."""

    def restore(found: dict[str, Any]) -> Any:
        if len(found) != 1:
            return found
        ((key, inner),) = found.items()
        if not key.startswith("\0"):
            return found
        if key == _BLOB:
            return _blob(blobs, inner)
        if key == _TIME:
            return _moment(inner)
        return dict(_pairs(inner)) if key == _PAIRS else found

    return restore


def _blob(blobs: Sequence[bytes], index: Any) -> bytes:
    if type(index) is not int or not 0 <= index < len(blobs):
        raise ValueError("a blob that was not sent")
    return blobs[index]


def _moment(text: Any) -> datetime:
    if not isinstance(text, str):
        raise ValueError("a time that is no text")
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=timezone.utc) if moment.utcoffset() == _ZERO else moment


def _pairs(pairs: Any) -> list[tuple[str, Any]]:
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ValueError("pairs that are none")
    return [(str(key), item) for key, item in pairs]
