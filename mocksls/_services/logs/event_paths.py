"""Fields of a structured event by their path: names and places in lists, with dots between (``a.b.0``)."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]
MISSING: Any = object()


def get(event: Event, path: str) -> Any:
    """What lies at a path; ``MISSING`` where nothing does."""
    value: Any = event
    for part in path.split("."):
        value = _child(value, part)
        if value is MISSING:
            return MISSING
    return value


def put(event: Event, path: str, value: Any, *, overwrite: bool = True) -> None:
    """Set what lies at a path, with the objects on the way to it; a path through a text leads nowhere."""
    if not overwrite and get(event, path) is not MISSING:
        return
    *way, last = path.split(".")
    place: Any = event
    for part in way:
        place = place.setdefault(part, {}) if isinstance(place, dict) else _child(place, part)
    if isinstance(place, dict):
        place[last] = value
    elif isinstance(place, list) and last.isdecimal() and int(last) < len(place):
        place[int(last)] = value


def drop(event: Event, path: str) -> Any:
    """Take away what lies at a path; what it was, or ``MISSING``."""
    way, _, last = path.rpartition(".")
    place = get(event, way) if way else event
    if isinstance(place, dict):
        return place.pop(last, MISSING)
    if isinstance(place, list) and last.isdecimal() and int(last) < len(place):
        return place.pop(int(last))
    return MISSING


def _child(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part, MISSING)
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    return MISSING
