"""Token buckets and quotas on the cloud's clock, as plain data that lies in a service's store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

Period = Literal["DAY", "WEEK", "MONTH"]


@dataclass(slots=True, eq=False)
class TokenBucket:
    """A rate with a burst: it holds at most ``burst`` tokens and gains ``rate`` a second.

    Args:
        rate: tokens a second; 0 never refills.
        burst: how many it holds.
        tokens: how many there are at ``at``; negative after an overdraft.
        at: when that was (epoch seconds); ``None``: full, not used yet.
    """

    rate: float
    burst: float
    tokens: float = 0.0
    at: float | None = None

    def take(self, now: float, amount: float = 1.0, *, overdraw: bool = False) -> bool:
        """Take tokens, or leave everything as it is and answer False.

        ``overdraw`` lets a bucket that has anything left go below nothing: the debt is refilled first (what a
        DynamoDB request costs is known when it has run).
        """
        tokens = self.available(now)
        if tokens < amount and not (overdraw and tokens > 0):
            return False
        self.tokens, self.at = tokens - amount, now
        return True

    def available(self, now: float) -> float:
        """The tokens there are."""
        if self.at is None:
            return self.burst
        # a clock that went back neither gives nor takes
        return min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)

    def wait_s(self, now: float, amount: float = 1.0) -> float | None:
        """How long until that many are there; ``None``: never."""
        missing = amount - self.available(now)
        if missing <= 0:
            return 0.0
        return missing / self.rate if self.rate > 0 and amount <= self.burst else None

    def resize(self, now: float, rate: float, burst: float) -> None:
        """Go on with another rate and burst, with what is left."""
        left = self.available(now) if self.at is not None else burst
        self.rate, self.burst, self.tokens, self.at = rate, burst, min(left, burst), now


@dataclass(slots=True, eq=False)
class Quota:
    """So many requests in a day, week or month (UTC), ``offset`` of them already gone in the first period.

    https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html
    """

    limit: int
    period: Period
    offset: int = 0
    used: int = 0
    since: float | None = None

    def take(self, now: float, amount: int = 1) -> bool:
        """Count some requests, or answer False and leave everything as it is."""
        self._turn(now)
        if self.used + amount > self.limit:
            return False
        self.used += amount
        return True

    def left(self, now: float) -> int:
        """How many there are left in this period."""
        self._turn(now)
        return max(0, self.limit - self.used)

    def _turn(self, now: float) -> None:
        begun = period_start(now, self.period)
        if self.since is None:
            self.used, self.since = self.offset, begun
        elif begun > self.since:
            self.used, self.since = 0, begun


def period_start(now: float, period: Period) -> float:
    """When the period of a moment began: midnight UTC, Sunday's for weeks, the first's for months."""
    midnight = datetime.fromtimestamp(now, timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "WEEK":
        midnight -= timedelta(days=midnight.isoweekday() % 7)
    elif period == "MONTH":
        midnight = midnight.replace(day=1)
    return midnight.timestamp()
