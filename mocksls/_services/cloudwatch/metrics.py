"""Metrics: data put and listed.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import collecting, errors, watching
from .data import add_value, aggregate_of, dimensions_of
from .store import Aggregate, Metric, Store

_TWO_WEEKS_S = 14 * 86_400
_TWO_HOURS_S = 7_200
_RECENT_S = 3 * 3_600
_MOST_DATA = 1_000
_MOST_VALUES = 150
_LISTED = 500


class Metrics:
    """Operations on metrics."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_metric_data(self, request: Mapping[str, Any], call: Call) -> None:
        """Put data: single values, values with counts, statistic sets. Alarms that watch the metrics look at them.

        Raises:
            AwsError: InvalidParameterValue, InvalidParameterCombination, MissingParameter.
        """
        namespace = request["Namespace"]
        if namespace.startswith("AWS/") and not call.internal and self._cloud.options.compat != "moto":
            raise errors.invalid(f"The value {namespace} for parameter Namespace is invalid.")
        data = [(f"MetricData.member.{place}", datum) for place, datum in enumerate(request.get("MetricData", ()), 1)]
        for each, entity in enumerate(request.get("EntityMetricData", ()), 1):
            prefix = f"EntityMetricData.member.{each}.MetricData.member"
            data += [(f"{prefix}.{place}", datum) for place, datum in enumerate(entity.get("MetricData", ()), 1)]
        if not data:
            raise errors.missing("MetricData")
        if len(data) > _MOST_DATA:
            raise errors.invalid(f"The collection MetricData must not have a size greater than {_MOST_DATA}.")
        now = self._cloud.clock.time()
        for where, datum in data:
            if self._cloud.options.compat != "moto":
                _check_given(where, datum)
                _check_time(where, datum, now)
            _check(where, datum)
        for _, datum in data:
            self._add(namespace, datum, now)
        watching.look_at(self._cloud, self._store, {(namespace, datum["MetricName"]) for _, datum in data}, call)

    def _add(self, namespace: str, datum: Mapping[str, Any], now: float) -> None:
        moment = datum["Timestamp"].timestamp() if "Timestamp" in datum else now
        key = (namespace, datum["MetricName"], dimensions_of(datum.get("Dimensions", ())))
        aggregate = aggregate_of(self._store, key, moment, datum.get("Unit", "None"))
        if "StatisticValues" in datum:
            _add_set(aggregate, datum["StatisticValues"])
            return
        values = datum["Values"] if "Values" in datum else [datum["Value"]] if "Value" in datum else []
        counts = datum.get("Counts") or [1.0] * len(values)
        for value, count in zip(values, counts, strict=True):
            add_value(aggregate, value, count)

    def list_metrics(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The metrics of a namespace, of a name, with certain dimensions; five hundred a page.

        Raises:
            AwsError: InvalidParameterValue.
        """
        collecting.collect(self._store, call)
        oldest = self._cloud.clock.time() - _RECENT_S if "RecentlyActive" in request else None
        found = [
            metric
            for _, metric in sorted(self._store.metrics.items())
            if _is_asked(metric, request) and (oldest is None or metric.last >= oldest)
        ]
        shown, token = page(found, _LISTED, request.get("NextToken"), _place, errors.bad_token)
        metrics = [
            {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
            }
            for metric in shown
        ]
        return {"Metrics": metrics, "NextToken": token}


def _place(metric: Metric) -> str:
    return "\0".join((metric.namespace, metric.name, *(f"{name}\1{value}" for name, value in metric.dimensions)))


def _is_asked(metric: Metric, request: Mapping[str, Any]) -> bool:
    if request.get("Namespace", metric.namespace) != metric.namespace:
        return False
    if request.get("MetricName", metric.name) != metric.name:
        return False
    return all(
        any(name == each["Name"] and each.get("Value", value) == value for name, value in metric.dimensions)
        for each in request.get("Dimensions", ())
    )


def _add_set(aggregate: Aggregate, given: Mapping[str, float]) -> None:
    """Add a statistic set; it shows its single values only where they are all the same."""
    if given["Minimum"] == given["Maximum"] and given["SampleCount"]:
        add_value(aggregate, given["Minimum"], given["SampleCount"])
        return
    aggregate.count += given["SampleCount"]
    aggregate.total += given["Sum"]
    aggregate.least = min(aggregate.least, given["Minimum"])
    aggregate.most = max(aggregate.most, given["Maximum"])
    aggregate.hidden = True


def _check_given(where: str, datum: Mapping[str, Any]) -> None:
    """Suites written for moto put data without any value, to have the metric."""
    if not any(name in datum for name in ("Value", "StatisticValues", "Values")):
        text = f"At least one of the parameters must be specified. ({where}.Value, {where}.Values,"
        raise errors.invalid(f"{text} {where}.StatisticValues)")


def _check(where: str, datum: Mapping[str, Any]) -> None:
    given = [name for name in ("Value", "StatisticValues", "Values") if name in datum]
    if len(given) > 1:
        first, second = ("Value", given[1]) if given[0] == "Value" else (given[0], given[1])
        text = f"The parameters {where}.{first} and {where}.{second} are mutually exclusive"
        raise errors.combination(f"{text} and you have specified both.")
    if "Counts" in datum and len(datum["Counts"]) != len(datum.get("Values", ())):
        raise errors.invalid(f"The parameters {where}.Values and {where}.Counts must be of the same size.")
    if len(datum.get("Values", ())) > _MOST_VALUES:
        raise errors.invalid(f"The collection {where}.Values must not have a size greater than {_MOST_VALUES}.")
    for name, value in _numbers(datum):
        if not math.isfinite(value):
            raise errors.invalid(f"The value {_written(value)} for parameter {where}.{name} is invalid.")


def _numbers(datum: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    if "Value" in datum:
        yield "Value", datum["Value"]
    for place, value in enumerate(datum.get("Values", ()), 1):
        yield f"Values.member.{place}", value
    for name, value in datum.get("StatisticValues", {}).items():
        yield f"StatisticValues.{name}", value


def _written(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _check_time(where: str, datum: Mapping[str, Any], now: float) -> None:
    if "Timestamp" not in datum:
        return
    moment = datum["Timestamp"].timestamp()
    if moment < now - _TWO_WEEKS_S:
        raise errors.invalid(f"The parameter {where}.Timestamp must specify a time within the past two weeks.")
    if moment > now + _TWO_HOURS_S:
        raise errors.invalid(
            f"The parameter {where}.Timestamp must specify a time no more than two hours in the future."
        )
