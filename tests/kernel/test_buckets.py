"""Token buckets and quotas."""

from __future__ import annotations

from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.buckets import Quota, TokenBucket, period_start


def _at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def test_a_burst_is_there_at_once_and_refills_at_the_rate() -> None:
    """What is taken comes back second by second, up to the burst."""
    bucket = TokenBucket(rate=2, burst=3)
    assert [True, True, True, False] == [bucket.take(100.0) for _ in range(4)]
    assert not bucket.take(100.4)
    assert bucket.take(100.5)
    assert bucket.available(1000.0) == 3


def test_a_refused_request_costs_nothing() -> None:
    """A request for more than there is leaves the bucket as it was."""
    bucket = TokenBucket(rate=1, burst=5)
    assert not bucket.take(0.0, 6)
    assert bucket.take(0.0, 5)


def test_an_overdraft_is_refilled_first() -> None:
    """The last tokens may be overdrawn; then nothing goes until the debt is paid."""
    bucket = TokenBucket(rate=1, burst=5)
    assert bucket.take(0.0, 8, overdraw=True)
    assert not bucket.take(3.0, 1, overdraw=True)
    assert bucket.take(4.0, 1, overdraw=True)


def test_it_tells_how_long_to_wait() -> None:
    """The wait is what is missing at the rate; never where it cannot hold so much."""
    bucket = TokenBucket(rate=2, burst=2)
    bucket.take(0.0, 2)
    assert bucket.wait_s(0.0) == 0.5
    assert bucket.wait_s(9.0) == 0.0
    assert bucket.wait_s(0.0, 3) is None
    assert TokenBucket(rate=0, burst=1, tokens=0, at=0.0).wait_s(5.0) is None


def test_a_resized_bucket_keeps_what_is_left() -> None:
    """A smaller burst cuts, a larger one waits to be filled."""
    bucket = TokenBucket(rate=1, burst=10)
    bucket.take(0.0, 4)
    bucket.resize(0.0, 1, 20)
    assert bucket.available(0.0) == 6
    bucket.resize(0.0, 1, 2)
    assert bucket.available(0.0) == 2


def test_a_quota_begins_anew_with_its_period() -> None:
    """The offset counts in the first period only."""
    quota = Quota(limit=3, period="DAY", offset=1)
    assert [True, True, False] == [quota.take(_at("2026-03-01T23:59")) for _ in range(3)]
    assert quota.left(_at("2026-03-02T00:00")) == 3


def test_periods_begin_at_midnight_sunday_and_the_first() -> None:
    """In UTC."""
    now = _at("2026-03-04T10:00")  # a Wednesday
    starts = [period_start(now, period) for period in ("DAY", "WEEK", "MONTH")]
    assert starts == [_at("2026-03-04T00:00"), _at("2026-03-01T00:00"), _at("2026-03-01T00:00")]


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 4)), max_size=60))
def test_never_more_than_burst_plus_rate_is_given(steps: list[tuple[float, int]]) -> None:
    """Over any time, what was taken stays within burst + rate x time."""
    bucket, now, taken = TokenBucket(rate=2.0, burst=5.0), 0.0, 0
    for gap, amount in steps:
        now += gap
        taken += amount if bucket.take(now, amount) else 0
        assert taken <= 5.0 + 2.0 * now + 1e-6
