"""Message move tasks: messages of a dead-letter queue go back to where they came from, or elsewhere.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from . import attributes, contents, errors, measures
from .messages import announce
from .receiving import moved_to
from .store import Message, MoveTask, Queue, Store

_SHOWN_AT_MOST = 10


class MoveTasks:
    """Operations on message move tasks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._moves = Moves(store, cloud)

    def start_message_move_task(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Move the messages of a dead-letter queue, at once or so many a second on the cloud's clock.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValue.
        """
        source = self._queue(request["SourceArn"], "SourceArn")
        if not self._sources_of(source):
            raise errors.invalid_value("Source queue must be configured as a Dead Letter Queue.")
        target = request.get("DestinationArn")
        if target is not None:
            self._queue(target, "DestinationArn")
        rate = request.get("MaxNumberOfMessagesPerSecond")
        if rate is not None and not 1 <= rate <= 500:
            raise errors.invalid(rate, "MaxNumberOfMessagesPerSecond", "Must be >= 1 and <= 500, if provided.")
        if any(task.source_arn == source.arn and task.status == "RUNNING" for task in self._store.move_tasks):
            raise errors.invalid_value(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given "
                "time."
            )
        task = self._made(source, target, rate)
        self._store.move_tasks.append(task)
        self._moves.move(task, call)
        return {"TaskHandle": task.handle}

    def _made(self, source: Queue, target: str | None, rate: int | None) -> MoveTask:
        now, task_id = self._cloud.clock.time(), self._cloud.ids.uuid()
        contents.expire(source, now)
        told = json.dumps({"taskId": task_id, "sourceArn": source.arn})
        return MoveTask(
            task_id=task_id,
            handle=base64.b64encode(told.encode()).decode(),
            source_arn=source.arn,
            destination_arn=target,
            started=int(now * 1000),
            to_move=contents.counts(source, now)[0],
            per_second=rate,
        )

    def cancel_message_move_task(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Stop a running task; what it moved stays moved.

        Raises:
            AwsError: InvalidParameterValue, ResourceNotFoundException.
        """
        task = self._task(request["TaskHandle"])
        if task.status != "RUNNING":
            raise errors.no_task()
        task.status = "CANCELLED"
        if task.planned is not None:
            self._cloud.clock.cancel(task.planned)
        return {"ApproximateNumberOfMessagesMoved": task.moved}

    def _task(self, handle: str) -> MoveTask:
        try:
            told = json.loads(base64.b64decode(handle, validate=True))
            source, task_id = str(told["sourceArn"]), str(told["taskId"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise errors.invalid_value("Value for parameter TaskHandle is invalid.") from None
        self._queue(source, "SourceArn")
        for task in self._store.move_tasks:
            if task.task_id == task_id:
                return task
        raise errors.no_task()

    def list_message_move_tasks(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The latest tasks of a source, newest first.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValue.
        """
        source = self._queue(request["SourceArn"], "SourceArn")
        most = request.get("MaxResults", 1)
        if not 1 <= most <= _SHOWN_AT_MOST:
            raise errors.invalid(most, "MaxResults", "Must be >= 1 and <= 10, if provided.")
        found = [_shown(task) for task in reversed(self._store.move_tasks) if task.source_arn == source.arn]
        return {"Results": found[:most]}

    def _queue(self, arn: str, parameter: str) -> Queue:
        parsed = Arn.parse(arn)
        queue = self._store.queues.get(parsed.resource) if parsed else None
        if queue is None or queue.arn != arn:
            raise errors.not_there(parameter)
        return queue

    def _sources_of(self, dead: Queue) -> list[Queue]:
        queues = self._store.queues.values()
        return [queue for queue in queues if (attributes.redrive(queue) or ("", 0))[0] == dead.arn]


class MoveSteps:
    """The task of move tasks that have a rate: the clock runs a step every second."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._moves = Moves(store, cloud)

    def move_messages(self, payload: dict[str, Any], call: Call) -> None:
        """A further step of a task."""
        for task in self._store.move_tasks:
            if task.task_id == payload["task"] and task.status == "RUNNING":
                self._moves.move(task, call)


class Moves:
    """Moves the messages of tasks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def move(self, task: MoveTask, call: Call) -> None:
        """Move what a second allows, or everything; then plan the next second."""
        source = self._named(task.source_arn)
        left = task.to_move - task.moved
        for message in self._waiting(source, min(left, task.per_second or left)):
            target = self._target(task, message)
            if target is None:
                task.status, task.failure = "FAILED", "AWS.SimpleQueueService.NonExistentQueue"
                return
            self._move(source, target, message, call)
            task.moved += 1
        if source is None or task.moved >= task.to_move or not source.contents.messages:
            task.status = "COMPLETED"
            return
        next_step = Task("sqs", "move_messages", call.account_id, call.region, {"task": task.task_id})
        task.planned = self._cloud.clock.schedule(self._cloud.clock.time() + 1.0, next_step)

    def _named(self, arn: str) -> Queue | None:
        return self._store.queues.get(arn.rsplit(":", 1)[-1])

    def _waiting(self, source: Queue | None, count: int) -> list[Message]:
        now = self._cloud.clock.time()
        if source is None:
            return []
        visible = [message for message in source.contents.messages.values() if message.available_at <= now]
        return sorted(visible, key=lambda message: message.number)[:count]

    def _target(self, task: MoveTask, message: Message) -> Queue | None:
        """Where a message goes: the task's destination, else the queue that it came from."""
        return self._named(task.destination_arn or message.dead_letter_source or "")

    def _move(self, source: Queue | None, target: Queue, message: Message, call: Call) -> None:
        assert source is not None
        now = self._cloud.clock.time()
        for queue in (source, target):
            measures.touch(queue, now, call)
        contents.remove(source, message)
        moved = moved_to(target, message, now)
        moved.sent, moved.receive_count, moved.first_received = now, 0, None
        announce(self._cloud, target, now, call)


def _shown(task: MoveTask) -> dict[str, Any]:
    return {
        "TaskHandle": task.handle if task.status == "RUNNING" else None,
        "Status": task.status,
        "SourceArn": task.source_arn,
        "DestinationArn": task.destination_arn,
        "MaxNumberOfMessagesPerSecond": task.per_second,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "FailureReason": task.failure,
        "StartedTimestamp": task.started,
    }
