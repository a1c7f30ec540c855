"""Frames: what is sent arrives, and what is none is refused before memory is taken."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._sandbox.child.frames import CALL, Closed, Frame, ProtocolError, Reader, pack

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def _read(reader: Reader) -> Frame:
    while (frame := reader.next()) is None:
        reader.fill()
    return frame


@given(
    st.dictionaries(st.text(), st.text(), max_size=3), st.lists(st.binary(max_size=50), max_size=4), st.integers(1, 7)
)
def test_frames_arrive_in_any_helpings(header: dict[str, str], blobs: list[bytes], step: int) -> None:
    """However the bytes come, the frames are those that were sent, in order."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        data = b"".join(pack(CALL, 7, header, blobs)) * 2
        reader = Reader(theirs)
        found = []
        for start in range(0, len(data), 40 * step):
            ours.sendall(data[start : start + 40 * step])
            reader.fill()
            while (frame := reader.next()) is not None:
                found.append(frame)
    assert found == [Frame(CALL, 7, header, blobs)] * 2


@pytest.mark.parametrize(
    "head",
    [
        b"\xff" * 20,
        struct.pack("<BBHIIQ", 0x6D, 99, 0, 0, 2, 0),
        struct.pack("<BBHIIQ", 0x6D, CALL, 0, 0, 0xFFFFFFFF, 0),
        struct.pack("<BBHIIQ", 0x6D, CALL, 1, 0, 2, 1 << 40),
        struct.pack("<BBHIIQ", 0x6D, CALL, 1, 0, 2, 3) + struct.pack("<Q", 2) + b"{}abc",
        struct.pack("<BBHIIQ", 0x6D, CALL, 0, 0, 2, 0) + b"[]",
        struct.pack("<BBHIIQ", 0x6D, CALL, 0, 0, 2, 0) + b"{x",
        struct.pack("<BBHIIQ", 0x6D, CALL, 0, 0, 200_000, 0) + b"[" * 200_000,
    ],
)
def test_what_is_no_frame_is_refused(pair: Pair, head: bytes) -> None:
    """Wrong marks, kinds and lengths, and headers that are none, are protocol errors."""
    ours, theirs = pair
    reader = Reader(theirs)

    def feed(left: bytes) -> None:
        while left:
            left = left[ours.send(left[:50_000]) :]
            reader.fill()
            reader.next()

    with pytest.raises(ProtocolError):
        feed(head)


def test_end_of_the_connection(pair: Pair) -> None:
    """The end of the connection is told."""
    ours, theirs = pair
    ours.close()
    with pytest.raises(Closed):
        _read(Reader(theirs))
