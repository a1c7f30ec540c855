"""The state of CloudWatch Logs in one account and region."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class LogEvent:
    """One event; times are in milliseconds. ``id`` is AWS's 56 digits, unique in its region and rising."""

    id: str
    timestamp: int
    ingested: int
    message: str


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
class LogGroup:
    """A log group."""

    name: str
    arn: str
    created: int
    log_class: str = "STANDARD"
    retention_days: int | None = None
    kms_key_id: str | None = None
    deletion_protected: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    streams: dict[str, LogStream] = field(default_factory=dict)


@dataclass(slots=True)
class Store:
    """All log groups, by name."""

    groups: dict[str, LogGroup] = field(default_factory=dict)
    events_so_far: int = 0

    def function_lines(self) -> list[str]:
        """The lines of all Lambda functions, for a failed test's report."""
        lines = []
        for group in self.groups.values():
            if group.name.startswith("/aws/lambda/"):
                lines.append(group.name)
                for stream in group.streams.values():
                    lines += ["  " + event.message.rstrip("\n") for event in stream.events]
        return lines
