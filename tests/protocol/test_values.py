"""Timestamps and scalars as text."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._protocol import json_values, scalars, timestamps

MOMENT = datetime(2024, 5, 6, 7, 8, 9, 120_000, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-06T07:08:09.12Z", MOMENT),
        ("2024-05-06T07:08:09.120000999Z", MOMENT),
        ("2024-05-06T07:08:09Z", MOMENT.replace(microsecond=0)),
        ("2024-05-06T05:38:09.120-01:30", MOMENT),
        ("2024-05-06T07:08Z", MOMENT.replace(second=0, microsecond=0)),
        ("2024-05-06", datetime(2024, 5, 6, tzinfo=timezone.utc)),
        ("Mon, 06 May 2024 07:08:09 GMT", MOMENT.replace(microsecond=0)),
        ("1714979289.12", MOMENT),
        ("1.71497928912E9", MOMENT),
        ("-1", datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc)),
    ],
)
def test_times_are_read(text: str, moment: datetime) -> None:
    """All formats that AWS's protocols know."""
    assert timestamps.from_text(text) == moment


@pytest.mark.parametrize(
    "text", ["", "x", "2024-13-01T00:00:00Z", "1e300", "0001-01-01T00:00:00+10:00", "nan", "Mon, 99"]
)
def test_no_times(text: str) -> None:
    """Texts that are no time."""
    with pytest.raises(ValueError, match=r"."):
        timestamps.from_text(text)


def test_times_are_written() -> None:
    """Milliseconds where there are any, whole seconds in HTTP dates."""
    whole = MOMENT.replace(microsecond=999)
    assert timestamps.to_iso(MOMENT) == "2024-05-06T07:08:09.120Z"
    assert timestamps.to_iso(whole) == "2024-05-06T07:08:09Z"
    assert timestamps.to_iso(whole, always_fraction=True) == "2024-05-06T07:08:09.000Z"
    assert timestamps.to_text(MOMENT, "rfc822") == "Mon, 06 May 2024 07:08:09 GMT"
    assert timestamps.to_text(MOMENT, "unixTimestamp") == "1714979289.12"
    assert (timestamps.to_epoch(MOMENT), timestamps.to_epoch(whole)) == (1714979289.12, 1714979289)


def test_zones() -> None:
    """Times of other zones are the same moment; those without zone are UTC's."""
    there = MOMENT.astimezone(timezone(timedelta(hours=5)))
    assert timestamps.to_iso(there) == timestamps.to_iso(MOMENT.replace(tzinfo=None)) == "2024-05-06T07:08:09.120Z"


@given(st.datetimes(timezones=st.just(timezone.utc)))
def test_round_trip(moment: datetime) -> None:
    """Written and read again, to the millisecond."""
    expected = moment - timedelta(microseconds=moment.microsecond % 1000)
    assert timestamps.from_text(timestamps.to_iso(moment)) == expected


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (scalars.read_boolean, "yes"),
        (scalars.read_integer, "1.5"),
        (scalars.read_integer, "9" * 5000),
        (scalars.read_integer, "\u0663"),
        (scalars.read_float, "x"),
        (scalars.read_float, "inf"),
        (scalars.read_float, "1_0"),
        (scalars.read_blob, "a"),
        (scalars.read_blob, "é"),
        (scalars.read_timestamp, "x"),
        (scalars.read_json_value, "e30x"),
        (scalars.read_json_value, "ew=="),
    ],
)
def test_malformed_values(reader: scalars.TextReader, text: str) -> None:
    """Texts that are no value of their type."""
    with pytest.raises(scalars.MalformedValue):
        reader(text)


@pytest.mark.parametrize(("number", "text"), [(1.5, "1.5"), (math.inf, "Infinity"), (-math.inf, "-Infinity")])
def test_floats(number: float, text: str) -> None:
    """The infinite ones have names."""
    assert (scalars.write_float(number), scalars.read_float(text)) == (text, number)


def test_not_a_number() -> None:
    """Which has a name, too, in JSON as a string."""
    assert math.isnan(scalars.read_float("NaN"))
    assert scalars.write_float(math.nan) == json_values.write_float(math.nan) == "NaN"


@given(st.recursive(st.text() | st.integers() | st.booleans(), st.lists, max_leaves=5))
def test_json_values(value: Any) -> None:
    """JSON in headers survives."""
    assert scalars.read_json_value(scalars.write_json_value(value)) == value
