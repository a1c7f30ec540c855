"""Messages as they are sent: checked, deduplicated, entered, announced.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from . import attributes, batches, contents, errors, measures, message_attributes
from .permissions import check_service_may_send
from .queues import find_queue
from .store import Deduplicated, Message, Queue, Store

_DEDUPLICATION_S = 300.0
_TOKEN = re.compile(rf"[A-Za-z0-9{re.escape(string.punctuation)}]{{1,128}}\Z")
_FIRST_SEQUENCE = 18_880_000_000_000_000_000


class Messages:
    """Operations that send."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def send_message(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Send one message.

        Raises:
            AwsError: QueueDoesNotExist, MissingParameter, InvalidParameterValue, InvalidMessageContents.
        """
        queue = find_queue(self._store, request, call)
        check_service_may_send(queue, call)
        self._check(queue, request)
        size = _size(request)
        if size > _limit(queue):
            raise errors.too_long(_limit(queue))
        return self._send(queue, request, size, call)

    def send_message_batch(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Send up to ten messages, together no longer than a message may be.

        Raises:
            AwsError: QueueDoesNotExist, EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
                BatchEntryIdsNotDistinct, BatchRequestTooLong, and for FIFO queues InvalidParameterValue.
        """
        queue, entries = find_queue(self._store, request, call), request["Entries"]
        check_service_may_send(queue, call)
        batches.check_entries(entries, "SendMessageBatchRequestEntry")
        total = sum(_size(entry) for entry in entries)
        longest = attributes.RANGES["MaximumMessageSize"][1]
        if total > longest:
            raise errors.batch_too_long(longest, total)
        if queue.fifo:
            for entry in entries:
                _check_fifo(queue, entry, "InvalidParameterValue")

        def run(entry: Mapping[str, Any]) -> dict[str, Any]:
            self._check(queue, entry)
            size = _size(entry)
            if size > _limit(queue):
                text = f"Reason: Message must be shorter than {_limit(queue)} bytes."
                raise errors.invalid_value(f"One or more parameters cannot be validated. {text}")
            return self._send(queue, entry, size, call)

        return batches.each(entries, run)

    def _check(self, queue: Queue, request: Mapping[str, Any]) -> None:
        message_attributes.check_body(request["MessageBody"])
        message_attributes.check_attributes(request.get("MessageAttributes", {}))
        _check_system(request.get("MessageSystemAttributes", {}))
        delay = request.get("DelaySeconds")
        if queue.fifo:
            if delay:
                reason = "The request include parameter that is not valid for this queue type."
                raise errors.invalid(delay, "DelaySeconds", reason)
            _check_fifo(queue, request, "MissingParameter")
        else:
            _check_standard(request)
            if delay is not None and not 0 <= delay <= 900:
                raise errors.invalid(delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")

    def _send(self, queue: Queue, request: Mapping[str, Any], size: int, call: Call) -> dict[str, Any]:
        now = self._cloud.clock.time()
        measures.touch(queue, now, call)
        contents.expire(queue, now)
        known = self._duplicate(queue, request, now)
        if known is not None:
            measures.add(queue, "NumberOfDeduplicatedSentMessages", 1.0, now, call)
            return known
        message = self._made(queue, request, call, now)
        delay = queue.number("DelaySeconds", 0) if queue.fifo else request.get("DelaySeconds")
        message.available_at = now + (queue.number("DelaySeconds", 0) if delay is None else delay)
        contents.put(queue, message, now)
        measures.add(queue, "NumberOfMessagesSent", 1.0, now, call)
        measures.add(queue, "SentMessageSize", size, now, call)
        announce(self._cloud, queue, message.available_at, call)
        answer = _answer(message, request)
        if queue.fifo:
            self._remember(queue, request, now, answer)
        return answer

    def _made(self, queue: Queue, request: Mapping[str, Any], call: Call, now: float) -> Message:
        queue.contents.numbers += 1
        number = queue.contents.numbers
        body = request["MessageBody"]
        header = request.get("MessageSystemAttributes", {}).get("AWSTraceHeader", {}).get("StringValue")
        return Message(
            message_id=self._cloud.ids.uuid(),
            body=body,
            md5=message_attributes.body_md5(body),
            sender_id=call.principal.user_id or call.principal.account_id,
            sent=now,
            number=number,
            attributes=request.get("MessageAttributes", {}),
            trace_header=header or call.headers.get("x-amzn-trace-id"),
            group_id=request.get("MessageGroupId"),
            deduplication_id=_deduplication_id(request) if queue.fifo else request.get("MessageDeduplicationId"),
            sequence_number=str(_FIRST_SEQUENCE + 256 * number) if queue.fifo else None,
        )

    def _duplicate(self, queue: Queue, request: Mapping[str, Any], now: float) -> dict[str, Any] | None:
        """What was answered to the same message within the last five minutes."""
        if not queue.fifo:
            return None
        known = queue.deduplicated
        while known and next(iter(known.values())).until <= now:
            del known[next(iter(known))]
        # what was sent while the whole queue was one scope still counts in each of its groups
        keys = (_deduplication_key(queue, request), (_deduplication_id(request),))
        kept = next((known[key] for key in keys if key in known), None)
        return kept.answer if kept else None

    def _remember(self, queue: Queue, request: Mapping[str, Any], now: float, answer: dict[str, Any]) -> None:
        queue.deduplicated[_deduplication_key(queue, request)] = Deduplicated(now + _DEDUPLICATION_S, answer)


class Announcements:
    """The task that announces a queue whose messages may be received again."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def announce_queue(self, payload: dict[str, Any], call: Call) -> None:
        """Tell those who wait for messages of a queue."""
        self._cloud.arrivals.announce(payload["queue"], call)


def announce(cloud: Cloud, queue: Queue, available_at: float, call: Call) -> None:
    """Tell those who wait for messages of a queue, now or when the clock has come so far."""
    if not cloud.arrivals.watched(queue.arn):
        return
    if available_at <= cloud.clock.time():
        cloud.arrivals.announce(queue.arn, call)
        return
    task = Task("sqs", "announce_queue", call.account_id, call.region, {"queue": queue.arn}, parent=call.trace_id)
    cloud.clock.schedule(available_at, task)


def _answer(message: Message, request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "MessageId": message.message_id,
        "MD5OfMessageBody": message.md5,
        "MD5OfMessageAttributes": message_attributes.attributes_md5(message.attributes),
        "MD5OfMessageSystemAttributes": message_attributes.attributes_md5(request.get("MessageSystemAttributes", {})),
        "SequenceNumber": message.sequence_number,
    }


def _limit(queue: Queue) -> int:
    return queue.number("MaximumMessageSize", attributes.RANGES["MaximumMessageSize"][1])


def _size(request: Mapping[str, Any]) -> int:
    return len(request["MessageBody"].encode("utf-8", "replace")) + message_attributes.size(
        {name: value for name, value in request.get("MessageAttributes", {}).items() if _has_value(value)}
    )


def _has_value(attribute: Mapping[str, Any]) -> bool:
    return bool(attribute.get("DataType")) and any(name in attribute for name in ("StringValue", "BinaryValue"))


def _check_system(system: Mapping[str, Mapping[str, Any]]) -> None:
    for name, attribute in system.items():
        if name != "AWSTraceHeader":
            text = (
                f"Message system attribute name '{name}' is invalid. The only one that may be sent is AWSTraceHeader."
            )
            raise errors.invalid_value(text)
        if attribute.get("DataType") != "String" or not attribute.get("StringValue"):
            text = f"Message (system) attribute '{name}' must contain a non-empty value of type 'String'."
            raise errors.invalid_value(text)


def _check_token(name: str, request: Mapping[str, Any]) -> None:
    value = request.get(name)
    if value is not None and not _TOKEN.match(value):
        reason = f"{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
        raise errors.invalid(value, name, reason)


def _check_standard(request: Mapping[str, Any]) -> None:
    """A standard queue takes a message group (for fair queues), and no deduplication id."""
    _check_token("MessageGroupId", request)
    if request.get("MessageDeduplicationId") is not None:
        reason = "The request include parameter that is not valid for this queue type."
        raise errors.invalid(request["MessageDeduplicationId"], "MessageDeduplicationId", reason)


def _check_fifo(queue: Queue, request: Mapping[str, Any], code: str) -> None:
    """A FIFO queue needs a message group and something to tell duplicates by."""
    if request.get("MessageGroupId") is None:
        missing = errors.missing("MessageGroupId")
        raise missing if code == missing.code else errors.invalid_value(missing.message)
    _check_token("MessageGroupId", request)
    _check_token("MessageDeduplicationId", request)
    by_content = queue.attributes.get("ContentBasedDeduplication") == "true"
    if request.get("MessageDeduplicationId") is None and not by_content:
        raise errors.invalid_value(
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
            "explicitly"
        )


def _deduplication_id(request: Mapping[str, Any]) -> str:
    given: str | None = request.get("MessageDeduplicationId")
    return given if given is not None else sha256(request["MessageBody"].encode()).hexdigest()


def _deduplication_key(queue: Queue, request: Mapping[str, Any]) -> tuple[str, ...]:
    if queue.attributes.get("DeduplicationScope") == "messageGroup":
        return (_deduplication_id(request), request["MessageGroupId"])
    return (_deduplication_id(request),)
