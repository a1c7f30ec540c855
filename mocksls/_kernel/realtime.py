"""Real time: what a real process takes, whatever the test has done to its clocks."""

from __future__ import annotations

import threading as _threading
import time as _time


def monotonic() -> float:
    """Seconds on a clock that only runs forward and that no mocking library stops."""
    return _time.clock_gettime(_time.CLOCK_MONOTONIC)


def wall() -> float:
    """The epoch seconds that this process shows, moved or frozen as a mocking library has it."""
    return _time.time()  # noqa: TID251


def pause(seconds: float) -> None:
    """Let real time pass, whatever a mocking library has made of ``time.sleep``."""
    _threading.Event().wait(seconds)
