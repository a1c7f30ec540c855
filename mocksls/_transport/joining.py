"""Processes that were not forked from the test's: they join its mock by an address."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mocksls._kernel.errors import MockslsError
from mocksls._sandbox.child import home
from mocksls._sandbox.child.channel import Channel
from mocksls._seams import child_install

_WAITING = 64


class Address:
    """A socket in the file system, for this user only, at which a mock takes processes in.

    Args:
        take: serves a process that has connected.
    """

    def __init__(self, take: Callable[[socket.socket], None]) -> None:
        self._take = take
        self._folder = tempfile.mkdtemp(prefix="mocksls-")
        self.path = os.path.join(self._folder, "mock")  # noqa: PTH118 - a plain text, to be handed over
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen(_WAITING)
        threading.Thread(target=self._accept, name="mocksls-joining", daemon=True).start()

    def close(self) -> None:
        """Take nobody in any more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._take(self._socket.accept()[0])


def join(address: str) -> None:
    """Have this process reach the mock of another one, from now on until it ends.

    For processes that are started anew (multiprocessing's ``spawn`` and ``forkserver``, subprocesses): forked copies of
    the test's process reach its mock by themselves. ``ProcessPoolExecutor(mp_context=..., initializer=mocksls.join,
    initargs=(aws.address(),))``.

    Args:
        address: what ``aws.address()`` gave.

    Raises:
        MockslsError: no mock is reached at that address.
    """
    channel = socket.socket(socket.AF_UNIX)
    try:
        channel.connect(address)
    except OSError as error:
        channel.close()
        where = "has stopped" if not Path(address).exists() else str(error)
        raise MockslsError(f"no mock is reached at {address}: {where}") from None
    home.connect(Channel(channel))
    child_install.install(home.home)
