"""The cloud's time, and the work that falls due in it."""

from __future__ import annotations

import heapq
import itertools
import time as _wall
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from .service import Task

_JUMP_S = 3600.0


class Clock:
    """The only source of time of a cloud.

    It follows the wall clock of the test process (so that freezegun and time-machine drive it) plus an offset, or
    stands still where it was frozen. Times are epoch seconds as float, or aware UTC datetimes.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None
        self._step: float | None = None
        self._due: list[tuple[float, int, Task]] = []
        self._cancelled: set[int] = set()
        self._numbers = itertools.count(1)
        self._seen = _wall.time()

    def copy_from(self, other: Clock) -> None:
        """Show the same time as another clock, with the same work planned."""
        self._offset, self._frozen, self._seen = other._offset, other._frozen, other._seen
        self._due = list(other._due)
        self._cancelled = set(other._cancelled)
        self._numbers = itertools.count(max((number for _, number, _ in self._due), default=0) + 1)

    def time(self) -> float:
        """Now, in epoch seconds."""
        if self._step is not None:
            return self._step
        if self._frozen is not None:
            return self._frozen
        return _wall.time() + self._offset

    def now(self) -> datetime:
        """Now, as an aware UTC datetime."""
        return datetime.fromtimestamp(self.time(), timezone.utc)

    @property
    def offset(self) -> float | None:
        """How far the cloud is ahead of the wall clock in seconds; ``None`` while it moves with it exactly."""
        if self._frozen is not None:
            return self._frozen - _wall.time()
        return self._offset or None

    @property
    def frozen(self) -> bool:
        """Whether the clock stands."""
        return self._frozen is not None

    def check_later(self, at: datetime | None) -> None:
        """Whether a time may be moved to.

        Raises:
            ValueError: it lies in the past, or has no time zone.
        """
        if at is None:
            return
        if at.tzinfo is None:
            raise ValueError("give a datetime with a time zone, such as datetime(2030, 1, 1, tzinfo=timezone.utc)")
        if at.timestamp() < self.time():
            raise ValueError(f"the clock never goes backwards: {at} is before {self.now()}")

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock now, or at a time that is not in the past."""
        self._frozen = self.time() if at is None else at.timestamp()

    def resume(self) -> None:
        """Let a frozen clock run on from where it stands."""
        if self._frozen is not None:
            self._offset = self._frozen - _wall.time()
            self._frozen = None

    def forward(self, seconds: float) -> None:
        """Move the time forward without running anything."""
        if seconds < 0:
            raise ValueError("the clock never goes backwards")
        if self._frozen is not None:
            self._frozen += seconds
        else:
            self._offset += seconds
        self._seen = self.time()

    def waited(self, seconds: float) -> None:
        """Somebody would have slept: a running clock moves on, a frozen one stays."""
        if self._frozen is None and seconds > 0:
            self._offset += seconds
            self._seen += seconds

    def schedule(self, at: float, task: Task) -> int:
        """Have a task run when the clock reaches a time (epoch seconds); returns a number to cancel it by."""
        number = next(self._numbers)
        heapq.heappush(self._due, (at, number, task))
        return number

    def cancel(self, number: int) -> None:
        """Forget planned work; unknown or finished numbers are ignored."""
        self._cancelled.add(number)

    def next_due(self) -> float | None:
        """When the next work falls due."""
        while self._due and self._due[0][1] in self._cancelled:
            self._cancelled.discard(heapq.heappop(self._due)[1])
        return self._due[0][0] if self._due else None

    def planned(self) -> list[tuple[float, Task]]:
        """What is planned, in due order."""
        return [(at, task) for at, number, task in sorted(self._due) if number not in self._cancelled]

    def pop_due(self, until: float) -> tuple[float, Task] | None:
        """Take the next work that falls due up to a time."""
        due = self.next_due()
        if due is None or due > until:
            return None
        at, _, task = heapq.heappop(self._due)
        return at, task

    def has_due(self) -> bool:
        """Whether work is due now."""
        return bool(self._due) and self._due[0][0] <= self.time()

    def jumped(self) -> float:
        """The seconds by which the wall clock jumped ahead since the last look; 0 for ordinary running.

        A jump of more than an hour that nobody asked of this clock makes each recurring plan fire only once.
        """
        now = self.time()
        ahead, self._seen = now - self._seen, now
        return ahead if ahead > _JUMP_S else 0.0

    def see(self) -> None:
        """Take the present as seen: what came before is no jump."""
        self._seen = self.time()

    @contextmanager
    def at(self, moment: float) -> Iterator[None]:
        """Let the clock show a moment on the way while what was due then runs."""
        before, self._step = self._step, moment
        try:
            yield
        finally:
            self._step = before


def seconds(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> float:
    """A span of time in seconds."""
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()
