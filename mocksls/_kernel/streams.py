"""Port: change streams (records and shards), written by one service and read by others.

DynamoDB writes the records of its tables here; the streams API reads them, and Lambda's event source mappings poll
them. Everything in it is plain data.
"""

from __future__ import annotations

from bisect import bisect_right
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .service import Task

if TYPE_CHECKING:
    from .call import Call
    from .router import Router


class StreamRecord(NamedTuple):
    """One record: its sequence number, when it was written (epoch seconds), and what readers see of it."""

    sequence: int
    created: float
    body: dict[str, Any]


@dataclass(slots=True, eq=False)
class Shard:
    """A shard with its records in order; ``ended`` is set when it is closed, ``trimmed`` is the last record dropped."""

    shard_id: str
    first_sequence: int
    parent_shard_id: str | None = None
    ended: int | None = None
    trimmed: int = 0
    records: list[StreamRecord] = field(default_factory=list)

    def after(self, sequence: int, limit: int) -> list[StreamRecord]:
        """Up to ``limit`` records whose sequence number is greater than ``sequence``."""
        start = bisect_right(self.records, sequence, key=lambda record: record.sequence)
        return self.records[start : start + limit]

    def trim(self, before: float) -> None:
        """Drop the records written before a time (epoch seconds)."""
        keep = bisect_right(self.records, before, key=lambda record: record.created)
        if keep:
            self.trimmed = self.records[keep - 1].sequence
            del self.records[:keep]


@dataclass(slots=True, eq=False)
class Stream:
    """A stream: ``attributes`` hold what its owner wants to tell readers (view type, key schema, table name ...)."""

    arn: str
    created: float
    enabled: bool = True
    attributes: dict[str, Any] = field(default_factory=dict)
    shards: list[Shard] = field(default_factory=list)
    watchers: dict[str, Task] = field(default_factory=dict)


class Streams:
    """All streams of a cloud, by ARN."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._streams: dict[str, Stream] = {}

    def copy_from(self, other: Streams, memo: dict[int, Any]) -> None:
        """Take over a copy of another cloud's streams."""
        self._streams = deepcopy(other._streams, memo)

    def open(self, stream: Stream) -> None:
        """Enter a stream made by its owner."""
        self._streams[stream.arn] = stream

    def get(self, arn: str) -> Stream | None:
        """The stream of that ARN, if there is one."""
        return self._streams.get(arn)

    def all(self) -> list[Stream]:
        """Every stream, in the order of its making."""
        return list(self._streams.values())

    def remove(self, arn: str) -> None:
        """Forget a stream whose retention has ended."""
        self._streams.pop(arn, None)

    def append(self, arn: str, shard_id: str, record: StreamRecord, cause: Call) -> None:
        """Add a record to a shard and send word to everyone who watches the stream."""
        stream = self._streams[arn]
        shard = next(shard for shard in reversed(stream.shards) if shard.shard_id == shard_id)
        shard.records.append(record)
        for task in stream.watchers.values():
            self._router.send_once(task, cause)

    def watch(self, arn: str, name: str, task: Task) -> None:
        """Have a task run after each write to the stream (once per drain, however many records came)."""
        self._streams[arn].watchers[name] = task

    def unwatch(self, arn: str, name: str) -> None:
        """End a watch; unknown ones are ignored."""
        stream = self._streams.get(arn)
        if stream is not None:
            stream.watchers.pop(name, None)
