"""Port: metrics that services keep of themselves, as CloudWatch shows them.

Lambda and the metric filters of CloudWatch Logs write data points here; CloudWatch reads them. Everything in it is
plain data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Metric(NamedTuple):
    """A metric of an account and region; ``dimensions`` are names and values in order of the names."""

    account_id: str
    region: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()


class Point(NamedTuple):
    """A value measured at a time (epoch seconds), in CloudWatch's word for its unit."""

    time: float
    value: float
    unit: str


@dataclass(slots=True)
class Metrics:
    """The data points of a cloud, by metric, in the order of their making."""

    points: dict[Metric, list[Point]] = field(default_factory=dict)

    def add(self, metric: Metric, point: Point) -> None:
        """Keep one data point."""
        self.points.setdefault(metric, []).append(point)


def dimensions(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Dimensions as a metric holds them."""
    return tuple(sorted(given.items()))
