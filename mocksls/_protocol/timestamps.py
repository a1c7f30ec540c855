"""Timestamps as the protocols write them: epoch numbers, ISO 8601 and HTTP dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import floor

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?)?"
    r"\s*([Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?", re.ASCII)


def utc(value: datetime) -> datetime:
    """The same moment in UTC; a time without zone is taken for UTC."""
    zone = value.tzinfo
    if zone is timezone.utc:
        return value
    return value.replace(tzinfo=timezone.utc) if zone is None else value.astimezone(timezone.utc)


def from_epoch(seconds: float) -> datetime:
    """The moment that many seconds after 1970.

    Raises:
        ValueError: the number is none that the calendar holds.
    """
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError(f"not a time: {seconds}") from None


def from_text(text: str) -> datetime:
    """A moment written as ISO 8601, HTTP date or epoch number.

    Raises:
        ValueError: the text is none of them.
    """
    text = text.strip()
    found = _ISO.fullmatch(text)
    if found:
        return _from_iso(found)
    if _NUMBER.fullmatch(text):
        return from_epoch(float(text))
    try:
        return utc(parsedate_to_datetime(text))
    except (TypeError, ValueError, IndexError, OverflowError):
        raise ValueError(f"not a time: {text!r}") from None


def _from_iso(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), microsecond, timezone.utc
    )
    if zone is None or zone in "Zz":
        return moment
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    try:
        return moment - offset if zone[0] == "+" else moment + offset
    except OverflowError:
        raise ValueError("not a time") from None


def to_epoch(value: datetime) -> int | float:
    """Seconds since 1970, milliseconds behind the point where there are any."""
    milliseconds = (utc(value) - EPOCH) // _MILLISECOND
    seconds, rest = divmod(milliseconds, 1000)
    return milliseconds / 1000 if rest else seconds


def to_iso(value: datetime, always_fraction: bool = False) -> str:
    """ISO 8601 in UTC, milliseconds where there are any (or always)."""
    moment = utc(value)
    text = (
        f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}T"
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}"
    )
    milliseconds = moment.microsecond // 1000
    return f"{text}.{milliseconds:03d}Z" if milliseconds or always_fraction else f"{text}Z"


def to_http_date(value: datetime) -> str:
    """The date format of HTTP headers (``Tue, 15 Nov 1994 08:12:31 GMT``)."""
    return _http_date(floor(utc(value).timestamp()))


@lru_cache(maxsize=16)
def _http_date(second: int) -> str:
    """The same, of a second since 1970: every answer has one, and most are of the same second."""
    moment = EPOCH + timedelta(seconds=second)
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month]} {moment.year:04d} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} GMT"
    )


def to_text(value: datetime, timestamp_format: str, always_fraction: bool = False) -> str:
    """A moment as text in one of the models' formats: iso8601, rfc822, unixTimestamp."""
    known = timestamp_format.lower()
    if known == "rfc822":
        return to_http_date(value)
    if known == "unixtimestamp":
        return str(to_epoch(value))
    return to_iso(value, always_fraction)
