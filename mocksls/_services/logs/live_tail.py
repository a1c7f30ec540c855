"""Live Tail: here a session shows what there is, and ends.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_LiveTail.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .filter_patterns import compile_filter
from .store import LogGroup, LogStream, Store
from .streams import living

_MOST_EVENTS = 500


class LiveTail:
    """The operation StartLiveTail."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def start_live_tail(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Watch log groups.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.

        Differs: the session shows the events that are there (500 at most), and ends; nothing comes after.
        """
        arns = request["logGroupIdentifiers"]
        names, prefixes = request.get("logStreamNames"), request.get("logStreamNamePrefixes")
        if names and prefixes:
            raise errors.invalid("Only one of logStreamNames or logStreamNamePrefixes can be provided.")
        if (names or prefixes) and len(arns) > 1:
            text = "logStreamNames and logStreamNamePrefixes can only be used with a single log group."
            raise errors.invalid(text)
        pattern = request.get("logEventFilterPattern", "")
        matches = compile_filter(pattern).matches
        session: dict[str, Any] = {
            "requestId": call.request_id,
            "sessionId": self._cloud.ids.uuid(),
            "logGroupIdentifiers": list(arns),
            "logStreamNames": list(names or []),
            "logStreamNamePrefixes": list(prefixes or []),
            "logEventFilterPattern": pattern,
        }
        results: list[dict[str, Any]] = [
            {
                "logStreamName": stream.name,
                "logGroupIdentifier": group.arn,
                "message": event.shown,
                "timestamp": event.timestamp,
                "ingestionTime": event.ingested,
            }
            for group, stream in self._streams(request)
            for event in living(group, stream, self._cloud)
            if matches(event.shown)
        ]
        results.sort(key=lambda event: event["timestamp"])
        update = {
            "sessionMetadata": {"sampled": len(results) > _MOST_EVENTS},
            "sessionResults": results[-_MOST_EVENTS:],
        }
        return {"responseStream": [{"sessionStart": session}, {"sessionUpdate": update}]}

    def _streams(self, request: Mapping[str, Any]) -> list[tuple[LogGroup, LogStream]]:
        names, prefixes = request.get("logStreamNames"), tuple(request.get("logStreamNamePrefixes") or ())
        found = []
        for arn in request["logGroupIdentifiers"]:
            group = self._store.groups.get(arn.partition(":log-group:")[2].removesuffix(":*") or arn)
            if group is None:
                raise errors.no_group()
            found += [
                (group, stream)
                for name, stream in group.streams.items()
                if (not names or name in names) and (not prefixes or name.startswith(prefixes))
            ]
        return found
