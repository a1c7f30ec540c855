"""Patterns compiled, and the rules of a bus found fast.

Most rules name the sources that they hear; an index by source spares the rest of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from mocksls._kernel.event_fields import fields_of
from mocksls._kernel.patterns import EVENTS, Pattern, PatternError, compile_pattern

from . import errors
from .store import Bus, Event, Rule


def compiled(text: str) -> Pattern:
    """A compiled pattern.

    Raises:
        AwsError: InvalidEventPatternException.
    """
    try:
        return compile_pattern(text, EVENTS)
    except PatternError as error:
        raise errors.bad_pattern(error.reason) from None


def rules_for(bus: Bus, event: Event) -> Iterator[Rule]:
    """The enabled rules whose pattern an event agrees with, by name."""
    if bus.by_source is None:
        _index(bus)
    index = bus.by_source or {}
    candidates = [*index.get(event["source"], ()), *bus.others]
    if not candidates:
        return
    fields = fields_of(event)
    for rule in sorted(candidates, key=lambda rule: rule.name):
        if rule.pattern is not None and rule.pattern.matches_fields(fields):
            yield rule


def _index(bus: Bus) -> None:
    index: dict[str, list[Rule]] = {}
    bus.others = []
    for rule in bus.rules.values():
        if rule.pattern is None or rule.state == "DISABLED":
            continue
        sources = rule.pattern.strings_of("source")
        if sources is None:
            bus.others.append(rule)
            continue
        for source in sources:
            index.setdefault(source, []).append(rule)
    bus.by_source = index
