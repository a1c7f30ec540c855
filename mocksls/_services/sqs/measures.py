"""The metrics that SQS keeps of its queues, in the namespace ``AWS/SQS``.

What is sent, received and deleted counts when it happens. How many messages a queue holds is measured each minute
while the queue is active: for six hours after its last call, or as long as messages wait and an alarm looks.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.measures import Measure, Place
from mocksls._kernel.service import Task

from . import contents
from .store import Queue, Store

_NAMESPACE = "AWS/SQS"
_UNITS = {"SentMessageSize": "Bytes", "ApproximateAgeOfOldestMessage": "Seconds"}
_MINUTE_S = 60
_ACTIVE_S = 6 * 3_600


class Gauges:
    """The task that measures what a queue holds."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def measure_queue(self, payload: dict[str, Any], call: Call) -> None:
        """Measure a queue, and again in a minute while it is active."""
        queue = self._store.queues.get(payload["queue"])
        if queue is None or not queue.measured:
            return
        now = self._cloud.clock.time()
        contents.expire(queue, now)
        for name, value in _held(queue, now).items():
            add(queue, name, value, now, call)
        held = queue.contents.messages and call.cloud.measures.watches(*_kept(queue.arn, _VISIBLE)[1], _NAMESPACE)
        if held or now < queue.active + _ACTIVE_S:
            _plan(queue, now, call)
        else:
            queue.measured = False


_VISIBLE = "ApproximateNumberOfMessagesVisible"


def _held(queue: Queue, now: float) -> dict[str, float]:
    visible, in_flight, delayed = contents.counts(queue, now)
    oldest = contents.oldest(queue)
    held = {
        _VISIBLE: float(visible),
        "ApproximateNumberOfMessagesNotVisible": float(in_flight),
        "ApproximateNumberOfMessagesDelayed": float(delayed),
        "ApproximateAgeOfOldestMessage": float(math.floor(now - oldest)) if oldest is not None else 0.0,
    }
    if queue.fifo:
        groups = {message.group_id for message in queue.contents.messages.values() if _is_in_flight(message, now)}
        held["ApproximateNumberOfGroupsWithInflightMessages"] = float(len(groups))
    return held


def _is_in_flight(message: Any, now: float) -> bool:
    return bool(message.in_flight and message.available_at > now)


def touch(queue: Queue, now: float, call: Call) -> None:
    """A queue was called: what it holds is measured from the next minute on."""
    queue.active = now
    if not queue.measured:
        queue.measured = True
        _plan(queue, now, call)


def _plan(queue: Queue, now: float, call: Call) -> None:
    account_id, region = _kept(queue.arn, _VISIBLE)[1]
    task = Task("sqs", "measure_queue", account_id, region, {"queue": queue.name})
    call.cloud.clock.schedule((math.floor(now / _MINUTE_S) + 1) * _MINUTE_S, task)


def add(queue: Queue, name: str, value: float, now: float, call: Call) -> None:
    """Keep one value of a queue's metric."""
    measure, place = _kept(queue.arn, name)
    call.cloud.measures.add(measure, value, place, now, call)


@lru_cache(maxsize=4096)
def _kept(arn: str, name: str) -> tuple[Measure, Place]:
    """The measure of a queue's metric, and where it is kept."""
    region, account_id, queue = arn.split(":")[3:6]
    return Measure(_NAMESPACE, name, (("QueueName", queue),), _UNITS.get(name, "Count")), (account_id, region)
