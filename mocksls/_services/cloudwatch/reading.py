"""Data read: by queries with metric maths, or as statistics of one metric.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import collecting, errors
from .data import dimensions_of
from .labels import filled
from .queries import Answers
from .series import Series, buckets, check_period, rounded
from .statistics import is_statistic, statistic
from .store import Aggregate, Store

_MOST_DATAPOINTS = 1_440
_MOST_QUERIES = 500
_RESULT_DATAPOINTS = 100_800


class Reading:
    """Operations that read metrics' data."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_metric_data(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The series that queries ask for: metrics and expressions over them.

        Raises:
            AwsError: ValidationError, InvalidNextToken.

        Differs: all values are in one page.
        """
        collecting.collect(self._store, call)
        start, end, queries = request["StartTime"], request["EndTime"], request["MetricDataQueries"]
        if request.get("NextToken"):
            raise errors.invalid_next_token()
        _check_range(start, end)
        if len(queries) > _MOST_QUERIES:
            raise errors.validation(
                f"The collection MetricDataQueries must not have a size greater than {_MOST_QUERIES}."
            )
        answers = Answers(self._store, queries, start.timestamp(), end.timestamp(), self._cloud.clock.time())
        results: list[dict[str, Any]] = []
        for query in queries:
            if not query.get("ReturnData", True):
                continue
            results += [_result(query, series, request) for series in answers.of(query["Id"])]
        return {"MetricDataResults": results, "Messages": []}

    def get_metric_statistics(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Statistics of one metric over periods, a data point for each unit that is there.

        Raises:
            AwsError: InvalidParameterValue, InvalidParameterCombination.
        """
        collecting.collect(self._store, call)
        plain, extended = request.get("Statistics", ()), request.get("ExtendedStatistics", ())
        start, end, period = request["StartTime"].timestamp(), request["EndTime"].timestamp(), request["Period"]
        if not plain and not extended:
            raise errors.combination("Must specify either Statistics or ExtendedStatistics")
        if start >= end:
            raise errors.invalid("The parameter StartTime must be less than the parameter EndTime.")
        check_period(period)
        for name in extended:
            if not is_statistic(name):
                raise errors.invalid(f"The value {name} for parameter ExtendedStatistics.member.1 is not supported.")
        count = int((end - start) / period)
        if count > _MOST_DATAPOINTS:
            raise errors.combination(
                f"You have requested up to {count} datapoints, which exceeds the limit of {_MOST_DATAPOINTS}. You may "
                "reduce the datapoints requested by increasing Period, or decreasing the time range."
            )
        key = (request["Namespace"], request["MetricName"], dimensions_of(request.get("Dimensions", ())))
        metric = self._store.metrics.get(key)
        points: list[dict[str, Any]] = []
        if metric is not None:
            begun = rounded(start, period, self._cloud.clock.time())
            for place, units in buckets(metric, begun, end, period).items():
                points += [
                    _point(place, unit, whole, plain, extended)
                    for unit, whole in units.items()
                    if request.get("Unit", unit) == unit
                ]
        return {"Label": request["MetricName"], "Datapoints": points}


def _point(place: int, unit: str, whole: Aggregate, plain: list[str], extended: list[str]) -> dict[str, Any]:
    shown = {name: statistic(name, whole) for name in plain}
    further = {name: value for name in extended if (value := statistic(name, whole)) is not None}
    return {
        "Timestamp": datetime.fromtimestamp(place, timezone.utc),
        **shown,
        "Unit": unit,
        "ExtendedStatistics": further or None,
    }


def _check_range(start: datetime, end: datetime) -> None:
    """AWS compares whole seconds."""
    first, last = int(start.timestamp()), int(end.timestamp())
    if first == last:
        raise errors.validation("The parameter StartTime must not equal parameter EndTime.")
    if first > last:
        raise errors.validation("The parameter EndTime must be greater than StartTime.")


def _finite(series: Series) -> list[int]:
    return [place for place, value in series.values.items() if math.isfinite(value)]


def _result(query: Mapping[str, Any], series: Series, request: Mapping[str, Any]) -> dict[str, Any]:
    places = sorted(_finite(series), reverse=request.get("ScanBy", "TimestampDescending") == "TimestampDescending")
    places = places[: request.get("MaxDatapoints", _RESULT_DATAPOINTS)]
    result = {
        "Id": query["Id"],
        "Label": filled(query["Label"], series) if query.get("Label") else series.label,
        "Timestamps": [datetime.fromtimestamp(place, timezone.utc) for place in places],
        "Values": [series.values[place] for place in places],
        "StatusCode": "Complete",
    }
    if len(series.units) > 1 and "Unit" not in query.get("MetricStat", {}):
        shown = ", ".join(series.units)
        result["Messages"] = [{"Code": "MultipleUnits", "Value": f"Multiple units returned: '[{shown}]'"}]
    return result
