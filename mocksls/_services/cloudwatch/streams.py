"""Metric streams: stored, started, stopped; nothing flows in them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricStream.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import MetricStream, Store

_MEMBERS = (
    *("IncludeFilters", "ExcludeFilters", "FirehoseArn", "RoleArn", "OutputFormat"),
    *("StatisticsConfigurations", "IncludeLinkedAccountsMetrics"),
)


class MetricStreams:
    """Operations on metric streams."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_metric_stream(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make or replace a stream.

        Raises:
            AwsError: InvalidParameterCombination.
        """
        if "IncludeFilters" in request and "ExcludeFilters" in request:
            text = "The parameters IncludeFilters and ExcludeFilters are mutually exclusive"
            raise errors.combination(f"{text} and you have specified both.")
        name, now = request["Name"], self._cloud.clock.time()
        stream = self._store.streams.get(name)
        if stream is None:
            arn = make_arn("cloudwatch", call.region, call.account_id, f"metric-stream/{name}")
            stream = self._store.streams[name] = MetricStream(name, arn, now, now)
            stream.tags = tags.from_list(request.get("Tags"))
        stream.settings = {member: request[member] for member in _MEMBERS if member in request}
        stream.modified = now
        return {"Arn": stream.arn}

    def get_metric_stream(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A stream.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        stream = self._store.streams.get(request["Name"])
        if stream is None:
            raise errors.no_resource(f"The metric stream {request['Name']} does not exist.")
        return {"IncludeLinkedAccountsMetrics": False, **_shown(stream), **stream.settings}

    def list_metric_streams(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All streams.

        Raises:
            AwsError: InvalidNextToken.
        """
        found = [stream for _, stream in sorted(self._store.streams.items())]
        shown, token = page(
            found,
            request.get("MaxResults", 500),
            request.get("NextToken"),
            lambda stream: stream.name,
            errors.invalid_next_token,
        )
        entries = [
            {**_shown(stream), **{name: stream.settings[name] for name in ("FirehoseArn", "OutputFormat")}}
            for stream in shown
        ]
        return {"Entries": entries, "NextToken": token}

    def start_metric_streams(self, request: Mapping[str, Any], call: Call) -> None:
        """Start streams; names of no stream are no error."""
        self._switch(request, "running")

    def stop_metric_streams(self, request: Mapping[str, Any], call: Call) -> None:
        """Stop streams; names of no stream are no error."""
        self._switch(request, "stopped")

    def _switch(self, request: Mapping[str, Any], state: str) -> None:
        for name in request["Names"]:
            if name in self._store.streams:
                self._store.streams[name].state = state

    def delete_metric_stream(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a stream; one that is not there is no error."""
        self._store.streams.pop(request["Name"], None)


def _shown(stream: MetricStream) -> dict[str, Any]:
    return {
        "Arn": stream.arn,
        "Name": stream.name,
        "State": stream.state,
        "CreationDate": datetime.fromtimestamp(stream.created, timezone.utc),
        "LastUpdateDate": datetime.fromtimestamp(stream.modified, timezone.utc),
    }
