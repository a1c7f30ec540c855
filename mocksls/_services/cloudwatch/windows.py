"""Evaluation windows of alarms: sliding ones end now, wall clock windows end where a period of the calendar does.

Differs: days on which clocks change count 24 hours from their end.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._kernel.schedules import zone_of

from . import errors, insights

_PERIODS = (60, 300, 3600, 86_400, 604_800)
_DAY_S = 86_400
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):(\d\d)")
_INSIGHTS_S = 10_800


def check(request: Mapping[str, Any]) -> None:
    """Whether an alarm's window is one, and fits its periods.

    Raises:
        AwsError: ValidationError.
    """
    window = request.get("EvaluationWindow")
    if window is not None and len(window) != 1:
        raise errors.validation("Exactly one of SlidingWindow and WallClockWindow must be specified.")
    wall = _wall(request)
    if wall is not None:
        if not set(_periods(request)) <= set(_PERIODS):
            listed = ", ".join(str(each) for each in _PERIODS)
            raise errors.validation(f"A wall clock window supports the periods {listed} only.")
        _zone(wall.get("Timezone"))
    counted = request["EvaluationPeriods"] + (wall is not None)
    for query in request.get("Metrics", ()):
        if insights.is_query(query.get("Expression", "")) and query.get("Period", 60) * counted > _INSIGHTS_S:
            text = "An alarm on a Metrics Insights query can evaluate a time range of no more than 3 hours."
            raise errors.validation(text)


def end_of(settings: Mapping[str, Any], period: int, now: float) -> float:
    """Where the data end that an alarm looks at: now, or where the last period of the wall clock ended."""
    wall = _wall(settings)
    return now if wall is None else _boundary(period, _zone(wall.get("Timezone")), now)


def next_end(settings: Mapping[str, Any], period: int, now: float) -> float | None:
    """Where the period ends that a wall clock is in; ``None`` of sliding windows."""
    wall = _wall(settings)
    if wall is None:
        return None
    zone = _zone(wall.get("Timezone"))
    # One that clocks make an hour longer ends later than a period after its start.
    start = _boundary(period, zone, now)
    end = _boundary(period, zone, start + period + 3600) if period >= _DAY_S else start + period
    return end if end > now else start + period


def _wall(settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = settings.get("EvaluationWindow", {}).get("WallClockWindow")
    return found


def _periods(request: Mapping[str, Any]) -> list[int]:
    if "Period" in request:
        return [request["Period"]]
    stats = [query.get("MetricStat", query) for query in request.get("Metrics", ())]
    return [stat["Period"] for stat in stats if "Period" in stat]


def _boundary(period: int, zone: tzinfo, now: float) -> float:
    """The last start of a period at or before a moment: midnight of days, Monday's of weeks."""
    local = datetime.fromtimestamp(now, timezone.utc).astimezone(zone)
    if period < _DAY_S:
        shift = (local.utcoffset() or timedelta()).total_seconds()
        return (now + shift) // period * period - shift
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if period > _DAY_S:
        day -= timedelta(days=day.weekday())
    return day.timestamp()


def _zone(name: str | None) -> tzinfo:
    """A zone by its IANA name or its offset.

    Raises:
        AwsError: ValidationError.
    """
    found = _OFFSET.fullmatch(name or "")
    if name == "Z":
        return timezone.utc
    if found is None:
        try:
            return zone_of(name)
        except AwsError:
            raise errors.validation(f"The time zone {name} is not valid.") from None
    sign, hours, minutes = found.groups()
    span = timedelta(hours=int(hours), minutes=int(minutes))
    if int(minutes) % 5 or int(minutes) > 59 or span > timedelta(hours=18):
        raise errors.validation(f"The offset of the time zone {name} must be a multiple of 5 minutes.")
    return timezone(span if sign == "+" else -span)
