"""Functions of Logs Insights, as AWS's guide gives them, and commands that unfold and look up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put, knows
from .test_queries import ask

EVENT = {
    "ip": "10.0.0.7",
    "six": "2001:db8::1",
    "when": "2024-02-29",
    "n": 7.255,
    "neg": -8,
    "word": "xyZfooxyZ",
    "text": '{"users": [{"action": "Get"}, {"action": "Put"}], "user.id": 9, "code": 200}',
    "list": "[1, \"b\"]",
    "ok": True,
}  # fmt: skip


@pytest.fixture
def one(logs: Any, put: Put) -> Any:
    """A client, with one event of JSON at 12:34:56 of the day."""
    put((0, json.dumps(EVENT)))
    return logs


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("round(n)", "7"),
        ("round(n, 2)", "7.26"),
        ("neg ^ 0.5", None),
        ("toInt('3000000000')", None),
        ("toLong('3000000000')", "3000000000"),
        ("toInt('-7.9')", "-7"),
        ("toNumber('1_0')", None),
        ("haversine(48.8566, 2.3522, 51.5074, -0.1278)", "343.5561"),
        ("isNumeric(word)", "0"),
        ("messageSize('é')", "2"),
        ("if(n > 7, 'big', 'small')", "big"),
        ("case(n > 8, 'a', n > 7, 'b', 'c')", "b"),
        ("case(n > 8, 'a')", None),
        ("coalesce(nothing, word)", "xyZfooxyZ"),
        ("ltrim(word, 'xyZ')", "fooxyZ"),
        ("rtrim('xyZfooxyxyZ', 'xyZ')", "xyZfoo"),
        ("substr(word, 3, 3)", "foo"),
        ("regexReplace(word, '(o)o', '<$1>')", "xyZf<o>xyZ"),
        ("regexReplace(word, '(', '')", None),
        ("strcontains(word, 'FOO')", "0"),
        ("strcontains(word, 'FOO', true)", "1"),
        ("startsWith(word, 'xy')", "1"),
        ("endsWith(word, 'xy')", "0"),
        ("urlencode('a b/ü')", "a%20b%2F%C3%BC"),
        ("urldecode('a%20b%2F')", "a b/"),
        ("base64encode('ab')", "YWI="),
        ("base64decode('YWI=')", "ab"),
        ("base64decode('?')", None),
        ("hexToAscii('48656c6c6f')", "Hello"),
        ("hexToDec('0xff')", "255"),
        ("decToHex(255.9)", "0xff"),
        ("decToHex(-255)", "-0xff"),
        ("isValidIp(six)", "1"),
        ("isValidIpV4(six)", "0"),
        ("isValidIp('999.1.1.1')", "0"),
        ("isIpInSubnet(ip, '10.0.0.0/24')", "1"),
        ("isIpInSubnet(ip, '2001:db8::/32')", "0"),
        ("isIpv4InSubnet(ip, '10.0.1.0/24')", "0"),
        ("isIpv6InSubnet(six, '2001:db8::/32')", "1"),
        ("isIpv4InSubnet(six, '2001:db8::/32')", "0"),
        ("ipv4ToNumber(ip)", "167772167"),
        ("isPrivateIP(ip)", "1"),
        ("isPublicIP('8.8.8.8')", "1"),
        ("isReservedIP('240.0.0.1')", "1"),
        ("parseDate(when, 'yyyy-MM-dd')", "1709164800000"),
        ("parseDate(when, 'yyyy-MM-dd', 'Europe/Paris')", "1709161200000"),
        ("parseDate(when, 'yyyy-MM-dd', 'Nowhere')", None),
        ("formatDate(1709164800000, '%Y-%m-%d', 'UTC')", "2024-02-29"),
        ("strftime(1709164800000, '%H:%M', 'Asia/Tokyo')", "09:00"),
        ("datefloor(fromMillis(1709164800001), 1mo)", "2024-02-01 00:00:00.000"),
        ("dateceil(fromMillis(1709164800001), 2qtrs)", "2024-07-01 00:00:00.000"),
        ("dateceil(fromMillis(1709164800000), 1day)", "2024-02-29 00:00:00.000"),
        ("datefloor(fromMillis(1709164861000), 300s)", "2024-02-29 00:01:00.000"),
        ("fromMillis(9e99)", None),
        ("queryEndTime() - queryStartTime() - queryTimeRange()", "0"),
        ("jsonParse(text).users[1].action", "Put"),
        ("jsonParse(text).users[2].action", None),
        ("jsonParse(text).`user.id`", "9"),
        ("jsonParse(word)", None),
        ("toupper(jsonParse(text))", None),
        ("jsonParse(list)", '[1,"b"]'),
        ("jsonStringify(jsonParse(list))", '[1,"b"]'),
        ("jsonArraySize(list)", "2"),
        ("jsonArrayContains(list, 'b')", "1"),
        ("jsonArrayContains(text, 'b')", "0"),
        ("split(ip, '.')[3]", "7"),
        ("ok", "1"),
        ("9e300 * 9e300", None),
    ],
)
def test_functions(one: Any, expression: str, value: str | None) -> None:
    """A function has its value, or none."""
    assert ask(one, f"fields {expression} as v") == ([{"v": value}] if value is not None else [{}])


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("fields jsonParse(text) as j | stats count() as n by j.code", [{"j.code": "200", "n": "1"}]),
        ("fields jsonParse(text) as j | filter j.users[1].action = 'Put' | display j.code", [{"j.code": "200"}]),
        ("fields jsonParse(text) as j | filter j.`user.id` = 9 | display word", [{"word": "xyZfooxyZ"}]),
        ("fields jsonParse(text) as j | filter j = j or j != j | display word", []),
        ("fields jsonParse(text) as j | unnest j.users into u | display u.action", [
            {"u.action": "Get"}, {"u.action": "Put"},
        ]),
        ("fields jsonParse(list) as l | unnest l into each | stats count(each) as n", [{"n": "2"}]),
        ("unnest word into w | display w", [{"w": "xyZfooxyZ"}]),
        ("unnest jsonParse('[]') into w | display w", []),
        ("fields jsonParse(text) as j | stats count(*) as n by j", [{"n": "1"}]),
        ("fields jsonParse(text) as j | sort j | dedup j | display j.code", [{"j.code": "200"}]),
        ("fields ok | filter ok = true", [{"ok": "1"}]),
    ],
)  # fmt: skip
def test_structures(one: Any, query: str, rows: list[dict[str, str]]) -> None:
    """Maps and lists are reached into, unfolded, and are nothing to what does not take them."""
    assert ask(one, query) == rows


@pytest.mark.parametrize(
    "query",
    [
        "unnest word",
        "stats pct(n)",
        "stats sum(*)",
        "stats sum(n, n)",
        "fields bin(5lightyears)",
        "fields " + "(" * 4000,
        "fields " + "1+" * 4500 + "1",
        "filter " + "not " * 2400 + "1",
        "fields " + "9" * 5000,
        "fields 9e999",
        "limit " + "9" * 5000,
        "lookup nothing a as b OUTPUT c",
    ],
)
def test_queries_that_cannot_be_run(one: Any, query: str) -> None:
    """What cannot be read or is nested too deeply is malformed."""
    with pytest.raises(ClientError) as caught:
        ask(one, query)

    assert caught.value.response["Error"]["Code"] == "MalformedQueryException"


@knows("CreateLookupTable")
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("lookup people ip as ip OUTPUT name, team | display name, team", [{"name": "ann", "team": "red"}]),
        ("lookup people ip OUTPUT name | display name", [{"name": "ann"}]),
        ("lookup people ip as ip, team as word OUTPUT name | display name, word", [{"word": "xyZfooxyZ"}]),
        ("fields 'old' as name | lookup people ip as ip OUTPUT name | display name", [{"name": "ann"}]),
    ],
)
def test_lookup(one: Any, query: str, rows: list[dict[str, str]]) -> None:
    """The first row of a lookup table that agrees gives its fields, in place of those of the same name."""
    table = "ip,name,team\n10.0.0.7,ann,red\n10.0.0.7,bob,blue\n"
    one.create_lookup_table(lookupTableName="people", tableBody=table)

    assert ask(one, query) == rows


@knows("CreateLookupTable")
def test_lookup_of_fields_that_a_table_has_not(one: Any) -> None:
    """A field that the table has not makes the query malformed."""
    one.create_lookup_table(lookupTableName="people", tableBody="ip,name\n1.1.1.1,ann\n")

    with pytest.raises(ClientError, match="has not all of these fields"):
        ask(one, "lookup people ip as ip OUTPUT team")


NASTY = [
    '{"a":' * 30_000 + "1" + "}" * 30_000,
    "[" * 300 + "]" * 300,
    '{"a": ' + "1" * 400 + "}",
    '{"a": ' + "1" * 5000 + "}",
    '{"a": NaN, "b": Infinity}',
    '{"a": "²"}',
    '{"a": 1e999}',
    '{"a": "inf"}',
]


@pytest.fixture
def nasty(logs: Any) -> Any:
    """A group whose events pass filters and a transformer, with events that JSON readers stumble over."""
    point = {"metricName": "m", "metricNamespace": "n", "metricValue": "$.a"}
    logs.put_metric_filter(logGroupName="g", filterName="f", filterPattern="{ $.a > 1 }", metricTransformations=[point])
    logs.put_transformer(logGroupIdentifier="g", transformerConfig=[{"parseJSON": {}}])
    events = [{"timestamp": NOW, "message": message} for message in NASTY]
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)
    return logs


def test_events_that_json_readers_stumble_over(nasty: Any) -> None:
    """Such events are kept as they are; what is no number, or nested too deeply, agrees with no condition."""
    assert [each["message"] for each in nasty.get_log_events(logGroupName="g", logStreamName="s")["events"]] == NASTY
    assert nasty.filter_log_events(logGroupName="g", filterPattern="{ $.a > 1 }")["events"] == []
    assert nasty.get_log_group_fields(logGroupName="g")["logGroupFields"]


@pytest.mark.parametrize(
    "query",
    [
        "fields a * 10 as v",
        "fields datefloor(a, 5m) as v",
        "fields fromMillis(b) as v",
        "fields fromMillis(0) as t | fields datefloor(t, 99999y) as v | display v",
    ],
)
def test_queries_over_such_events(nasty: Any, query: str) -> None:
    """Such values are no numbers to queries."""
    assert [row for row in ask(nasty, query) if row] == []


def test_names_of_generated_fields_are_not_taken(logs: Any, put: Put) -> None:
    """A name of JSON that starts with @ gets another one."""
    put((0, '{"@timestamp": "x", "@": 1}'))

    (row,) = ask(logs, "fields `@@timestamp` as v, @@, @timestamp")
    assert (row["v"], row["@@"], row["@timestamp"][:4]) == ("x", "1", "2040")


def test_numbers_that_grow_out_of_bounds(logs: Any, put: Put) -> None:
    """A function of a group that cannot be told has no value."""
    put((0, '{"a": 1e308}'), (1, '{"a": -1e308}'), (2, '{"a": 1e308}'))

    assert ask(logs, "filter a > 0 | stats sum(a) as s, stddev(a) as d, max(a) > 9 as m") == [{"m": "1"}]
    assert ask(logs, "stats stddev(a) as d, count(a) as n") == [{"n": "3"}]


@pytest.mark.parametrize("query", ["fields 'x' as @timestamp", "fields 'x' as @timestamp | dedup a"])
def test_times_that_a_query_takes_away(one: Any, query: str) -> None:
    """Rows without a time come in some order."""
    assert len(ask(one, query)) == 1


def test_deep_json_has_no_fields(nasty: Any) -> None:
    """What is nested too deeply gives no fields to queries."""
    assert ask(nasty, "fields jsonParse(@message) as j | filter ispresent(j) | stats count(*) as n")[0]["n"] == "5"
