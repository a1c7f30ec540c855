"""The lines between a process with a mock and its copies: one end answers calls, the other makes them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from mocksls._kernel.call import ROOT
from mocksls._kernel.errors import MockslsError
from mocksls._sandbox.child.channel import Channel
from mocksls._sandbox.child.frames import CALL, FORKED, REPLY, Closed, Frame, ProtocolError
from mocksls._sandbox.process import Dead, Line
from mocksls._sandbox.servers import Servers

from .home import HomeCalls

_THREAD = "mocksls-copy"


class Lines:
    """The ends at home; ``home`` answers what copies ask."""

    def __init__(self, home: HomeCalls) -> None:
        self._home = home
        self._servers = Servers()
        self._lines: set[Line] = set()

    def serve(self, sock: socket.socket) -> None:
        """Answer what comes over a socket, in a thread of its own, until it is closed."""
        line = Line(sock)
        self._lines.add(line)
        threading.Thread(target=self._listen, args=(line,), name=_THREAD, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        for line in list(self._lines):
            with suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)
        self._servers.close()

    def forget(self) -> None:
        """Let go of the sockets, in a copy of this process, where nobody answers."""
        for line in self._lines:
            line.sock.close()
        self._lines.clear()

    def _listen(self, line: Line) -> None:
        with suppress(Closed, ProtocolError, OSError):
            while True:
                frame = line.reader.next()
                if frame is None:
                    line.reader.fill()
                elif frame.kind == CALL:
                    self._answer(frame, line)
                elif frame.kind == FORKED and line.reader.descriptors:
                    self.serve(socket.socket(fileno=line.reader.descriptors.popleft()))
        self._lines.discard(line)
        line.close()

    def _answer(self, frame: Frame, line: Line) -> None:
        def work() -> None:
            try:
                header, blobs = self._home(frame.header["kind"], frame.header["header"], frame.blobs, ROOT)
                reply = {"header": header}
            except Exception as error:
                reply, blobs = {"failure": f"{type(error).__name__}: {error}"}, []  # type: ignore[dict-item]
            with suppress(Dead):
                line.send(REPLY, frame.number, reply, blobs)

        self._servers.run(work)


class WayHome:
    """A copy's end: its calls are answered in the process that it was forked from."""

    def __init__(self, sock: socket.socket) -> None:
        self._channel = Channel(sock)

    def close(self) -> None:
        """Let go of the socket."""
        self._channel.close()

    def announce(self, theirs: socket.socket, ours: socket.socket) -> None:
        """A copy of this copy was made: hand its socket over to where calls are answered."""
        with theirs, ours, suppress(OSError):
            self._channel.announce(ours.fileno())

    def call(self, kind: str, header: dict[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Have the original process answer a call.

        Raises:
            MockslsError: its mock has stopped, or it could not answer.
        """
        try:
            frame = self._channel.call({"kind": kind, "header": header}, blobs)
        except (Closed, OSError) as error:
            raise MockslsError("the mock of the process that this one was forked from has stopped") from error
        failure = frame.header.get("failure")
        if failure is not None:
            raise MockslsError(str(failure))
        return frame.header["header"], frame.blobs
