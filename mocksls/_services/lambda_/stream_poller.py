"""Reads streams for event source mappings: batches, retries, bisecting, partial failures, records that are too old.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Again
from mocksls._kernel.streams import Shard, StreamRecord

from .filters import matches
from .item_failures import ALL, failed_items
from .mapping_settings import lanes
from .measures import measure
from .names import Target
from .queue_poller import mapping_target
from .runner import Request, Result, Runner
from .store import EventSourceMapping, Store, StreamPosition
from .stream_records import event_record
from .stream_reports import StreamReports
from .windows import Windows

_TRIES_PER_DRAIN = 3
_LONGEST_WAIT_S = 60.0
_LOOKED_AT_ONCE = 10_000


@dataclass(slots=True)
class Reading:
    """A shard, or a part of it, as a mapping reads it.

    ``lane`` and ``lanes``: with a parallelization factor the records of an item always go the same of several ways.
    """

    mapping: EventSourceMapping
    target: Target
    shard: Shard
    position: StreamPosition
    call: Call
    lane: int = 0
    lanes: int = 1

    def after(self, limit: int) -> list[StreamRecord]:
        """The next records."""
        if self.lanes == 1:
            return self.shard.after(self.position.sequence, limit)
        records = self.shard.after(self.position.sequence, _LOOKED_AT_ONCE)
        return [record for record in records if self._lane_of(record) == self.lane][:limit]

    def _lane_of(self, record: StreamRecord) -> int:
        key = json.dumps(record.body.get("dynamodb", {}).get("Keys"), sort_keys=True, default=repr)
        return zlib.crc32(key.encode()) % self.lanes


class StreamPoller:
    """The task behind mappings of streams."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)
        self._reports = StreamReports(cloud)
        self._windows = Windows(cloud)

    def poll_stream(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Hand every record that waits to the mapping's function, shard by shard, in order.

        A batch that fails blocks its shard until it is tried often enough, or is too old. Where nothing bounds the
        attempts, three are made at once and the next are planned with AWS's back-off.
        """
        mapping = self._store.mappings.get(payload["mapping"])
        stream = self._cloud.streams.get(mapping.source_arn) if mapping else None
        if mapping is None or stream is None or not mapping.enabled:
            return None
        wait: float | None = None
        for shard in list(stream.shards):
            names = lanes(mapping.settings, shard.shard_id)
            for lane, name in enumerate(names):
                position = mapping.positions.setdefault(name, StreamPosition(shard.first_sequence - 1))
                target = mapping_target(self._store, mapping)
                if target is None:
                    return None
                blocked = self._read(Reading(mapping, target, shard, position, call, lane, len(names)))
                if blocked is not None:
                    wait = blocked if wait is None else min(wait, blocked)
        return None if wait is None else Again(delay_s=wait, at_once=False)

    def _read(self, reading: Reading) -> float | None:
        """Read to the end; the seconds until it is to be tried again, if it is blocked or still gathers."""
        mapping, position = reading.mapping, reading.position
        tries = 0
        while self._store.mappings.get(mapping.uuid) is mapping and mapping.enabled:
            target = mapping_target(self._store, mapping)
            if target is None:
                return None
            reading.target = target
            self._skip_old(reading)
            batch = self._batch(reading)
            if not batch:
                wait = self._windows.wait(position)
                if position.window is None or wait > 0:
                    return wait or None
                self._end_window(reading)
                continue
            wait = self._batching_wait(mapping, batch)
            if wait:
                return wait
            if tries == _TRIES_PER_DRAIN and mapping.settings["MaximumRetryAttempts"] == -1:
                text = (
                    f"{mapping.uuid}: {reading.shard.shard_id} is blocked by a batch that failed "
                    f"{position.attempts} times"
                )
                self._note(text, reading.call)
                return min(_LONGEST_WAIT_S, float(2 ** min(position.attempts - _TRIES_PER_DRAIN, 6)))
            try:
                tries = tries + 1 if self._deliver(reading, batch) else 0
            except AwsError as error:
                self._note(f"{mapping.uuid}: {reading.shard.shard_id} waits: {error}", reading.call)
                return 1.0
        return None

    def _batch(self, reading: Reading) -> list[StreamRecord]:
        """The next batch, of one window where there are windows."""
        size = reading.position.size or reading.mapping.settings["BatchSize"]
        batch = reading.after(size)
        if batch and reading.mapping.settings["TumblingWindowInSeconds"]:
            return self._windows.cut(reading.mapping, reading.position, batch)
        return batch

    def _end_window(self, reading: Reading) -> None:
        """Invoke the function for the last time in a window."""
        event = self._windows.added(reading.mapping, reading.position, reading.shard, {"Records": []}, final=True)
        self._run(reading, event)
        reading.position.window = None

    def _batching_wait(self, mapping: EventSourceMapping, batch: Sequence[StreamRecord]) -> float:
        """The seconds that a batch which is not full still gathers records."""
        window: int = mapping.settings["MaximumBatchingWindowInSeconds"]
        if not window or len(batch) >= mapping.settings["BatchSize"]:
            return 0.0
        return max(0.0, batch[0].created + window - self._cloud.clock.time())

    def _skip_old(self, reading: Reading) -> None:
        age = reading.mapping.settings["MaximumRecordAgeInSeconds"]
        if age == -1:
            return
        oldest = self._cloud.clock.time() - age
        skipped = [record for record in reading.after(_LOOKED_AT_ONCE) if record.created < oldest]
        if skipped:
            self._note(f"{reading.mapping.uuid}: {len(skipped)} records are older than {age} s", reading.call)
            size = reading.mapping.settings["BatchSize"]
            for start in range(0, len(skipped), size):
                self._reports.too_old(reading, skipped[start : start + size])
            advance(reading.position, skipped[-1].sequence)

    def _deliver(self, reading: Reading, batch: Sequence[StreamRecord]) -> bool:
        """Invoke the function with a batch; whether it (or a part of it) failed and is to be tried again."""
        mapping = reading.mapping
        criteria = mapping.settings.get("FilterCriteria")
        shown = [(record, event_record(record, mapping.source_arn)) for record in batch]
        wanted = [(record, event) for record, event in shown if matches(criteria, event)]
        if len(wanted) < len(batch):
            text = f"{mapping.uuid}: {len(batch) - len(wanted)} records agree with no filter"
            self._note(text, reading.call)
        if not wanted:
            advance(reading.position, batch[-1].sequence)
            return False
        age_ms = max(0.0, self._cloud.clock.time() - wanted[-1][0].created) * 1000
        measure(self._cloud, reading.target, "IteratorAge", age_ms, "Milliseconds")
        event: dict[str, Any] = {"Records": [each for _, each in wanted]}
        result = self._run(reading, self._windows.added(mapping, reading.position, reading.shard, event, final=False))
        return self._judged(reading, batch, [record for record, _ in wanted], result)

    def _judged(
        self, reading: Reading, batch: Sequence[StreamRecord], wanted: Sequence[StreamRecord], result: Result
    ) -> bool:
        mapping, position = reading.mapping, reading.position
        failed = _first_failure(mapping, wanted, result)
        if failed is None:
            mapping.last_result = "OK"
            self._windows.keep(position, result)
            advance(position, batch[-1].sequence)
            return False
        mapping.last_result = "PROBLEM: Function call failed"
        before = [record for record in batch if record.sequence < failed]
        if result.error is None and failed > wanted[0].sequence and before:
            advance(position, before[-1].sequence)
            position.attempts = 1
            return True
        return self._again(reading, batch, result)

    def _again(self, reading: Reading, batch: Sequence[StreamRecord], result: Result) -> bool:
        """Whether a failed batch is tried again; else it is given up."""
        mapping, position = reading.mapping, reading.position
        if mapping.settings["BisectBatchOnFunctionError"] and len(batch) > 1:
            position.size = len(batch) // 2  # which is no retry: those are of the same batch
            return True
        position.attempts += 1
        limit = mapping.settings["MaximumRetryAttempts"]
        if limit == -1 or position.attempts <= limit:
            return True
        text = (
            f"{mapping.uuid}: {len(batch)} records of {reading.shard.shard_id} are given up after "
            f"{position.attempts} attempts"
        )
        self._note(text, reading.call)
        self._reports.given_up(reading, batch, result)
        advance(position, batch[-1].sequence)
        return False

    def _run(self, reading: Reading, event: dict[str, Any]) -> Result:
        body = json.dumps(event, separators=(",", ":")).encode()
        return self._runner.run(reading.target, Request(body, self._cloud.ids.uuid()), reading.call)

    def _note(self, text: str, call: Call) -> None:
        self._cloud.note("skipped", "lambda", "stream", text, parent=call.trace_id)


def advance(position: StreamPosition, sequence: int) -> None:
    """Go on behind a record."""
    position.sequence, position.attempts, position.size = sequence, 0, None


def _first_failure(mapping: EventSourceMapping, batch: Sequence[StreamRecord], result: Result) -> int | None:
    """The sequence number from which the batch is to be tried again; ``None`` where all went well."""
    if result.error is not None:
        return batch[0].sequence
    if "ReportBatchItemFailures" not in mapping.settings["FunctionResponseTypes"]:
        return None
    failed = failed_items(result.payload, [str(record.sequence) for record in batch])
    if failed is ALL:
        return batch[0].sequence
    return min((int(each) for each in failed), default=None)
