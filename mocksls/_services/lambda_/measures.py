"""The metrics that Lambda keeps of its functions, in the namespace ``AWS/Lambda``.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.measures import Measure, Place
from mocksls._sandbox import Outcome

from .names import Target
from .store import Function

_NAMESPACE = "AWS/Lambda"
Dimensions = tuple[tuple[str, str], ...]


def measure_invocation(
    cloud: Cloud, target: Target, version: Function, outcome: Outcome, *, failed: bool, busy: int
) -> None:
    """Count an invocation that ran."""
    values = {
        "Invocations": (1.0, "Count"),
        "Errors": (1.0 if failed else 0.0, "Count"),
        "Throttles": (0.0, "Count"),
        "Duration": (outcome.duration_ms, "Milliseconds"),
        "ConcurrentExecutions": (float(busy), "Count"),
    }
    _measure(cloud, target, values, version)


def measure_throttle(cloud: Cloud, target: Target) -> None:
    """Count an invocation that was refused for want of concurrency."""
    _measure(cloud, target, {"Throttles": (1.0, "Count")}, None)


def measure(cloud: Cloud, target: Target, name: str, value: float, unit: str) -> None:
    """Keep one value of a function's metric (``IteratorAge``, ``DestinationDeliveryFailures`` ...)."""
    _measure(cloud, target, {name: (value, unit)}, None)


def _measure(cloud: Cloud, target: Target, values: Mapping[str, tuple[float, str]], version: Function | None) -> None:
    now, alias = cloud.clock.time(), target.alias.name if target.alias else None
    ran = version.version if version and alias else None
    add = cloud.measures.add
    for name, (value, unit) in values.items():
        kept, place = _kept(target.function.arn, target.qualifier, alias, ran, name, unit)
        for each in kept:
            add(each, value, place, now)


@lru_cache(maxsize=4096)
def _kept(
    arn: str, qualifier: str | None, alias: str | None, ran: str | None, name: str, unit: str
) -> tuple[list[Measure], Place]:
    """As what a value is kept, and where.

    For all functions, for the function, for the function by the name it was called by.
    """
    _, _, _, region, account, _, function = arn.split(":")
    found: list[Dimensions] = [(), (("FunctionName", function),)]
    if ran is not None:
        found.append((("ExecutedVersion", ran), ("FunctionName", function), ("Resource", f"{function}:{alias}")))
    found.append((("FunctionName", function), ("Resource", f"{function}:{qualifier}" if qualifier else function)))
    return [Measure(_NAMESPACE, name, each, unit) for each in found], (account, region)
