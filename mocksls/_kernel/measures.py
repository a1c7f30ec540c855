"""Port: what services measure of themselves, for CloudWatch to show.

A service that is used adds its figures here, which costs next to nothing; CloudWatch takes them when somebody looks.
Figures are kept by second, as sums, so that their number does not grow with the calls. What something holds (the
messages of a queue) is kept as spans of minutes, which are measured when somebody asks. Everything is plain data.
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
MINUTE_S = 60


class Span(NamedTuple):
    """One value in each minute of a span (epoch seconds of the first and the last), that rises by so much a second."""

    first: int
    last: int
    value: float
    slope: float = 0.0


class Measures:
    """The figures of all services by account and region, until CloudWatch takes them."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._figures: dict[Place, dict[Measure, Figures]] = {}
        self._spans: dict[Place, dict[Measure, list[Span]]] = {}
        self._fillers: dict[Place, set[tuple[str, str]]] = {}
        self._expected: dict[Place, set[tuple[str, str]]] = {}
        self._watched: set[tuple[str, str, str, str]] = set()

    def copy_from(self, other: Measures, memo: dict[int, Any]) -> None:
        """Take over a copy of another cloud's figures."""
        self._figures = deepcopy(other._figures, memo)
        self._spans = deepcopy(other._spans, memo)
        self._fillers = deepcopy(other._fillers, memo)
        self._expected = deepcopy(other._expected, memo)
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

    def add_span(self, measure: Measure, span: Span, place: Place) -> None:
        """Add a span of minutes; one that goes on as the last one was is joined to it."""
        spans = self._spans.setdefault(place, {}).setdefault(measure, [])
        last = spans[-1] if spans else None
        if last is not None and last[2:] == span[2:] == (span.value, 0.0) and last.last + MINUTE_S == span.first:
            spans[-1] = Span(last.first, span.last, span.value)
        else:
            spans.append(span)

    def ask_first(self, place: Place, service: str, task: str) -> None:
        """Have a task of a service run before its figures are taken: it adds what it measures only then."""
        self._fillers.setdefault(place, set()).add((service, task))

    def expect(self, measure: Measure, place: Place, cause: Call) -> None:
        """Figures of a metric will be there when somebody looks; alarms over it should."""
        metric = (measure.namespace, measure.name)
        if self._watched and (*place, *metric) in self._watched:
            self._expected.setdefault(place, set()).add(metric)
            self._router.send_once(Task("cloudwatch", "collect_measures", *place, {}), cause)

    def fill(self, account_id: str, region: str) -> None:
        """Have those measure that do so only when somebody looks."""
        for service, task in sorted(self._fillers.get((account_id, region), ())):
            self._router.run(Task(service, task, account_id, region, {}))

    def watches(self, account_id: str, region: str, namespace: str) -> bool:
        """Whether an alarm looks at any metric of a namespace."""
        return any(watched[:3] == (account_id, region, namespace) for watched in self._watched)

    def take(self, account_id: str, region: str) -> dict[Measure, Figures]:
        """The figures of an account and region since the last time."""
        return self._figures.pop((account_id, region), {})

    def take_spans(self, account_id: str, region: str) -> dict[Measure, list[Span]]:
        """The spans of an account and region since the last time."""
        return self._spans.pop((account_id, region), {})

    def take_expected(self, account_id: str, region: str) -> set[tuple[str, str]]:
        """The metrics, by namespace and name, that will have figures."""
        return self._expected.pop((account_id, region), set())
