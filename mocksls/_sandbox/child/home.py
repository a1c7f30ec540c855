"""Calls home: what the seams in the child send their calls by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .channel import Channel
from .frames import Closed

_connected: list[Channel] = []


class HomeError(RuntimeError):
    """The test's side could not answer a call."""


def connect(channel: Channel) -> None:
    """Say by which channel this process's calls go."""
    _connected[:] = [channel]


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
        raise HomeError(f"the call cannot reach the test: {error or 'its process is gone'}") from error
    failure = frame.header.get("failure")
    if failure is not None:
        raise HomeError(str(failure))
    return frame.header["header"], frame.blobs
