"""Templates: processes that were initialised as an environment and never invoked, from which others are forked.

The environment whose initialisation took long leaves a copy of itself behind. The copy serves the zygote, whose child
it becomes; what is forked from it becomes a child of the zygote, too. It is left only where a copy is as good as a
process that initialised itself: one thread, no children, nothing opened, nothing written, nobody called.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import struct
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..._kernel.realtime import monotonic
from . import control, home, linux
from .channel import Channel

_HEAVY_S = 0.03
_PID = struct.Struct("i")
_LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))


class Beginning:
    """What a process was like before its initialisation."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._threads = linux.threads()
        self._state = _state()

    def can_be_copied(self, channel: Channel) -> bool:
        """Whether the initialisation was heavy, and left nothing that copies would share or miss."""
        heavy = monotonic() - self._began >= _HEAVY_S
        alone = linux.threads() == self._threads and not linux.has_children()
        return heavy and alone and not channel.has_called and self._state == _state()


def _state() -> tuple[Any, ...]:
    """Open descriptors, entries of /tmp, bytes of output, and memory shared with other processes."""
    shared = [line for line in Path("/proc/self/maps").read_text().splitlines() if line.split()[1].startswith("rw-s")]
    return sorted(os.listdir("/proc/self/fd")), sorted(os.listdir("/tmp")), os.fstat(1).st_size, shared  # noqa: PTH208


def files() -> list[tuple[str, int, int]]:
    """The modules' files that are no installed libraries, with time and size: a template is as old as they are."""
    found = []
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and not path.startswith((*_LIBRARIES, "/var/task/")):
            with suppress(OSError):
                told = os.stat(path)  # noqa: PTH116
                found.append((path, told.st_mtime_ns, told.st_size))
    return found


def leave_behind(channel: Channel, announce: Callable[[int], None]) -> tuple[int, int] | None:
    """Leave a copy of this process behind as a template.

    Args:
        channel: this process's own, which the copy has no business with.
        announce: sends away the descriptor by which the zygote speaks to the template.

    Returns:
        None in this process; in a copy that was forked from the template the descriptors of its channel and output.
    """
    zygote = os.getppid()
    theirs, ours = socket.socketpair()
    held, holds = os.pipe()
    linux.adopt_orphans(False)
    with home.unheard():
        between = os.fork()
        if between == 0:
            if os.fork():
                os.close(holds)
                os.read(held, 1)  # until the template is known to the zygote, or gone
                os._exit(0)
            try:
                channel.close()
                theirs.close()
                os.close(held)
                return _serve(ours, holds, zygote)
            except BaseException:
                os._exit(0)
        ours.close()
        os.close(held)
        os.close(holds)
        with theirs:
            announce(theirs.fileno())
        os.waitpid(between, 0)
    linux.adopt_orphans()
    return None


def _serve(link: socket.socket, holds: int, zygote: int) -> tuple[int, int]:
    """Be the template; returns in the copies that are forked from it."""
    os.setsid()
    gc.freeze()
    control.send(link, {"pid": os.getpid()})
    control.receive(link)
    os.close(holds)
    _come_to(zygote)
    while True:
        _, descriptors = control.receive(link)
        told, tells = os.pipe()
        between = os.fork()
        if between == 0:
            pid = os.fork()
            if pid:
                os.write(tells, _PID.pack(pid))
                os._exit(0)
            os.close(link.detach())
            _come_to(zygote)
            os.setsid()
            linux.adopt_orphans()
            channel, output = descriptors
            return channel, output
        os.waitpid(between, 0)
        pid = _PID.unpack(os.read(told, _PID.size))[0]
        control.close_all([told, tells, *descriptors])
        control.send(link, {"pid": pid})


def _come_to(zygote: int) -> None:
    """Wait until the process in between has ended and this one is the zygote's child; end with that."""
    while os.getppid() != zygote:
        select.select([], [], [], 0.0001)
    linux.die_with(zygote)
