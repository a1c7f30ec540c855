"""Templates: processes that were initialised as an environment and never invoked, from which others are forked.

The environment whose initialisation took long leaves a copy of itself behind. The copy serves the zygote, whose child
it becomes; what is forked from it becomes a child of the zygote, too. It is left only where a copy is as good as a
process that initialised itself: one thread, no children, nothing opened, nothing written, nobody called
(``beginning`` looks after that).
"""

from __future__ import annotations

import gc
import os
import select
import socket
import struct
from collections.abc import Callable, Sequence
from typing import NamedTuple

from . import control, home, linux
from .channel import Channel

_PID = struct.Struct("i")


def leave_behind(
    channel: Channel, announce: Callable[[int], None], prepare: Callable[[], None]
) -> Apart | tuple[int, int]:
    """Leave a copy of this process behind as a template.

    Args:
        channel: this process's own, which the copy has no business with.
        announce: sends away the descriptor by which the zygote speaks to the template.
        prepare: what a copy of the template does before it is known what for.

    Returns:
        In this process the template, to be let go of when the zygote knows it; in a copy that was forked from the
        template the descriptors of its channel and output.
    """
    zygote = os.getppid()
    theirs, ours = socket.socketpair()
    linux.adopt_orphans(False)
    with home.unheard():
        forked = _fork_apart([theirs])
        if forked is None:
            try:
                channel.close()
                return _serve(ours, zygote, prepare)
            except BaseException:
                os._exit(0)
        ours.close()
        with theirs:
            announce(theirs.fileno())
    return forked


class Apart(NamedTuple):
    """A process that was forked by another one in between, which keeps it from becoming an orphan for now."""

    pid: int
    between: int
    holds: int

    def let_go(self) -> None:
        """Have it adopted by an ancestor."""
        os.close(self.holds)
        os.waitpid(self.between, 0)


def _fork_apart(others: Sequence[socket.socket]) -> Apart | None:
    """Fork a process that will be adopted when it is let go of; it gets None, and closes what is for ``others``."""
    held, holds = os.pipe()
    told, tells = os.pipe()
    between = os.fork()
    if between == 0:
        os.close(holds)
        pid = os.fork()
        if pid:
            os.write(tells, _PID.pack(pid))
            os.read(held, 1)
            os._exit(0)
        control.close_all([held, told, tells])
        for sock in others:
            sock.close()
        return None
    pid = _PID.unpack(os.read(told, _PID.size))[0]
    control.close_all([held, told, tells])
    return Apart(pid, between, holds)


def _serve(link: socket.socket, zygote: int, prepare: Callable[[], None]) -> tuple[int, int]:
    """Be the template; returns in the copies that are forked from it."""
    os.setsid()
    gc.freeze()
    control.send(link, {"pid": os.getpid()})
    control.receive(link)
    _come_to(zygote)
    while True:
        ours, theirs = socket.socketpair()
        copy = _fork_apart([link, ours])
        if copy is None:
            return _stand_by(theirs, zygote, prepare)
        theirs.close()
        with ours:
            _, descriptors = control.receive(link)
            control.send(ours, {}, descriptors)
            control.close_all(descriptors)
            copy.let_go()
            control.send(link, {"pid": copy.pid})


def _stand_by(link: socket.socket, zygote: int, prepare: Callable[[], None]) -> tuple[int, int]:
    """Wait, prepared, until an environment is asked for."""
    os.setsid()
    linux.adopt_orphans()
    prepare()
    with link:
        _, (channel, output) = control.receive(link)
    _come_to(zygote)
    return channel, output


def _come_to(zygote: int) -> None:
    """Wait until the process in between has ended and this one is the zygote's child; end with that."""
    while os.getppid() != zygote:
        select.select([], [], [], 0.0001)
    linux.die_with(zygote)
