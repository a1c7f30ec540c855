"""Times in Logs Insights: periods, and the functions on times.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._kernel.schedules import zone_of

from . import date_patterns
from .insights_strings import text
from .numerals import number

_PERIOD = re.compile(r"(\d+)([a-z]+)")
_LONGEST_MS = 253_402_300_799_999


class Moment(int):
    """A time in milliseconds, which results show as a date."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time: so many milliseconds, or so many months."""

    count: int
    months: bool = False

    def floor(self, moment_ms: int) -> int:
        """The start of the period that a time lies in."""
        if not self.months:
            return moment_ms // self.count * self.count
        moment = datetime.fromtimestamp(moment_ms / 1000, timezone.utc)
        return _month_ms((moment.year * 12 + moment.month - 1) // self.count * self.count)

    def ceil(self, moment_ms: int) -> int:
        """The start of the next period, or the time itself where one starts."""
        start = self.floor(moment_ms)
        if start == moment_ms:
            return start
        if not self.months:
            return start + self.count
        moment = datetime.fromtimestamp(start / 1000, timezone.utc)
        return _month_ms(moment.year * 12 + moment.month - 1 + self.count)


def _month_ms(months: int) -> int:
    return int(datetime(months // 12, months % 12 + 1, 1, tzinfo=timezone.utc).timestamp()) * 1000


def _units() -> Iterator[tuple[str, tuple[int, int, bool]]]:
    """Each name of a unit, with its length, the most of it that a period has (0: any), and whether it is in months."""
    for names, length, most, months in (
        (("millisecond", "ms", "msec"), 1, 1000, False),
        (("second", "s", "sec"), 1000, 60, False),
        (("minute", "m", "min"), 60_000, 60, False),
        (("hour", "h", "hr"), 3_600_000, 24, False),
        (("day", "d"), 86_400_000, 0, False),
        (("week", "w"), 604_800_000, 0, False),
        (("month", "mo", "mon"), 1, 0, True),
        (("quarter", "q", "qtr"), 3, 0, True),
        (("year", "y", "yr"), 12, 0, True),
    ):
        for name in names:
            yield name, (length, most, months)
            if len(name) > 1:
                yield f"{name}s", (length, most, months)


_UNITS = dict(_units())


def period(given: str) -> Period | None:
    """A period as it is written (``5m``); milliseconds, seconds, minutes and hours are capped, as AWS caps them."""
    found = _PERIOD.fullmatch(given)
    if found is None or found.group(2) not in _UNITS or not 0 < int(found.group(1)) < 100_000:
        return None
    length, most, months = _UNITS[found.group(2)]
    count = int(found.group(1))
    return Period(min(count, most or count) * length, months)


def moment_of(value: Any) -> Moment | None:
    """A number of milliseconds as a time that can be shown."""
    given = number(value)
    return Moment(int(given)) if given is not None and 0 <= given <= _LONGEST_MS else None


def floored(wanted: Period, *, up: bool) -> Callable[[Any], Moment | None]:
    """What ``bin``, ``datefloor`` and ``dateceil`` make of a time."""

    def moved(value: Any) -> Moment | None:
        moment = moment_of(value)
        if moment is None:
            return None
        try:
            return moment_of(wanted.ceil(moment) if up else wanted.floor(moment))
        except ValueError:
            return None

    return moved


def _zone(name: Any) -> Any:
    try:
        return zone_of(None if name is None else text(name))
    except AwsError:
        raise ValueError(name) from None


def _parse_date(value: Any, pattern: Any, zone: Any = None) -> int | None:
    try:
        moment = date_patterns.read(text(value), text(pattern), _zone(zone))
    except date_patterns.DatePatternError:
        return None
    return None if moment is None else int(moment.timestamp() * 1000)


def _format_date(value: Any, pattern: Any, zone: Any = None) -> str | None:
    moment = moment_of(value)
    if moment is None:
        return None
    local = datetime.fromtimestamp(moment / 1000, timezone.utc).astimezone(_zone(zone))
    return re.sub("%[A-Za-z%]", lambda mark: local.strftime(mark.group()), text(pattern))


OF_TIMES: dict[str, Callable[..., Any]] = {
    "frommillis": moment_of,
    "tomillis": lambda value: None if (given := number(value)) is None else int(given),
    "parsedate": _parse_date,
    "formatdate": _format_date,
    "strftime": _format_date,
}
"""By name in lower case; ``bin``, ``datefloor``, ``dateceil`` and ``now`` are the parser's."""
