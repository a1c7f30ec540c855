"""What an alarm makes of its data: the state, the reason in AWS's words, and the reason as data.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.errors import AwsError

from . import contributors, insights, windows
from .queries import Answers
from .series import Series, of_stat
from .store import Alarm, Store
from .watching import period_of

_SLACK = 2
_COMPARISONS: Mapping[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
_TREATMENTS = {"breaching": "Breaching", "notBreaching": "NonBreaching", "ignore": "Ignore", "missing": "Missing"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that an alarm should have, ``None``: the one that it has; ``sees`` tells whether there is data.

    ``full`` tells whether data fill all of the periods that it looks at.
    """

    state: str | None
    reason: str
    data: str
    sees: bool
    full: bool


def evaluate(store: Store, alarm: Alarm, now: float) -> Verdict:
    """Look at an alarm's data in the periods before now."""
    settings = alarm.settings
    now = windows.end_of(settings, period_of(settings), now)
    start = int(now) - (settings["EvaluationPeriods"] + _SLACK) * period_of(settings)
    found = _series(store, settings, start, now)
    if not _is_grouped(settings):
        return judge(settings, found[0] if found else Series(), start, now)
    verdicts = [(series, judge(settings, series, start, now)) for series in found]
    seen = [(_attributes(series), verdict.state, verdict.reason) for series, verdict in verdicts]
    state = contributors.update(alarm, seen, now)
    full = any(verdict.full for _, verdict in verdicts)
    data = _data(settings, period_of(settings), [], start, now, 0)
    return Verdict(state, contributors.told(alarm, state), data, bool(found), full)


def _is_grouped(settings: Mapping[str, Any]) -> bool:
    """Whether an alarm's query finds a series for each group."""
    watched = _watched(settings)
    return watched is not None and insights.is_grouped(watched.get("Expression", ""))


def _attributes(series: Series) -> dict[str, str]:
    return {name.removeprefix("Dim."): value for name, value in series.fields.items() if name.startswith("Dim.")}


def judge(settings: Mapping[str, Any], series: Series, start: int, now: float) -> Verdict:
    """What an alarm makes of one series."""
    period, wanted = period_of(settings), settings["EvaluationPeriods"]
    real = sorted(series.values.items(), reverse=True)[:wanted]
    filled = max(0, wanted - len(real))
    breaching = [place for place, value in real if _breaches(settings, value)]
    oldest = math.ceil((now - real[-1][0]) / period) if real else 0
    state = _state(settings, len(breaching), len(real), filled, oldest)
    reason = _reason(settings, state, real, filled, len(breaching))
    return Verdict(state, reason, _data(settings, period, real, start, now, filled), bool(real), not filled)


def _series(store: Store, settings: Mapping[str, Any], start: int, now: float) -> list[Series]:
    if "Metrics" not in settings:
        stat = {
            "Metric": {
                "Namespace": settings["Namespace"],
                "MetricName": settings["MetricName"],
                "Dimensions": settings.get("Dimensions", ()),
            },
            "Period": settings["Period"],
            "Stat": settings.get("Statistic") or settings["ExtendedStatistic"],
            "Unit": settings.get("Unit"),
        }
        return [of_stat(store, stat, start, now)]
    watched = _watched(settings)
    try:
        return Answers(store, settings["Metrics"], start, now, now).of(watched["Id"]) if watched else []
    except AwsError:
        return []


def _watched(settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The query whose result an alarm compares."""
    for query in settings.get("Metrics", ()):
        if query.get("ReturnData", True) and query["Id"] != settings.get("ThresholdMetricId"):
            found: Mapping[str, Any] = query
            return found
    return None


def _breaches(settings: Mapping[str, Any], value: float) -> bool:
    """Bands of anomaly detection are not trained here, so nothing is outside of them."""
    comparison = _COMPARISONS.get(settings["ComparisonOperator"])
    return comparison is not None and comparison[0](value, settings["Threshold"])


def _state(settings: Mapping[str, Any], breaching: int, real: int, filled: int, oldest: int) -> str | None:
    """AWS's table of missing data: they count for or against, or the data that are there decide.

    Fewer breaching data than are needed ring too, if nothing else came since the ``oldest`` of them (in periods).
    """
    treatment = settings.get("TreatMissingData", "missing")
    needed = settings.get("DatapointsToAlarm", settings["EvaluationPeriods"])
    if settings["ComparisonOperator"] not in _COMPARISONS:
        return "INSUFFICIENT_DATA"
    if breaching >= needed or (treatment == "breaching" and breaching + filled >= needed):
        return "ALARM"
    if treatment in ("breaching", "notBreaching") or breaching < real:
        return "OK"
    if real:
        return "ALARM" if oldest >= needed else None
    return None if treatment == "ignore" else "INSUFFICIENT_DATA"


def _reason(
    settings: Mapping[str, Any], state: str | None, real: list[tuple[int, float]], filled: int, breaching: int
) -> str:
    count = settings["EvaluationPeriods"]
    if state == "INSUFFICIENT_DATA":
        many = "datapoint was" if count == 1 else "datapoints were"
        return f"Insufficient Data: {count} {many} unknown."
    treated = _TREATMENTS[settings.get("TreatMissingData", "missing")]
    if not real:
        periods, points = ("period", "datapoint was") if count == 1 else ("periods", "datapoints were")
        return (
            f"Threshold Crossed: no datapoints were received for {count} {periods} and {filled} missing {points} "
            f"treated as [{treated}]."
        )
    shown = [(place, value) for place, value in real if state != "ALARM" or _breaches(settings, value)]
    points = ", ".join(f"{value} ({_day(place)})" for place, value in shown)
    words = _COMPARISONS[settings["ComparisonOperator"]][1]
    negated = "" if state == "ALARM" else "not "
    threshold = float(settings["Threshold"])
    if "DatapointsToAlarm" in settings and state == "ALARM":
        verb, needed = "was" if breaching == 1 else "were", settings["DatapointsToAlarm"]
        least = f"minimum {needed} datapoint{'' if needed == 1 else 's'} for OK -> ALARM transition"
        crossed = f"{breaching} out of the last {count} datapoints [{points}] {verb} {words}"
        return f"Threshold Crossed: {crossed} the threshold ({threshold}) ({least})."
    many = "datapoint" if len(shown) == 1 else "datapoints"
    verb = "was" if len(shown) == 1 else "were"
    return f"Threshold Crossed: {len(shown)} {many} [{points}] {verb} {negated}{words} the threshold ({threshold})."


def _day(place: int) -> str:
    return f"{datetime.fromtimestamp(place, timezone.utc):%d/%m/%y %H:%M:%S}"


def moment(at: float) -> str:
    """A time as alarms write it."""
    when = datetime.fromtimestamp(at, timezone.utc)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}+0000"


def _data(
    settings: Mapping[str, Any], period: int, real: list[tuple[int, float]], start: int, now: float, filled: int
) -> str:
    data: dict[str, Any] = {"version": "1.0", "queryDate": moment(now)}
    if real:
        data["startDate"] = moment(real[-1][0])
    if "Unit" in settings:
        data["unit"] = settings["Unit"]
    if "Metrics" not in settings:
        data["statistic"] = settings.get("Statistic") or settings.get("ExtendedStatistic")
    data |= {
        "period": period,
        "recentDatapoints": [value for _, value in reversed(real)],
        "threshold": settings.get("Threshold"),
        "evaluatedDatapoints": [
            *({"timestamp": moment(place), "value": value} for place, value in real),
            *({"timestamp": moment(now - (each + 1) * period)} for each in range(len(real), len(real) + filled)),
        ],
    }
    return json.dumps({key: value for key, value in data.items() if value is not None}, separators=(",", ":"))
