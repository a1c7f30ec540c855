"""The functions of metric maths.

Of an array of series, AVG, MAX, MIN, SUM and STDDEV make one series; of one series, one number.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from .expressions import ExpressionError
from .series import Series

_Reduce = Callable[[list[float]], float]


def _reduced(reduce: _Reduce) -> Callable[..., Any]:
    def function(value: Any) -> Any:
        if isinstance(value, list):
            places = sorted({place for series in value for place in series.values})
            values = {
                place: reduce([series.values[place] for series in value if place in series.values]) for place in places
            }
            return replace(value[0], values=values, units=()) if value else Series()
        series = _one(value)
        return reduce([series.values[place] for place in sorted(series.values)]) if series.values else math.nan

    return function


def _each(change: Callable[[float], float]) -> Callable[..., Any]:
    def function(value: Any) -> Any:
        if isinstance(value, list):
            return [function(series) for series in value]
        if isinstance(value, Series):
            changed = {place: _safe(change, number) for place, number in value.values.items()}
            return replace(value, values={k: v for k, v in changed.items() if math.isfinite(v)}, units=())
        return _safe(change, value)

    return function


def _over(change: Callable[[Series], dict[int, float]]) -> Callable[..., Any]:
    """A function that looks at a series as a whole; of an array it changes each."""

    def function(value: Any) -> Any:
        if isinstance(value, list):
            return [function(series) for series in value]
        return replace(_one(value), values=change(_one(value)), units=())

    return function


def _safe(change: Callable[[float], float], number: float) -> float:
    try:
        return float(change(number))
    except (ValueError, OverflowError):
        return math.nan


def _one(value: Any) -> Series:
    if not isinstance(value, Series):
        raise ExpressionError("a series is needed")
    return value


def _differences(series: Series) -> dict[int, float]:
    places = sorted(series.values)
    return {later: series.values[later] - series.values[place] for place, later in itertools.pairwise(places)}


def _difference_times(series: Series) -> dict[int, float]:
    places = sorted(series.values)
    return {later: float(later - place) for place, later in itertools.pairwise(places)}


def _rates(series: Series) -> dict[int, float]:
    times = _difference_times(series)
    return {place: change / times[place] for place, change in _differences(series).items()}


def _running(series: Series) -> dict[int, float]:
    total, found = 0.0, {}
    for place in sorted(series.values):
        total += series.values[place]
        found[place] = total
    return found


def _moment(part: Callable[[datetime], int]) -> Callable[..., Any]:
    return _over(
        lambda series: {place: float(part(datetime.fromtimestamp(place, timezone.utc))) for place in series.values}
    )


def _filled(value: Any, filling: Any) -> Any:
    """FILL: the periods between a series' first and last that have no value get one."""
    if isinstance(value, list):
        return [_filled(series, filling) for series in value]
    series = _one(value)
    if not series.values:
        return series
    values: dict[int, float] = {}
    places = sorted(series.values)
    for place in range(places[0], places[-1] + 1, series.period):
        values[place] = series.values[place] if place in series.values else _filling(series, place, filling, values)
    return replace(series, values={k: v for k, v in values.items() if math.isfinite(v)})


def _filling(series: Series, place: int, filling: Any, before: Mapping[int, float]) -> float:
    if isinstance(filling, Series):
        return filling.values.get(place, math.nan)
    if filling == "REPEAT":
        return before[place - series.period]
    if filling == "LINEAR":
        later = min(other for other in series.values if other > place)
        earlier = max(other for other in series.values if other < place)
        share = (place - earlier) / (later - earlier)
        return series.values[earlier] + share * (series.values[later] - series.values[earlier])
    if isinstance(filling, (int, float)):
        return float(filling)
    raise ExpressionError("FILL takes a number, a series, REPEAT or LINEAR")


def _cut(value: Any, begin: Any, end: Any = None) -> Any:
    if not isinstance(value, list):
        raise ExpressionError("SLICE takes an array")
    if end is None:
        return value[int(begin)]
    return value[int(begin) : int(end)]


_ORDERS: Mapping[str, _Reduce] = {
    "AVG": lambda values: sum(values) / len(values),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}


def _sorted(value: Any, by: str, direction: str, most: Any = None) -> Any:
    if not isinstance(value, list) or by not in _ORDERS:
        raise ExpressionError("SORT takes an array, a function and a direction")
    ordered = sorted(
        value,
        key=lambda series: _ORDERS[by](list(series.values.values())) if series.values else -math.inf,
        reverse=direction == "DESC",
    )
    return ordered if most is None else ordered[: int(most)]


def _count(value: Any) -> float:
    return float(len(value)) if isinstance(value, list) else 1.0


def _no_band(*_: Any) -> Any:
    raise ExpressionError("the anomaly detection model is not trained")


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "ABS": _each(abs),
    "CEIL": _each(math.ceil),
    "FLOOR": _each(math.floor),
    "LOG": _each(math.log),
    "LOG10": _each(math.log10),
    "AVG": _reduced(lambda values: sum(values) / len(values)),
    "MAX": _reduced(max),
    "MIN": _reduced(min),
    "SUM": _reduced(sum),
    "STDDEV": _reduced(statistics.pstdev),
    "FIRST": lambda value: value[0] if isinstance(value, list) and value else _reduced(lambda each: each[0])(value),
    "LAST": lambda value: value[-1] if isinstance(value, list) and value else _reduced(lambda each: each[-1])(value),
    "DATAPOINT_COUNT": _reduced(lambda values: float(len(values))),
    "DIFF": _over(_differences),
    "DIFF_TIME": _over(_difference_times),
    "RATE": _over(_rates),
    "RUNNING_SUM": _over(_running),
    "FILL": _filled,
    "PERIOD": lambda value: float(_one(value).period),
    "METRIC_COUNT": _count,
    "REMOVE_EMPTY": lambda value: [series for series in value if series.values] if isinstance(value, list) else value,
    "SLICE": _cut,
    "SORT": _sorted,
    "EPOCH": _over(lambda series: {place: float(place) for place in series.values}),
    "MINUTE": _moment(lambda moment: moment.minute),
    "HOUR": _moment(lambda moment: moment.hour),
    "DAY": _moment(lambda moment: moment.isoweekday()),
    "DATE": _moment(lambda moment: moment.day),
    "MONTH": _moment(lambda moment: moment.month),
    "YEAR": _moment(lambda moment: moment.year),
    "ANOMALY_DETECTION_BAND": _no_band,
}
