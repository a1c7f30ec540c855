"""Metric data: put, listed, read as statistics and by queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import BEGIN, data, put, stat

EXPECTED = {"SampleCount": 4.0, "Average": 4.0, "Sum": 16.0, "Minimum": 1.0, "Maximum": 10.0}


def statistics(cloudwatch: Any, *names: str, **more: Any) -> list[dict[str, Any]]:
    """The data points of the metric ``m`` of an hour."""
    request = {
        "StartTime": BEGIN,
        "EndTime": BEGIN + timedelta(hours=1),
        "Period": 60,
        "Statistics": list(names),
        **more,
    }
    found: list[dict[str, Any]] = cloudwatch.get_metric_statistics(Namespace="N", MetricName="m", **request)[
        "Datapoints"
    ]
    return found


def test_statistics_of_values_with_counts(cloudwatch: Any) -> None:
    """Values with counts are as many single values."""
    datum = {"MetricName": "m", "Values": [1.0, 2.0, 10.0], "Counts": [1.0, 1.0, 1.0]}
    cloudwatch.put_metric_data(Namespace="N", MetricData=[datum, {"MetricName": "m", "Value": 3.0}])
    (point,) = statistics(cloudwatch, *EXPECTED)
    assert {name: point[name] for name in EXPECTED} == EXPECTED
    assert (point["Unit"], point["Timestamp"]) == ("None", BEGIN)


def test_statistic_sets_are_added(cloudwatch: Any) -> None:
    """A statistic set joins the single values of its period."""
    given = {"SampleCount": 3.0, "Sum": 13.0, "Minimum": 1.0, "Maximum": 10.0}
    cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", "StatisticValues": given}])
    put(cloudwatch, 3.0)
    (point,) = statistics(cloudwatch, *EXPECTED)
    assert {name: point[name] for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p50", 50.5),
        ("p99", 99.01),
        ("p100", 100.0),
        ("tm90", 45.5),
        ("IQM", 50.5),
        ("PR(:50)", 50.0),
        ("TC(91:)", 10.0),
    ],
)
def test_extended_statistics(cloudwatch: Any, name: str, expected: float) -> None:
    """Percentiles and trimmed statistics of one to a hundred."""
    values = [float(value) for value in range(1, 101)]
    cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", "Values": values}])
    (result,) = data(cloudwatch, {"Id": "q", "MetricStat": stat(name)})
    assert result["Values"] == [pytest.approx(expected)]


def test_each_unit_has_its_points(cloudwatch: Any) -> None:
    """Statistics are told by unit."""
    put(cloudwatch, 5.0, Unit="Count")
    put(cloudwatch, 1.0, Unit="Seconds")
    assert [(point["Unit"], point["Sum"]) for point in statistics(cloudwatch, "Sum")] == [
        ("Count", 5.0),
        ("Seconds", 1.0),
    ]
    assert [point["Sum"] for point in statistics(cloudwatch, "Sum", Unit="Seconds")] == [1.0]


def test_queries_tell_of_several_units(cloudwatch: Any) -> None:
    """A query that names no unit takes the first, and says that there are more."""
    put(cloudwatch, 60.0, Unit="Milliseconds")
    put(cloudwatch, 1.0, Unit="Seconds")
    (result,) = data(cloudwatch, {"Id": "q", "MetricStat": stat()})
    assert result["Values"] == [60.0]
    message = {"Code": "MultipleUnits", "Value": "Multiple units returned: '[Milliseconds, Seconds]'"}
    assert result["Messages"] == [message]


def test_newest_come_first(aws: Any, cloudwatch: Any) -> None:
    """Results come with the newest first unless asked otherwise; the end is not part of them."""
    for value in (1.0, 2.0, 3.0):
        put(cloudwatch, value)
        aws.clock.advance(minutes=1)
    query = {"Id": "q", "MetricStat": stat()}
    assert data(cloudwatch, query, minutes=2)[0]["Values"] == [2.0, 1.0]
    assert data(cloudwatch, query, ScanBy="TimestampAscending")[0]["Values"] == [1.0, 2.0, 3.0]
    assert data(cloudwatch, query, MaxDatapoints=1)[0]["Values"] == [3.0]


def test_labels_tell_queries_apart(cloudwatch: Any) -> None:
    """A metric's queries are labelled by what differs between them, or as they say."""
    queries = [
        {"Id": "a", "MetricStat": stat("Sum")},
        {"Id": "b", "MetricStat": stat("Minimum", period=30)},
        {"Id": "c", "MetricStat": stat(metric="other")},
        {"Id": "d", "MetricStat": stat(metric="third"), "Label": "${PROP('MetricName')}/${PROP('Stat')} ${MAX}"},
    ]
    labels = [result["Label"] for result in data(cloudwatch, *queries)]
    assert labels == ["m Sum 60", "m Minimum 30", "other", "third/Sum --"]


def test_dimensions_are_part_of_a_metric(cloudwatch: Any) -> None:
    """Metrics with other dimensions are other metrics."""
    one, two = ({"Name": "D", "Value": value} for value in "12")
    put(cloudwatch, 1.0, Dimensions=[one])
    put(cloudwatch, 2.0, Dimensions=[one, {"Name": "E", "Value": "x"}])
    put(cloudwatch, 3.0, Dimensions=[two])
    assert statistics(cloudwatch, "Sum") == []
    assert [point["Sum"] for point in statistics(cloudwatch, "Sum", Dimensions=[one])] == [1.0]
    listed = cloudwatch.list_metrics(Namespace="N", Dimensions=[{"Name": "D"}])["Metrics"]
    assert len(listed) == 3
    assert len(cloudwatch.list_metrics(Dimensions=[{"Name": "E"}])["Metrics"]) == 1


def test_recently_active(aws: Any, cloudwatch: Any) -> None:
    """Metrics without data for three hours can be left out."""
    put(cloudwatch, 1.0)
    aws.clock.advance(hours=4)
    put(cloudwatch, 1.0, name="new")
    assert [each["MetricName"] for each in cloudwatch.list_metrics(RecentlyActive="PT3H")["Metrics"]] == ["new"]


@pytest.mark.parametrize(
    ("datum", "code", "message"),
    [
        (
            {"Value": 1.0, "Values": [1.0]},
            "InvalidParameterCombination",
            "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you "
            "have specified both.",
        ),
        (
            {"Values": [1.0, 2.0], "Counts": [1.0]},
            "InvalidParameterValue",
            "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
        ),
        (
            {"Value": float("nan")},
            "InvalidParameterValue",
            "The value NaN for parameter MetricData.member.1.Value is invalid.",
        ),
        (
            {"Value": 1.0, "Timestamp": BEGIN - timedelta(days=15)},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.",
        ),
    ],
)
def test_bad_data_are_refused(cloudwatch: Any, datum: dict[str, Any], code: str, message: str) -> None:
    """A request with one bad datum puts none."""
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", **datum}])
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert cloudwatch.list_metrics()["Metrics"] == []


def test_namespaces_of_aws_are_reserved(cloudwatch: Any) -> None:
    """Only AWS's services put data in AWS's namespaces."""
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=[{"MetricName": "m", "Value": 1.0}])
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"


def test_too_many_datapoints_are_refused(cloudwatch: Any) -> None:
    """The recorded answer for a day of seconds."""
    with pytest.raises(ClientError) as caught:
        statistics(cloudwatch, "Sum", EndTime=BEGIN + timedelta(days=1), Period=1)
    assert caught.value.response["Error"]["Message"] == (
        "You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints "
        "requested by increasing Period, or decreasing the time range."
    )


def test_start_must_come_before_the_end(cloudwatch: Any) -> None:
    """The two operations say it in their own words."""
    with pytest.raises(ClientError) as caught:
        statistics(cloudwatch, "Sum", EndTime=BEGIN)
    error = caught.value.response["Error"]
    assert error["Message"] == "The parameter StartTime must be less than the parameter EndTime."
    with pytest.raises(ClientError) as caught:
        data(cloudwatch, {"Id": "q", "MetricStat": stat()}, minutes=0)
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_dynamodb_measures_itself(aws: Any, cloudwatch: Any) -> None:
    """What DynamoDB's calls consume is counted by minute."""
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="tab",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(3):
        dynamodb.put_item(TableName="tab", Item={"id": {"S": str(number)}, "text": {"S": "x" * 1500}})
    (metric,) = cloudwatch.list_metrics(Namespace="AWS/DynamoDB")["Metrics"]
    query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    assert metric["MetricName"] == "ConsumedWriteCapacityUnits"
    assert data(cloudwatch, query)[0]["Values"] == [6.0]
