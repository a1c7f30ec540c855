"""The state of EventBridge in one account and region. Times are epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mocksls._kernel.patterns import Pattern

Event = dict[str, Any]


@dataclass(slots=True)
class Rule:
    """A rule. ``settings`` are the members of PutRule that were given, ``targets`` lie by their id.

    ``began`` is since when its schedule is there, ``planned`` the number of its next firing on the clock.
    """

    name: str
    bus: str
    arn: str
    created_by: str
    state: str = "ENABLED"
    settings: dict[str, Any] = field(default_factory=dict)
    targets: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    pattern: Pattern | None = None
    managed_by: str | None = None
    began: float = 0.0
    planned: int | None = None


@dataclass(slots=True)
class Bus:
    """An event bus with its rules by name.

    ``by_source`` names the rules that hear certain sources only, ``others`` those that may hear any: an index, made
    anew (``None``) after a change.
    """

    name: str
    arn: str
    created: float
    modified: float
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    policy: dict[str, Any] | None = None
    rules: dict[str, Rule] = field(default_factory=dict)
    by_source: dict[str, list[Rule]] | None = None
    others: list[Rule] = field(default_factory=list)


@dataclass(slots=True)
class Archive:
    """An archive: the events of a bus, each with when it came and its size in bytes."""

    name: str
    arn: str
    source_arn: str
    created: float
    settings: dict[str, Any] = field(default_factory=dict)
    pattern: Pattern | None = None
    events: list[tuple[float, int, Event]] = field(default_factory=list)


@dataclass(slots=True)
class Replay:
    """A replay of an archive's events from ``start`` to ``end``; ``seen``: somebody has looked at it."""

    name: str
    arn: str
    archive: str
    source_arn: str
    destination: dict[str, Any]
    start: float
    end: float
    started: float
    description: str | None = None
    state: str = "STARTING"
    last: float | None = None
    ended: float | None = None
    seen: bool = False


@dataclass(slots=True)
class Connection:
    """A connection; ``auth`` is what was given, secrets and all. ``token`` is OAuth's, until ``token_ends``."""

    name: str
    arn: str
    secret_arn: str
    kind: str
    created: float
    modified: float
    auth: dict[str, Any]
    settings: dict[str, Any] = field(default_factory=dict)
    state: str = "AUTHORIZED"
    authorized: float | None = None
    token: str | None = None
    token_ends: float = 0.0


@dataclass(slots=True)
class ApiDestination:
    """An API destination; ``settings`` are the members that were given."""

    name: str
    arn: str
    created: float
    modified: float
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Endpoint:
    """A global endpoint; ``settings`` are the members that were given."""

    name: str
    arn: str
    endpoint_id: str
    created: float
    modified: float
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Store:
    """Everything by name. The bus ``default`` is there from the first look at it."""

    buses: dict[str, Bus] = field(default_factory=dict)
    archives: dict[str, Archive] = field(default_factory=dict)
    replays: dict[str, Replay] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    destinations: dict[str, ApiDestination] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
