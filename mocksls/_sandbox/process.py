"""An environment's process, as the test's process sees it: forked by the zygote, or started on its own."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from .._kernel.realtime import monotonic
from .child import control
from .child.frames import Reader, pack
from .memory import RUNTIME_MIB, descendants
from .templates import File
from .zygote import START, Unusable, Zygote, interpreter, scrubbed

_SEND_TICK_MS = 50
_DEATH_WAIT_S = 5.0
_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)


class Dead(Exception):
    """The process is gone, or does not take what it is sent."""


class Late(Dead):
    """It has not taken what it is sent in time."""


class Line:
    """This side's end of a channel."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.reader = Reader(sock, deque())
        self._sending = threading.Lock()
        self._closed = False

    def send(
        self, kind: int, number: int, header: dict[str, Any], blobs: Sequence[bytes] = (), *, until: float | None = None
    ) -> None:
        """Send a frame.

        Raises:
            Dead: the process is gone, or has not taken everything by ``until``; the channel is of no more use.
        """
        buffers = pack(kind, number, header, blobs)
        with self._sending:
            for buffer in buffers:
                self._send(memoryview(buffer), until)

    def close(self) -> None:
        """Let go of it, and of descriptors that nobody took."""
        self._closed = True
        self.sock.close()
        control.close_all(self.reader.descriptors or ())

    def _send(self, data: memoryview, until: float | None) -> None:
        while data:
            sent = self._sent(data)
            data = data[sent:]
            if not sent:
                self._wait_for_room(until)

    def _sent(self, data: memoryview) -> int:
        """Send what there is room for at the moment."""
        try:
            return self.sock.send(data, socket.MSG_DONTWAIT | _NO_SIGNAL)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Dead from error

    def _wait_for_room(self, until: float | None) -> None:
        if self._closed:
            raise Dead
        if until is not None and monotonic() >= until:
            raise Late
        room = select.poll()
        room.register(self.sock, select.POLLOUT)
        room.poll(_SEND_TICK_MS)


class Process:
    """One running environment.

    ``bare_mib`` is what its runtime counts as, above its resident size at the start; ``kept`` tells that the zygote
    holds its file system for a successor, ``copied`` that it was forked from a template.
    """

    bare_mib = RUNTIME_MIB
    kept = False
    copied = False

    def __init__(self, sock: socket.socket, pid: int, descriptor: int | None) -> None:
        self.pid = pid
        self.line = Line(sock)
        self.branches: dict[int, Line] = {}
        self.descriptor = descriptor
        self.poll = select.poll()
        self.poll.register(sock, select.POLLIN)
        if descriptor is not None:
            self.poll.register(descriptor, select.POLLIN)
        self._stopped = False
        self._gone = False

    def branch(self, line: Line) -> bool:
        """Take over the line of a copy that the handler forked; False if there is none."""
        if not line.reader.descriptors:
            return False
        sock = socket.socket(fileno=line.reader.descriptors.popleft())
        self.branches[sock.fileno()] = Line(sock)
        self.poll.register(sock, select.POLLIN)
        return True

    def prune(self, number: int) -> None:
        """Let go of the line of a copy that is gone."""
        line = self.branches.pop(number)
        self.poll.unregister(number)
        line.close()

    def keep_template(self, key: str, files: list[File]) -> None:
        """Have a template held that this environment leaves behind."""

    def freeze(self) -> None:
        """Stop the threads and processes that a handler has left running, as AWS does between invocations."""
        self._stopped = True
        self.signal(signal.SIGSTOP)
        stopped: set[int] = set()
        while new := set(descendants(self.pid)) - stopped:  # one may have forked before it was stopped itself
            _signal_all(new, signal.SIGSTOP)
            stopped |= new

    def thaw(self) -> None:
        """Let it run on."""
        if self._stopped:
            self._stopped = False
            _signal_all(descendants(self.pid), signal.SIGCONT)
            self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; a process that is gone does not matter."""
        with suppress(OSError):
            if self.descriptor is not None:
                signal.pidfd_send_signal(self.descriptor, number)
            elif not self._gone:
                os.kill(self.pid, number)

    def end(self) -> int | None:
        """Kill it if it lives, wait for its end, and let go of it.

        Returns:
            Its wait status; None if nobody knows.
        """
        self.signal(signal.SIGKILL)
        status = self._reaped()
        self._gone = True
        self._close()
        return status

    def ended(self) -> int | None:
        """Give it a moment to end by itself, then as ``end``."""
        self._wait(_DEATH_WAIT_S)
        return self.end()

    def abandon(self) -> None:
        """Let go of it without ending it (in a forked copy of the test's process)."""
        self._gone = True
        self._close()

    def _close(self) -> None:
        for line in (self.line, *self.branches.values()):
            line.close()
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def _wait(self, seconds: float) -> None:
        """Wait until the process has ended."""
        if self.descriptor is not None:
            gone = select.poll()
            gone.register(self.descriptor, select.POLLIN)
            gone.poll(int(seconds * 1000))

    def _reaped(self) -> int | None:
        raise NotImplementedError


class ForkedProcess(Process):
    """An environment that the zygote forked."""

    def __init__(
        self, zygote: Zygote, number: int, output: int, *, inherit: int, private: bool, template: int = 0
    ) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            request = {"do": "spawn", "number": number, "inherit": inherit, "private": private, "template": template}
            try:
                answer, descriptors = zygote.ask(request, [theirs.fileno(), output])
            except BaseException as error:
                ours.close()
                if isinstance(error, control.Gone):
                    raise Unusable("the sandbox's helper process has ended") from None
                raise
        if "pid" not in answer:
            ours.close()
            raise Unusable("the sandbox's helper process has more than one thread")
        super().__init__(ours, answer["pid"], descriptors[0] if descriptors else None)
        self._zygote = zygote
        self.kept = bool(answer["kept"])
        self.copied = bool(answer["copied"])
        zygote.pids.add(self.pid)

    def keep_template(self, key: str, files: list[File]) -> None:
        """Have the zygote hold the template that this environment leaves behind."""
        if not self.line.reader.descriptors:
            return
        descriptor = self.line.reader.descriptors.popleft()
        try:
            number = self._zygote.templates.keep(key, files)
            if not self._zygote.ask({"do": "template", "number": number}, [descriptor])[0]["kept"]:
                self._zygote.templates.forget(key)
        except (control.Gone, Unusable):
            self._zygote.templates.forget(key)
        finally:
            os.close(descriptor)

    def _reaped(self) -> int | None:
        if self.descriptor is None:
            self._zygote.tell({"do": "kill", "pid": self.pid})
        self._wait(_DEATH_WAIT_S)
        try:
            status: int | None = self._zygote.ask({"do": "status", "pid": self.pid})[0]["status"]
        except (control.Gone, Unusable):
            self._kill_group()
            return None
        self._zygote.pids.discard(self.pid)
        return status

    def _kill_group(self) -> None:
        """The zygote was killed: nobody else buries what the environment left."""
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)


class PlainProcess(Process):
    """An environment started without a zygote: slower, without namespaces."""

    bare_mib = RUNTIME_MIB - 16  # its size is taken before the interpreter has started

    def __init__(self, output: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            numbers = [str(theirs.fileno()), str(output), str(os.getpid())]
            self._child = subprocess.Popen(
                [*interpreter(), START, "plain", *numbers],
                env=scrubbed(),
                pass_fds=[theirs.fileno(), output],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        super().__init__(ours, self._child.pid, _pidfd(self._child.pid))

    def freeze(self) -> None:
        """Do nothing: a stopped process could not see that the test's process has gone."""

    def ended(self) -> int | None:
        """Give it a moment to end by itself, then as ``end``."""
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(_DEATH_WAIT_S)
        return self.end()

    def end(self) -> int | None:
        """Kill it and its descendants, and wait for its end."""
        left = [number for pid in descendants(self.pid) if (number := _pidfd(pid)) is not None]
        status = super().end()
        for number in left:
            with suppress(OSError):
                signal.pidfd_send_signal(number, signal.SIGKILL)
            os.close(number)
        return status

    def abandon(self) -> None:
        """Let go of it without ending it."""
        self._child.returncode = 0
        super().abandon()

    def _reaped(self) -> int | None:
        code = self._child.wait()
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        return -code if code < 0 else code << 8


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, number)


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None
