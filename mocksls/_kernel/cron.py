"""Cron expressions in AWS's dialect: six fields, ``?``, ``L``, ``W``, ``#``, names, years.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
FIRST_YEAR, LAST_YEAR = 1970, 2199
_RANGE = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d{1,4}))?", re.ASCII)
_NEAREST = re.compile(r"(\d{1,2})W")
_ORDINAL = re.compile(r"(\w+)#([1-5])")
_LAST = re.compile(r"(\w+)L")

DayRule = Callable[[int, int], "frozenset[int]"]
"""The days of a month (year, month) that a day field allows."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression, compiled."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: DayRule
    months: frozenset[int]
    years: frozenset[int]


def parse_cron(fields: list[str]) -> Cron:
    """Compile the six fields.

    Raises:
        ValueError: they are not a cron expression of AWS.
    """
    minutes, hours, day_of_month, months, day_of_week, years = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise ValueError("one of day-of-month and day-of-week must be ?")
    return Cron(
        tuple(sorted(_numbers(minutes, 0, 59))),
        tuple(sorted(_numbers(hours, 0, 23))),
        _days_of_month(day_of_month) if day_of_week == "?" else _days_of_week(day_of_week),
        _numbers(months, 1, 12, _MONTHS),
        _numbers(years, FIRST_YEAR, LAST_YEAR),
    )


def _numbers(field: str, first: int, last: int, names: dict[str, int] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(part)
        begin, end, step = match.groups()
        found |= _span(begin, end, step, first, last, names or {})
    return frozenset(found)


def _span(begin: str, end: str | None, step: str | None, first: int, last: int, names: dict[str, int]) -> set[int]:
    if begin == "*":
        if end is not None:
            raise ValueError("a range has no *")
        low, high = first, last
    else:
        low = _number(begin, first, last, names)
        high = _number(end, first, last, names) if end is not None else (last if step else low)
    size = int(step or 1)
    if not 1 <= size <= last:
        raise ValueError("a step outside the field")
    if low <= high:
        return set(range(low, high + 1, size))
    wrapped = [*range(low, last + 1), *range(first, high + 1)]
    return set(wrapped[::size])


def _number(text: str, first: int, last: int, names: dict[str, int]) -> int:
    number = names.get(text.upper())
    if number is None:
        if not text.isascii() or not text.isdigit():
            raise ValueError(text)
        number = int(text)
    if not first <= number <= last:
        raise ValueError(text)
    return number


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _weekday(year: int, month: int, day: int) -> int:
    """1 is Sunday, 7 Saturday."""
    return date(year, month, day).isoweekday() % 7 + 1


def _days_of_month(field: str) -> DayRule:
    upper = field.upper()
    if upper == "L":
        return lambda year, month: frozenset((_length(year, month),))
    if upper == "LW":
        return lambda year, month: frozenset((_nearest_weekday(year, month, _length(year, month)),))
    nearest = _NEAREST.fullmatch(upper)
    if nearest:
        wanted = _number(nearest.group(1), 1, 31, {})
        return lambda year, month: (
            frozenset((_nearest_weekday(year, month, wanted),)) if wanted <= _length(year, month) else frozenset()
        )
    days = _numbers(field, 1, 31)
    return lambda year, month: frozenset(day for day in days if day <= _length(year, month))


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """The weekday nearest to a day, within its month."""
    weekday = _weekday(year, month, day)
    if weekday == 7:
        return day - 1 if day > 1 else day + 2
    if weekday == 1:
        return day + 1 if day < _length(year, month) else day - 2
    return day


def _days_of_week(field: str) -> DayRule:
    upper = field.upper()
    if upper == "L":
        upper = "7"
    ordinal, last = _ORDINAL.fullmatch(upper), _LAST.fullmatch(upper)
    if ordinal:
        wanted, place = _number(ordinal.group(1), 1, 7, _WEEKDAYS), int(ordinal.group(2))
        return lambda year, month: frozenset(_on(year, month, frozenset((wanted,)))[place - 1 : place])
    if last and upper not in _WEEKDAYS:
        wanted_last = _number(last.group(1), 1, 7, _WEEKDAYS)
        return lambda year, month: frozenset(_on(year, month, frozenset((wanted_last,)))[-1:])
    days = _numbers(upper, 1, 7, _WEEKDAYS)
    return lambda year, month: frozenset(_on(year, month, days))


def _on(year: int, month: int, weekdays: frozenset[int]) -> list[int]:
    first = _weekday(year, month, 1)
    return [day for day in range(1, _length(year, month) + 1) if (first + day - 2) % 7 + 1 in weekdays]
