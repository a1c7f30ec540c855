"""What an initialisation does beside making objects: only one that did nothing else may stand for others."""

from __future__ import annotations

import os
import sys
import sysconfig
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import linux
from .channel import Channel

_HEAVY_S = 0.03
_LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_THE_SAME = (*_LIBRARIES, "/var/task/", "/proc/", "/sys/", "/dev/")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_DOINGS = frozenset({
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.chown", "os.link", "os.symlink",
    "os.utime", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.kill", "os.killpg",
    "subprocess.Popen", "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "sqlite3.connect",
    "tempfile.mkstemp", "tempfile.mkdtemp", "shutil.copyfile", "shutil.move",
})  # fmt: skip

File = tuple[str, int, int]


class Beginning:
    """Watches an initialisation, from when it is made."""

    def __init__(self) -> None:
        self._threads = linux.threads()
        self._state = _state()
        self._watching = True
        self._did = False
        self._read: set[str] = set()
        sys.addaudithook(self._see)
        self._began = _spent()

    def can_be_copied(self, channel: Channel) -> bool:
        """Whether the initialisation, which is over, was heavy, and left nothing that copies would share or miss."""
        heavy = _spent() - self._began >= _HEAVY_S
        self._watching = False
        if not heavy or self._did or channel.has_called:
            return False
        alone = linux.threads() == self._threads and not linux.has_children()
        return alone and self._state == _state() and not _shares_memory()

    def files(self) -> list[File]:
        """What it depends on, apart from installed libraries: files that it read, with their time and size."""
        modules = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        found = []
        for path in {path for path in modules if isinstance(path, str)} | self._read:
            if not path.startswith(_THE_SAME):
                with suppress(OSError):
                    told = os.stat(path)  # noqa: PTH116
                    found.append((path, told.st_mtime_ns, told.st_size))
        return found

    def _see(self, event: str, args: tuple[Any, ...]) -> None:
        """Python's audit events; the hook cannot be taken away again."""
        if not self._watching:
            return
        if event == "open":
            self._opened(*args)
        elif event in _DOINGS and "__pycache__" not in repr(args):
            self._did = True

    def _opened(self, path: Any, mode: Any, flags: int) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        if not flags & _WRITES:
            self._read.add(text)
        elif "__pycache__" not in text and not text.startswith("/dev/"):
            self._did = True


def _spent() -> float:
    """The time that this process has worked, in seconds."""
    return time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)


def _state() -> tuple[Any, ...]:
    """Open descriptors, entries of /tmp, bytes of output."""
    return sorted(os.listdir("/proc/self/fd")), sorted(os.listdir("/tmp")), os.fstat(1).st_size  # noqa: PTH208


def _shares_memory() -> bool:
    maps = Path("/proc/self/maps").read_text().splitlines()
    return any(line.split()[1].startswith("rw-s") for line in maps)
