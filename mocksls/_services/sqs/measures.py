"""The metrics that SQS keeps of its queues, in the namespace ``AWS/SQS``.

What is sent, received and deleted counts when it happens. What a queue holds is measured for each full minute, not
before the queue changes or somebody looks: for six hours after the queue's last call, or as long as messages wait
and an alarm looks.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.measures import MINUTE_S, Measure, Place, Span

from . import contents
from .store import Queue, Store

_NAMESPACE = "AWS/SQS"
_UNITS = {"SentMessageSize": "Bytes", "ApproximateAgeOfOldestMessage": "Seconds"}
_ACTIVE_S = 6 * 3_600
_VISIBLE = "ApproximateNumberOfMessagesVisible"
_AGE = "ApproximateAgeOfOldestMessage"
_GAUGES = (
    *(_VISIBLE, "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed", _AGE),
    "ApproximateNumberOfGroupsWithInflightMessages",
)


class Gauges:
    """The task that measures what queues hold, when somebody looks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def measure_queues(self, payload: dict[str, Any], call: Call) -> None:
        """Measure all queues up to now."""
        now = self._cloud.clock.time()
        for queue in self._store.queues.values():
            _measure(queue, now, call)


def touch(queue: Queue, now: float, call: Call) -> None:
    """A queue is called, and about to change: what it held until now is measured."""
    minute = math.floor(now / MINUTE_S) * MINUTE_S
    if queue.measured == minute:
        queue.active = now
        return
    _measure(queue, now, call)
    queue.active, queue.measured = now, minute
    _, place = _kept(queue.arn, _VISIBLE)
    call.cloud.measures.ask_first(place, "sqs", "measure_queues")
    for name in _GAUGES:
        call.cloud.measures.expect(_kept(queue.arn, name)[0], place, call)


def _measure(queue: Queue, now: float, call: Call) -> None:
    """Measure the full minutes since the last time, as long as the queue was active."""
    if not queue.measured:
        return
    first, last = queue.measured + MINUTE_S, math.floor(now / MINUTE_S) * MINUTE_S
    place = _kept(queue.arn, _VISIBLE)[1]
    if not (queue.contents.messages and call.cloud.measures.watches(*place, _NAMESPACE)):
        last = min(last, math.floor((queue.active + _ACTIVE_S) / MINUTE_S) * MINUTE_S)
    while first <= last:
        contents.expire(queue, first)
        steady = contents.steady_until(queue, first)
        end = last if steady is None else min(last, max(first, math.ceil(steady / MINUTE_S - 1) * MINUTE_S))
        _add_spans(queue, first, end, call)
        queue.measured, first = end, end + MINUTE_S


def _add_spans(queue: Queue, first: int, last: int, call: Call) -> None:
    visible, in_flight, delayed = contents.counts(queue, first)
    oldest = contents.oldest(queue)
    values = [float(visible), float(in_flight), float(delayed), 0.0 if oldest is None else math.floor(first - oldest)]
    if queue.fifo:
        values.append(float(contents.groups_in_flight(queue, first)))
    for name, value in zip(_GAUGES, values, strict=False):
        measure, place = _kept(queue.arn, name)
        rising = name == _AGE and oldest is not None
        call.cloud.measures.add_span(measure, Span(first, last, value, 1.0 if rising else 0.0), place)


def add(queue: Queue, name: str, value: float, now: float, call: Call) -> None:
    """Keep one value of a queue's metric."""
    measure, place = _kept(queue.arn, name)
    call.cloud.measures.add(measure, value, place, now, call)


@lru_cache(maxsize=4096)
def _kept(arn: str, name: str) -> tuple[Measure, Place]:
    """The measure of a queue's metric, and where it is kept."""
    region, account_id, queue = arn.split(":")[3:6]
    return Measure(_NAMESPACE, name, (("QueueName", queue),), _UNITS.get(name, "Count")), (account_id, region)
