"""Metric filters and subscription filters."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put

TRANSFORMATION = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}


def values(aws: Any, name: str = "m", *dimensions: tuple[str, str]) -> list[float]:
    """The data points of a metric, in order of their times."""
    taken = aws._cloud.measures.take("123456789012", "us-east-1")
    seconds = [
        (second, value, int(times))
        for measure, figures in taken.items()
        if (measure.namespace, measure.name, measure.dimensions) == ("n", name, dimensions)
        for second, values in figures.items()
        for value, times in values.items()
    ]
    return [value for _, value, times in sorted(seconds) for _ in range(times)]


def put_filter(logs: Any, pattern: str, **transformation: Any) -> None:
    """Make the metric filter ``f``."""
    logs.put_metric_filter(
        logGroupName="g", filterName="f", filterPattern=pattern, metricTransformations=[TRANSFORMATION | transformation]
    )


def test_matching_events_are_counted(aws: Any, logs: Any, put: Put) -> None:
    """Each one is a data point at its own time."""
    put_filter(logs, "ERROR")
    put((-5, "ERROR a"), (-3, "fine"), (-1, "ERROR b"))
    assert [1.0, 1.0] == values(aws)


def test_value_and_dimensions_come_from_the_event(aws: Any, logs: Any, put: Put) -> None:
    """``$.field`` names them; an event without them gives no data point."""
    put_filter(logs, "{ $.ms > 0 }", metricValue="$.ms", dimensions={"Route": "$.route"})
    put((-2, '{"ms": 12.5, "route": "/a"}'), (-1, '{"ms": 3}'))
    assert ([12.5], []) == (values(aws, "m", ("Route", "/a")), values(aws))


def test_default_value_stands_for_no_match(aws: Any, logs: Any, put: Put) -> None:
    """Events that do not match give the default."""
    put_filter(logs, "ERROR", defaultValue=0.0)
    put((-1, "fine"))
    assert [0.0] == values(aws)


def test_description_of_a_filter(logs: Any) -> None:
    """Exactly AWS's members; the group counts its filters."""
    put_filter(logs, "{$.a = 1}")
    (found,) = logs.describe_metric_filters(metricName="m", metricNamespace="n")["metricFilters"]
    assert {
        "filterName": "f",
        "filterPattern": "{$.a = 1}",
        "metricTransformations": [TRANSFORMATION],
        "creationTime": NOW,
        "logGroupName": "g",
        "applyOnTransformedLogs": False,
    } == found
    assert 1 == logs.describe_log_groups()["logGroups"][0]["metricFilterCount"]


def test_deleted_filter_counts_nothing(aws: Any, logs: Any, put: Put) -> None:
    """It is gone, and cannot be deleted again."""
    put_filter(logs, "")
    logs.delete_metric_filter(logGroupName="g", filterName="f")
    put((-1, "x"))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_metric_filter(logGroupName="g", filterName="f")
    assert [] == values(aws)


def prints_events(event: Any, context: Any) -> None:
    """Unpack what CloudWatch Logs sends, and print it."""
    print(gzip.decompress(base64.b64decode(event["awslogs"]["data"])).decode())


def subscribe(logs: Any, arn: str, pattern: str = "", name: str = "test") -> None:
    """Subscribe a function to the group."""
    logs.put_subscription_filter(logGroupName="g", filterName=name, filterPattern=pattern, destinationArn=arn)


def permitted(function: Any) -> str:
    """The ARN of a function that CloudWatch Logs may invoke."""
    boto3.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="logs",
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
        SourceArn="arn:aws:logs:us-east-1:123456789012:log-group:g:*",
    )
    arn: str = function.arn
    return arn


def test_subscriber_gets_matching_events(aws: Any, logs: Any, put: Put) -> None:
    """Packed as AWS packs them, with ids of 56 digits."""
    function = aws.function(prints_events)
    subscribe(logs, permitted(function), "ERROR")
    put((-2, "ERROR a"), (-1, "fine"))
    message = json.loads(function.logs[2])
    (event,) = message.pop("logEvents")
    assert {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "g",
        "logStream": "s",
        "subscriptionFilters": ["test"],
    } == message
    assert ("ERROR a", NOW - 2, 56) == (event["message"], event["timestamp"], len(event["id"]))


def test_subscriber_must_permit_it(aws: Any, logs: Any) -> None:
    """AWS tries the function, and says what is missing."""
    function = aws.function(prints_events)
    with pytest.raises(ClientError, match=r"Could not execute the lambda function\. Make sure you have"):
        subscribe(logs, function.arn)


def test_two_subscriptions_at_most(aws: Any, logs: Any) -> None:
    """A third is over AWS's limit; a deleted one is gone."""
    arn = permitted(aws.function(prints_events))
    for name in ("a", "b"):
        subscribe(logs, arn, name=name)
    with pytest.raises(ClientError, match=r"Resource limit exceeded\."):
        subscribe(logs, arn, name="c")
    logs.delete_subscription_filter(logGroupName="g", filterName="a")
    found = logs.describe_subscription_filters(logGroupName="g")["subscriptionFilters"]
    assert ["b"] == [each["filterName"] for each in found]
