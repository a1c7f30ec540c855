"""Schedule expressions: what they accept, when they are due, summer time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.errors import AwsError
from mocksls._kernel.ids import Ids
from mocksls._kernel.schedules import flexible_delay_s, next_time, parse_schedule, zone_of

_BEGAN = datetime(2026, 1, 1, tzinfo=timezone.utc)


def due(expression: str, after: str, zone: str = "UTC") -> str | None:
    moment = datetime.fromisoformat(after).replace(tzinfo=timezone.utc)
    found = next_time(parse_schedule(expression, "scheduler"), moment, began=_BEGAN, zone=zone_of(zone))
    return found.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M") if found else None


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0 10 * * ? *)", "2026-03-01T10:00", "2026-03-02T10:00"),
        ("cron(0 10 * * ? *)", "2026-03-01T09:59:59", "2026-03-01T10:00"),
        ("cron(0/15 * * * ? *)", "2026-03-01T10:07", "2026-03-01T10:15"),
        ("cron(*/15 * * * ? *)", "2026-03-01T23:50", "2026-03-02T00:00"),
        ("cron(5,35 14 * * ? *)", "2026-03-01T14:05", "2026-03-01T14:35"),
        ("cron(0 18 ? * MON-FRI *)", "2026-03-06T18:00", "2026-03-09T18:00"),
        ("cron(0 8 1 * ? *)", "2026-03-01T08:00", "2026-04-01T08:00"),
        ("cron(0 0 L * ? *)", "2026-02-01T00:00", "2026-02-28T00:00"),
        ("cron(0 0 31 * ? *)", "2026-03-31T00:00", "2026-05-31T00:00"),
        ("cron(0 0 29 2 ? *)", "2026-01-01T00:00", "2028-02-29T00:00"),
        ("cron(0 0 15W * ? *)", "2026-03-01T00:00", "2026-03-16T00:00"),
        ("cron(0 0 1W * ? *)", "2026-08-01T00:00", "2026-08-03T00:00"),
        ("cron(0 0 31W 5 ? *)", "2026-05-01T00:00", "2026-05-29T00:00"),
        ("cron(15 10 ? * 6L *)", "2026-03-01T00:00", "2026-03-27T10:15"),
        ("cron(0 2 ? * SAT#3 *)", "2026-03-01T00:00", "2026-03-21T02:00"),
        ("cron(0 2 ? * 2#5 *)", "2026-03-01T00:00", "2026-03-30T02:00"),
        ("cron(0 0 ? * L *)", "2026-03-01T00:00", "2026-03-07T00:00"),
        ("cron(0/5 5 ? JAN 1-5 2030)", "2026-01-01T00:00", "2030-01-01T05:00"),
        ("cron(15 10 ? * 6L 2002-2005)", "2026-01-01T00:00", None),
        ("cron(0 0 30 2 ? *)", "2026-01-01T00:00", None),
        ("cron(0 22-2 ? * FRI-MON *)", "2026-03-05T00:00", "2026-03-06T00:00"),
        ("rate(5 minutes)", "2026-01-01T00:07", "2026-01-01T00:10"),
        ("rate(1 hour)", "2025-12-31T20:00", "2026-01-01T00:00"),
        ("rate(2 days)", "2026-01-01T00:00", "2026-01-03T00:00"),
        ("at(2026-05-01T12:30:00)", "2026-05-01T12:29:59", "2026-05-01T12:30"),
        ("at(2026-05-01T12:30:00)", "2026-05-01T12:30:00", None),
    ],
)
def test_a_schedule_is_due_next(expression: str, after: str, expected: str | None) -> None:
    """The next time after a moment, in UTC."""
    assert due(expression, after) == expected


@pytest.mark.parametrize(
    ("expression", "after", "zone", "expected"),
    [
        ("cron(0 9 * * ? *)", "2026-01-01T00:00", "America/New_York", "2026-01-01T14:00"),
        ("cron(0 9 * * ? *)", "2026-07-01T00:00", "America/New_York", "2026-07-01T13:00"),
        # 2026-03-08 02:30 does not exist in New York
        ("cron(30 2 * * ? *)", "2026-03-07T12:00", "America/New_York", "2026-03-09T06:30"),
        # 2026-11-01 01:30 comes twice: 05:30 and 06:30 UTC
        ("cron(30 1 * * ? *)", "2026-10-31T12:00", "America/New_York", "2026-11-01T05:30"),
        ("cron(30 1 * * ? *)", "2026-11-01T05:30", "America/New_York", "2026-11-02T06:30"),
        ("at(2026-07-01T09:00:00)", "2026-01-01T00:00", "Asia/Kolkata", "2026-07-01T03:30"),
    ],
)
def test_local_times_follow_summer_time(expression: str, after: str, zone: str, expected: str) -> None:
    """Skipped local times are left out, repeated ones count once (Scheduler's guide, daylight savings time)."""
    assert due(expression, after, zone) == expected


@pytest.mark.parametrize(
    "expression",
    [
        *("cron(0 1 * * * *)", "cron(7 20 * * NOT *)", "cron(INVALID)", "cron(0 dummy ? * MON-FRI *)"),
        *("cron(71 8 1 * ? *)", "cron()", "rate(10 seconds)", "rate(10 years)", "rate()", "rate(10)"),
        *("rate(10 minutess)", "rate(foo minutes)", "rate(-10 minutes)", "rate( 10 minutes )", " rate(10 minutes)"),
        *("at(2021-12-31T23:59:59Z)", "at(2021-12-31)", "at(2021-13-31T23:59:59)", "rate(0 minutes)"),
        *(
            "cron(0 1 ? * ? *)",
            "cron(0/0 1 * * ? *)",
            "cron(0 1 * * ? 1969)",
            "cron(0 1 ? * 2#6 *)",
            "cron(0 24 * * ? *)",
        ),
    ],
)
def test_scheduler_names_an_invalid_expression(expression: str) -> None:
    """AWS's text, recorded for most of these."""
    with pytest.raises(AwsError) as caught:
        parse_schedule(expression, "scheduler")
    assert (caught.value.code, caught.value.message) == (
        "ValidationException",
        f"Invalid Schedule Expression {expression}.",
    )


@pytest.mark.parametrize(
    "expression", ["rate(1 minutes)", "rate(5 minute)", "at(2030-01-01T00:00:00)", "cron(INVALID)"]
)
def test_rules_take_less(expression: str) -> None:
    """EventBridge's rules know no at, and count units in the right number."""
    with pytest.raises(AwsError) as caught:
        parse_schedule(expression, "events")
    assert caught.value.message == "Parameter ScheduleExpression is not valid."


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """A name that is no zone is AWS's error, whatever it looks like."""
    with pytest.raises(AwsError) as caught:
        zone_of(zone)
    assert caught.value.code == "ValidationException"


def test_a_flexible_window_is_used_evenly_and_repeatably() -> None:
    """The delay lies within the window and comes of the cloud's seed."""
    first, again = [[flexible_delay_s(4, ids) for _ in range(50)] for ids in (Ids(7), Ids(7))]
    assert first == again
    assert len(set(first)) > 10
    assert all(0 <= delay < 240 for delay in first)
    assert flexible_delay_s(None, Ids(7)) == 0


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    spans = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    steps = st.tuples(number, st.integers(1, high)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    part = st.one_of(number.map(str), spans, steps)
    return st.one_of(st.just("*"), st.lists(part, min_size=1, max_size=3).map(",".join))


def _allows(field: str, value: int, high: int) -> bool:
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, top = ("0", "", str(high)) if span == "*" else span.partition("-")
        end = int(top) if top else high if step else int(low)
        if int(low) <= value <= end and (value - int(low)) % int(step or 1) == 0:
            return True
    return False


@given(
    _field(0, 59),
    _field(0, 23),
    _field(1, 31),
    st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin"]),
    st.sampled_from(["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31", "2026-06-29"]),
    st.integers(0, 2879),
)
def test_next_times_agree_with_a_scan_of_minutes(
    minutes: str, hours: str, days: str, zone_name: str, day: str, offset: int
) -> None:
    """Minute by minute over three days, each local time at its first occurrence."""
    zone = zone_of(zone_name)
    after = datetime.fromisoformat(day).replace(tzinfo=timezone.utc) + timedelta(minutes=offset)
    schedule = parse_schedule(f"cron({minutes} {hours} {days} * ? *)", "scheduler")
    found = next_time(schedule, after, began=after, zone=zone)
    expected = None
    for step in range(1, 3 * 1440):
        moment = after + timedelta(minutes=step)
        local = moment.astimezone(zone)
        fits = _allows(minutes, local.minute, 59) and _allows(hours, local.hour, 23) and _allows(days, local.day, 31)
        if fits and local.fold == 0:
            expected = moment
            break
    if expected is None:
        assert found is None or found >= after + timedelta(days=3)
    else:
        assert found == expected


def test_a_zone_is_looked_up_once() -> None:
    """Zones are kept, and are those of the system or of tzdata."""
    assert zone_of("Europe/Berlin") is zone_of("Europe/Berlin")
    assert isinstance(zone_of("Europe/Berlin"), ZoneInfo)
