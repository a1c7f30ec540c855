"""Calls home: what the seams in the child send their calls by."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from .channel import Channel
from .frames import Closed

_connected: list[Channel] = []
_for_copy: list[socket.socket] = []
_unheard: list[bool] = []


class HomeError(RuntimeError):
    """The test's side could not answer a call."""


def connect(channel: Channel) -> None:
    """Say by which channel the calls of this process go; forked copies of it get channels of their own."""
    _connected[:] = [channel]
    os.register_at_fork(before=_before_fork, after_in_parent=_after_in_original, after_in_child=_after_in_copy)


def reconnect(channel: Channel) -> None:
    """Go on with another channel."""
    _connected[:] = [channel]


@contextmanager
def unheard() -> Iterator[None]:
    """Fork without channels for the copies."""
    _unheard.append(True)
    try:
        yield
    finally:
        _unheard.clear()


def _before_fork() -> None:
    if not _unheard:
        _for_copy[:] = socket.socketpair()


def _after_in_original() -> None:
    if _unheard:
        return
    ours, theirs = _for_copy
    _for_copy.clear()
    with ours, theirs, suppress(OSError):
        _connected[0].announce(theirs.fileno())


def _after_in_copy() -> None:
    if _unheard:
        return
    ours, theirs = _for_copy
    _for_copy.clear()
    theirs.close()
    _connected[0].close()
    _connected[:] = [Channel(ours)]


def home(kind: str, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> tuple[dict[str, Any], list[bytes]]:
    """Have the test's process answer a call; any thread may ask.

    Raises:
        HomeError: there is no answer; the text says why.
    """
    if not _connected:
        raise HomeError("this process is no execution environment of mocksls")
    try:
        frame = _connected[0].call({"kind": kind, "header": header}, blobs)
    except (Closed, OSError, RuntimeError) as error:
        raise HomeError(f"the call cannot reach the test: {str(error) or 'its process is gone'}") from error
    failure = frame.header.get("failure")
    if failure is not None:
        raise HomeError(str(failure))
    return frame.header["header"], frame.blobs
