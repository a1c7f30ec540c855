"""The queries of one request, which may speak of each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from . import errors, insights, searching
from .expressions import ExpressionError, parse
from .maths import evaluate
from .series import Series, check_period, fields_of, of_stat, rounded
from .store import Metric, Store

_DEFAULT_PERIOD = 300


class Answers:
    """The series of queries by their id, each found when it is first asked for.

    Raises:
        AwsError: ValidationError: ids are not what they should be, or a query asks for nothing.
    """

    def __init__(
        self, store: Store, queries: Sequence[Mapping[str, Any]], start: float, end: float, now: float
    ) -> None:
        self._store = store
        self._start, self._end, self._now = start, end, now
        self._queries: dict[str, Mapping[str, Any]] = {}
        self._known: dict[str, list[Series]] = {}
        self._open: set[str] = set()
        for place, query in enumerate(queries, 1):
            _check(place, query, self._queries)
            self._queries[query["Id"]] = query

    def of(self, name: str) -> list[Series]:
        """The series of a query: one, or those of an array.

        Raises:
            AwsError: ValidationError.
        """
        if name not in self._known:
            if name in self._open:
                raise errors.validation(f"Error in expression '{name}': circular reference.")
            self._open.add(name)
            self._known[name] = self._found(self._queries[name])
        return self._known[name]

    def _found(self, query: Mapping[str, Any]) -> list[Series]:
        stat = query.get("MetricStat")
        if stat is not None:
            check_period(stat["Period"])
            series = of_stat(self._store, stat, rounded(self._start, stat["Period"], self._now), self._end)
            series.label = self._label(stat)
            return [series]
        try:
            return self._expression(query)
        except (ExpressionError, RecursionError) as error:
            raise errors.validation(f"Error in expression '{query['Id']}': {error}.") from None

    def _label(self, stat: Mapping[str, Any]) -> str:
        """A metric's name, with what tells its queries apart where there are several of it."""
        alike = [
            other["MetricStat"]
            for other in self._queries.values()
            if other.get("MetricStat", {}).get("Metric") == stat["Metric"]
        ]
        differing = [member for member in ("Stat", "Period") if len({other[member] for other in alike}) > 1]
        return " ".join([stat["Metric"].get("MetricName", ""), *(str(stat[member]) for member in differing)])

    def _expression(self, query: Mapping[str, Any]) -> list[Series]:
        text, name = query["Expression"], query["Id"]
        if insights.is_query(text):
            period = query.get("Period", _DEFAULT_PERIOD)
            begun = rounded(self._start, period, self._now)
            return insights.run(self._store, insights.parse(text), begun, self._end, period, name)
        value = evaluate(parse(text), self._lookup, self._search)
        if isinstance(value, (int, float)):
            return [self._constant(float(value), name, query)]
        if isinstance(value, Series):
            return [Series(value.values, name, value.period, value.fields)]
        return value

    def _constant(self, value: float, name: str, query: Mapping[str, Any]) -> Series:
        """A number as a series, with a value in every period of the request."""
        period = query.get("Period", _DEFAULT_PERIOD)
        if not math.isfinite(value):
            return Series(label=name, period=period)
        begun = rounded(self._start, period, self._now)
        return Series(dict.fromkeys(range(begun, math.ceil(self._end), period), value), name, period)

    def _lookup(self, name: str) -> list[Series]:
        if name.startswith("METRICS:"):
            pattern = name.removeprefix("METRICS:")
            ids = [each for each, query in self._queries.items() if "MetricStat" in query and pattern in each]
            return [series for each in ids for series in self.of(each)]
        if name not in self._queries:
            raise ExpressionError(f"{name} is no id of a query")
        return self.of(name)

    def _search(self, text: str, stat: str, period: int) -> list[Series]:
        begun = rounded(self._start, period, self._now)
        found = searching.found(self._store, text)
        return [self._searched(metric, found, stat, period, begun) for metric in found]

    def _searched(self, metric: Metric, all_found: Sequence[Metric], stat: str, period: int, begun: int) -> Series:
        asked = {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
            },
            "Period": period,
            "Stat": stat,
        }
        series = of_stat(self._store, asked, begun, self._end)
        values = [value for _, value in metric.dimensions]
        names = {each.name for each in all_found}
        series.label = " ".join([*values, *([metric.name] if len(names) > 1 or not values else [])])
        series.fields = fields_of(metric.namespace, metric.name, dict(metric.dimensions), stat, period)
        return series


def _check(place: int, query: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    name, where = query["Id"], f"MetricDataQueries.member.{place}"
    if not name[:1].islower() or not name.replace("_", "a").isalnum() or not name.isascii():
        raise errors.validation(
            f"The value {name} for parameter {where}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.\n"
        )
    if name in known:
        raise errors.validation("The values for parameter Id in MetricDataQueries are not unique.")
    if "MetricStat" not in query and "Expression" not in query:
        raise errors.validation(f"The parameter {where}.MetricStat is required.\n")
    if "MetricStat" in query and "Expression" in query:
        text = f"The parameters {where}.Expression and {where}.MetricStat are mutually exclusive"
        raise errors.validation(f"{text} and you have specified both.")
