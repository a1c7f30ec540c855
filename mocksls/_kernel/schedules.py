"""Schedule expressions: ``rate``, ``cron`` and ``at``, and when they are due next.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from .cron import Cron, parse_cron
from .errors import AwsError
from .ids import Ids

Dialect = Literal["events", "scheduler"]

_UNIT_S = {"minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(r"rate\((\d{1,9}) (minute|hour|day)(s?)\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_CRON = re.compile(r"cron\((\S+(?: +\S+){5})\)")


@dataclass(frozen=True, slots=True)
class Rate:
    """Every so many seconds, counted from when the schedule began."""

    period_s: int


@dataclass(frozen=True, slots=True)
class At:
    """Once, at a local time."""

    local: datetime


Schedule = Rate | Cron | At


@lru_cache(maxsize=1024)
def parse_schedule(text: str, dialect: Dialect) -> Schedule:
    """Read an expression; ``at`` belongs to EventBridge Scheduler only.

    Raises:
        AwsError: ValidationException, in the service's words.
    """
    try:
        return _parsed(text, dialect)
    except ValueError:
        pass
    if dialect == "events":
        raise AwsError("ValidationException", "Parameter ScheduleExpression is not valid.", status=400)
    raise AwsError("ValidationException", f"Invalid Schedule Expression {text}.", status=400)


def _parsed(text: str, dialect: Dialect) -> Schedule:
    rate = _RATE.fullmatch(text)
    if rate:
        count, unit, plural = int(rate.group(1)), rate.group(2), bool(rate.group(3))
        if count < 1 or (dialect == "events" and plural != (count > 1)):
            raise ValueError(text)
        return Rate(count * _UNIT_S[unit])
    cron = _CRON.fullmatch(text)
    if cron:
        return parse_cron(cron.group(1).split())
    at = _AT.fullmatch(text)
    if at and dialect == "scheduler":
        return At(datetime.fromisoformat(at.group(1)))
    raise ValueError(text)


@lru_cache(maxsize=256)
def zone_of(name: str | None) -> tzinfo:
    """A time zone by its IANA name; ``None`` is UTC.

    Raises:
        AwsError: ValidationException: there is no such zone.
    """
    if name in (None, "UTC", "Etc/UTC"):
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise AwsError("ValidationException", f"Invalid Schedule Expression Timezone {name}.", status=400) from None


def next_time(schedule: Schedule, after: datetime, *, began: datetime, zone: tzinfo = timezone.utc) -> datetime | None:
    """When a schedule is due next, strictly after a moment; ``None``: never again.

    A local time that the change to summer time skips is left out; one that the change back repeats counts once, the
    first time.

    Args:
        schedule: the expression.
        after: an aware time.
        began: since when the schedule is there: rates count from it (it is itself the first time, which
            EventBridge Scheduler uses, and rules, asking with ``after=began``, do not).
        zone: what cron and at are read in.
    """
    if isinstance(schedule, Rate):
        passed = (after - began).total_seconds()
        count = max(0, math.floor(passed / schedule.period_s) + 1)
        return began + timedelta(seconds=count * schedule.period_s)
    if isinstance(schedule, At):
        moment = schedule.local.replace(tzinfo=zone).astimezone(timezone.utc)
        return moment if moment > after else None
    for local in _local_times(schedule, after.astimezone(zone).replace(tzinfo=None)):
        moment = local.replace(tzinfo=zone).astimezone(timezone.utc)
        if moment > after and moment.astimezone(zone).replace(tzinfo=None) == local:
            return moment
    return None


def _local_times(cron: Cron, since: datetime) -> Iterator[datetime]:
    """The local times of an expression that come after one, in order."""
    for first in _days(cron, since):
        same_day = first.date() == since.date()
        for hour in cron.hours:
            if same_day and hour < since.hour:
                continue
            for minute in cron.minutes:
                local = first.replace(hour=hour, minute=minute)
                if local > since:
                    yield local


def _days(cron: Cron, since: datetime) -> Iterator[datetime]:
    for year in sorted(year for year in cron.years if year >= since.year):
        for month in sorted(cron.months):
            if (year, month) < (since.year, since.month):
                continue
            for day in sorted(cron.days(year, month)):
                first = datetime(year, month, day)
                if first.date() >= since.date():
                    yield first


def flexible_delay_s(window_minutes: int | None, ids: Ids) -> int:
    """By how many seconds a flexible window puts an invocation off; ``None``: the window is off."""
    return ids.integer(0, window_minutes * 60 - 1) if window_minutes else 0
