"""Statistics of a period: the five plain ones, percentiles, trimmed and winsorised ones.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .store import Aggregate

PLAIN = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")
_SHORT = re.compile(r"(tm|wm|tc|ts)(\d{1,2}(?:\.\d{1,10})?|100)", re.IGNORECASE)
_RANGE = re.compile(r"(TM|WM|TC|TS|PR)\((-?[\d.]*)(%?):(-?[\d.]*)(%?)\)", re.IGNORECASE)
_Values = list[tuple[float, float]]


def is_statistic(name: str) -> bool:
    """Whether there is a statistic of that name."""
    return name in PLAIN or name.upper() == "IQM" or any(each.fullmatch(name) for each in (_PERCENTILE, _SHORT, _RANGE))


def merged(aggregates: Iterable[Aggregate]) -> Aggregate:
    """Several aggregates as one."""
    whole = Aggregate()
    for each in aggregates:
        whole.count += each.count
        whole.total += each.total
        whole.least, whole.most = min(whole.least, each.least), max(whole.most, each.most)
        whole.hidden = whole.hidden or each.hidden
        for value, count in each.values.items():
            whole.values[value] = whole.values.get(value, 0.0) + count
    return whole


def statistic(name: str, whole: Aggregate) -> float | None:
    """A statistic of what came in a period; ``None`` where the single values that it needs are not known."""
    if not whole.count:
        return None
    plain: dict[str, Callable[[], float]] = {
        "SampleCount": lambda: whole.count,
        "Average": lambda: whole.total / whole.count,
        "Sum": lambda: whole.total,
        "Minimum": lambda: whole.least,
        "Maximum": lambda: whole.most,
    }
    if name in plain:
        return plain[name]()
    if whole.hidden or not whole.values:
        return None
    values = sorted(whole.values.items())
    percentile = _PERCENTILE.fullmatch(name)
    if percentile:
        return _at(values, float(percentile.group(1)))
    return _trimmed(name, values)


def _at(values: _Values, percent: float) -> float:
    """The value below which so many percent lie, between its neighbours where it falls between two."""
    total = sum(count for _, count in values)
    place = max(0.0, (total - 1) * percent / 100)
    passed, before = 0.0, values[0][0]
    for value, count in values:
        if place <= passed + count - 1:
            return value if place >= passed else before + (value - before) * (place - (passed - 1))
        passed += count
        before = value
    return values[-1][0]


def _trimmed(name: str, values: _Values) -> float | None:
    kind, low, high = _bounds(name, values)
    inside = [(value, count) for value, count in values if low <= value <= high]
    if kind == "WM":
        squeezed = [(min(max(value, low), high), count) for value, count in values]
        return _mean(squeezed)
    count = sum(count for _, count in inside)
    if kind == "TC":
        return count
    if kind == "TS":
        return sum(value * count for value, count in inside)
    if kind == "PR":
        return 100 * count / sum(count for _, count in values)
    return _mean(inside)


def _mean(values: _Values) -> float | None:
    count = sum(count for _, count in values)
    return sum(value * each for value, each in values) / count if count else None


def _bounds(name: str, values: _Values) -> tuple[str, float, float]:
    """What a statistic's name asks for: its kind, and the values between which it looks."""
    if name.upper() == "IQM":
        return "TM", _at(values, 25), _at(values, 75)
    short = _SHORT.fullmatch(name)
    if short:
        return short.group(1).upper(), values[0][0], _at(values, float(short.group(2)))
    found = _RANGE.fullmatch(name)
    if found is None:
        return "TM", values[0][0], values[-1][0]
    kind, low, low_percent, high, high_percent = found.groups()
    least = values[0][0] if not low else _at(values, float(low)) if low_percent else float(low)
    most = values[-1][0] if not high else _at(values, float(high)) if high_percent else float(high)
    return kind.upper(), least, most
