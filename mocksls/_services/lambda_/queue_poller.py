"""Reads SQS queues for event source mappings: batches, filters, partial failures.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Again, Task

from .environments import role_principal
from .filters import matches
from .item_failures import ALL, failed_items
from .names import Target, target_of
from .runner import Request, Runner
from .store import EventSourceMapping, Store

_RECEIVED_AT_ONCE = 10
_PAYLOAD_BYTES = 6_291_456
_LOOK_AGAIN_S = 5.0

Messages = list[dict[str, Any]]


class QueuePoller:
    """The task behind mappings of queues."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)

    def poll_queue(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Hand what may be received to the mapping's function, batch by batch, until there is no more.

        What fails stays hidden for the queue's visibility timeout, and comes again by the queue's own doing.
        """
        mapping = self._store.mappings.get(payload["mapping"])
        while mapping is not None and mapping.enabled and self._store.mappings.get(mapping.uuid) is mapping:
            target = mapping_target(self._store, mapping)
            if target is None:
                text = f"{mapping.uuid}: {mapping.function_arn} is gone"
                self._cloud.note("skipped", "lambda", "queue", text, parent=call.trace_id)
                return None
            reader = _Reader(mapping, target, self._cloud, call)
            batch = reader.gather()
            if not batch:
                return self._later(reader, payload)
            if not self._deliver(mapping, target, reader, batch, call):
                return None
        return None

    def _later(self, reader: _Reader, payload: dict[str, Any]) -> Again | None:
        """Messages that were hidden before anybody watched the queue are looked for on the clock."""
        if payload.get("hidden") and reader.hidden():
            return Again(_LOOK_AGAIN_S, at_once=False)
        return None

    def _deliver(
        self, mapping: EventSourceMapping, target: Target, reader: _Reader, batch: Messages, call: Call
    ) -> bool:
        """Invoke the function with a batch; False where it was throttled."""
        event = {"Records": [_record(message, mapping.source_arn) for message in batch]}
        body = json.dumps(event, separators=(",", ":")).encode()
        header = next((each["Attributes"].get("AWSTraceHeader") for each in batch), None)
        request = Request(body, self._cloud.ids.uuid(), trace_header=header)
        try:
            result = self._runner.run(target, request, call)
        except AwsError as error:
            text = f"{mapping.uuid}: {len(batch)} messages go back to the queue: {error}"
            self._cloud.note("skipped", "lambda", "queue", text, parent=call.trace_id)
            return False
        if result.error is not None:
            mapping.last_result = "PROBLEM: Function call failed"
            return True
        mapping.last_result = "OK"
        failed: frozenset[str] = frozenset()
        if "ReportBatchItemFailures" in mapping.settings["FunctionResponseTypes"]:
            failed = failed_items(result.payload, [message["MessageId"] for message in batch])
        if failed is not ALL:
            reader.delete([message for message in batch if message["MessageId"] not in failed])
        return True


class _Reader:
    """A queue as one mapping reads it, as its function's role."""

    def __init__(self, mapping: EventSourceMapping, target: Target, cloud: Cloud, call: Call) -> None:
        arn = Arn.parse(mapping.source_arn)
        assert arn is not None
        self._mapping = mapping
        self._arn = arn
        self._cloud = cloud
        self._call = call
        self._by = role_principal(target.version, cloud)

    def gather(self) -> Messages:
        """A batch that is to be processed now: full, or all that there is when the batching window ends."""
        mapping, settings = self._mapping, self._mapping.settings
        now = self._cloud.clock.time()
        size, window = settings["BatchSize"], settings["MaximumBatchingWindowInSeconds"]
        while len(mapping.held) < size:
            received = self._receive(min(_RECEIVED_AT_ONCE, size - len(mapping.held)))
            if not received:
                break
            mapping.held = [*mapping.held, *self._wanted(received)]
        if not mapping.held:
            return []
        if len(mapping.held) < size and window:
            if mapping.gathering is None:
                mapping.gathering = now
                self._come_back(now + window)
            if now < mapping.gathering + window:
                return []
        return self._taken(size, now)

    def _taken(self, size: int, now: float) -> Messages:
        """As many of the messages at hand as a batch, and an invocation's payload, may hold."""
        held, total, count = self._mapping.held, 0, 0
        for message in held[:size]:
            total += len(message["Body"].encode()) + 1024
            if count and total > _PAYLOAD_BYTES:
                break
            count += 1
        self._mapping.held = held[count:]
        self._mapping.gathering = None
        return held[:count]

    def _come_back(self, at: float) -> None:
        work = {"mapping": self._mapping.uuid}
        task = Task("lambda", "poll_queue", self._call.account_id, self._call.region, work)
        self._cloud.clock.schedule(at, task)

    def _receive(self, most: int) -> Messages:
        params = {
            "MaxNumberOfMessages": most,
            "WaitTimeSeconds": 0,
            "AttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        return self._request("ReceiveMessage", params).get("Messages") or []

    def _wanted(self, messages: Messages) -> Messages:
        """The messages that agree with the mapping's filters; the others are deleted."""
        criteria = self._mapping.settings.get("FilterCriteria")
        if criteria is None:
            return messages
        wanted = [each for each in messages if matches(criteria, _record(each, self._mapping.source_arn))]
        dropped = [each for each in messages if each not in wanted]
        if dropped:
            text = f"{self._mapping.uuid}: {len(dropped)} messages agree with no filter, and are deleted"
            self._cloud.note("skipped", "lambda", "queue", text, parent=self._call.trace_id)
            self.delete(dropped)
        return wanted

    def delete(self, messages: Messages) -> None:
        """Delete what has been processed."""
        for start in range(0, len(messages), _RECEIVED_AT_ONCE):
            entries = [
                {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
                for place, message in enumerate(messages[start : start + _RECEIVED_AT_ONCE])
            ]
            self._request("DeleteMessageBatch", {"Entries": entries})

    def hidden(self) -> bool:
        """Whether messages are delayed or in flight."""
        names = ["ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
        found = self._request("GetQueueAttributes", {"AttributeNames": names}).get("Attributes") or {}
        return any(int(found.get(name, 0)) for name in names)

    def _request(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call SQS as the role; only where roles are judged is it a call as any other."""
        by: Principal = self._by
        return self._call.request(
            "sqs",
            operation,
            {"QueueUrl": queue_url(self._arn), **params},
            principal=by,
            region=self._arn.region,
            account_id=self._arn.account_id,
            internal=self._cloud.options.iam != "enforce",
        )


def mapping_target(store: Store, mapping: EventSourceMapping) -> Target | None:
    """The function that a mapping invokes, if it is still there."""
    _, _, named = mapping.function_arn.partition(":function:")
    name, _, qualifier = named.partition(":")
    function = store.functions.get(name)
    return target_of(function, qualifier or None) if function else None


def queue_url(arn: Arn) -> str:
    """The URL of a queue."""
    return f"https://sqs.{arn.region}.amazonaws.com/{arn.account_id}/{arn.resource}"


def _record(message: Mapping[str, Any], source: str) -> dict[str, Any]:
    """A message as the function sees it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()
        },
        "md5OfMessageAttributes": message.get("MD5OfMessageAttributes"),
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": source,
        "awsRegion": source.split(":")[3],
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "StringValue" in value:
        shown["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    lists: Sequence[str] = ("stringListValues", "binaryListValues")
    return {**shown, **{name: [] for name in lists}, "dataType": value["DataType"]}
