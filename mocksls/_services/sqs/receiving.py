"""Messages as they are received: polled, hidden, moved to dead-letter queues, deleted.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.realtime import monotonic, pause

from . import attributes, batches, contents, errors, measures, message_attributes
from .messages import announce
from .queues import find_queue
from .store import Message, Queue, Store

_MOST_IN_FLIGHT = {True: 20_000, False: 120_000}
_LOOK_AGAIN_S = 0.005
_LONGEST_HIDDEN_S = 43_200


class Receiving:
    """Operations on messages that are in a queue."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def receive_message(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Receive up to ten messages; those received too often go to the dead-letter queue instead.

        A poll that waits takes no real time unless another thread may still send: a running clock is moved to when
        the next message may be received, or by the whole wait.

        Raises:
            AwsError: QueueDoesNotExist, InvalidParameterValue, OverLimit.
        """
        queue = find_queue(self._store, request, call)
        most = request.get("MaxNumberOfMessages", 1)
        if not 1 <= most <= 10:
            raise errors.invalid(most, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
        wait = request.get("WaitTimeSeconds", queue.number("ReceiveMessageWaitTimeSeconds", 0))
        if not 0 <= wait <= 20:
            raise errors.invalid(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
        hidden_s = request.get("VisibilityTimeout", queue.number("VisibilityTimeout", 30))
        _check_timeout(hidden_s)
        measures.touch(queue, self._cloud.clock.time(), call)
        received = self._receive(queue, most, hidden_s, call)
        if not received and wait and not call.internal:
            received = self._poll(queue, wait, lambda: self._receive(queue, most, hidden_s, call), call)
        now = self._cloud.clock.time()
        if received:
            measures.add(queue, "NumberOfMessagesReceived", len(received), now, call)
        else:
            measures.add(queue, "NumberOfEmptyReceives", 1.0, now, call)
        shown = [_shown(queue, message, request) for message in received]
        return {"Messages": shown or None}

    def _poll(self, queue: Queue, wait: float, receive: Any, call: Call) -> list[Message]:
        if self._others_may_send():
            return self._poll_in_real_time(queue, wait, receive, call)
        clock, left = self._cloud.clock, float(wait)
        while left > 0:
            now = clock.time()
            comes = contents.next_available(queue, now)
            step = left if comes is None or clock.frozen else min(left, comes - now)
            clock.waited(step)
            found: list[Message] = receive()
            if found:
                return found
            left -= step
        return []

    def _poll_in_real_time(self, queue: Queue, wait: float, receive: Any, call: Call) -> list[Message]:
        until = monotonic() + wait
        while monotonic() < until and self._store.queues.get(queue.name) is queue:
            with call.unlocked():
                pause(_LOOK_AGAIN_S)
            found: list[Message] = receive()
            if found:
                return found
        return []

    def _others_may_send(self) -> bool:
        """Whether another thread of the test runs: what was there before the cloud was does not count."""
        here = threading.current_thread()
        return any(
            thread is not here and not thread.name.startswith("mocksls")
            for thread in threading.enumerate()
            if thread is threading.main_thread() or thread not in self._cloud.threads_before
        )

    def _receive(self, queue: Queue, most: int, hidden_s: int, call: Call) -> list[Message]:
        now = self._cloud.clock.time()
        contents.expire(queue, now)
        if contents.too_many_in_flight(queue, now, _MOST_IN_FLIGHT[queue.fifo]):
            raise errors.over_limit()
        redrive = attributes.redrive(queue)
        received: list[Message] = []
        for message in contents.take(queue, now):
            if redrive and message.receive_count >= redrive[1]:
                self._bury(queue, message, redrive[0], now, call)
                continue
            self._mark(queue, message, now, hidden_s, call)
            received.append(message)
            if len(received) == most:
                break
        return received

    def _mark(self, queue: Queue, message: Message, now: float, hidden_s: int, call: Call) -> None:
        message.receipt += 1
        message.receive_count += 1
        message.first_received = now if message.first_received is None else message.first_received
        message.in_flight, message.received = True, now
        contents.hide(queue, message, now + hidden_s)
        announce(self._cloud, queue, now + hidden_s, call)

    def _bury(self, queue: Queue, message: Message, target: str, now: float, call: Call) -> None:
        """Move a message to its dead-letter queue, under the same id; its age goes on."""
        contents.remove(queue, message)
        arn = Arn.parse(target)
        dead = self._store.queues.get(arn.resource) if arn else None
        if dead is None:
            self._cloud.note(
                "skipped", "sqs", queue.name, f"{message.message_id}: {target} is gone", parent=call.trace_id
            )
            return
        measures.touch(dead, now, call)
        moved = moved_to(dead, message, now, age_goes_on=not queue.fifo)
        moved.dead_letter_source = queue.arn
        self._cloud.note("event", "sqs", queue.name, f"{message.message_id} goes to {dead.name}", parent=call.trace_id)
        announce(self._cloud, dead, now, call)

    def delete_message(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a message by any handle of it (FIFO: of its latest receive, in time); again succeeds, too.

        Raises:
            AwsError: QueueDoesNotExist, ReceiptHandleIsInvalid, InvalidParameterValue (FIFO, too late).
        """
        self._delete(find_queue(self._store, request, call), request["ReceiptHandle"], call)

    def delete_message_batch(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete up to ten messages.

        Raises:
            AwsError: QueueDoesNotExist, EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
                BatchEntryIdsNotDistinct.
        """
        queue = find_queue(self._store, request, call)
        batches.check_entries(request["Entries"], "DeleteMessageBatchRequestEntry")
        return batches.each(request["Entries"], lambda entry: self._delete(queue, entry["ReceiptHandle"], call))

    def _delete(self, queue: Queue, handle: str, call: Call) -> dict[str, Any]:
        message, receipt = self._held(queue, handle)
        now = self._cloud.clock.time()
        measures.touch(queue, now, call)
        if message is not None:
            over = message.available_at <= now or receipt != message.receipt
            if queue.fifo and over:
                raise errors.invalid(handle, "ReceiptHandle", "The receipt handle has expired.")
            contents.remove(queue, message)
        measures.add(queue, "NumberOfMessagesDeleted", 1.0, now, call)
        return {}

    def change_message_visibility(self, request: Mapping[str, Any], call: Call) -> None:
        """Change how much longer a received message is hidden, from now.

        Raises:
            AwsError: QueueDoesNotExist, ReceiptHandleIsInvalid, InvalidParameterValue.
        """
        queue = find_queue(self._store, request, call)
        self._change(queue, request["ReceiptHandle"], request["VisibilityTimeout"], call)

    def change_message_visibility_batch(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change the visibility timeout of up to ten messages.

        Raises:
            AwsError: QueueDoesNotExist, EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
                BatchEntryIdsNotDistinct.
        """
        queue = find_queue(self._store, request, call)
        batches.check_entries(request["Entries"], "ChangeMessageVisibilityBatchRequestEntry")
        return batches.each(
            request["Entries"],
            lambda entry: self._change(queue, entry["ReceiptHandle"], entry.get("VisibilityTimeout", 0), call),
        )

    def _change(self, queue: Queue, handle: str, seconds: int, call: Call) -> dict[str, Any]:
        _check_timeout(seconds)
        message, _ = self._held(queue, handle)
        if message is None:
            raise errors.not_in_flight(handle)
        now = self._cloud.clock.time()
        measures.touch(queue, now, call)
        if message.available_at <= now:
            if queue.fifo:
                raise errors.not_in_flight(handle)
            return {}
        if now + seconds > message.received + _LONGEST_HIDDEN_S:
            reason = f"Total VisibilityTimeout for the message is beyond the limit [{_LONGEST_HIDDEN_S} seconds]"
            raise errors.invalid(seconds, "VisibilityTimeout", reason)
        contents.hide(queue, message, now + seconds)
        announce(self._cloud, queue, now + seconds, call)
        return {}

    def _held(self, queue: Queue, handle: str) -> tuple[Message | None, int]:
        """The message behind a receipt handle, if the queue still has it, and which of its receives it is of."""
        read = _read_handle(handle)
        if read is None or read[0] != queue.arn:
            raise errors.invalid_receipt_handle(handle)
        return queue.contents.messages.get(read[1]), read[2]


def moved_to(queue: Queue, message: Message, now: float, *, age_goes_on: bool = True) -> Message:
    """Enter a message of another queue, to be received at once; what was told of it stays.

    A standard queue's message grows older in its dead-letter queue, a FIFO queue's starts anew.
    """
    queue.contents.numbers += 1
    moved = Message(
        message_id=message.message_id,
        body=message.body,
        md5=message.md5,
        sender_id=message.sender_id,
        sent=message.sent if age_goes_on else now,
        number=queue.contents.numbers,
        attributes=message.attributes,
        trace_header=message.trace_header,
        group_id=message.group_id,
        deduplication_id=message.deduplication_id,
        sequence_number=message.sequence_number,
        receive_count=message.receive_count,
        first_received=message.first_received,
    )
    contents.put(queue, moved, now)
    return moved


def _check_timeout(seconds: int) -> None:
    if not 0 <= seconds <= _LONGEST_HIDDEN_S:
        raise errors.invalid(seconds, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.")


def _handle(queue: Queue, message: Message) -> str:
    return base64.b64encode(f"{queue.arn} {message.message_id} {message.receipt} {message.sent}".encode()).decode()


def _read_handle(handle: str) -> tuple[str, str, int] | None:
    try:
        arn, message_id, receipt, _ = base64.b64decode(handle, validate=True).decode().split(" ")
        return arn, message_id, int(receipt)
    except ValueError:
        return None


def _shown(queue: Queue, message: Message, request: Mapping[str, Any]) -> dict[str, Any]:
    names = [*request.get("AttributeNames", ()), *request.get("MessageSystemAttributeNames", ())]
    chosen = message_attributes.selected(message.attributes, request.get("MessageAttributeNames", []))
    return {
        "MessageId": message.message_id,
        "ReceiptHandle": _handle(queue, message),
        "MD5OfBody": message.md5,
        "Body": message.body,
        "Attributes": _system(message, names) if names else None,
        "MD5OfMessageAttributes": message_attributes.attributes_md5(chosen),
        "MessageAttributes": chosen or None,
    }


def _system(message: Message, names: list[str]) -> dict[str, str] | None:
    every = {
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received or 0) * 1000)),
        "ApproximateReceiveCount": str(message.receive_count),
        "SentTimestamp": str(int(message.sent * 1000)),
        "SequenceNumber": message.sequence_number,
        "MessageDeduplicationId": message.deduplication_id,
        "MessageGroupId": message.group_id,
        "AWSTraceHeader": message.trace_header,
        "DeadLetterQueueSourceArn": message.dead_letter_source,
    }
    return {
        name: value for name, value in every.items() if value is not None and ("All" in names or name in names)
    } or None
