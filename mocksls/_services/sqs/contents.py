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
    if message.available_at > now:
        heappush(contents.waiting, (message.available_at, message.number, message))
    else:
        message.available_at = 0.0
    if queue.fifo:
        contents.groups.setdefault(message.group_id or "", deque()).append(message)
        _open(contents, message.group_id or "")
    elif not message.available_at:
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
    """The messages that may be received now, in order; each is hidden, or gone, when the next one is asked for."""
    _wake(queue, now)
    return _fifo_order(queue) if queue.fifo else _standard_order(queue)


def _standard_order(queue: Queue) -> Iterator[Message]:
    ready = queue.contents.ready
    while ready:
        message = ready.popleft()
        if not message.gone and not message.available_at:
            yield message


def _fifo_order(queue: Queue) -> Iterator[Message]:
    """Group by group: those of a group up to the first that is delayed or in flight."""
    contents = queue.contents
    while contents.open:
        number, group_id = heappop(contents.open)
        members = contents.groups.get(group_id)
        if members is not None and members[0].number == number:
            yield from _of_group(members)


def _of_group(members: deque[Message]) -> Iterator[Message]:
    place = 0
    while place < len(members):
        message = members[place]
        if not message.gone and message.available_at:
            return
        if not message.gone:
            yield message
        place += not message.gone or bool(place)  # what is gone from the front makes the others move up


def _open(contents: Contents, group_id: str) -> None:
    """Have a message group's turn come, if its first message may be received."""
    first = contents.groups[group_id][0]
    if not first.available_at:
        heappush(contents.open, (first.number, group_id))


def _tidy(contents: Contents, group_id: str) -> None:
    """Forget what has left the front of a message group, and the group when nothing is left in it."""
    members = contents.groups[group_id]
    if not members[0].gone:
        return
    while members and members[0].gone:
        members.popleft()
    if members:
        _open(contents, group_id)
    else:
        del contents.groups[group_id]


def hide(queue: Queue, message: Message, until: float) -> None:
    """Have a message wait: in flight after it was received, or again after its visibility timeout was changed."""
    message.available_at = until
    heappush(queue.contents.waiting, (until, message.number, message))


def expire(queue: Queue, now: float) -> None:
    """Remove the messages whose retention has ended."""
    contents, keep = queue.contents, queue.number("MessageRetentionPeriod", RETENTION_S)
    while contents.ages and (contents.ages[0][2].gone or contents.ages[0][0] + keep <= now):
        message = heappop(contents.ages)[2]
        if not message.gone:
            remove(queue, message)


def oldest(queue: Queue) -> float | None:
    """When the oldest message was sent."""
    ages = queue.contents.ages
    while ages and ages[0][2].gone:
        heappop(ages)
    return ages[0][0] if ages else None


def _wake(queue: Queue, now: float) -> None:
    """Make ready what has waited long enough."""
    contents = queue.contents
    while contents.waiting and contents.waiting[0][0] <= now:
        at, _, message = heappop(contents.waiting)
        if message.gone or message.available_at != at:
            continue
        message.in_flight, message.available_at = False, 0.0
        if not queue.fifo:
            contents.ready.append(message)
        elif contents.groups[message.group_id or ""][0] is message:
            _open(contents, message.group_id or "")


def next_available(queue: Queue, now: float) -> float | None:
    """When the next of the messages that wait may be received."""
    waiting = queue.contents.waiting
    while waiting and (waiting[0][2].gone or waiting[0][2].available_at != waiting[0][0]):
        heappop(waiting)
    return max(now, waiting[0][0]) if waiting else None


def too_many_in_flight(queue: Queue, now: float, most: int) -> bool:
    """Whether as many messages are in flight as may be."""
    return len(queue.contents.messages) >= most and counts(queue, now)[1] >= most


def counts(queue: Queue, now: float) -> tuple[int, int, int]:
    """How many messages are visible, in flight, and delayed."""
    hidden = _hidden(queue, now)
    in_flight = sum(message.in_flight for message in hidden)
    return len(queue.contents.messages) - len(hidden), in_flight, len(hidden) - in_flight


def groups_in_flight(queue: Queue, now: float) -> int:
    """How many message groups have messages in flight."""
    return len({message.group_id for message in _hidden(queue, now) if message.in_flight})


def steady_until(queue: Queue, now: float) -> float | None:
    """Until when nobody's call, but time alone, changes what the queue holds; None: for ever."""
    moments = [message.available_at for message in _hidden(queue, now)]
    sent = oldest(queue)
    if sent is not None:
        moments.append(sent + queue.number("MessageRetentionPeriod", RETENTION_S))
    return min(moments, default=None)


def _hidden(queue: Queue, now: float) -> list[Message]:
    """The messages that may not be received now, each once."""
    waiting = queue.contents.waiting
    found = {message.number: message for at, _, message in waiting if at > now and at == message.available_at}
    return [message for message in found.values() if not message.gone]
