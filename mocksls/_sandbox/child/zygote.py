"""The zygote: a single-threaded process that forks execution environments, waits for them, and buries what they leave.

It ends with the test's process: at the end of the control connection, or when that process is gone though a copy of
it still holds the connection.
"""

from __future__ import annotations

import os
import resource
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from . import control, environment, linux, namespaces
from .warm import WarmUp

_POLL_PARENT_MS = 200
_TEMPLATE_S = 5.0


def main(descriptor: int, parent: int) -> None:
    """Serve the process ``parent`` over the socket ``descriptor`` until either is gone."""
    sys.argv[:] = ["mocksls"]
    zygote = _Zygote(socket.socket(fileno=descriptor), parent)
    try:
        zygote.run()
    except control.Gone:
        pass
    finally:
        zygote.end()


class _Spare(NamedTuple):
    """A process that stands by to be an environment."""

    pid: int
    link: socket.socket
    private: bool


class _Template(NamedTuple):
    """A process that was initialised for a function, and is copied for each of its environments."""

    pid: int
    link: socket.socket


class _Zygote:
    def __init__(self, sock: socket.socket, parent: int) -> None:
        self._sock = sock
        self._parent = parent
        self._poll = select.poll()
        self._environments: dict[int, int] = {}
        self._kept: dict[int, list[int]] = {}
        self._exits: dict[int, int] = {}
        self._warm = WarmUp()
        self._rubbish: set[str] = set()
        self._watched = False
        self._spare: _Spare | None = None
        self._templates: dict[int, _Template] = {}
        self._private: bool | None = None  # that of the last environment; None as long as there was none

    def run(self) -> None:
        """Answer requests, bury the dead, and warm up in between."""
        linux.adopt_orphans()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard > 0 else soft, hard))
        self._limit = (soft, hard)
        woken = self._watch()
        while True:
            ready = [number for number, _ in self._poll.poll(self._patience())]
            if woken in ready:
                os.read(woken, 4096)
                self._bury()
            if self._sock.fileno() in ready:
                self._serve()
            elif not ready and not self._warm.idle:
                self._warm_up()
            elif not ready and self._wants_spare:
                self._spare = self._stand_by()
            if self._parent_is_gone(ready):
                return

    def end(self) -> None:
        """Leave nothing behind."""
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for _ in range(1000):
            left = linux.children("self") or list(self._environments)
            for pid in left:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                break
        for folder in self._rubbish:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    def _watch(self) -> int:
        """Wait for requests, for the deaths of children, and for that of the parent."""
        read, write = os.pipe()
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._poll.register(self._sock, select.POLLIN)
        self._poll.register(read, select.POLLIN)
        self._watch_parent()
        return read

    def _watch_parent(self) -> None:
        with suppress(OSError, AttributeError):
            self._parent_descriptor = os.pidfd_open(self._parent)
            self._poll.register(self._parent_descriptor, select.POLLIN)
            self._watched = True
        if os.getppid() != self._parent:
            raise control.Gone

    def _parent_is_gone(self, ready: list[int]) -> bool:
        if self._watched:
            return self._parent_descriptor in ready
        return os.getppid() != self._parent

    @property
    def _wants_spare(self) -> bool:
        return self._spare is None and self._private is not None and linux.threads() == 1

    def _patience(self) -> int | None:
        if not self._warm.idle or self._wants_spare:
            return 0
        return None if self._watched else _POLL_PARENT_MS

    def _warm_up(self) -> None:
        self._warm.step()
        if self._warm.idle:
            environment.forget_exit_functions()

    def _serve(self) -> None:
        message, descriptors = control.receive(self._sock)
        answer = getattr(self, f"_do_{message['do']}")(message, descriptors)
        control.close_all(descriptors)
        if answer is not None:
            control.send(self._sock, *answer)
            control.close_all(answer[1])

    def _do_begin(self, message: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Take over the parent's import path, and import ahead."""
        sys.path[:] = message["sys_path"]
        private = message["namespaces"] and namespaces.available()
        self._warm.begin()
        environment.forget_exit_functions()
        return {"namespaces": private, "threads": linux.threads()}, []

    def _do_spawn(self, message: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Make an environment, of the process that stands by or by a fork; channel and output come as descriptors."""
        if linux.threads() > 1:
            return {"threads": True}, []
        number, self._private = message["number"], message["private"]
        inherited = self._kept.pop(message["inherit"], []) if message["inherit"] else []
        pid = self._copied(message["template"], descriptors)
        copied = pid is not None
        if pid is None and not inherited:
            pid = self._hand_over(number, descriptors)
        if pid is None:
            pid = self._fork(lambda: environment.run(descriptors[0], descriptors[1], inherited))
        control.close_all(inherited)
        self._environments[pid] = number
        answer = {"pid": pid, "kept": number in self._kept, "copied": copied}
        try:
            return answer, [os.pidfd_open(pid)]
        except (OSError, AttributeError):
            return answer, []

    def _copied(self, number: int, descriptors: list[int]) -> int | None:
        """Have a template fork an environment; None if there is none, or it is gone."""
        template = self._templates.get(number)
        if template is None:
            return None
        try:
            control.send(template.link, {}, descriptors)
            pid: int = control.receive(template.link)[0]["pid"]
        except control.Gone:
            self._drop_template(number)
            return None
        return pid

    def _do_template(self, message: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Take in a template, by the descriptor that leads to it."""
        link = socket.socket(fileno=os.dup(descriptors[0]))
        link.settimeout(_TEMPLATE_S)
        try:
            pid = control.receive(link)[0]["pid"]
            self._environments[pid] = 0
            control.send(link, {})
        except control.Gone:
            link.close()
            return {"kept": False}, []
        self._templates[message["number"]] = _Template(pid, link)
        return {"kept": True}, []

    def _do_drop(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """End a template."""
        self._drop_template(message["number"])

    def _drop_template(self, number: int) -> None:
        template = self._templates.pop(number, None)
        if template is not None:
            template.link.close()
            if template.pid in self._environments:
                os.kill(template.pid, signal.SIGKILL)

    def _fork(self, live: Callable[[], None]) -> int:
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                linux.die_with(zygote)
                linux.adopt_orphans()
                resource.setrlimit(resource.RLIMIT_NOFILE, self._limit)
                live()
            finally:
                os._exit(1)
        return pid

    def _stand_by(self) -> _Spare:
        """Fork the next environment before it is asked for."""
        ours, theirs = socket.socketpair()
        private = bool(self._private)
        with theirs:
            pid = self._fork(lambda: environment.stand_by(theirs, private=private))
        self._environments[pid] = 0
        return _Spare(pid, ours, private)

    def _hand_over(self, number: int, descriptors: list[int]) -> int | None:
        """Have the process that stands by be the environment; None if there is none that fits."""
        self._bury()
        spare = self._spare
        if spare is None or spare.private != self._private or spare.pid not in self._environments:
            self._dismiss()
            return None
        try:
            control.receive(spare.link)
            control.send(spare.link, {}, descriptors)
        except control.Gone:
            self._dismiss()
            return None
        self._spare = None
        spare.link.close()
        if spare.private:
            self._kept[number] = namespaces.descriptors(spare.pid)
        return spare.pid

    def _do_keep(self, message: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Hold the namespaces of an environment for its successor."""
        self._kept[message["number"]] = kept = namespaces.descriptors(message["pid"])
        return {"kept": bool(kept)}, []

    def _do_status(self, message: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]]:
        """How an environment ended."""
        self._bury()
        return {"status": self._exits.pop(message["pid"], None)}, []

    def _do_forget(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Drop what was kept for a successor, which will not come."""
        control.close_all(self._kept.pop(message["number"], []))

    def _do_kill(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """End an environment."""
        if message["pid"] in self._environments:
            os.kill(message["pid"], signal.SIGKILL)

    def _do_warm(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Load models and modules when there is time."""
        self._warm.want(message["services"], message["modules"])
        if not self._warm.idle:
            self._dismiss()

    def _dismiss(self) -> None:
        """End the process that stands by: it does not fit, or has not what will be loaded now."""
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.link.close()
            if spare.pid in self._environments:
                os.kill(spare.pid, signal.SIGKILL)

    def _do_rubbish(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Remember a folder that must not outlive the parent."""
        self._rubbish.add(message["folder"])

    def _bury(self) -> None:
        """Wait for what has ended; kill the orphans that it leaves."""
        while True:
            try:
                pid, status, _ = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                break
            if self._environments.pop(pid, 0):
                self._exits[pid] = status
        for pid in linux.children("self"):
            if pid not in self._environments:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
