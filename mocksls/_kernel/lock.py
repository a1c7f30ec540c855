"""The lock of a cloud: operations are atomic, and let go of it while user code runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CloudLock:
    """A re-entrant lock that knows its depth, so that it can be released as a whole only where that is safe."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner: int | None = None
        self.depth: int = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._owner = threading.get_ident()
        self.depth += 1

    def __exit__(self, *exc: object) -> None:
        self.depth -= 1
        if not self.depth:
            self._owner = None
        self._lock.release()

    def depth_here(self) -> int:
        """How often this thread holds the lock."""
        return self.depth if self._owner == threading.get_ident() else 0

    @contextmanager
    def released(self) -> Iterator[None]:
        """Release the lock for a block; legal only when it is held exactly once."""
        if self.depth_here() != 1:
            raise AssertionError(f"the cloud's lock is held {self.depth_here()} times where it should be let go")
        self.depth = 0
        self._owner = None
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
            self._owner = threading.get_ident()
            self.depth = 1
