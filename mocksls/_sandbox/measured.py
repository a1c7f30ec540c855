"""The test run's own coverage measurement, which also gets the lines that handlers execute."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


class Measured:
    """A running ``coverage.Coverage`` of this process."""

    def __init__(self, coverage: Any) -> None:
        self._coverage = coverage

    def options(self) -> dict[str, Any]:
        """What a measurement in a handler needs to see the same files."""
        option = self._coverage.get_option
        named = [*(option("run:source") or ()), *(option("run:source_pkgs") or ())]
        return {
            "branch": bool(option("run:branch")),
            "source": [place for name in named for place in _places(name)] or None,
            "include": _patterns(option("run:include")),
            "omit": _patterns(option("run:omit")),
        }

    def add(self, told: Any) -> None:
        """Enter lines or arcs that a handler executed."""
        data = self._coverage.get_data()
        if not isinstance(told, dict):
            return
        if told.get("arcs"):
            data.add_arcs({file: [(int(a), int(b)) for a, b in arcs] for file, arcs in told["arcs"].items()})
        elif told.get("lines"):
            data.add_lines({file: [int(line) for line in lines] for file, lines in told["lines"].items()})


def _places(name: str) -> list[str]:
    """A source as directories, if it is one or can be found: in the handler's process it may have another name."""
    if Path(name).is_dir():
        return [str(Path(name).absolute())]
    module = sys.modules.get(name)
    return [str(place) for place in getattr(module, "__path__", ())] or [name]


def _patterns(patterns: list[str] | None) -> list[str] | None:
    """File patterns, absolute where they begin with a path."""
    if not patterns:
        return None
    return [pattern if pattern.startswith(("*", "?")) else str(Path(pattern).absolute()) for pattern in patterns]


def current() -> Measured | None:
    """The measurement that is running in this process, if there is one."""
    module = sys.modules.get("coverage")
    coverage = module.Coverage.current() if module is not None and hasattr(module, "Coverage") else None
    return None if coverage is None else Measured(coverage)
