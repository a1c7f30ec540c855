"""Reading an environment's channel while it works, with an eye on its deadline and its memory."""

from __future__ import annotations

import math
import socket
from collections.abc import Callable
from enum import Enum

from .._kernel.realtime import monotonic
from .child.frames import CALL, FORKED, LINES, Closed, Frame, ProtocolError
from .memory import MemoryWatch
from .output import Output
from .process import Line, Process

_TICK_S = 0.005


class Ending(Enum):
    """Why there will be no answer."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    DEAD = "dead"
    BROKEN = "broken"


class Conversation:
    """One request to an environment, from when it was sent until its answer."""

    def __init__(
        self,
        process: Process,
        memory: MemoryWatch,
        output: Output,
        on_call: Callable[[Frame, Line], None],
        on_lines: Callable[[Frame], None],
    ) -> None:
        self._process = process
        self._memory = memory
        self._output = output
        self._on_call = on_call
        self._on_lines = on_lines

    def answer(self, kind: int, deadline: float) -> Frame | Ending:
        """Wait for a frame of a kind; serve, and measure, what comes before it."""
        look = monotonic() + _TICK_S
        while True:
            try:
                frame = self._process.line.reader.next()
                if frame is None:
                    ending = self._more(look, deadline)
                    if ending is not None:
                        return ending
                elif frame.kind == kind:
                    return frame
                else:
                    self._take(frame, self._process.line)
            except ProtocolError:
                return Ending.BROKEN
            now = monotonic()
            if now >= look:
                if self._memory.over():
                    return Ending.MEMORY
                look = now + self._memory.pause_s
                self._output.check_flood()

    def _take(self, frame: Frame, line: Line) -> None:
        """Do what a frame asks that is not the answer."""
        if frame.kind == CALL:
            self._on_call(frame, line)
        elif frame.kind == LINES:
            self._on_lines(frame)
        elif frame.kind != FORKED or not self._process.branch(line):
            raise ProtocolError("a frame that has no place here")

    def _more(self, look: float, deadline: float) -> Ending | None:
        """Wait for something to read, for the next look at the memory at most."""
        now = monotonic()
        if now >= deadline:
            return Ending.TIMEOUT
        wait_s = max(min(look, deadline) - now, 0)
        ready = [number for number, _ in self._process.poll.poll(math.ceil(wait_s * 1000))]
        for number in ready:
            if number in self._process.branches:
                self._branch(number)
        try:
            if not ready or self._process.line.reader.fill(socket.MSG_DONTWAIT):
                return None
        except Closed:
            return Ending.DEAD
        return Ending.DEAD if self._process.descriptor in ready else None

    def _branch(self, number: int) -> None:
        """Read what a forked copy of the handler's process asks."""
        line = self._process.branches[number]
        try:
            line.reader.fill(socket.MSG_DONTWAIT)
            while (frame := line.reader.next()) is not None:
                self._take(frame, line)
        except (Closed, ProtocolError):
            self._process.prune(number)
