"""Log events: put, read from one stream, searched over a group."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from heapq import merge
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import decode_token, encode_token

from . import errors
from .filter_patterns import compile_filter
from .groups import find_group
from .ingestion import take_in
from .metric_filters import MetricPoints
from .store import LogEvent, LogGroup, LogStream, Store
from .streams import find_stream, living
from .subscriptions import Subscribers

_OVERHEAD_BYTES = 26
_BATCH_BYTES = 1_048_576
_DAY_MS = 86_400_000
_TOO_OLD_MS = 14 * _DAY_MS
_TOO_NEW_MS = 7_200_000


class Events:
    """Operations on log events."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._points = MetricPoints(cloud)
        self._subscribers = Subscribers(store, cloud)

    def put_log_events(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Add events to a stream; those too old or too new are left out and told.

        Raises:
            AwsError: InvalidParameterException for events out of order or too large a batch,
                ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        stream = find_stream(self._store, request)
        events = request["logEvents"]
        times = [event["timestamp"] for event in events]
        if times != sorted(times):
            raise errors.invalid("Log events in a single PutLogEvents request must be in chronological order.")
        sizes = [len(event["message"].encode()) + _OVERHEAD_BYTES for event in events]
        if sum(sizes) > _BATCH_BYTES:
            raise errors.invalid(f"Upload too large: {sum(sizes)} bytes exceeds limit of {_BATCH_BYTES}")
        now = int(self._cloud.clock.time() * 1000)
        accepted, rejected = _sifted(times, now, group)
        added = [self._add(stream, times[place], now, events[place]["message"]) for place in accepted]
        stream.stored_bytes += sum(sizes[place] for place in accepted)
        if added:
            take_in(self._store, group, stream, added, call)
            self._points.add(group, added, call)
            self._subscribers.queue(group, stream, added, call)
        return {"nextSequenceToken": stream.token, "rejectedLogEventsInfo": rejected or None}

    def _add(self, stream: LogStream, timestamp: int, now: int, message: str) -> LogEvent:
        self._store.events_so_far += 1
        number = f"{timestamp:020d}{self._store.events_so_far:036d}"
        event = LogEvent(number, timestamp, now, message)
        if stream.events and stream.events[-1].timestamp > timestamp:
            insort(stream.events, event, key=lambda each: each.timestamp)
        else:
            stream.events.append(event)
        return event

    def get_log_events(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Events of one stream, a page from its head or its tail.

        Raises:
            AwsError: InvalidParameterException for a token that is not ours, ResourceNotFoundException.
        """
        stream = find_stream(self._store, request)
        events = _between(living(find_group(self._store, request), stream, self._cloud), request)
        limit, bare = request.get("limit", 10_000), request.get("unmask", False)
        start, end = _page(events, limit, request.get("nextToken"), request.get("startFromHead", False))
        return {
            "events": [
                {
                    "timestamp": event.timestamp,
                    "message": event.message if bare else event.shown,
                    "ingestionTime": event.ingested,
                }
                for event in events[start:end]
            ],
            "nextForwardToken": f"f/{end:056d}/s",
            "nextBackwardToken": f"b/{start:056d}/s",
        }

    def filter_log_events(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Events of a group's streams in order of time, filtered by a pattern.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix")
        if names and prefix:
            raise errors.invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.")
        if names and any(name not in group.streams for name in names):
            raise errors.no_stream()
        streams = [
            stream
            for name, stream in group.streams.items()
            if (names is None or name in names) and name.startswith(prefix or "")
        ]
        matches = compile_filter(request.get("filterPattern", "")).matches
        found = merge(
            *(self._tagged(group, stream, request) for stream in streams),
            key=lambda pair: (pair[1].timestamp, pair[1].id),
        )
        pairs = [(name, event) for name, event in found if matches(event.shown)]
        return _filtered_page(pairs, request)

    def _tagged(self, group: LogGroup, stream: LogStream, request: Mapping[str, Any]) -> list[tuple[str, LogEvent]]:
        return [(stream.name, event) for event in _between(living(group, stream, self._cloud), request)]


def _sifted(times: list[int], now: int, group: LogGroup) -> tuple[list[int], dict[str, int]]:
    """The places of the acceptable events, and what AWS says of the others."""
    expired = now - (group.retention_days or 10**6) * _DAY_MS
    accepted: list[int] = []
    rejected: dict[str, int] = {}
    for place, moment in enumerate(times):
        if moment > now + _TOO_NEW_MS:
            rejected.setdefault("tooNewLogEventStartIndex", place)
        elif moment < expired:
            rejected["expiredLogEventEndIndex"] = place + 1
        elif moment < now - _TOO_OLD_MS:
            rejected["tooOldLogEventEndIndex"] = place + 1
        else:
            accepted.append(place)
    return accepted, rejected


def _between(events: Sequence[LogEvent], request: Mapping[str, Any]) -> Sequence[LogEvent]:
    start, end = request.get("startTime"), request.get("endTime")
    if start is None and end is None:
        return events
    return [
        event
        for event in events
        if (start is None or event.timestamp >= start) and (end is None or event.timestamp < end)
    ]


def _page(events: Sequence[LogEvent], limit: int, token: str | None, from_head: bool) -> tuple[int, int]:
    """Start and end of a page; a forward token goes on towards the newest, a backward one towards the oldest."""
    if token is None:
        return (0, min(limit, len(events))) if from_head else (max(0, len(events) - limit), len(events))
    direction, _, rest = token.partition("/")
    number = rest.removesuffix("/s")
    if direction not in ("f", "b") or not number.isdigit():
        raise errors.bad_token()
    place = min(int(number), len(events))
    return (place, min(place + limit, len(events))) if direction == "f" else (max(0, place - limit), place)


def _filtered_page(pairs: list[tuple[str, LogEvent]], request: Mapping[str, Any]) -> dict[str, Any]:
    limit = request.get("limit", 10_000)
    start = 0
    if request.get("nextToken") is not None:
        text = decode_token(request["nextToken"])
        if text is None or not text.isdigit():
            raise errors.bad_token()
        start = int(text)
    shown = pairs[start : start + limit]
    return {
        "events": [
            {
                "logStreamName": name,
                "timestamp": event.timestamp,
                "message": event.message if request.get("unmask") else event.shown,
                "ingestionTime": event.ingested,
                "eventId": event.id,
            }
            for name, event in shown
        ],
        "searchedLogStreams": [],
        "nextToken": encode_token(str(start + limit)) if start + limit < len(pairs) else None,
    }
