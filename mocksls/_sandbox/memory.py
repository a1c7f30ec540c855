"""Watching the memory of an environment and of all its descendants."""

from __future__ import annotations

import os
from pathlib import Path

from .child import linux

MIB = 1 << 20
RUNTIME_MIB = 32
_PROPORTIONAL_RUNTIME_MIB = 16
_PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096
_SHORTEST_S, _LONGEST_S = 0.005, 0.025
_FILLED_A_SECOND = 4096 * MIB  # twice what a process was seen to fill
_MOST_DESCENDANTS = 1024


class MemoryWatch:
    """Looks at the resident size of a process above its size when it began, every few milliseconds.

    The next look is due after ``pause_s``: before the process can have filled what is left.

    An environment starts with what it shares with the zygote, so its own use is what it has gained, plus what a bare
    runtime takes on AWS.
    """

    def __init__(self, pid: int, limit_mb: int, bare_mib: int = RUNTIME_MIB, *, anew: bool = False) -> None:
        """Begin to watch; a process that runs a program ``anew`` counts whole."""
        self._pid = pid
        self._bare = bare_mib * MIB
        self._limit = limit_mb * MIB
        self._statm: int | None = None
        self._unlooked_s = 0.0
        self.pause_s = _SHORTEST_S
        self.works = False
        self._base = self._resident() or 0
        self.works = bool(self._base)
        if anew:
            self._base = self._bare = 0
        self._release()
        self.peak = 0 if anew else RUNTIME_MIB * MIB

    def over(self) -> bool:
        """Look once; whether the environment has used up its memory."""
        if not self.works:
            return False
        used = (self._resident() or self._base) - self._base + self._bare
        self.peak = max(self.peak, used)
        self._unlooked_s += self.pause_s
        self.pause_s = min(max((self._limit - used) / _FILLED_A_SECOND, _SHORTEST_S), _LONGEST_S)
        if used <= self._limit and self._unlooked_s >= _LONGEST_S - self.pause_s:
            self._unlooked_s = 0.0
            return self._tree_is_over(used)
        return used > self._limit

    def peak_mb(self, told_kb: int) -> int:
        """Max Memory Used: the most that was seen here, or told by the environment itself."""
        most = max(self.peak, told_kb * 1024 + RUNTIME_MIB * MIB)
        return min(-(-most // MIB), self._limit // MIB)

    def close(self) -> None:
        """Let go of what was opened."""
        self._release()

    def _resident(self) -> int | None:
        try:
            if self._statm is None:
                self._statm = os.open(f"/proc/{self._pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
            return int(os.pread(self._statm, 64, 0).split()[1]) * _PAGE
        except (OSError, IndexError, ValueError):
            return None

    def _release(self) -> None:
        if self._statm is not None:
            os.close(self._statm)
            self._statm = None

    def _tree_is_over(self, own: int) -> bool:
        """With descendants the sum of the resident sizes is the alarm, the proportional sizes decide."""
        below = descendants(self._pid)
        if not below:
            return False
        if len(below) > _MOST_DESCENDANTS:
            return True
        if own + sum(map(_resident_of, below)) <= self._limit:
            return False
        used = sum(map(_proportional, [self._pid, *below])) + _PROPORTIONAL_RUNTIME_MIB * MIB
        self.peak = max(self.peak, min(used, self._limit))
        return used > self._limit


def descendants(pid: int) -> list[int]:
    """All processes below a process, as far as they can be found."""
    found: list[int] = []
    level = linux.children(pid)
    while level and len(found) <= _MOST_DESCENDANTS:
        found.extend(level)
        level = [child for parent in level for child in linux.children(parent)]
    return found


def _resident_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
