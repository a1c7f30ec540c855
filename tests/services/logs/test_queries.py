"""Queries of Logs Insights over stored events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put

EVENTS = [
    {"level": "INFO", "ms": 10, "user": "ann", "tags": ["a", "b"]},
    {"level": "ERROR", "ms": 30, "user": "bob"},
    {"level": "ERROR", "ms": 20, "user": "ann"},
]


@pytest.fixture
def filled(logs: Any, put: Put) -> Any:
    """A client, with three events of JSON, ten seconds apart."""
    put(*((10_000 * place - 30_000, json.dumps(event)) for place, event in enumerate(EVENTS)))
    return logs


def ask(logs: Any, query: str) -> list[dict[str, str]]:
    """The rows of a query's results, without pointers."""
    started = logs.start_query(logGroupName="g", startTime=NOW // 1000 - 3600, endTime=NOW // 1000, queryString=query)
    found = logs.get_query_results(queryId=started["queryId"])
    assert "Complete" == found["status"]
    return [{each["field"]: each["value"] for each in row if each["field"] != "@ptr"} for row in found["results"]]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("fields user, ms | sort ms asc | limit 2", [{"user": "ann", "ms": "10"}, {"user": "ann", "ms": "20"}]),
        ("fields user | filter level = 'ERROR' and ms > 25", [{"user": "bob"}]),
        ("fields user | filter user like /^b/", [{"user": "bob"}]),
        ('fields user | filter @message like "tags"', [{"user": "ann"}]),
        ("fields user | filter ms in [10, 30] | sort ms", [{"user": "ann"}, {"user": "bob"}]),
        ("fields user | filter not ispresent(tags.0) | sort ms", [{"user": "ann"}, {"user": "bob"}]),
        ("fields tags.1 as second | filter ispresent(second)", [{"second": "b"}]),
        ("stats count(*) as n, avg(ms) by level | sort level", [
            {"level": "ERROR", "n": "2", "avg(ms)": "25"},
            {"level": "INFO", "n": "1", "avg(ms)": "10"},
        ]),
        ("stats sum(ms)/count(*) as mean, max(ms), pct(ms, 50)", [
            {"mean": "20", "max(ms)": "30", "pct(ms, 50)": "20"},
        ]),
        ("stats count_distinct(user) as users", [{"users": "2"}]),
        ("stats latest(user) as last, earliest(user) as first", [{"last": "ann", "first": "ann"}]),
        ("fields toupper(user) as name, ms * 2 + 1 as more | filter ms = 30", [{"name": "BOB", "more": "61"}]),
        ('parse @message "\\"user\\": \\"*\\"" as who | filter level = "INFO" | display who', [{"who": "ann"}]),
        ("parse @message /\"ms\": (?<took>\\d+)/ | stats sum(took) as total", [{"total": "60"}]),
        ("fields user, ms | sort ms desc | dedup user", [{"user": "bob", "ms": "30"}, {"user": "ann", "ms": "20"}]),
        ("# a comment\nfields user | filter user = 'bob'", [{"user": "bob"}]),
    ],
)  # fmt: skip
def test_results(filled: Any, query: str, rows: list[dict[str, str]]) -> None:
    """Fields, filters, statistics, order, parsing."""
    assert rows == ask(filled, query)


def test_newest_events_come_first(filled: Any) -> None:
    """Without an order; and with time and message where no fields are asked for."""
    rows = ask(filled, "filter level = 'ERROR'")
    assert [json.dumps(EVENTS[2]), json.dumps(EVENTS[1])] == [row["@message"] for row in rows]
    assert "2039-12-31 23:59:50.000" == rows[0]["@timestamp"]


def test_bins_of_time(filled: Any) -> None:
    """``bin`` groups by spans of time."""
    rows = ask(filled, "stats count(*) as n by bin(20s) as t | sort t")
    assert [("2039-12-31 23:59:20.000", "1"), ("2039-12-31 23:59:40.000", "2")] == [(r["t"], r["n"]) for r in rows]


def does_nothing(event: Any, context: Any) -> None:
    """Do nothing."""


def test_report_lines_of_lambda_have_fields(aws: Any, logs: Any) -> None:
    """Durations, memory, and the kind of line."""
    function = aws.function(does_nothing)
    function.invoke()
    started = logs.start_query(
        logGroupName=f"/aws/lambda/{function.name}",
        startTime=NOW // 1000 - 60,
        endTime=NOW // 1000 + 60,
        queryString="filter @type = 'REPORT' | stats max(@memorySize / 1000 / 1000) as mb, count(@duration) as n",
    )
    row = logs.get_query_results(queryId=started["queryId"])["results"][0]
    assert {"mb": "128", "n": "1"} == {each["field"]: each["value"] for each in row}


def test_record_by_its_pointer(filled: Any) -> None:
    """GetLogRecord shows all fields of a result's event."""
    started = filled.start_query(logGroupName="g", startTime=0, endTime=NOW // 1000, queryString="filter user = 'bob'")
    row = filled.get_query_results(queryId=started["queryId"])["results"][0]
    pointer = next(each["value"] for each in row if each["field"] == "@ptr")
    record = filled.get_log_record(logRecordPointer=pointer)["logRecord"]
    assert ("30", "123456789012:g", "s") == (record["ms"], record["@log"], record["@logStream"])


def test_group_that_is_not_there(logs: Any) -> None:
    """AWS's text names group and account."""
    with pytest.raises(ClientError, match="Log group 'none' does not exist for account ID '123456789012'"):
        logs.start_query(logGroupName="none", startTime=0, endTime=1, queryString="fields @message")


@pytest.mark.parametrize("query", ["nonsense", "fields", "filter (ms > 1", "stats nope(ms)", "parse @message 'x*'"])
def test_queries_that_cannot_be_read(logs: Any, query: str) -> None:
    """MalformedQueryException, with the place."""
    with pytest.raises(ClientError, match="MalformedQueryException"):
        ask(logs, query)


def test_queries_are_described(filled: Any) -> None:
    """With source and span in front, as AWS shows them."""
    ask(filled, "fields user")
    (found,) = filled.describe_queries(logGroupName="g", status="Complete")["queries"]
    begun = NOW // 1000
    expected = f'SOURCE "g" START={begun - 3600}000 END={begun}999 | fields user'
    assert (expected, []) == (found["queryString"], filled.describe_queries(status="Failed")["queries"])


def test_definitions_are_kept(logs: Any) -> None:
    """A query under a name: made, changed, listed, deleted."""
    made = logs.put_query_definition(name="mine", queryString="fields @message")["queryDefinitionId"]
    logs.put_query_definition(queryDefinitionId=made, name="ours", queryString="fields user")
    listed = logs.describe_query_definitions(queryDefinitionNamePrefix="o")["queryDefinitions"]
    assert [("ours", "fields user")] == [(each["name"], each["queryString"]) for each in listed]
    assert logs.delete_query_definition(queryDefinitionId=made)["success"]
