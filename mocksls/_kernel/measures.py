"""Port: what services measure of themselves, for CloudWatch to show.

A service that is used adds its figures here, which costs next to nothing; CloudWatch takes them when somebody looks.
Figures are kept by second, as sums, so that their number does not grow with the calls. Everything is plain data.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from .service import Task

if TYPE_CHECKING:
    from .call import Call
    from .router import Router

Place = tuple[str, str]
"""An account and a region."""


class Measure(NamedTuple):
    """What is measured: a metric by namespace, name, dimensions and unit."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    unit: str


Figures = dict[int, dict[float, float]]
"""By second: how often each value came."""


class Measures:
    """The figures of all services by account and region, until CloudWatch takes them."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._figures: dict[Place, dict[Measure, Figures]] = {}
        self._watched: set[tuple[str, str, str, str]] = set()

    def copy_from(self, other: Measures, memo: dict[int, Any]) -> None:
        """Take over a copy of another cloud's figures."""
        self._figures = deepcopy(other._figures, memo)
        self._watched = set(other._watched)

    def add(
        self, measure: Measure, value: float, place: Place, at: float, cause: Call | None = None, count: int = 1
    ) -> None:
        """Add one value that came so often, measured at a time (epoch seconds) in an account and region."""
        second = int(at)
        try:
            values = self._figures[place][measure][second]
        except KeyError:
            values = self._figures.setdefault(place, {}).setdefault(measure, {}).setdefault(second, {})
        values[value] = values.get(value, 0.0) + count
        if self._watched and (*place, measure.namespace, measure.name) in self._watched:
            self._router.send_once(Task("cloudwatch", "collect_measures", *place, {}), cause)

    def watch(self, account_id: str, region: str, namespace: str, name: str) -> None:
        """Have CloudWatch told whenever a metric has new figures: an alarm looks at it."""
        self._watched.add((account_id, region, namespace, name))

    def watches(self, account_id: str, region: str, namespace: str) -> bool:
        """Whether an alarm looks at any metric of a namespace."""
        return any(watched[:3] == (account_id, region, namespace) for watched in self._watched)

    def take(self, account_id: str, region: str) -> dict[Measure, Figures]:
        """The figures of an account and region since the last time."""
        return self._figures.pop((account_id, region), {})
