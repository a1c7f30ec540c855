"""The test process's handle of its zygote: started once, when it is first needed, and started anew when it died."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .child import control
from .templates import Templates

START = str(Path(__file__).parent / "child" / "start.py")
_KEPT_VARIABLES = (
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TMPDIR", "PYTHONHASHSEED", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "HOME", "VIRTUAL_ENV",
)  # fmt: skip


class Unusable(Exception):
    """No zygote can be had, or it may not fork; the text says why."""


class Zygote:
    """One zygote process; requests to it are made one at a time, by any thread."""

    def __init__(self, *, namespaces: bool = True) -> None:
        self._lock = threading.Lock()
        self._asked_namespaces = namespaces
        self._began = False
        self.namespaces = False
        self.pids: set[int] = set()
        self.templates = Templates(lambda number: self.tell({"do": "drop", "number": number}))
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
        ours, theirs = socket.socketpair()
        with theirs:
            command = [*interpreter(), START, "zygote", str(theirs.fileno()), str(os.getpid())]
            self.process = subprocess.Popen(
                command,
                env=scrubbed(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._stderr,
                stderr=self._stderr,
                start_new_session=True,
            )
        self._sock = ours
        control.send(ours, {"do": "begin", "sys_path": import_path(), "namespaces": namespaces})

    def wait_until_ready(self) -> None:
        """Wait for the zygote's imports. Raises Unusable."""
        with self._lock:
            if self._began:
                return
            self._began = True
            try:
                answer, _ = control.receive(self._sock)
            except control.Gone:
                raise Unusable(f"the sandbox's helper process did not start: {self.complaint()}") from None
            if answer["threads"] > 1:
                raise Unusable("the sandbox's helper process has more than one thread")
            self.namespaces = answer["namespaces"]

    def ask(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> tuple[dict[str, Any], list[int]]:
        """Make a request and wait for its answer. Raises control.Gone."""
        self.wait_until_ready()
        with self._lock:
            control.send(self._sock, message, descriptors)
            return control.receive(self._sock)

    def tell(self, message: dict[str, Any]) -> None:
        """Make a request that has no answer; a zygote that is gone does not matter."""
        with suppress(control.Gone, Unusable):
            self.wait_until_ready()
            with self._lock:
                control.send(self._sock, message)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def complaint(self) -> str:
        """The end of what it wrote to its standard error."""
        with suppress(OSError, ValueError):
            self._stderr.seek(0)
            return self._stderr.read().decode(errors="replace").strip()[-2000:]
        return ""

    def close(self) -> None:
        """End it and everything that it made."""
        with suppress(OSError):
            self._sock.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._kill_groups()
        self._stderr.close()

    def forget(self) -> None:
        """Let go of it without ending it (in a forked copy of the test's process)."""
        self._sock.close()
        self.process.returncode = 0

    def _kill_groups(self) -> None:
        """What a zygote that was itself killed has left: the process groups of its environments."""
        for pid in self.pids:
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)


class _Shared:
    """The zygotes of this process: one, and a second where namespaces are switched off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zygotes: dict[bool, Zygote] = {}

    def get(self, namespaces: bool) -> Zygote:
        """The zygote, started if there is none; it need not be ready yet."""
        with self._lock:
            zygote = self._zygotes.get(namespaces)
            if zygote is not None and not zygote.alive:
                zygote.close()
                zygote = None
            if zygote is None:
                zygote = self._zygotes[namespaces] = _started(namespaces)
            return zygote

    def close(self) -> None:
        """End the zygotes."""
        with self._lock:
            zygotes, self._zygotes = self._zygotes, {}
        for zygote in zygotes.values():
            zygote.close()

    def forget(self) -> None:
        """Drop what belongs to the process that this one is a forked copy of."""
        self._lock = threading.Lock()
        zygotes, self._zygotes = self._zygotes, {}
        for zygote in zygotes.values():
            zygote.forget()


shared = _Shared()
atexit.register(shared.close)


def _started(namespaces: bool) -> Zygote:
    try:
        return Zygote(namespaces=namespaces)
    except (OSError, control.Gone) as error:
        raise Unusable(f"the sandbox's helper process did not start: {error}") from error


def forking_is_safe() -> str | None:
    """None if environments can be forked; else why they cannot."""
    if sys.platform == "win32":
        return "this platform cannot fork"
    if "pydevd" in sys.modules:
        return "a debugger rewrites the start of processes"
    return None


def interpreter() -> list[str]:
    """The interpreter with this process's own flags."""
    flags: list[str] = getattr(subprocess, "_args_from_interpreter_flags", list)()
    return [sys.executable, *flags]


def scrubbed() -> dict[str, str]:
    """The variables that Python itself needs, and nothing of the test's."""
    return {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}


def import_path() -> list[str]:
    """This process's import path, absolute (entries that are no paths, but keys of import hooks, as they are)."""
    return [entry if entry.startswith("/") else _absolute(entry) for entry in sys.path]


def _absolute(entry: str) -> str:
    return str(Path(entry).absolute()) if not entry or Path(entry).exists() else entry
