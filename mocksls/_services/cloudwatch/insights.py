"""Metrics Insights: SQL over the metrics of a namespace.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .expressions import ExpressionError
from .series import Series, buckets
from .statistics import merged, statistic
from .store import Aggregate, Metric, Store

_QUERY = re.compile(
    r"SELECT\s+(?P<function>AVG|COUNT|MAX|MIN|SUM)\s*\(\s*(?P<metric>\"[^\"]+\"|\w+)\s*\)\s+"
    r"FROM\s+(?P<source>SCHEMA\s*\((?P<schema>[^)]*)\)|\"[^\"]+\"|[\w/]+)"
    r"(?:\s+WHERE\s+(?P<where>.*?))?(?:\s+GROUP\s+BY\s+(?P<group>.*?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>AVG|COUNT|MAX|MIN|SUM)\s*\(\s*\)(?:\s+(?P<direction>ASC|DESC))?)?"
    r"(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_TERM = re.compile(r"\s*(\"[^\"]+\"|[\w.]+)\s*(=|!=|<>)\s*'((?:[^'\\]|\\.|'')*)'\s*")
_STATISTICS = {"AVG": "Average", "COUNT": "SampleCount", "MAX": "Maximum", "MIN": "Minimum", "SUM": "Sum"}
_MOST = 500


@dataclass(frozen=True, slots=True)
class Query:
    """A query, taken apart. ``dimensions`` are those of its SCHEMA, None where it names only the namespace."""

    function: str
    metric: str
    namespace: str
    dimensions: frozenset[str] | None
    terms: tuple[tuple[str, str, str], ...]
    groups: tuple[str, ...]
    order: str | None
    descending: bool
    limit: int


def is_query(text: str) -> bool:
    """Whether an expression is a query."""
    return text.lstrip()[:6].upper() == "SELECT"


def is_grouped(text: str) -> bool:
    """Whether an expression is a query that finds a series for each group."""
    found = _QUERY.fullmatch(text.strip()) if is_query(text) else None
    return bool(found and found["group"])


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        ExpressionError: it is none.
    """
    found = _QUERY.fullmatch(text.strip())
    if found is None:
        raise ExpressionError("the query has a syntax error")
    schema = [_bare(part) for part in (found["schema"] or "").split(",")]
    source = schema[0] if found["schema"] else _bare(found["source"])
    return Query(
        found["function"].upper(),
        _bare(found["metric"]),
        source,
        frozenset(schema[1:]) if found["schema"] and len(schema) > 1 else None,
        tuple(_terms(found["where"] or "")),
        tuple(_bare(part) for part in (found["group"] or "").split(",") if part.strip()),
        found["order"].upper() if found["order"] else None,
        (found["direction"] or "ASC").upper() == "DESC",
        min(int(found["limit"] or _MOST), _MOST),
    )


def run(store: Store, query: Query, start: float, end: float, period: int, name: str) -> list[Series]:
    """The series of a query, one for each group; ``name`` labels the one of a query without groups."""
    groups: dict[tuple[str, ...], list[Metric]] = {}
    for _, metric in sorted(store.metrics.items()):
        have = dict(metric.dimensions)
        if _is_meant(metric, have, query) and all(group in have for group in query.groups):
            groups.setdefault(tuple(have[group] for group in query.groups), []).append(metric)
    found: list[Series] = []
    for values, metrics in groups.items():
        series = _joined(metrics, _STATISTICS[query.function], start, end, period)
        series.label = " ".join(values) or name
        series.fields = {f"Dim.{group}": value for group, value in zip(query.groups, values, strict=True)}
        if series.values:
            found.append(series)
    if query.order is not None:
        order = query.order
        found.sort(key=lambda series: _weight(order, series), reverse=query.descending)
    return found[: query.limit]


def _bare(text: str) -> str:
    return text.strip().strip('"')


def _terms(text: str) -> list[tuple[str, str, str]]:
    terms: list[tuple[str, str, str]] = []
    for part in re.split(r"\s+AND\s+", text.strip(), flags=re.IGNORECASE) if text.strip() else ():
        found = _TERM.fullmatch(part)
        if found is None:
            raise ExpressionError("the WHERE of a query compares dimensions with texts")
        name, sign, value = found.groups()
        terms.append((_bare(name), "=" if sign == "=" else "!=", re.sub(r"\\(.)", r"\1", value)))
    return terms


def _is_meant(metric: Metric, have: dict[str, str], query: Query) -> bool:
    if (metric.namespace, metric.name) != (query.namespace, query.metric):
        return False
    if query.dimensions is not None and set(have) != query.dimensions:
        return False
    return all((have.get(name) == value) == (sign == "=") for name, sign, value in query.terms)


def _joined(metrics: list[Metric], name: str, start: float, end: float, period: int) -> Series:
    """What several metrics have in common periods, as one series."""
    found: dict[int, list[Aggregate]] = {}
    for metric in metrics:
        for place, units in buckets(metric, start, end, period).items():
            found.setdefault(place, []).extend(units.values())
    series = Series(period=period)
    for place, aggregates in sorted(found.items()):
        value = statistic(name, merged(aggregates))
        if value is not None:
            series.values[place] = value
    return series


def _weight(order: str, series: Series) -> float:
    values = list(series.values.values())
    if order == "AVG":
        return sum(values) / len(values)
    return {"COUNT": float(len(values)), "MAX": max(values), "MIN": min(values), "SUM": sum(values)}[order]
