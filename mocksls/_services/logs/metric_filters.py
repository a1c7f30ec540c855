"""Metric filters: events that become data points of metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.measures import Measure
from mocksls._kernel.paging import page

from . import errors
from .filter_patterns import FilterPattern, compile_filter
from .groups import find_group
from .numerals import number
from .store import LogEvent, LogGroup, MetricFilter, Store

_MOST = 100
_LONGEST_NAME = 512


class MetricFilters:
    """Operations on metric filters."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_metric_filter(self, request: Mapping[str, Any], call: Call) -> None:
        """Make a metric filter, or replace the one of that name.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException, LimitExceededException.
        """
        group = find_group(self._store, request)
        compile_filter(request["filterPattern"])
        name = request["filterName"]
        if name not in group.metric_filters and len(group.metric_filters) >= _MOST:
            raise errors.limit_exceeded()
        for each in request["metricTransformations"]:
            if each.get("dimensions") and each.get("defaultValue") is not None:
                raise errors.invalid("Invalid metric transformation: dimensions and default value cannot both be set.")
        group.metric_filters[name] = MetricFilter(
            name=name,
            pattern=request["filterPattern"],
            transformations=list(request["metricTransformations"]),
            created=int(self._cloud.clock.time() * 1000),
            on_transformed=request.get("applyOnTransformedLogs", False),
        )

    def describe_metric_filters(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Metric filters of a group, or of all, by name.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        groups = [find_group(self._store, request)] if request.get("logGroupName") else self._store.groups.values()
        metric = (request.get("metricName"), request.get("metricNamespace"))
        found = [
            (f"{each.name}\0{group.name}", group, each)
            for group in groups
            for each in group.metric_filters.values()
            if each.name.startswith(request.get("filterNamePrefix", "")) and _of(each, *metric)
        ]
        shown, token = page(
            sorted(found, key=lambda item: item[0]),
            request.get("limit", 50),
            request.get("nextToken"),
            lambda item: item[0],
            errors.bad_token,
        )
        return {"metricFilters": [_shown(group, each) for _, group, each in shown], "nextToken": token}

    def delete_metric_filter(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a metric filter.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        if len(request["logGroupName"]) > _LONGEST_NAME:
            raise errors.name_too_long()
        group = find_group(self._store, request)
        if group.metric_filters.pop(request["filterName"], None) is None:
            raise errors.no_metric_filter()

    def test_metric_filter(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Which of some messages agree with a pattern, and what it takes out of them.

        Raises:
            AwsError: InvalidParameterException.
        """
        pattern = compile_filter(request["filterPattern"])
        matches = [
            {"eventNumber": number, "eventMessage": message, "extractedValues": pattern.extracted(message)}
            for number, message in enumerate(request["logEventMessages"], 1)
            if pattern.matches(message)
        ]
        return {"matches": matches}


class MetricPoints:
    """Turns events that come in into data points."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def add(self, group: LogGroup, events: Sequence[LogEvent], call: Call) -> None:
        """Apply a group's metric filters to new events."""
        for each in group.metric_filters.values():
            pattern = compile_filter(each.pattern)
            texts = [(event.timestamp, event.text(is_transformed=each.on_transformed)) for event in events]
            matching = [(at_ms, text) for at_ms, text in texts if pattern.matches(text)]
            for transformation in each.transformations:
                self._apply(transformation, pattern, matching, events[0].timestamp, call)

    def _apply(
        self,
        transformation: Mapping[str, Any],
        pattern: FilterPattern,
        matching: Sequence[tuple[int, str]],
        first_ms: int,
        call: Call,
    ) -> None:
        default = transformation.get("defaultValue")
        if not matching and default is not None:
            self._point(transformation, {}, float(default), first_ms, call)
        for at_ms, text in matching:
            value = _value(transformation["metricValue"], pattern, text)
            named = {
                name: pattern.value(text, reference)
                for name, reference in (transformation.get("dimensions") or {}).items()
            }
            if value is not None and all(each is not None for each in named.values()):
                known = {name: str(each) for name, each in named.items()}
                self._point(transformation, known, value, at_ms, call)

    def _point(
        self, transformation: Mapping[str, Any], named: Mapping[str, str], value: float, at_ms: int, call: Call
    ) -> None:
        measure = Measure(
            transformation["metricNamespace"],
            transformation["metricName"],
            tuple(sorted(named.items())),
            transformation.get("unit", "None"),
        )
        self._cloud.measures.add(measure, value, (call.account_id, call.region), at_ms / 1000, call)


def _value(text: str, pattern: FilterPattern, message: str) -> float | None:
    """A transformation's value: a number, or what the pattern finds under a name."""
    found = pattern.value(message, text) if text.startswith("$") else text
    return number(found)


def _of(each: MetricFilter, name: str | None, namespace: str | None) -> bool:
    return (name is None and namespace is None) or any(
        name in (None, one["metricName"]) and namespace in (None, one["metricNamespace"])
        for one in each.transformations
    )


def _shown(group: LogGroup, each: MetricFilter) -> dict[str, Any]:
    return {
        "filterName": each.name,
        "filterPattern": each.pattern,
        "metricTransformations": list(each.transformations),
        "creationTime": each.created,
        "logGroupName": group.name,
        "applyOnTransformedLogs": each.on_transformed,
    }
