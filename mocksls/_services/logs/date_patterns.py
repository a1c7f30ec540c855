"""Dates by Java's patterns (``yyyy-MM-dd'T'HH:mm:ss.SSSXXX``): read and written.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Datetime.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_OFFSET = r"(?:Z|[+-]\d\d:?\d\d|[+-]\d\d|UTC|GMT)"
_NUMBERS = {
    "y": "year",
    "u": "year",
    "M": "month",
    "d": "day",
    "H": "hour",
    "h": "hour12",
    "m": "minute",
    "s": "second",
}


class DatePatternError(Exception):
    """A pattern that cannot be read."""


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[str, ...]:
    found = tuple(match.group() for match in _TOKEN.finditer(pattern))
    if "".join(found) != pattern:
        raise DatePatternError(pattern)
    return found


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(_once("".join(_part(token) for token in _tokens(pattern))))


def _once(expression: str) -> str:
    """A part of a date that comes again must be what it was the first time."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return found.group()

    return re.sub(r"\(\?P<(\w+)>(?:[^()]|\(\?:[^()]*\))*\)", group, expression)


def _part(token: str) -> str:
    letter, count = token[0], len(token)
    if letter == "'":
        return re.escape(token[1:-1].replace("''", "'") or "'")
    if not letter.isalpha():
        return re.escape(token)
    if letter == "M" and count > 2:
        return rf"(?P<month_name>{'|'.join(name if count > 3 else name[:3] for name in _MONTHS)})"
    if letter == "E":
        return rf"(?:{'|'.join(name if count > 3 else name[:3] for name in _DAYS)})"
    if letter in _NUMBERS:
        digits = f"{{{count}}}" if count > 1 else "{1,4}" if letter in "yu" else "{1,2}"
        return rf"(?P<{_NUMBERS[letter]}>\d{digits})"
    if letter in "Sn":
        return rf"(?P<fraction>\d{{1,{max(count, 1)}}})"
    if letter == "a":
        return "(?P<half>AM|PM|am|pm)"
    if letter in "XxZz":
        return f"(?P<offset>{_OFFSET})"
    raise DatePatternError(token)


def check(pattern: str) -> None:
    """Whether a pattern can be read.

    Raises:
        DatePatternError: it cannot.
    """
    _expression(pattern)


def read(text: str, pattern: str, zone: tzinfo) -> datetime | None:
    """The moment that a text names; ``None`` where it does not agree with the pattern. ``epoch`` are milliseconds."""
    if pattern == "epoch":
        return datetime.fromtimestamp(int(text) / 1000, timezone.utc) if text.isdecimal() and len(text) < 15 else None
    found = _expression(pattern).fullmatch(text)
    if found is None:
        return None
    try:
        return _moment(found.groupdict(), zone)
    except ValueError:
        return None


def _moment(parts: Mapping[str, str | None], zone: tzinfo) -> datetime:
    name = parts.get("month_name")
    month = _numbered(name) if name else int(parts.get("month") or 1)
    year = parts.get("year") or "1970"
    hour = int(parts.get("hour") or 0)
    if parts.get("hour12"):
        hour = int(parts["hour12"] or 0) % 12 + (12 if (parts.get("half") or "").upper() == "PM" else 0)
    return datetime(
        int(year) + (2000 if len(year) == 2 else 0),
        month,
        int(parts.get("day") or 1),
        hour,
        int(parts.get("minute") or 0),
        int(parts.get("second") or 0),
        int(float(f"0.{parts.get('fraction') or 0}") * 1_000_000),
        _zone(parts.get("offset")) or zone,
    )


def _numbered(name: str) -> int:
    return next(place for place, month in enumerate(_MONTHS, 1) if month.startswith(name))


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset in ("Z", "UTC", "GMT"):
        return timezone.utc
    digits = offset[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(span if offset[0] == "+" else -span)


def written(moment: datetime, pattern: str) -> str:
    """A moment by a pattern; ``epoch`` are milliseconds."""
    if pattern == "epoch":
        return str(int(moment.timestamp() * 1000))
    return "".join(_written(token, moment) for token in _tokens(pattern))


def _written(token: str, moment: datetime) -> str:
    letter, count = token[0], len(token)
    if letter == "'":
        return token[1:-1].replace("''", "'") or "'"
    if not letter.isalpha():
        return token
    write = _WRITERS.get(letter)
    if write is None:
        raise DatePatternError(token)
    return write(moment, count)


def _offset(moment: datetime, count: int) -> str:
    text = moment.strftime("%z") or "+0000"
    return f"{text[:3]}:{text[3:5]}" if count == 3 else text[:5]


_WRITERS: Mapping[str, Callable[[datetime, int], str]] = {
    "y": lambda moment, count: f"{moment.year % 100:02d}" if count == 2 else f"{moment.year:0{count}d}",
    "u": lambda moment, count: f"{moment.year:0{count}d}",
    "M": lambda moment, count: (
        f"{moment.month:0{count}d}" if count < 3 else _MONTHS[moment.month - 1][: 3 if count == 3 else None]
    ),
    "d": lambda moment, count: f"{moment.day:0{count}d}",
    "E": lambda moment, count: _DAYS[moment.weekday()][: None if count > 3 else 3],
    "H": lambda moment, count: f"{moment.hour:0{count}d}",
    "h": lambda moment, count: f"{moment.hour % 12 or 12:0{count}d}",
    "m": lambda moment, count: f"{moment.minute:0{count}d}",
    "s": lambda moment, count: f"{moment.second:0{count}d}",
    "S": lambda moment, count: f"{moment.microsecond:06d}"[:count].ljust(count, "0"),
    "n": lambda moment, count: str(moment.microsecond * 1000),
    "a": lambda moment, count: "AM" if moment.hour < 12 else "PM",
    "X": lambda moment, count: "Z" if not moment.utcoffset() else _offset(moment, count),
    "x": _offset,
    "Z": _offset,
    "z": lambda moment, count: moment.tzname() or "UTC",
}
