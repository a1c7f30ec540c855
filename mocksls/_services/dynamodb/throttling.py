"""Throughput that runs out, with ``capacity="enforce"``: token buckets of tables and global indexes.

Provisioned throughput keeps 300 seconds of what was not used; on-demand tables have their configured maximum or the
account's quota. What a request costs is known when it has run, so a bucket that has anything left lets it pass.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from mocksls._kernel.buckets import TokenBucket
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.store import Table

Kind = Literal["Read", "Write"]
BURST_S = 300
_ON_DEMAND_UNITS = 40000


class Spent(NamedTuple):
    """Units to take: of a table, or of one of its global indexes; ``index_name`` is empty for the table."""

    table: Table
    index_name: str
    kind: Kind
    units: float


def is_enforced(call: Call) -> bool:
    """Whether throughput runs out in this cloud."""
    return call.cloud.options.capacity == "enforce"


def refusal(spent: Spent, call: Call) -> AwsError | None:
    """Why units cannot be taken now; None where they can."""
    bucket = _bucket(spent, call)
    if bucket is None or bucket.available(call.cloud.clock.time()) > 0:
        return None
    return _refused(spent)


def take(spent: Spent, call: Call) -> None:
    """Take units, below nothing if they are more than there are."""
    bucket = _bucket(spent, call)
    if bucket is not None:
        bucket.take(call.cloud.clock.time(), spent.units, overdraw=True)


def _bucket(spent: Spent, call: Call) -> TokenBucket | None:
    table = spent.table
    rate, seconds = _rate(spent)
    key = f"{spent.index_name}/{spent.kind}"
    bucket = table.buckets.get(key)
    if bucket is None:
        bucket = table.buckets[key] = TokenBucket(rate, rate * seconds)
    elif bucket.rate != rate or bucket.burst != rate * seconds:
        bucket.resize(call.cloud.clock.time(), rate, rate * seconds)
    return bucket


def _rate(spent: Spent) -> tuple[float, float]:
    """Units a second, and how many seconds of them a bucket holds."""
    table = spent.table
    if table.billing_mode == "PROVISIONED":
        index = table.indexes.get(spent.index_name)
        units = (index.throughput if index is not None else None) or table.throughput
        return float(units[f"{spent.kind}CapacityUnits"]), BURST_S
    maximum = _maximum(spent)
    return float(maximum if maximum is not None else _ON_DEMAND_UNITS), 1


def _maximum(spent: Spent) -> int | None:
    """The configured maximum of an on-demand table or index; -1 stands for none."""
    index = spent.table.indexes.get(spent.index_name)
    settings = index.settings if index is not None else spent.table.settings
    units: int | None = settings.get("OnDemandThroughput", {}).get(f"Max{spent.kind}RequestUnits")
    return None if units is None or units < 0 else units


def _refused(spent: Spent) -> AwsError:
    scope = "Index" if spent.index_name else "Table"
    resource = f"{spent.table.arn}/index/{spent.index_name}" if spent.index_name else spent.table.arn
    if spent.table.billing_mode == "PROVISIONED":
        reason = {"reason": f"{scope}{spent.kind}ProvisionedThroughputExceeded", "resource": resource}
        return errors.throughput_exceeded(bool(spent.index_name), reason)
    limit = "AccountLimitExceeded" if _maximum(spent) is None else "MaxOnDemandThroughputExceeded"
    return errors.throttled(bool(spent.index_name), {"reason": f"{scope}{spent.kind}{limit}", "resource": resource})
