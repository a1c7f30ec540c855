"""Reads streams for event source mappings: batches, retries, bisecting, partial failures, records that are too old.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Again, Task
from mocksls._kernel.streams import Shard, Stream, StreamRecord

from .invocations import Result, Runner
from .store import EventSourceMapping, Function, Store, StreamPosition

_TRIES_PER_DRAIN = 3
_LONGEST_WAIT_S = 60.0


class StreamPoller:
    """The task behind mappings of streams."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)

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
            blocked = self._poll_shard(mapping, stream, shard, call)
            if blocked is not None:
                wait = blocked if wait is None else min(wait, blocked)
        return None if wait is None else Again(delay_s=wait, at_once=False)

    def _poll_shard(self, mapping: EventSourceMapping, stream: Stream, shard: Shard, call: Call) -> float | None:
        """Read one shard; the seconds until it is to be tried again, if it is blocked."""
        position = mapping.positions.setdefault(shard.shard_id, StreamPosition(shard.first_sequence - 1))
        tries = 0
        while True:
            function = self._function(mapping)
            if function is None or self._store.mappings.get(mapping.uuid) is not mapping or not mapping.enabled:
                return None
            self._skip_old(mapping, shard, position, call)
            size = position.size or mapping.settings["BatchSize"]
            batch = shard.after(position.sequence, size)
            if not batch:
                return None
            wait = self._batching_wait(mapping, batch)
            if wait:
                return wait
            if tries == _TRIES_PER_DRAIN and mapping.settings["MaximumRetryAttempts"] == -1:
                text = f"{mapping.uuid}: {shard.shard_id} is blocked by a batch that failed {position.attempts} times"
                self._cloud.note("skipped", "lambda", "stream", text, parent=call.trace_id)
                return min(_LONGEST_WAIT_S, float(2 ** min(position.attempts - _TRIES_PER_DRAIN, 6)))
            tries = tries + 1 if self._deliver(mapping, function, stream, shard, position, batch, call) else 0

    def _function(self, mapping: EventSourceMapping) -> Function | None:
        return self._store.functions.get(mapping.function_arn.rsplit(":", 1)[-1])

    def _batching_wait(self, mapping: EventSourceMapping, batch: Sequence[StreamRecord]) -> float:
        """The seconds that a batch which is not full still gathers records."""
        window: int = mapping.settings["MaximumBatchingWindowInSeconds"]
        if not window or len(batch) >= mapping.settings["BatchSize"]:
            return 0.0
        return max(0.0, batch[0].created + window - self._cloud.clock.time())

    def _skip_old(self, mapping: EventSourceMapping, shard: Shard, position: StreamPosition, call: Call) -> None:
        age = mapping.settings["MaximumRecordAgeInSeconds"]
        if age == -1:
            return
        oldest = self._cloud.clock.time() - age
        skipped = [record for record in shard.after(position.sequence, 10_000) if record.created < oldest]
        if skipped:
            text = f"{mapping.uuid}: {len(skipped)} records are older than {age} s"
            self._cloud.note("skipped", "lambda", "stream", text, parent=call.trace_id)
            _advance(position, skipped[-1].sequence)

    def _deliver(
        self,
        mapping: EventSourceMapping,
        function: Function,
        stream: Stream,
        shard: Shard,
        position: StreamPosition,
        batch: Sequence[StreamRecord],
        call: Call,
    ) -> bool:
        """Invoke the function with a batch; whether it (or a part of it) failed and is to be tried again."""
        records = [_event_record(record, mapping.source_arn) for record in batch]
        payload = json.dumps({"Records": records}, separators=(",", ":")).encode()
        result = self._runner.run(function, payload, call, self._cloud.ids.uuid())
        failed_at = _first_failure(mapping, batch, result)
        if failed_at is None:
            mapping.last_result = "OK"
            _advance(position, batch[-1].sequence)
            return False
        mapping.last_result = "PROBLEM: Function call failed"
        if failed_at > 0:
            _advance(position, batch[failed_at - 1].sequence)
            position.attempts = 1
            return True
        position.attempts += 1
        return self._judge(mapping, function, shard, position, batch, result, call)

    def _judge(
        self,
        mapping: EventSourceMapping,
        function: Function,
        shard: Shard,
        position: StreamPosition,
        batch: Sequence[StreamRecord],
        result: Result,
        call: Call,
    ) -> bool:
        if mapping.settings["BisectBatchOnFunctionError"] and len(batch) > 1:
            position.size = len(batch) // 2
            return True
        limit = mapping.settings["MaximumRetryAttempts"]
        if limit == -1 or position.attempts <= limit:
            return True
        text = (
            f"{mapping.uuid}: {len(batch)} records of {shard.shard_id} are given up after {position.attempts} attempts"
        )
        self._cloud.note("skipped", "lambda", "stream", text, parent=call.trace_id)
        target = (mapping.settings["DestinationConfig"].get("OnFailure") or {}).get("Destination")
        if target:
            self._tell(target, mapping, function, shard, position, batch, result, call)
        _advance(position, batch[-1].sequence)
        return False

    def _tell(
        self,
        target: str,
        mapping: EventSourceMapping,
        function: Function,
        shard: Shard,
        position: StreamPosition,
        batch: Sequence[StreamRecord],
        result: Result,
        call: Call,
    ) -> None:
        """Send word of a batch that was given up to the mapping's failure destination."""
        now = self._cloud.clock.now()
        report = {
            "version": "1.0",
            "timestamp": _stamp(now),
            "requestContext": {
                "requestId": self._cloud.ids.uuid(),
                "functionArn": function.arn,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": position.attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled" if result.error else None,
            },
            "DDBStreamBatchInfo": {
                "shardId": shard.shard_id,
                "startSequenceNumber": str(batch[0].sequence),
                "endSequenceNumber": str(batch[-1].sequence),
                "approximateArrivalOfFirstRecord": _stamp(datetime.fromtimestamp(batch[0].created, now.tzinfo)),
                "approximateArrivalOfLastRecord": _stamp(datetime.fromtimestamp(batch[-1].created, now.tzinfo)),
                "batchSize": len(batch),
                "streamArn": mapping.source_arn,
            },
        }
        work = {"target": target, "body": json.dumps(report)}
        self._cloud.router.send(Task("lambda", "tell_failure", call.account_id, call.region, work), call)

    def tell_failure(self, payload: dict[str, Any], call: Call) -> None:
        """Deliver a report of failure to a queue or topic."""
        target, body = payload["target"], payload["body"]
        if ":sqs:" in target:
            _, _, _, region, account, name = target.split(":", 5)
            url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
            call.request("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": body})
        else:
            call.request("sns", "Publish", {"TopicArn": target, "Message": body})


def _advance(position: StreamPosition, sequence: int) -> None:
    position.sequence, position.attempts, position.size = sequence, 0, None


def _first_failure(mapping: EventSourceMapping, batch: Sequence[StreamRecord], result: Result) -> int | None:
    """Where in the batch the function failed; ``None`` where all went well."""
    if result.error is not None:
        return 0
    if "ReportBatchItemFailures" not in mapping.settings["FunctionResponseTypes"]:
        return None
    answer = json.loads(result.payload)
    if not isinstance(answer, dict) or not answer:
        return None
    failures = answer.get("batchItemFailures") if "batchItemFailures" in answer else [None]
    if not failures:
        return None
    places = {str(record.sequence): place for place, record in enumerate(batch)}
    found = [places.get(_identifier(failure), 0) for failure in failures]
    return min(found)


def _identifier(failure: Any) -> str:
    return str(failure.get("itemIdentifier")) if isinstance(failure, dict) else ""


def _event_record(record: StreamRecord, source: str) -> dict[str, Any]:
    shown: dict[str, Any] = _json_ready(record.body)
    shown["dynamodb"]["ApproximateCreationDateTime"] = float(int(record.created))
    shown["eventSourceARN"] = source
    return shown


def _json_ready(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_ready(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    return value


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
