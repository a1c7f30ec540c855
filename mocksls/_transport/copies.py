"""Forked copies of the test's process: their calls come home to the cloud of the process that they were forked from.

A copy has a copy of the cloud, too, which would silently go its own way. So each fork makes a socket, by which the
copy calls home as a handler does; copies of copies hand theirs over. What that takes (``lines``) is imported when the
process first forks.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from mocksls._seams.child_install import HomeSend
from mocksls._seams.patching import Patches

from .home import HomeCalls

if TYPE_CHECKING:
    from .joining import Address
    from .lines import Lines, WayHome

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
        self._lines: Lines | None = None
        self._way_home: WayHome | None = None
        self._address: Address | None = None

    def address(self) -> str:
        """Where processes that were not forked from this one may join."""
        from .joining import Address

        if self._address is None:
            self._address = Address(self.serve)
        return self._address.path

    @property
    def is_copy(self) -> bool:
        """Whether this process is itself a copy."""
        return self._way_home is not None

    def watch(self, patches: Patches) -> None:
        """Give every copy that is forked from now on a way home."""
        _watched[:] = [self]
        if sys.version_info >= (3, 12):
            patches.set(os, "fork", _quiet(os.fork))

    def close(self) -> None:
        """Answer no more."""
        if self in _watched:
            _watched.remove(self)
        if self._lines is not None and self._way_home is None:
            self._lines.close()
        if self._address is not None and self._way_home is None:
            self._address.close()

    def serve(self, sock: socket.socket) -> None:
        """Answer what comes over a socket, in a thread of its own, until it is closed."""
        from .lines import Lines

        if self._lines is None:
            self._lines = Lines(self._home)
        self._lines.serve(sock)

    def forked(self, theirs: socket.socket, ours: socket.socket) -> None:
        """A copy was made: serve it; in a copy, hand its socket over to where calls are answered."""
        if self._way_home is None:
            theirs.close()
            self.serve(ours)
        else:
            self._way_home.announce(theirs, ours)

    def become_copy(self, theirs: socket.socket, ours: socket.socket) -> None:
        """This process is the copy."""
        from .lines import WayHome

        ours.close()
        if self._lines is not None:
            self._lines.forget()
        if self._way_home is not None:
            self._way_home.close()
        self._way_home = WayHome(theirs)
        self._became(HomeSend(self._way_home.call))


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
        from . import lines  # noqa: F401 - here, so that the copy finds it imported

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
