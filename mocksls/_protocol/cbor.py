"""CBOR (RFC 8949), the part that AWS's RPC v2 protocol uses."""

from __future__ import annotations

import math
import struct
from datetime import datetime
from typing import Any

from . import timestamps
from .faults import MAX_DEPTH, serialization, too_deep

_BREAK = 0xFF
_INDEFINITE = 31
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_SIMPLE = {20: False, 21: True, 22: None, 23: None}


def decode(body: bytes) -> Any:
    """The one data item that a body holds: maps with text keys, times (tag 1) as datetimes.

    Raises:
        SerializationException: the body is no such item, or more than one.
    """
    decoder = _Decoder(body)
    value = decoder.item(0)
    if decoder.at != len(body):
        raise serialization("Unexpected data after the end of the CBOR item")
    return value


class _Decoder:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def item(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise too_deep()
        initial = self._take(1)[0]
        major, info = initial >> 5, initial & 31
        if major == 7:
            return self._simple(info)
        if info == _INDEFINITE and major in (2, 3, 4, 5):
            return self._indefinite(major, depth)
        number = self._number(info)
        if major == 0:
            return number
        if major == 1:
            return -1 - number
        if major == 2:
            return self._take(number)
        if major == 3:
            return self._text(self._take(number))
        if major == 6:
            return self._tagged(number, depth)
        return self._container(major, number, depth)

    def _take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.body):
            raise serialization("Unexpected end of the CBOR item")
        taken = self.body[self.at : end]
        self.at = end
        return taken

    def _number(self, info: int) -> int:
        if info < 24:
            return info
        if info not in _SIZES:
            raise serialization("Malformed CBOR item")
        return int.from_bytes(self._take(_SIZES[info]), "big")

    def _text(self, content: bytes) -> str:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise serialization("Malformed UTF-8 in a CBOR text") from None

    def _container(self, major: int, length: int, depth: int) -> Any:
        if length * (major - 3) > len(self.body) - self.at:
            raise serialization("Unexpected end of the CBOR item")
        if major == 4:
            return [self.item(depth + 1) for _ in range(length)]
        return {self._key(): self.item(depth + 1) for _ in range(length)}

    def _key(self) -> str:
        key = self.item(MAX_DEPTH)
        if type(key) is not str:
            raise serialization("CBOR map keys must be texts")
        return key

    def _indefinite(self, major: int, depth: int) -> Any:
        if major in (2, 3):
            content = b"".join(self._chunks(major))
            return content if major == 2 else self._text(content)
        if major == 4:
            items = []
            while not self._broken():
                items.append(self.item(depth + 1))
            return items
        pairs = {}
        while not self._broken():
            key = self._key()
            pairs[key] = self.item(depth + 1)
        return pairs

    def _chunks(self, major: int) -> list[bytes]:
        chunks = []
        while not self._broken():
            initial = self._take(1)[0]
            if initial >> 5 != major or initial & 31 == _INDEFINITE:
                raise serialization("Malformed CBOR string")
            chunks.append(self._take(self._number(initial & 31)))
        return chunks

    def _broken(self) -> bool:
        if self._take(1)[0] == _BREAK:
            return True
        self.at -= 1
        return False

    def _tagged(self, tag: int, depth: int) -> datetime:
        value = self.item(depth + 1)
        if tag != 1 or type(value) not in (int, float):
            raise serialization("Unsupported CBOR tag")
        try:
            return timestamps.from_epoch(value)
        except ValueError:
            raise serialization("Malformed CBOR time") from None

    def _simple(self, info: int) -> Any:
        if info in _FLOATS:
            layout = _FLOATS[info]
            return struct.unpack(layout, self._take(struct.calcsize(layout)))[0]
        if info not in _SIMPLE:
            raise serialization("Malformed CBOR item")
        return _SIMPLE[info]


def encode(value: Any) -> bytes:
    """A data item: mappings, lists, texts, bytes, numbers, booleans, None and datetimes (tag 1)."""
    out = bytearray()
    _encode(value, out)
    return bytes(out)


def _encode(value: Any, out: bytearray) -> None:
    if isinstance(value, bool) or value is None:
        out.append(0xF6 if value is None else 0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _head(0 if value >= 0 else 1, value if value >= 0 else -1 - value, out)
    elif isinstance(value, float):
        out += b"\xfb" + struct.pack(">d", value) if math.isfinite(value) else b"\xf9" + struct.pack(">e", value)
    elif isinstance(value, datetime):
        out.append(0xC1)
        _encode(timestamps.to_epoch(value), out)
    elif isinstance(value, (str, bytes)):
        _encode_string(value, out)
    else:
        _encode_container(value, out)


def _encode_string(value: str | bytes, out: bytearray) -> None:
    content = value.encode("utf-8", "replace") if isinstance(value, str) else value
    _head(3 if isinstance(value, str) else 2, len(content), out)
    out += content


def _encode_container(value: Any, out: bytearray) -> None:
    _head(5 if isinstance(value, dict) else 4, len(value), out)
    if isinstance(value, dict):
        for key, item in value.items():
            _encode(key, out)
            _encode(item, out)
    else:
        for item in value:
            _encode(item, out)


def _head(major: int, number: int, out: bytearray) -> None:
    if number < 24:
        out.append(major << 5 | number)
        return
    for info, size in _SIZES.items():
        if number < 1 << 8 * size:
            out.append(major << 5 | info)
            out += number.to_bytes(size, "big")
            return
    raise ValueError("the number has more than 64 bits")
