"""The state of SQS in one account and region."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Message:
    """A message. Times are epoch seconds.

    ``available_at`` is when it may (again) be received: after its delay, or its visibility timeout. ``in_flight``
    tells the two apart. ``receipt`` counts its receives: a receipt handle names the one that it is of. ``gone`` is
    set when it has left the queue, so that the orders which still name it pass over it.
    """

    message_id: str
    body: str
    md5: str
    sender_id: str
    sent: float
    number: int
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    trace_header: str | None = None
    group_id: str | None = None
    deduplication_id: str | None = None
    sequence_number: str | None = None
    available_at: float = 0.0
    in_flight: bool = False
    receipt: int = 0
    receive_count: int = 0
    first_received: float | None = None
    received: float = 0.0
    dead_letter_source: str | None = None
    gone: bool = False


@dataclass(slots=True)
class Contents:
    """The messages of a queue, each in ``messages``, and orders that name them.

    ``ready`` holds a standard queue's messages that may be received, in order; ``groups`` those of a FIFO queue,
    received or not, by message group, and ``open`` a heap of (number of its first message, group) of those whose first
    message may be received. ``waiting`` is a heap of (when, number, message) of messages that are delayed or in
    flight, ``ages`` one of (when sent, number, message).
    """

    messages: dict[str, Message] = field(default_factory=dict)
    ready: deque[Message] = field(default_factory=deque)
    groups: dict[str, deque[Message]] = field(default_factory=dict)
    open: list[tuple[int, str]] = field(default_factory=list)
    waiting: list[tuple[float, int, Message]] = field(default_factory=list)
    ages: list[tuple[float, int, Message]] = field(default_factory=list)
    numbers: int = 0


@dataclass(slots=True)
class Deduplicated:
    """What was answered to a FIFO message, for those that are the same within five minutes."""

    until: float
    answer: dict[str, Any]


@dataclass(slots=True)
class Queue:
    """A queue. ``attributes`` are those that were set, by AWS's names, as text.

    ``active`` is when it was last called; ``measured`` is the minute up to which what it held is measured.
    """

    name: str
    arn: str
    url: str
    created: int
    modified: int
    attributes: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    contents: Contents = field(default_factory=Contents)
    deduplicated: dict[tuple[str, ...], Deduplicated] = field(default_factory=dict)
    purged: float | None = None
    active: float = 0.0
    measured: int = 0

    @property
    def fifo(self) -> bool:
        """Whether it is a FIFO queue."""
        return self.attributes.get("FifoQueue") == "true"

    def number(self, attribute: str, default: int) -> int:
        """A numeric attribute."""
        return int(self.attributes.get(attribute, default))


@dataclass(slots=True)
class MoveTask:
    """A message move task; ``planned`` is the number of the next step on the clock."""

    task_id: str
    handle: str
    source_arn: str
    destination_arn: str | None
    started: int
    to_move: int
    per_second: int | None = None
    moved: int = 0
    status: str = "RUNNING"
    failure: str | None = None
    planned: int | None = None


@dataclass(slots=True)
class Store:
    """All queues by name, when those that are gone were deleted, and the move tasks, newest last."""

    queues: dict[str, Queue] = field(default_factory=dict)
    deleted: dict[str, float] = field(default_factory=dict)
    move_tasks: list[MoveTask] = field(default_factory=list)
