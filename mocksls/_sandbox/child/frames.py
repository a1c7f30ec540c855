"""Frames on a stream socket: a fixed head, a JSON header, raw blobs. Every length is checked before memory is taken."""

from __future__ import annotations

import json
import socket
import struct
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

INIT, READY, INVOKE, RESULT, CALL, REPLY, LINES, FORKED = range(1, 9)

_DESCRIPTOR = struct.Struct("i")
_ANCILLARY_BYTES = socket.CMSG_SPACE(4 * _DESCRIPTOR.size) if hasattr(socket, "CMSG_SPACE") else 0
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_MAGIC = 0x6D
_HEAD = struct.Struct("<BBHIIQ")
_LENGTH = struct.Struct("<Q")
_MAX_HEADER = 64 << 20
_MAX_BLOBS = 1 << 30
_CHUNK = 1 << 16
_GROWTH = 1 << 20
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class ProtocolError(Exception):
    """The other side sent what is no frame."""


class Closed(Exception):
    """The other side is gone."""


class Frame(NamedTuple):
    """One message; ``number`` pairs a reply with its call."""

    kind: int
    number: int
    header: dict[str, Any]
    blobs: list[bytes]


def pack(kind: int, number: int, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> list[bytes]:
    """The buffers that make up a frame, small ones joined."""
    text = _encode(header).encode()
    total = sum(map(len, blobs))
    if len(blobs) > 0xFFFF or len(text) > _MAX_HEADER or total > _MAX_BLOBS:
        raise ValueError(f"a message of {len(text)} + {total} bytes in {len(blobs)} parts is too large to be sent")
    lengths = b"".join([_LENGTH.pack(len(blob)) for blob in blobs])
    start = b"".join((_HEAD.pack(_MAGIC, kind, len(blobs), number, len(text), total), lengths, text))
    return [b"".join((start, *blobs))] if total < _CHUNK else [start, *blobs]


class Reader:
    """Reads frames off a socket; keeps what it has of an unfinished one, so that any thread may go on with it.

    With ``descriptors`` it also takes the descriptors that come along, in order.
    """

    def __init__(self, sock: socket.socket, descriptors: deque[int] | None = None) -> None:
        self._sock = sock
        self.descriptors = descriptors
        self._have = bytearray()
        self._filled = 0
        self._need = _HEAD.size

    def fill(self, flags: int = 0) -> bool:
        """Take one helping of bytes.

        Returns:
            False if there is nothing to take yet (only with ``MSG_DONTWAIT``).

        Raises:
            Closed: the other side has closed the socket.
        """
        if self._filled + _CHUNK > len(self._have):
            growth = max(_CHUNK, min(self._need - self._filled, max(len(self._have), _GROWTH)))
            self._have.extend(bytes(growth))
        try:
            with memoryview(self._have) as view:
                count = self._take_bytes(view[self._filled :], flags)
        except BlockingIOError:
            return False
        except (ConnectionError, OSError) as error:
            raise Closed from error
        if not count:
            raise Closed
        self._filled += count
        return True

    def _take_bytes(self, room: memoryview, flags: int) -> int:
        if self.descriptors is None:
            return self._sock.recv_into(room, 0, flags)
        count, ancillary, _, _ = self._sock.recvmsg_into([room], _ANCILLARY_BYTES, flags | _CLOSE_ON_EXEC)
        for _, _, data in ancillary:
            self.descriptors.extend(number for (number,) in _DESCRIPTOR.iter_unpack(data))
        return count

    def next(self) -> Frame | None:
        """The next frame, if all of it is here.

        Raises:
            ProtocolError: what came is no frame.
        """
        if self._filled < self._need:
            return None
        kind, count, number, text, total = self._head()
        start = _HEAD.size + count * _LENGTH.size
        self._need = start + text + total
        if self._filled < self._need:
            return None
        frame = self._take(kind, number, count, start, text, total)
        rest = self._filled - self._need
        self._have[:rest] = self._have[self._need : self._filled]
        if len(self._have) > 2 * _GROWTH:
            del self._have[max(rest, _CHUNK) :]
        self._filled, self._need = rest, _HEAD.size
        return frame

    def _head(self) -> tuple[int, int, int, int, int]:
        magic, kind, count, number, text, total = _HEAD.unpack_from(self._have)
        if magic != _MAGIC or not INIT <= kind <= FORKED or text > _MAX_HEADER or total > _MAX_BLOBS:
            raise ProtocolError("what came is no frame")
        return kind, count, number, text, total

    def _take(self, kind: int, number: int, count: int, start: int, text: int, total: int) -> Frame:
        lengths = [length for (length,) in _LENGTH.iter_unpack(self._have[_HEAD.size : start])]
        if len(lengths) != count or sum(lengths) != total:
            raise ProtocolError("lengths that do not agree")
        try:
            header = json.loads(self._have[start : start + text])
        except (ValueError, RecursionError) as error:
            raise ProtocolError("a header that cannot be read") from error
        if not isinstance(header, dict):
            raise ProtocolError("a header that is no mapping")
        blobs, position = [], start + text
        with memoryview(self._have) as view:
            for length in lengths:
                blobs.append(bytes(view[position : position + length]))
                position += length
        return Frame(kind, number, header, blobs)
