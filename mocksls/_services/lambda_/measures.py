"""The metrics that Lambda keeps of its functions, in the namespace ``AWS/Lambda``.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.metrics import Metric, Point
from mocksls._sandbox import Outcome

from .names import Target
from .store import Function

_NAMESPACE = "AWS/Lambda"


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
    metrics = _metrics(target.function.arn, target.qualifier, alias, ran, tuple(values))
    for name, (value, unit) in values.items():
        point = Point(now, value, unit)
        for metric in metrics[name]:
            cloud.metrics.add(metric, point)


@lru_cache(maxsize=1024)
def _metrics(
    arn: str, qualifier: str | None, alias: str | None, ran: str | None, names: tuple[str, ...]
) -> dict[str, list[Metric]]:
    """The metrics that a value goes to: of all functions, the function, the function by the name it was called by."""
    _, _, _, region, account, _, function = arn.split(":")
    found: list[tuple[tuple[str, str], ...]] = [(), (("FunctionName", function),)]
    if ran is not None:
        found.append((("ExecutedVersion", ran), ("FunctionName", function), ("Resource", f"{function}:{alias}")))
    found.append((("FunctionName", function), ("Resource", f"{function}:{qualifier}" if qualifier else function)))
    return {name: [Metric(account, region, _NAMESPACE, name, dimensions) for dimensions in found] for name in names}
