"""Log streams: made, described, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import errors
from .groups import find_group
from .store import LogEvent, LogGroup, LogStream, Store

_DAY_MS = 86_400_000


class LogStreams:
    """Operations on log streams."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_log_stream(self, request: Mapping[str, Any], call: Call) -> None:
        """Make a log stream.

        Raises:
            AwsError: ResourceAlreadyExistsException, ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        name = request["logStreamName"]
        if name in group.streams:
            raise errors.stream_exists()
        group.streams[name] = LogStream(
            name=name,
            arn=f"{group.arn}:log-stream:{name}",
            created=int(self._cloud.clock.time() * 1000),
            token=self._cloud.ids.digits(56),
        )

    def delete_log_stream(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a log stream with its events."""
        stream = find_stream(self._store, request)
        del find_group(self._store, request).streams[stream.name]

    def describe_log_streams(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Log streams of a group, by name or by the time of their last event.

        Raises:
            AwsError: InvalidParameterException where a prefix meets an order by time.
        """
        if request.get("logGroupName") and request.get("logGroupIdentifier"):
            text = "LogGroup name and LogGroup ARN are mutually exclusive parameters."
            raise AwsError("ValidationException", text, status=400)
        group = find_group(self._store, request)
        prefix = request.get("logStreamNamePrefix", "")
        by_time = request.get("orderBy") == "LastEventTime"
        if by_time and prefix:
            raise errors.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
        streams = [stream for stream in group.streams.values() if stream.name.startswith(prefix)]
        streams.sort(key=_by_last_event if by_time else _by_name, reverse=request.get("descending", False))
        places = {stream.name: f"{place:08d}" for place, stream in enumerate(streams)}
        shown, token = page(
            streams,
            request.get("limit", 50),
            request.get("nextToken"),
            lambda stream: places[stream.name],
            errors.bad_token,
        )
        return {"logStreams": [_described(stream) for stream in shown], "nextToken": token}


def find_stream(store: Store, request: Mapping[str, Any]) -> LogStream:
    """The stream that a request names."""
    stream = find_group(store, request).streams.get(request["logStreamName"])
    if stream is None:
        raise errors.no_stream()
    return stream


def living(group: LogGroup, stream: LogStream, cloud: Cloud) -> Sequence[LogEvent]:
    """A stream's events that are within the group's retention."""
    if group.retention_days is None:
        return stream.events
    oldest = cloud.clock.time() * 1000 - group.retention_days * _DAY_MS
    return [event for event in stream.events if event.timestamp >= oldest]


def _by_name(stream: LogStream) -> tuple[int, str]:
    return (0, stream.name)


def _by_last_event(stream: LogStream) -> tuple[int, str]:
    return (stream.events[-1].timestamp if stream.events else 0, stream.name)


def _described(stream: LogStream) -> dict[str, Any]:
    described: dict[str, Any] = {
        "logStreamName": stream.name,
        "creationTime": stream.created,
        "arn": stream.arn,
        "storedBytes": 0,
    }
    if stream.events:
        described["uploadSequenceToken"] = stream.token
        described["firstEventTimestamp"] = stream.events[0].timestamp
        described["lastEventTimestamp"] = stream.events[-1].timestamp
        described["lastIngestionTime"] = stream.events[-1].ingested
    return described
