"""Coverage of handlers: measured in the child, told to the test's own measurement with every result."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from .channel import Channel
from .frames import LINES


class Lines:
    """A running measurement, and what of it has not been told yet."""

    def __init__(self, coverage: Any, branch: bool) -> None:
        self._coverage = coverage
        self._branch = branch

    def taken(self) -> dict[str, Any]:
        """The lines, or arcs, executed since the last time, by file."""
        data = self._coverage.get_data()
        read = data.arcs if self._branch else data.lines
        found = {file: list(read(file) or ()) for file in data.measured_files()}
        self._coverage.erase_measured()
        return {"arcs" if self._branch else "lines": found}


def begin(options: dict[str, Any] | None, channel: Channel) -> Lines | None:
    """Start to measure if the test does."""
    if options is None:
        return None
    import coverage

    measuring = coverage.Coverage(data_file=None, config_file=False, messages=False, **options)
    measuring._warn_no_data = False
    measuring._warn_unimported_source = False
    measuring.erase_measured = lambda: measuring.get_data().erase()  # type: ignore[attr-defined]
    measuring.start()
    lines = Lines(measuring, bool(options.get("branch")))

    def tell(number: int, frame: FrameType | None) -> None:
        channel.send(LINES, 0, {"lines": lines.taken()})

    signal.signal(signal.SIGUSR2, tell)
    return lines
