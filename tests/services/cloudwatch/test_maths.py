"""Metric maths, SEARCH and Metrics Insights."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls._services.cloudwatch.expressions import ExpressionError, parse

from .conftest import data, put, stat


@pytest.fixture
def minutes(aws: Any, cloudwatch: Any) -> Any:
    """Two metrics over four minutes: m has 1, 2, -, 4 and n has 10 in each."""
    for value in (1.0, 2.0, None, 4.0):
        if value is not None:
            put(cloudwatch, value)
        put(cloudwatch, 10.0, name="n")
        aws.clock.advance(minutes=1)
    return cloudwatch


def results(cloudwatch: Any, expression: str) -> list[tuple[str, list[float]]]:
    """Label and values, oldest first, of an expression over both metrics."""
    sources = [{"Id": name, "MetricStat": stat(metric=name), "ReturnData": False} for name in "mn"]
    found = data(
        cloudwatch,
        *sources,
        {"Id": "e", "Expression": expression, "Period": 60},
        minutes=4,
        ScanBy="TimestampAscending",
    )
    return [(result["Label"], result["Values"]) for result in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m + n * 2", [21.0, 22.0, 24.0]),
        ("(m + n) / 2", [5.5, 6.0, 7.0]),
        ("-m ^ 2", [-1.0, -4.0, -16.0]),
        ("m / (m - 1)", [2.0, 4.0 / 3.0]),
        ("m > 1 AND m < 4", [0.0, 1.0, 0.0]),
        ("IF(m > 1, n, 0)", [0.0, 10.0, 10.0]),
        ("FILL(m, 0)", [1.0, 2.0, 0.0, 4.0]),
        ("FILL(m, REPEAT)", [1.0, 2.0, 2.0, 4.0]),
        ("FILL(m, LINEAR)", [1.0, 2.0, 3.0, 4.0]),
        ("DIFF(m)", [1.0, 2.0]),
        ("RATE(m) * PERIOD(m)", [1.0, 1.0]),
        ("RUNNING_SUM(m)", [1.0, 3.0, 7.0]),
        ("SUM(METRICS())", [11.0, 12.0, 10.0, 14.0]),
        ("MAX([m, n])", [10.0, 10.0, 10.0, 10.0]),
        ("n - AVG(n)", [0.0, 0.0, 0.0, 0.0]),
        ("CEIL(m / 3) + FLOOR(m / 3) + ABS(0 - m)", [2.0, 3.0, 7.0]),
        ("MINUTE(n)", [0.0, 1.0, 2.0, 3.0]),
        ("SUM(m)", [7.0, 7.0, 7.0, 7.0]),
        ("n + LOG(m) * 0 + LOG10(n)", [11.0, 11.0, 11.0]),
        ("LOG(m - 1)", [0.0, 1.0986122886681098]),
        ("STDDEV(m) + FIRST(m) + LAST(m) + m * 0", [6.247219128924647] * 3),
        ("DATAPOINT_COUNT(m) + METRIC_COUNT(METRICS()) + m * 0", [5.0] * 3),
        ("DIFF_TIME(m)", [60.0, 120.0]),
        ("FILL(m, n)", [1.0, 2.0, 10.0, 4.0]),
        ("SUM(FILL(METRICS(), 0))", [11.0, 12.0, 10.0, 14.0]),
        ("SUM(DIFF(METRICS()))", [1.0, 0.0, 2.0]),
        ("SUM(ABS([m, n] * -1))", [11.0, 12.0, 10.0, 14.0]),
        ("SUM(1 + [m, n])", [13.0, 14.0, 11.0, 16.0]),
        ("SUM(SLICE(SORT(METRICS(), SUM, DESC), 0, 1))", [10.0, 10.0, 10.0, 10.0]),
        ("SLICE(SORT([n, m], MAX, ASC, 1), 0)", [1.0, 2.0, 4.0]),
        ("FIRST(SORT([n, m], MIN, ASC))", [1.0, 2.0, 4.0]),
        ("LAST(REMOVE_EMPTY([n, m, m / 0]))", [1.0, 2.0, 4.0]),
        ("(EPOCH(m) - EPOCH(n)) + HOUR(m) + DAY(m) + DATE(m) + MONTH(m) + YEAR(m)", [2034.0] * 3),
        ("IF(m > 1, m)", [2.0, 4.0]),
        ("IF(m != 2 OR n == 3, m, n)", [1.0, 10.0, 4.0]),
        ("IF(1 < 2, m, n)", [1.0, 2.0, 4.0]),
        ("(0 - 8) ^ 0.5 + m", []),
        ("m * 2 ^ 2000", []),
        ('SUM(METRICS("n"))', [10.0] * 4),
    ],
)
def test_expressions(minutes: Any, expression: str, expected: list[float]) -> None:
    """Operators, conditions and functions over series."""
    ((label, values),) = results(minutes, expression)
    assert label == "e"
    assert values == pytest.approx(expected)


@pytest.mark.parametrize(
    "expression", ["m +", "UNKNOWN(m)", "x", "(m", "AVG()", "SLICE(METRICS(), 9)", "IF(1)", "m $ n", "(" * 1500,
     "IF(0, m)", "IF(METRICS(), m)", "METRICS(m)", "METRICS() + METRICS()", "SORT(m, AVG, ASC)", "SLICE(m, 0)",
     "FILL(m, ASC)", "SEARCH(m, 'Sum')", "'text'", "[1]", "RATE(1)", "ANOMALY_DETECTION_BAND(m)"],
)  # fmt: skip
def test_bad_expressions_are_refused(minutes: Any, expression: str) -> None:
    """What cannot be evaluated is told by the id of its query."""
    with pytest.raises(ClientError, match=r"ValidationError.*Error in expression 'e': "):
        results(minutes, expression)


def test_circles_are_refused(cloudwatch: Any) -> None:
    """Expressions do not lead back to themselves."""
    with pytest.raises(ClientError) as caught:
        data(cloudwatch, {"Id": "a", "Expression": "b"}, {"Id": "b", "Expression": "a"})
    assert "circular" in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("{N,Function} errors", ["one", "two"]),
        ("{N,Function} errors NOT two", ["one"]),
        ('{N,Function} Function=("one" OR "none")', ["one"]),
        ("{N} failed", ["z failed"]),
        ("{Other} errors", []),
    ],
)
def test_search(cloudwatch: Any, search: str, expected: list[str]) -> None:
    """SEARCH finds metrics by schema, words and dimensions."""
    for name in ("one", "two"):
        put(cloudwatch, 1.0, name="ErrorsTotal errors", Dimensions=[{"Name": "Function", "Value": name}])
    put(cloudwatch, 1.0, name="z failed")
    assert [label for label, _ in results(cloudwatch, f"SEARCH('{search}', 'Sum', 60)")] == expected


def test_search_is_an_array(cloudwatch: Any) -> None:
    """What SEARCH found is summed, sorted and cut."""
    for value, name in ((1.0, "one"), (5.0, "two"), (3.0, "three")):
        put(cloudwatch, value, Dimensions=[{"Name": "F", "Value": name}])
    found = "SEARCH('{N,F}', 'Sum', 60)"
    assert results(cloudwatch, f"SUM({found})") == [("e", [9.0])]
    sorted_ = results(cloudwatch, f"SLICE(SORT({found}, MAX, DESC), 0, 2)")
    assert [label for label, _ in sorted_] == ["two", "three"]


def test_insights(cloudwatch: Any) -> None:
    """A query groups, filters, orders and limits."""
    for value, path, verb in ((1.0, "/a", "GET"), (2.0, "/b", "GET"), (4.0, "/b", "PUT"), (8.0, "/c", "GET")):
        dimensions = [{"Name": "Path", "Value": path}, {"Name": "Verb", "Value": verb}]
        put(cloudwatch, value, name="Hits", Dimensions=dimensions)
    query = (
        "SELECT SUM(Hits) FROM SCHEMA(\"N\", Path, Verb) WHERE Path != '/c' GROUP BY Path ORDER BY MAX() DESC LIMIT 1"
    )
    assert results(cloudwatch, query) == [("/b", [6.0])]
    assert results(cloudwatch, 'SELECT MAX(Hits) FROM "N"') == [("e", [8.0])]


@settings(max_examples=60)
@given(st.text(alphabet="mn019.+-*/^()[],<>=! 'AVGIF\"", max_size=40))
def test_parser_never_fails_otherwise(text: str) -> None:
    """Any text is an expression, which is the same each time, or is refused as none."""
    try:
        found = parse(text)
    except ExpressionError:
        return
    assert found == parse.__wrapped__(text)
