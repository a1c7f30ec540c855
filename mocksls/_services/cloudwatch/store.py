"""The state of CloudWatch in one account and region. Times are epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Dimensions = tuple[tuple[str, str], ...]
MetricKey = tuple[str, str, Dimensions]


@dataclass(slots=True)
class Aggregate:
    """What came in one second in one unit.

    ``values`` counts the single values; a statistic set that hides them is in the sums only, which ``hidden`` tells.
    """

    count: float = 0.0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")
    values: dict[float, float] = field(default_factory=dict)
    hidden: bool = False


@dataclass(slots=True)
class Metric:
    """A metric: its aggregates by second and unit, ``order`` are the seconds in order; ``last`` is the newest time."""

    namespace: str
    name: str
    dimensions: Dimensions
    seconds: dict[int, dict[str, Aggregate]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    last: float = 0.0


@dataclass(slots=True)
class Contributor:
    """One of the series that an alarm looks at, by what tells it from the others."""

    attributes: dict[str, str]
    state: str
    reason: str
    transitioned: float


@dataclass(slots=True)
class Held:
    """Actions that are held back: the change that they are for, by what, since when (epoch seconds)."""

    work: dict[str, Any]
    by: str
    since: float
    reason: str = ""
    planned: int | None = None


@dataclass(slots=True)
class Alarm:
    """A metric, composite or log alarm. ``settings`` are the members that were given, by AWS's names.

    ``left_alarm`` is when it last left ALARM. ``runs`` are the times of a log alarm's most recent queries, with each
    group's attributes and value.
    """

    name: str
    arn: str
    kind: str
    configured: float
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    state: str = "INSUFFICIENT_DATA"
    reason: str = "Unchecked: Initial alarm creation"
    reason_data: str | None = None
    updated: float = 0.0
    transitioned: float = 0.0
    planned: int | None = None
    created: float = 0.0
    left_alarm: float = 0.0
    held: Held | None = None
    contributors: dict[str, Contributor] = field(default_factory=dict)
    runs: list[tuple[float, list[tuple[tuple[tuple[str, str], ...], float]]]] = field(default_factory=list)


@dataclass(slots=True)
class HistoryItem:
    """Something that happened to an alarm."""

    alarm: str
    kind: str
    moment: float
    what: str
    summary: str
    data: str


@dataclass(slots=True)
class Dashboard:
    """A dashboard."""

    name: str
    arn: str
    body: str
    modified: float
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class InsightRule:
    """A Contributor Insights rule; ``managed`` are the template and the resource of one that AWS manages."""

    name: str
    arn: str
    definition: str
    state: str
    transformed: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    managed: tuple[str, str] | None = None


@dataclass(slots=True)
class MetricStream:
    """A metric stream; ``settings`` are the members that were given."""

    name: str
    arn: str
    created: float
    modified: float
    state: str = "running"
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class MuteRule:
    """An alarm mute rule; ``settings`` are the members that were given."""

    name: str
    arn: str
    modified: float
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Enrichment:
    """The enrichment that runs; ``filters`` are the members that were given."""

    created: float
    updated: float
    filters: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ResourceMetrics:
    """The configuration of one resource's detailed metrics; ``selections`` is None for all of them."""

    arn: str
    created: float
    updated: float
    selections: list[dict[str, Any]] | None = None


@dataclass(slots=True)
class Store:
    """Everything by name or ARN; metrics by namespace, name and dimensions; anomaly detectors as they are shown.

    ``watched`` are the alarms that look at a metric, by its namespace and name.
    """

    metrics: dict[MetricKey, Metric] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    watched: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    history: list[HistoryItem] = field(default_factory=list)
    dashboards: dict[str, Dashboard] = field(default_factory=dict)
    insight_rules: dict[str, InsightRule] = field(default_factory=dict)
    streams: dict[str, MetricStream] = field(default_factory=dict)
    detectors: list[dict[str, Any]] = field(default_factory=list)
    mute_rules: dict[str, MuteRule] = field(default_factory=dict)
    resource_metrics: dict[str, ResourceMetrics] = field(default_factory=dict)
    enrichment: Enrichment | None = None
    dataset_key: str | None = None
