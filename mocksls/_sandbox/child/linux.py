"""What Linux offers for processes that must not outlive their maker, by ctypes; elsewhere it does nothing."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_PDEATHSIG, _CHILD_SUBREAPER, _DETACH = 1, 36, 2
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Be killed when the parent process ends; end at once if it has already.

    The signal comes when the *thread* that made this process ends: only for children of single-threaded parents.
    """
    if _libc is not None:
        _libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans(yes: bool = True) -> None:
    """Have the orphans among this process's descendants become its own children, or not."""
    if _libc is not None:
        _libc.prctl(_CHILD_SUBREAPER, int(yes), 0, 0, 0)


def children(pid: int | str) -> list[int]:
    """The children of a process, of all its threads; empty when it is gone."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            found.extend(int(child) for child in Path(f"/proc/{pid}/task/{task}/children").read_bytes().split())
    except OSError:
        pass
    return found


def has_children() -> bool:
    """Whether this process has children, living or not yet waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except (OSError, AttributeError):
        return False
    return True


def threads() -> int:
    """How many threads this process has, those of native libraries included (1 where that cannot be told).

    The directory of the threads counts a link for each of them.
    """
    try:
        return max(os.stat("/proc/self/task").st_nlink - 2, 1)  # noqa: PTH116
    except OSError:
        return 1


def unshare(flags: int) -> None:
    """Leave namespaces behind. Raises OSError."""
    _call("unshare", flags)


def setns(descriptor: int) -> None:
    """Enter a namespace. Raises OSError."""
    _call("setns", descriptor, 0)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount something. Raises OSError."""
    _call("mount", source.encode(), target.encode(), kind.encode() or None, flags, data.encode() or None)


def unmount(target: str) -> None:
    """Take away the uppermost mount of a path, though it be in use. Raises OSError."""
    _call("umount2", target.encode(), _DETACH)


def _call(name: str, *arguments: object) -> None:
    if _libc is None or getattr(_libc, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
