"""The state of EventBridge Scheduler in one account and region. Times are epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Schedule:
    """A schedule; ``settings`` are the members that were given, defaults filled in.

    ``began`` is since when rates count, ``planned`` the number of its next invocation on the clock, ``token`` the
    client token that it was made with.
    """

    name: str
    group: str
    arn: str
    created: float
    modified: float
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    began: float = 0.0
    planned: int | None = None
    token: str | None = None


@dataclass(slots=True)
class Group:
    """A schedule group with its schedules by name."""

    name: str
    arn: str
    created: float
    modified: float
    tags: dict[str, str] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    token: str | None = None


@dataclass(slots=True)
class Store:
    """All groups by name. The group ``default`` is there from the first look at it."""

    groups: dict[str, Group] = field(default_factory=dict)
