"""Transformers: what they make of events, and who sees it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import MOMENT, NOW, Put

PARSE: dict[str, Any] = {"parseJSON": {}}


def of(logs: Any, message: Any, *processors: dict[str, Any]) -> Any:
    """What processors make of a message; of one that is no text, as JSON."""
    text = message if isinstance(message, str) else json.dumps(message)
    (found,) = logs.test_transformer(transformerConfig=list(processors), logEventMessages=[text])["transformedLogs"]
    return json.loads(found["transformedEventMessage"])


def test_message_that_cannot_be_parsed_stays(logs: Any) -> None:
    """A message that is no JSON is answered as it is."""
    (found,) = logs.test_transformer(transformerConfig=[PARSE], logEventMessages=["plain"])["transformedLogs"]
    assert (1, "plain", "plain") == (found["eventNumber"], found["eventMessage"], found["transformedEventMessage"])


@pytest.mark.parametrize(
    ("processor", "event", "expected"),
    [
        ({"addKeys": {"entries": [{"key": "a.c", "value": "v"}]}}, {"a": {"b": 1}}, {"a": {"b": 1, "c": "v"}}),
        ({"addKeys": {"entries": [{"key": "a", "value": "v"}]}}, {"a": 1}, {"a": 1}),
        ({"deleteKeys": {"withKeys": ["a.b"]}}, {"a": {"b": 1}}, {"a": {}}),
        ({"moveKeys": {"entries": [{"source": "a.b", "target": "c"}]}}, {"a": {"b": 1}}, {"a": {}, "c": 1}),
        ({"renameKeys": {"entries": [{"key": "a", "renameTo": "b"}]}}, {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ({"copyValue": {"entries": [{"source": "a", "target": "b.c"}]}}, {"a": 1}, {"a": 1, "b": {"c": 1}}),
        ({"copyValue": {"entries": [{"source": "@regionName", "target": "r"}]}}, {}, {"r": "us-east-1"}),
        ({"lowerCaseString": {"withKeys": ["a"]}}, {"a": "X"}, {"a": "x"}),
        ({"upperCaseString": {"withKeys": ["a.0"]}}, {"a": ["x"]}, {"a": ["X"]}),
        ({"trimString": {"withKeys": ["a", "none"]}}, {"a": " x "}, {"a": "x"}),
        ({"splitString": {"entries": [{"source": "a", "delimiter": ","}]}}, {"a": "1,2"}, {"a": ["1", "2"]}),
        (
            {"substituteString": {"entries": [{"source": "a", "from": "(\\d)-(\\d)", "to": "$2/$1"}]}},
            {"a": "1-2"},
            {"a": "2/1"},
        ),
        ({"typeConverter": {"entries": [{"key": "a", "type": "integer"}]}}, {"a": "12"}, {"a": 12}),
        ({"typeConverter": {"entries": [{"key": "a", "type": "boolean"}]}}, {"a": "TRUE"}, {"a": True}),
        ({"typeConverter": {"entries": [{"key": "a", "type": "double"}]}}, {"a": "x"}, {"a": "x"}),
    ],
)
def test_processors(logs: Any, processor: dict[str, Any], event: Any, expected: Any) -> None:
    """Each processor changes what it says, and passes over keys that are not there."""
    assert expected == of(logs, event, PARSE, processor)


@pytest.mark.parametrize(
    ("message", "processor", "expected"),
    [
        ('{"l": [{}]}', {"copyValue": {"entries": [{"source": "l", "target": "l.0.k"}]}}, {"l": [{"k": [{}]}]}),
        ('{"l": 1e999}', {"trimString": {"withKeys": ["l"]}}, {"l": float("inf")}),
    ],
)
def test_odd_events(logs: Any, message: str, processor: dict[str, Any], expected: Any) -> None:
    """A value may be copied into itself; a number that JSON does not have leaves the message as it came."""
    assert expected == of(logs, message, PARSE, processor)


def test_list_becomes_a_map(logs: Any) -> None:
    """Objects of a list are entered under their keys, all of them or the last."""
    event = {"l": [{"k": "a", "v": 1}, {"k": "b", "v": 2}, {"k": "b", "v": 3}]}
    every = {"listToMap": {"source": "l", "key": "k", "valueKey": "v", "target": "m"}}
    assert {"a": [1], "b": [2, 3]} == of(logs, event, PARSE, every)["m"]
    last = {"listToMap": {**every["listToMap"], "flatten": True, "flattenedElement": "last"}}
    assert {"a": 1, "b": 3} == of(logs, event, PARSE, last)["m"]


def test_grok_takes_fields_out(logs: Any) -> None:
    """A grok pattern names what it finds (AWS's own example of test-transformer)."""
    grok = {"grok": {"match": "%{NUMBER:version} %{HOSTNAME:host.name} %{NOTSPACE:status} %{QUOTEDSTRING:logMsg}"}}
    found = of(logs, '293750 server-01.internal-network.local OK "[Thread-000] token generated"', grok)
    assert found == {
        "version": "293750",
        "host": {"name": "server-01.internal-network.local"},
        "status": "OK",
        "logMsg": '"[Thread-000] token generated"',
    }


def test_csv_and_key_values(logs: Any) -> None:
    """Columns are named or numbered; pairs are split, and those that are none get a value of their own."""
    csv = {"csv": {"columns": ["name", "city"], "quoteCharacter": "'"}}
    assert {"name": "Jane, Dr.", "city": "Rome"} == of(logs, "'Jane, Dr.',Rome", csv)
    assert {"column_1": "a", "column_2": "b"} == of(logs, "a\tb", {"csv": {"delimiter": "\\t"}})
    pairs = {"parseKeyValue": {"destination": "d", "keyPrefix": "p_", "nonMatchValue": "none"}}
    assert {"d": {"p_a": "1", "p_b": "none"}} == of(logs, "a=1&b", pairs)


def test_dates_are_converted(logs: Any) -> None:
    """A date that agrees with one of the patterns is written anew, in another zone."""
    convert = {
        "dateTimeConverter": {
            "source": "at",
            "target": "when",
            "matchPatterns": ["yyyy/MM/dd", "dd MMM yyyy hh:mm:ss a"],
            "targetFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "targetTimezone": "Europe/Berlin",
        }
    }
    assert "2030-07-01T15:05:00.000+02:00" == of(logs, {"at": "01 Jul 2030 01:05:00 PM"}, PARSE, convert)["when"]


def test_vpc_flow_logs(logs: Any) -> None:
    """A flow log's columns, numbers as such (AWS's example)."""
    line = "2 123456789010 eni-abc123de 192.0.2.0 192.0.2.24 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"
    found = of(logs, line, {"parseVPC": {}})
    assert ("123456789010", 20641, "ACCEPT") == (found["accountId"], found["srcPort"], found["action"])


@pytest.mark.parametrize(
    "processors",
    [
        [{"addKeys": {"entries": [{"key": "a", "value": "b"}]}}],
        [{"parseJSON": {}, "csv": {}}],
        [{"grok": {"match": "%{NONE:a}"}}],
        [{"grok": {"match": "%{WORD:a}"}}] * 2,
        [PARSE] * 6,
        [PARSE, {"substituteString": {"entries": [{"source": "a", "from": "(", "to": "b"}]}}],
        [PARSE, {"dateTimeConverter": {"source": "a", "target": "b", "matchPatterns": ["QQ"]}}],
    ],
)
def test_bad_transformers_are_refused(logs: Any, processors: list[dict[str, Any]]) -> None:
    """The first processor is a parser, each has one type, and what it says can be read."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.put_transformer(logGroupIdentifier="g", transformerConfig=processors)
    assert "transformerConfig" not in logs.get_transformer(logGroupIdentifier="g")


def test_transformer_lives(logs: Any) -> None:
    """A transformer is put, shown and deleted, once."""
    logs.put_transformer(logGroupIdentifier="g", transformerConfig=[PARSE])
    found = logs.get_transformer(logGroupIdentifier="g")
    assert (NOW, [PARSE]) == (found["creationTime"], found["transformerConfig"])
    logs.delete_transformer(logGroupIdentifier="g")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_transformer(logGroupIdentifier="g")


def test_queries_see_structured_events(logs: Any, put: Put) -> None:
    """Queries know the fields of the structured form; the message stays as it came."""
    logs.put_transformer(logGroupIdentifier="g", transformerConfig=[{"grok": {"match": "%{WORD:level} %{DATA:what}$"}}])
    put((-2, "ERROR all lost"))
    query = logs.start_query(
        logGroupName="g", startTime=NOW // 1000 - 60, endTime=NOW // 1000, queryString="fields level, what, @message"
    )["queryId"]
    (row,) = logs.get_query_results(queryId=query)["results"]
    assert ["ERROR", "all lost", "ERROR all lost"] == [each["value"] for each in row[:3]]


@pytest.mark.parametrize(("on_transformed", "expected"), [(True, [3.0]), (False, [])])
def test_metric_filters_may_see_structured_events(
    logs: Any, put: Put, on_transformed: bool, expected: list[float]
) -> None:
    """A metric filter looks at the structured form if it is to."""
    logs.put_transformer(logGroupIdentifier="g", transformerConfig=[{"csv": {"columns": ["name", "count"]}}])
    logs.put_metric_filter(
        logGroupName="g",
        filterName="f",
        filterPattern='{ $.name = "a" }',
        metricTransformations=[{"metricName": "m", "metricNamespace": "N", "metricValue": "$.count"}],
        applyOnTransformedLogs=on_transformed,
    )
    put((-2, "a,3"))
    stat = {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}
    begin = MOMENT - timedelta(minutes=5)
    found = boto3.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "a", "MetricStat": stat}], StartTime=begin, EndTime=MOMENT
    )
    assert expected == found["MetricDataResults"][0]["Values"]
