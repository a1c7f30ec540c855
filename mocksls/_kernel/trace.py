"""What happened in a cloud: calls, events, invocations, refusals and reasons, with parent links."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TraceKind = Literal["call", "event", "invocation", "refusal", "skipped", "note"]
_KEPT = 100_000
_LINE = 2000  # characters; a handler may raise megabytes


@dataclass(slots=True, eq=False)
class TraceEntry:
    """One thing that happened.

    ``time`` is the cloud's time in epoch seconds, ``parent`` the id of the entry that caused this one. ``outcome``
    is ``ok`` or an error code, and empty while it is under way. ``internal`` entries are calls that a service made
    on AWS's behalf.
    """

    id: int
    parent: int | None
    kind: TraceKind
    time: float
    service: str
    name: str
    text: str = ""
    outcome: str = ""
    internal: bool = False

    def __str__(self) -> str:
        what = f"{self.service}.{self.name}" if self.name else self.service
        parts = [f"{self.kind}: {what}" if self.kind != "call" else what, self.text]
        if self.outcome and self.outcome != "ok":
            parts.append(f"-> {self.outcome}")
        line = " ".join(map(str.strip, " ".join(part for part in parts if part).splitlines()))
        return line if len(line) <= _LINE else f"{line[:_LINE]}... ({len(line)} characters)"


class Trace:
    """The entries of one cloud, oldest first; the oldest are dropped beyond 100,000."""

    def __init__(self) -> None:
        self._entries: deque[TraceEntry] = deque(maxlen=_KEPT)
        self._next = itertools.count(1)

    def add(
        self,
        kind: TraceKind,
        service: str,
        name: str = "",
        text: str = "",
        *,
        time: float,
        parent: int | None = None,
        outcome: str = "",
        internal: bool = False,
    ) -> TraceEntry:
        """Enter something; the entry may be completed later (``outcome``, ``text``)."""
        entry = TraceEntry(next(self._next), parent, kind, time, service, name, text, outcome, internal)
        self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[TraceEntry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def filter(
        self,
        *,
        kind: TraceKind | None = None,
        service: str | None = None,
        name: str | None = None,
        text: str | None = None,
        outcome: str | None = None,
    ) -> list[TraceEntry]:
        """The entries that agree with everything given (``text``: is contained in the entry's text)."""
        wanted = {"kind": kind, "service": service, "name": name, "outcome": outcome}
        given = {field: value for field, value in wanted.items() if value is not None}
        return [
            entry
            for entry in self
            if all(getattr(entry, field) == value for field, value in given.items())
            and (text is None or text in entry.text)
        ]

    def render(self, last: int | None = None, *, internal: bool = False) -> str:
        """The trace as text, a line an entry, effects indented below their causes; ``last`` keeps the newest."""
        entries = [entry for entry in self if internal or not entry.internal]
        shown = entries[-last:] if last else entries
        effects: dict[int | None, list[TraceEntry]] = {}
        known = {entry.id for entry in shown}
        for entry in shown:
            effects.setdefault(entry.parent if entry.parent in known else None, []).append(entry)
        lines = []
        waiting = [(0, entry) for entry in reversed(effects.get(None, []))]
        while waiting:
            depth, entry = waiting.pop()
            lines.append("  " * depth + str(entry))
            waiting += [(depth + 1, effect) for effect in reversed(effects.get(entry.id, []))]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()
