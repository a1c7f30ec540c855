"""Filter patterns: terms, JSON, fields, regular expressions. Examples of AWS's guide."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

JSON = (
    '{"eventType": "Update", "ip": "123.123.1.2", "n": 12, "ok": true, "none": null, '
    '"arr": [{"v": "x"}], "a": {"b": 1}}'
)
FIELDS = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


def matching(logs: Any, pattern: str, *messages: str) -> list[int]:
    """The numbers of the messages that agree with a pattern."""
    found = logs.test_metric_filter(filterPattern=pattern, logEventMessages=list(messages))
    return [match["eventNumber"] for match in found["matches"]]


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("", [1, 2, 3]),
        ("ERROR", [1, 2]),
        ("ERROR ARGUMENTS", [2]),
        ("?401 ?ARGUMENTS", [1, 2]),
        ("ERROR -ARGUMENTS", [1]),
        ('"INTERNAL SERVER"', [3]),
        (r"%4\d\d%", [1]),
    ],
)
def test_terms(logs: Any, pattern: str, numbers: list[int]) -> None:
    """All plain terms, any of the optional, none of the excluded."""
    messages = ("[ERROR 401] UNAUTHORIZED", "[ERROR] MISSING ARGUMENTS", "[FATAL] INTERNAL SERVER FAULT")
    assert numbers == matching(logs, pattern, *messages)


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventType = "Update" }',
        '{ $.eventType = "Up*" }',
        "{ $.eventType = Update }",
        '{ $.eventType != "Delete" }',
        "{ $.ip = 123.123.* }",
        "{ $.n > 11.5 && $.n <= 12 }",
        "{ $.n = 1.2e1 }",
        "{ $.ok IS TRUE }",
        "{ $.none IS NULL }",
        "{ $.missing NOT EXISTS }",
        '{ $.arr[0].v = "x" }',
        '{ $.arr[*].v = "x" }',
        '{ ($.n = 1 || $.a.b = 1) && ($.eventType = "Update") }',
        "{ $.eventType = %^Up[a-z]+$% }",
    ],
)
def test_json_that_agrees(logs: Any, pattern: str) -> None:
    """Comparisons of properties, joined by && and ||; text that is no JSON never agrees."""
    assert [1] == matching(logs, pattern, JSON, "no JSON")


@pytest.mark.parametrize("pattern", ['{ $.n = "12" }', "{ $.missing = 1 }", "{ $.ok IS FALSE }", "{ $.n < 12 }"])
def test_json_that_does_not(logs: Any, pattern: str) -> None:
    """A text is no number, and what is not there agrees with nothing."""
    assert [] == matching(logs, pattern, JSON)


@pytest.mark.parametrize(
    "pattern",
    [
        "[ip, user, username, timestamp, request, status_code, bytes]",
        "[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]",
        "[..., status_code = 404 || status_code = 500, bytes > 1000]",
        "[ip != 10.0.0.1, ...]",
        "[ip = %127%, ..., bytes]",
    ],
)
def test_fields_that_agree(logs: Any, pattern: str) -> None:
    """Words, and what stands in brackets and quotes, are fields."""
    assert [1] == matching(logs, pattern, FIELDS)


@pytest.mark.parametrize("pattern", ["[a, b]", "[..., bytes > 2000]", "[ip = 1*, ..., status_code = 5*, bytes]"])
def test_fields_that_do_not(logs: Any, pattern: str) -> None:
    """Another number of fields, or another value."""
    assert [] == matching(logs, pattern, FIELDS)


def test_extracted_values(logs: Any) -> None:
    """TestMetricFilter shows what a pattern names."""
    of_json = logs.test_metric_filter(filterPattern="{ $.n > 1 }", logEventMessages=[JSON])
    of_fields = logs.test_metric_filter(filterPattern="[a, b]", logEventMessages=["x y"])
    assert {"$.n": "12"} == of_json["matches"][0]["extractedValues"]
    assert {"$a": "x", "$b": "y"} == of_fields["matches"][0]["extractedValues"]


@pytest.mark.parametrize(
    "pattern", ["{ $.a = }", "{ a = 1 }", "[a, b", "{ $.a < x }", '"open', "[..., ...]", "{ $.a = %(% }"]
)
def test_patterns_that_cannot_be_read(logs: Any, pattern: str) -> None:
    """AWS refuses them."""
    with pytest.raises(ClientError, match="Invalid filter pattern"):
        logs.filter_log_events(logGroupName="g", filterPattern=pattern)
