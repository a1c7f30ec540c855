"""Where the messages of a queue are: ready, delayed, in flight; added, taken and removed in constant time.

A message is in exactly one place: it may be received (visible), waits for its delay, is in flight, or is gone. Orders
(deques, heaps) may still name messages that have moved on; they are passed over when they come up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush

from .store import Contents, Message, Queue

RETENTION_S = 345_600


def put(queue: Queue, message: Message, now: float) -> None:
    """Enter a message, delayed if it is not available yet."""
    contents = queue.contents
    contents.messages[message.message_id] = message
    heappush(contents.ages, (message.sent, message.number, message))
    if queue.fifo:
        contents.groups.setdefault(message.group_id or "", deque()).append(message)
    elif message.available_at > now:
        heappush(contents.waiting, (message.available_at, message.number, message))
    else:
        contents.ready.append(message)


def remove(queue: Queue, message: Message) -> None:
    """Take a message out of the queue."""
    message.gone = True
    queue.contents.messages.pop(message.message_id, None)
    if queue.fifo:
        _tidy(queue.contents, message.group_id or "")


def clear(queue: Queue) -> None:
    """Remove every message."""
    for message in queue.contents.messages.values():
        message.gone = True
    queue.contents = Contents(numbers=queue.contents.numbers)


def take(queue: Queue, now: float) -> Iterator[Message]:
    """The messages that may be received now, in order; each is in flight, or gone, when the next one is asked for."""
    return _fifo_order(queue, now) if queue.fifo else _standard_order(queue, now)


def _standard_order(queue: Queue, now: float) -> Iterator[Message]:
    contents = queue.contents
    _wake(contents, now)
    while contents.ready:
        message = contents.ready.popleft()
        if not message.gone and message.available_at <= now:
            yield message


def _fifo_order(queue: Queue, now: float) -> Iterator[Message]:
    """Group by group: those of a group up to the first that is delayed or in flight."""
    groups = queue.contents.groups
    for group_id in sorted(groups, key=lambda group_id: groups[group_id][0].number):
        members, place = groups[group_id], 0
        while place < len(members):
            message = members[place]
            if not message.gone and message.available_at > now:
                break
            if not message.gone:
                yield message
            place += not message.gone or bool(place)  # what is gone from the front makes the others move up


def _tidy(contents: Contents, group_id: str) -> None:
    """Forget what has left the front of a message group, and the group when nothing is left in it."""
    members = contents.groups[group_id]
    while members and members[0].gone:
        members.popleft()
    if not members:
        del contents.groups[group_id]


def hide(queue: Queue, message: Message, until: float) -> None:
    """Have a message wait: in flight after it was received, or again after its visibility timeout was changed."""
    message.available_at = until
    if not queue.fifo:
        heappush(queue.contents.waiting, (until, message.number, message))


def expire(queue: Queue, now: float) -> None:
    """Remove the messages whose retention has ended."""
    contents, keep = queue.contents, queue.number("MessageRetentionPeriod", RETENTION_S)
    while contents.ages and (contents.ages[0][2].gone or contents.ages[0][0] + keep <= now):
        message = heappop(contents.ages)[2]
        if not message.gone:
            remove(queue, message)


def _wake(contents: Contents, now: float) -> None:
    """Make ready what has waited long enough."""
    while contents.waiting and contents.waiting[0][0] <= now:
        at, _, message = heappop(contents.waiting)
        if not message.gone and message.available_at == at:
            message.in_flight, message.available_at = False, 0.0
            contents.ready.append(message)


def next_available(queue: Queue, now: float) -> float | None:
    """When the next of the messages that wait may be received."""
    later = [message.available_at for message in queue.contents.messages.values() if message.available_at > now]
    return min(later, default=None)


def counts(queue: Queue, now: float) -> tuple[int, int, int]:
    """How many messages are visible, in flight, and delayed."""
    visible = in_flight = delayed = 0
    for message in queue.contents.messages.values():
        if message.available_at <= now:
            visible += 1
        elif message.in_flight:
            in_flight += 1
        else:
            delayed += 1
    return visible, in_flight, delayed
