"""The metrics that Lambda keeps of its functions, in the namespace ``AWS/Lambda``.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
    now, function = cloud.clock.time(), target.function
    for dimensions in _dimensions(target, version):
        for name, (value, unit) in values.items():
            metric = Metric(function.account_id, function.region, _NAMESPACE, name, dimensions)
            cloud.metrics.add(metric, Point(now, value, unit))


def _dimensions(target: Target, version: Function | None) -> Iterator[tuple[tuple[str, str], ...]]:
    """All functions together; the function; the function by the name it was called by."""
    name = target.function.name
    yield ()
    yield (("FunctionName", name),)
    if target.alias is not None and version is not None:
        resource = f"{name}:{target.alias.name}"
        yield (("ExecutedVersion", version.version), ("FunctionName", name), ("Resource", resource))
    yield (("FunctionName", name), ("Resource", f"{name}:{target.qualifier}" if target.qualifier else name))
