"""Time series: a metric's statistic over periods.

Periods are counted from a start that is rounded down, as AWS rounds it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import errors
from .data import dimensions_of
from .statistics import is_statistic, merged, statistic
from .store import Aggregate, Metric, Store

_DAY_S = 86_400
_FINE = (1, 5, 10, 20, 30)


@dataclass(slots=True)
class Series:
    """Values by the start of their period (epoch seconds), and how the series is labelled.

    ``fields`` are what a label may show of it.
    """

    values: dict[int, float] = field(default_factory=dict)
    label: str = ""
    period: int = 60
    fields: dict[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()


def check_period(period: int, name: str = "Period") -> None:
    """Periods are 1, 5, 10, 20, 30 seconds or whole minutes.

    Raises:
        AwsError: InvalidParameterValue.
    """
    if period not in _FINE and (period <= 0 or period % 60):
        text = f"The parameter {name} must be greater than or equal to 60 and a multiple of 60, or be 1, 5, 10, 20, 30."
        raise errors.invalid(text)


def rounded(start: float, period: int, now: float) -> int:
    """The start of a request as AWS rounds it down: by its age, or for fine periods by the period."""
    if period in _FINE:
        step = period
    elif start >= now - 15 * _DAY_S:
        step = 60
    else:
        step = 300 if start >= now - 63 * _DAY_S else 3600
    return math.floor(start / step) * step


def buckets(metric: Metric, start: float, end: float, period: int) -> dict[int, dict[str, Aggregate]]:
    """A metric's aggregates by period and unit, from a start up to before an end."""
    found: dict[int, dict[str, list[Aggregate]]] = {}
    base = int(start)
    for second in metric.order[bisect_left(metric.order, start) : bisect_left(metric.order, end)]:
        place = base + (second - base) // period * period
        for unit, aggregate in metric.seconds[second].items():
            found.setdefault(place, {}).setdefault(unit, []).append(aggregate)
    return {place: {unit: merged(each) for unit, each in units.items()} for place, units in found.items()}


def of_stat(store: Store, stat: Mapping[str, Any], start: float, end: float) -> Series:
    """The series that a MetricStat asks for; of several units the first by name is taken.

    Raises:
        AwsError: ValidationError: there is no such statistic.
    """
    asked, period, name = stat["Metric"], stat["Period"], stat["Stat"]
    if not is_statistic(name):
        raise errors.validation(f"The value {name} for parameter Stat is not supported.")
    key = (asked.get("Namespace", ""), asked.get("MetricName", ""), dimensions_of(asked.get("Dimensions", ())))
    metric = store.metrics.get(key)
    series = Series(period=period, fields=fields_of(key[0], key[1], dict(key[2]), name, period))
    if metric is None:
        return series
    found = buckets(metric, start, end, period)
    units = sorted({unit for each in found.values() for unit in each})
    series.units = tuple(units)
    wanted = stat.get("Unit") or (units[0] if units else None)
    for place, each in found.items():
        value = statistic(name, each[wanted]) if wanted in each else None
        if value is not None:
            series.values[place] = value
    return series


def fields_of(namespace: str, name: str, dimensions: Mapping[str, str], stat: str, period: int) -> dict[str, str]:
    """What labels may show of a metric (``${PROP('Stat')}``)."""
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Stat": stat,
        "Period": str(period),
        **{f"Dim.{key}": value for key, value in dimensions.items()},
    }
