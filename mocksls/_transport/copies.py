"""Forked copies of the test's process: their calls come home to the cloud of the process that they were forked from.

A copy has a copy of the cloud, too, which would silently go its own way. So each fork makes a socket, by which the
copy calls home as a handler does; copies of copies hand theirs over.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from mocksls._kernel.call import ROOT
from mocksls._kernel.errors import MockslsError
from mocksls._sandbox.child.channel import Channel
from mocksls._sandbox.child.frames import CALL, FORKED, REPLY, Closed, Frame, ProtocolError
from mocksls._sandbox.process import Dead, Line
from mocksls._sandbox.servers import Servers
from mocksls._seams.child_install import HomeSend
from mocksls._seams.patching import Patches

from .home import HomeCalls
from .joining import Address

_THREAD = "mocksls-copy"
_watched: list[Copies] = []  # at most one: the process's active mock
_for_copy: dict[int, tuple[socket.socket, socket.socket]] = {}  # by the thread that forks


class Copies:
    """The forked copies of a process with an active mock; in such a copy, its way home.

    Args:
        home: answers what copies ask.
        became: called in a copy, with what its seams send their calls by.
    """

    def __init__(self, home: HomeCalls, became: Callable[[HomeSend], None]) -> None:
        self._home = home
        self._became = became
        self._servers = Servers()
        self._lines: set[Line] = set()
        self._channel: Channel | None = None
        self._address: Address | None = None

    def address(self) -> str:
        """Where processes that were not forked from this one may join."""
        if self._address is None:
            self._address = Address(self.serve)
        return self._address.path

    @property
    def is_copy(self) -> bool:
        """Whether this process is itself a copy."""
        return self._channel is not None

    def watch(self, patches: Patches) -> None:
        """Give every copy that is forked from now on a way home."""
        _watched[:] = [self]
        if sys.version_info >= (3, 12):
            patches.set(os, "fork", _quiet(os.fork))

    def close(self) -> None:
        """Answer no more."""
        if self in _watched:
            _watched.remove(self)
        for line in list(self._lines):
            with suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)
        if self._channel is not None:
            return
        self._servers.close()
        if self._address is not None:
            self._address.close()

    # -- at home -------------------------------------------------------------------------------------------------

    def serve(self, sock: socket.socket) -> None:
        """Answer what comes over a socket, in a thread of its own, until it is closed."""
        line = Line(sock)
        self._lines.add(line)
        threading.Thread(target=self._listen, args=(line,), name=_THREAD, daemon=True).start()

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

    # -- around a fork -------------------------------------------------------------------------------------------

    def forked(self, theirs: socket.socket, ours: socket.socket) -> None:
        """A copy was made: serve it; in a copy, hand its socket over to where calls are answered."""
        if self._channel is None:
            theirs.close()
            self.serve(ours)
            return
        with theirs, ours, suppress(OSError):
            self._channel.announce(ours.fileno())

    def become_copy(self, theirs: socket.socket, ours: socket.socket) -> None:
        """This process is the copy."""
        ours.close()
        for line in self._lines:
            line.sock.close()
        self._lines.clear()
        if self._channel is not None:
            self._channel.close()
        self._channel = Channel(theirs)
        self._became(HomeSend(self.call_home))

    def call_home(
        self, kind: str, header: dict[str, Any], blobs: Sequence[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Have the original process answer a call.

        Raises:
            MockslsError: its mock has stopped, or it could not answer.
        """
        assert self._channel is not None
        try:
            frame = self._channel.call({"kind": kind, "header": header}, blobs)
        except (Closed, OSError) as error:
            raise MockslsError("the mock of the process that this one was forked from has stopped") from error
        failure = frame.header.get("failure")
        if failure is not None:
            raise MockslsError(str(failure))
        return frame.header["header"], frame.blobs


def _quiet(fork: Callable[[], int]) -> Callable[[], int]:
    """Fork without a warning of threads, where the only threads beside this one are those that answer copies."""

    def quiet_fork() -> int:
        others = [thread for thread in threading.enumerate() if not thread.name.startswith("mocksls-")]
        if len(others) > 1:
            return fork()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return fork()

    return quiet_fork


def _before() -> None:
    if _watched:
        _for_copy[threading.get_ident()] = socket.socketpair()


def _in_parent() -> None:
    pair = _for_copy.pop(threading.get_ident(), None)
    if pair is not None and _watched:
        _watched[0].forked(*pair)


def _in_copy() -> None:
    pair = _for_copy.pop(threading.get_ident(), None)
    if pair is not None and _watched:
        _watched[0].become_copy(*pair)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_copy)
