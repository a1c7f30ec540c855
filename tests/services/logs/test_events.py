"""Log events: put, read, searched."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put

DAY = 86_400_000


def texts(answer: dict[str, Any]) -> list[str]:
    """The messages of an answer."""
    return [event["message"] for event in answer["events"]]


def test_put_and_get(logs: Any, put: Put) -> None:
    """Events come back in order of time, with the time of their arrival."""
    put((-20, "b"), (-10, "c"))
    put((-30, "a"))
    answer = logs.get_log_events(logGroupName="g", logStreamName="s")
    assert answer["events"][0] == {"timestamp": NOW - 30, "message": "a", "ingestionTime": NOW}
    assert texts(answer) == ["a", "b", "c"]


def test_out_of_order(logs: Any, put: Put) -> None:
    """A batch must be in order; nothing of a wrong one is kept."""
    with pytest.raises(logs.exceptions.InvalidParameterException, match="must be in chronological order"):
        put((0, "a"), (-1, "b"))
    assert texts(logs.get_log_events(logGroupName="g", logStreamName="s")) == []


def test_too_old_and_too_new(logs: Any, put: Put) -> None:
    """Events more than 14 days old or 2 hours ahead are left out and told."""
    answer = put((-15 * DAY, "old"), (0, "now"), (2 * 3_600_000 + 1, "new"))
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}
    assert texts(logs.get_log_events(logGroupName="g", logStreamName="s")) == ["now"]


def test_too_large(logs: Any, put: Put) -> None:
    """A batch is at most a mebibyte, 26 bytes of overhead for each event included."""
    put((0, "x" * 250_000), (0, "x" * 250_000))
    with pytest.raises(ClientError, match="Upload too large: 1048577 bytes exceeds limit of 1048576"):
        put(*((0, "x" * size) for size in (262_118, 262_118, 262_118, 262_119)))


def test_pages_forward_and_back(logs: Any, put: Put) -> None:
    """Tokens lead on in both directions, and stand still at the ends."""
    put(*((number, str(number)) for number in range(5)))
    stream = {"logGroupName": "g", "logStreamName": "s", "limit": 2}
    first = logs.get_log_events(**stream, startFromHead=True)
    second = logs.get_log_events(**stream, nextToken=first["nextForwardToken"])
    third = logs.get_log_events(**stream, nextToken=second["nextForwardToken"])
    end = logs.get_log_events(**stream, nextToken=third["nextForwardToken"])
    assert [texts(page) for page in (first, second, third, end)] == [["0", "1"], ["2", "3"], ["4"], []]
    assert end["nextForwardToken"] == third["nextForwardToken"]
    assert texts(logs.get_log_events(**stream, nextToken=third["nextBackwardToken"])) == ["2", "3"]
    assert texts(logs.get_log_events(**stream)) == ["3", "4"]


def test_times(logs: Any, put: Put) -> None:
    """The start is included, the end is not."""
    put(*((number, str(number)) for number in range(5)))
    answer = logs.get_log_events(logGroupName="g", logStreamName="s", startTime=NOW + 1, endTime=NOW + 3)
    assert texts(answer) == ["1", "2"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", ["ERROR one", "INFO two", "ERROR two"]),
        ("ERROR", ["ERROR one", "ERROR two"]),
        ("error", []),
        ("ERROR two", ["ERROR two"]),
        ('"ERROR two"', ["ERROR two"]),
        ("ERROR -one", ["ERROR two"]),
        ("?one ?INFO", ["ERROR one", "INFO two"]),
    ],
)
def test_filter_patterns(logs: Any, put: Put, pattern: str, expected: list[str]) -> None:
    """Patterns of terms: all of the plain ones, none of those with a dash, one of those with a question mark."""
    put((0, "ERROR one"), (1, "INFO two"), (2, "ERROR two"))
    assert texts(logs.filter_log_events(logGroupName="g", filterPattern=pattern)) == expected


def test_filter_over_streams(logs: Any, put: Put) -> None:
    """The streams of a group are merged by time, and can be chosen."""
    logs.create_log_stream(logGroupName="g", logStreamName="t")
    put((0, "a"), (2, "c"))
    put((1, "b"), stream="t")
    found = logs.filter_log_events(logGroupName="g")
    assert [(event["logStreamName"], event["message"]) for event in found["events"]] == [
        ("s", "a"),
        ("t", "b"),
        ("s", "c"),
    ]
    assert texts(logs.filter_log_events(logGroupName="g", logStreamNames=["t"])) == ["b"]
    assert texts(logs.filter_log_events(logGroupName="g", logStreamNamePrefix="s")) == ["a", "c"]
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName="g", PaginationConfig={"PageSize": 2})
    assert [texts(page) for page in pages] == [["a", "b"], ["c"]]


def test_event_ids(logs: Any, put: Put) -> None:
    """Events found have ids, each its own."""
    put((0, "a"), (0, "a"))
    ids = [event["eventId"] for event in logs.filter_log_events(logGroupName="g")["events"]]
    assert [len(each) for each in ids] == [56, 56]
    assert len(set(ids)) == 2


def test_retention(logs: Any, aws: Any, put: Put) -> None:
    """Events older than the retention are gone."""
    put((0, "a"))
    logs.put_retention_policy(logGroupName="g", retentionInDays=1)
    aws.clock.advance(hours=25)
    put((DAY, "b"))
    assert texts(logs.get_log_events(logGroupName="g", logStreamName="s")) == ["b"]
    assert texts(logs.filter_log_events(logGroupName="g")) == ["b"]


@pytest.mark.parametrize(("operation", "more"), [("get_log_events", {"logStreamName": "s"}), ("filter_log_events", {})])
def test_bad_token(logs: Any, operation: str, more: dict[str, str]) -> None:
    """A token that AWS did not give is refused."""
    with pytest.raises(logs.exceptions.InvalidParameterException, match=r"The specified nextToken is invalid."):
        getattr(logs, operation)(logGroupName="g", nextToken="nonsense", **more)
