"""The child's end of the channel: any thread may call home, and whoever waits for a reply reads for all."""

from __future__ import annotations

import socket
import threading
from _thread import allocate_lock
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from .frames import CALL, FORKED, REPLY, Frame, Reader, pack

_NEXT_REQUEST = 0


class _Waiter:
    """A thread that waits for a frame; ``wake`` is let go when the frame is there, or when it should read on."""

    __slots__ = ("frame", "wake")

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.wake = allocate_lock()
        self.wake.acquire()


class Channel:
    """One socket, shared by all threads of an environment, without a thread of its own."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = Reader(sock)
        self._reading = allocate_lock()
        self._sending = allocate_lock()
        self._unsent: list[memoryview] = []
        self._waiting: dict[int, _Waiter] = {}
        self._early: list[Frame] = []
        self._numbers = 0
        self._mutex = threading.Lock()

    def request(self) -> Frame:
        """Wait for what the parent wants next."""
        waiter = _Waiter()
        with self._mutex:
            if self._early:
                return self._early.pop(0)
            self._waiting[_NEXT_REQUEST] = waiter
        return self._wait(_NEXT_REQUEST, waiter)

    def call(self, header: dict[str, Any], blobs: Sequence[bytes]) -> Frame:
        """Send a call home and wait for its reply. Raises Closed if the other side is gone."""
        waiter = _Waiter()
        with self._mutex:
            self._numbers = number = (self._numbers % 0xFFFFFFFF) + 1
            self._waiting[number] = waiter
        try:
            self.send(CALL, number, header, blobs)
            return self._wait(number, waiter)
        finally:
            self._waiting.pop(number, None)

    def send(self, kind: int, number: int, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
        """Send a frame; what an exception in a signal handler left unsent goes first."""
        buffers = [memoryview(part) for part in pack(kind, number, header, blobs)]
        with self._sending:
            self._unsent.extend(buffers)
            while self._unsent:
                self._send_some()

    @property
    def has_called(self) -> bool:
        """Whether a call home was ever made."""
        return self._numbers > 0

    def announce(self, descriptor: int) -> None:
        """Hand the other side a socket by which a forked copy of this process will call."""
        self.hand_over(FORKED, {}, descriptor)

    def hand_over(self, kind: int, header: dict[str, Any], descriptor: int) -> None:
        """Send a small frame and a descriptor with it."""
        (data,) = pack(kind, 0, header)
        with self._sending:
            while self._unsent:
                self._send_some()
            sent = socket.send_fds(self._sock, [data], [descriptor])
            self._sock.sendall(memoryview(data)[sent:])

    def close(self) -> None:
        """Close this end (in a forked copy of the process, which has a channel of its own)."""
        self._sock.close()

    def _send_some(self) -> None:
        sent = self._sock.send(self._unsent[0])
        if sent == len(self._unsent[0]):
            del self._unsent[0]
        else:
            self._unsent[0] = self._unsent[0][sent:]

    def _wait(self, number: int, waiter: _Waiter) -> Frame:
        while waiter.frame is None:
            if self._reading.acquire(blocking=False):
                try:
                    self._read_for(waiter)
                finally:
                    self._reading.release()
                    self._hand_over(number)
            else:
                waiter.wake.acquire()
        return waiter.frame

    def _read_for(self, waiter: _Waiter) -> None:
        """Read as the leader, and deliver, until this waiter's frame has come."""
        while waiter.frame is None:
            frame = self._reader.next()
            if frame is None:
                self._reader.fill()
            else:
                self._deliver(frame)

    def _deliver(self, frame: Frame) -> None:
        number = frame.number if frame.kind == REPLY else _NEXT_REQUEST
        with self._mutex:
            waiter = self._waiting.pop(number, None)
            if waiter is None and frame.kind != REPLY:
                self._early.append(frame)
        if waiter is not None:
            waiter.frame = frame
            _let_go(waiter)

    def _hand_over(self, done: int) -> None:
        """Wake one of those who still wait, so that somebody reads."""
        for number, waiter in list(self._waiting.items()):
            if number != done and waiter.frame is None:
                _let_go(waiter)
                return


def _let_go(waiter: _Waiter) -> None:
    with suppress(RuntimeError):
        waiter.wake.release()
