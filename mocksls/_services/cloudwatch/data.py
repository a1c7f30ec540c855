"""Metrics' data as they lie in the store."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Mapping, Sequence
from typing import Any

from .store import Aggregate, Dimensions, Metric, MetricKey, Store


def aggregate_of(store: Store, key: MetricKey, moment: float, unit: str) -> Aggregate:
    """Where a metric's data of a moment belong; the metric is made with its first data."""
    metric = store.metrics.get(key)
    if metric is None:
        metric = store.metrics[key] = Metric(*key)
    metric.last = max(metric.last, moment)
    second = math.floor(moment)
    if second not in metric.seconds:
        metric.seconds[second] = {}
        insort(metric.order, second)
    return metric.seconds[second].setdefault(unit, Aggregate())


def add_value(aggregate: Aggregate, value: float, count: float) -> None:
    """Add a value that came so often."""
    aggregate.count += count
    aggregate.total += value * count
    aggregate.least, aggregate.most = min(aggregate.least, value), max(aggregate.most, value)
    aggregate.values[value] = aggregate.values.get(value, 0.0) + count


def dimensions_of(dimensions: Sequence[Mapping[str, Any]]) -> Dimensions:
    """Dimensions as a key, in the order of their names."""
    return tuple(sorted((each["Name"], each["Value"]) for each in dimensions))
