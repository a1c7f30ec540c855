"""The state of CloudWatch Logs in one account and region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class LogEvent:
    """One event; times are in milliseconds. ``id`` is AWS's 56 digits, unique in its region and rising.

    ``masked`` is its message without sensitive data, where it has some; ``transformed`` its structured form as JSON.
    """

    id: str
    timestamp: int
    ingested: int
    message: str
    masked: str | None = None
    transformed: str | None = None

    @property
    def shown(self) -> str:
        """The message as everybody may see it."""
        return self.message if self.masked is None else self.masked

    def text(self, *, is_transformed: bool) -> str:
        """What filters look at: the message, or its structured form where they are to and it has one."""
        return self.transformed if is_transformed and self.transformed is not None else self.shown


@dataclass(slots=True)
class LogStream:
    """A log stream; its events are in order of their timestamps."""

    name: str
    arn: str
    created: int
    token: str
    events: list[LogEvent] = field(default_factory=list)
    stored_bytes: int = 0


@dataclass(slots=True)
class MetricFilter:
    """What of a group's events becomes data points of metrics."""

    name: str
    pattern: str
    transformations: list[dict[str, Any]]
    created: int
    on_transformed: bool = False


@dataclass(slots=True)
class SubscriptionFilter:
    """Who is sent the events of a group that agree with a pattern."""

    name: str
    pattern: str
    destination: str
    created: int
    role: str | None = None
    distribution: str = "ByLogStream"
    on_transformed: bool = False


@dataclass(slots=True)
class Transformer:
    """What makes structured events of a group's events; times are in milliseconds."""

    processors: list[dict[str, Any]]
    created: int
    modified: int


@dataclass(slots=True)
class AccountPolicy:
    """A policy for all log groups, or those that agree with its criteria."""

    name: str
    kind: str
    document: str
    updated: int
    criteria: str | None = None


@dataclass(slots=True)
class LogGroup:
    """A log group. ``data_protection`` and ``index_policy`` are a document and when it was put (milliseconds)."""

    name: str
    arn: str
    created: int
    log_class: str = "STANDARD"
    retention_days: int | None = None
    kms_key_id: str | None = None
    deletion_protected: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    streams: dict[str, LogStream] = field(default_factory=dict)
    metric_filters: dict[str, MetricFilter] = field(default_factory=dict)
    subscriptions: dict[str, SubscriptionFilter] = field(default_factory=dict)
    data_protection: tuple[str, int] | None = None
    index_policy: tuple[str, int] | None = None
    transformer: Transformer | None = None
    takes_bearer_tokens: bool = False
    was_protected: bool = False


@dataclass(slots=True)
class Destination:
    """A name under which other accounts reach a stream of this one."""

    name: str
    arn: str
    target: str
    role: str
    created: int
    policy: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ExportTask:
    """Events on their way to a bucket."""

    task_id: str
    name: str | None
    group: str
    stream_prefix: str | None
    since: int
    until: int
    bucket: str
    given_prefix: str | None
    created: int
    status: str = "PENDING"
    message: str | None = None
    completed: int | None = None

    @property
    def prefix(self) -> str:
        """Under what the events are written."""
        return self.given_prefix or "exportedlogs"


@dataclass(slots=True)
class Query:
    """A query of Logs Insights with its results."""

    query_id: str
    text: str
    groups: list[str]
    since: int
    until: int
    created: int
    status: str = "Complete"
    rows: list[list[dict[str, str]]] = field(default_factory=list)
    matched: int = 0
    scanned: int = 0
    scanned_bytes: int = 0


@dataclass(slots=True)
class ScheduledQuery:
    """A query that runs by a schedule. ``settings`` are the members that were given, ``history`` its runs as shown.

    ``managed`` tells that AWS made it, for an alarm.
    """

    name: str
    arn: str
    created: float
    modified: float
    managed: bool
    settings: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    planned: int | None = None

    @property
    def kind(self) -> str:
        """Who manages it, in AWS's words."""
        return "AWS_MANAGED" if self.managed else "CUSTOMER_MANAGED"


@dataclass(slots=True)
class LookupTable:
    """A table as CSV text."""

    name: str
    arn: str
    body: str
    updated: int
    description: str | None = None
    kms_key_id: str | None = None


@dataclass(slots=True)
class Store:
    """All log groups, by name; and what belongs to no group. ``settings`` holds deliveries and the like as shown."""

    groups: dict[str, LogGroup] = field(default_factory=dict)
    events_so_far: int = 0
    destinations: dict[str, Destination] = field(default_factory=dict)
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    account_policies: dict[tuple[str, str], AccountPolicy] = field(default_factory=dict)
    exports: dict[str, ExportTask] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    query_definitions: dict[str, dict[str, Any]] = field(default_factory=dict)
    delivery_destinations: dict[str, dict[str, Any]] = field(default_factory=dict)
    delivery_destination_policies: dict[str, str] = field(default_factory=dict)
    delivery_sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    deliveries: dict[str, dict[str, Any]] = field(default_factory=dict)
    scheduled_queries: dict[str, ScheduledQuery] = field(default_factory=dict)
    lookup_tables: dict[str, LookupTable] = field(default_factory=dict)
    anomaly_detectors: dict[str, dict[str, Any]] = field(default_factory=dict)
    storage_tier: tuple[str, int] | None = None
    tags: dict[str, dict[str, str]] = field(default_factory=dict)

    def function_lines(self) -> list[str]:
        """The lines of all Lambda functions, for a failed test's report."""
        lines = []
        for group in self.groups.values():
            if group.name.startswith("/aws/lambda/"):
                lines.append(group.name)
                for stream in group.streams.values():
                    lines += ["  " + event.message.rstrip("\n") for event in stream.events]
        return lines
