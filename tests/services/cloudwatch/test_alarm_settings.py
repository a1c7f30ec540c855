"""Settings of alarms: what is refused, wall clock windows, tags in what alarms tell."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

from .conftest import knows, put
from .test_alarms import ARN, alarm, queue_hearing, state

MEMBERS = Session().get_service_model("cloudwatch").operation_model("PutMetricAlarm").input_shape.members
has_windows = pytest.mark.skipif("EvaluationWindow" not in MEMBERS, reason="botocore knows no windows")
tells_tags = pytest.mark.skipif("ActionConfiguration" not in MEMBERS, reason="botocore knows no tags in actions")
QUERY = 'SELECT SUM(m) FROM "N"'
EXPRESSION = {"MetricName": None, "Namespace": None, "Statistic": None, "Period": None}


def wall(zone: str | None = None, **settings: Any) -> dict[str, Any]:
    """Settings of an alarm with a wall clock window."""
    return {"EvaluationWindow": {"WallClockWindow": {"Timezone": zone} if zone else {}}, **settings}


def told_tags(*, enabled: bool = True, **keys: Any) -> dict[str, Any]:
    """Settings of an alarm that tells its tags."""
    propagation = {"AlarmTagsPropagation": {"Enabled": enabled, **keys}}
    tags = [{"Key": key, "Value": key.upper()} for key in ("team", "cost")]
    return {"ActionConfiguration": propagation, "Tags": tags}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"EvaluateLowSampleCountPercentile": "x"}, "ValidationError"),
        ({"TreatMissingData": "x"}, "ValidationError"),
        ({"DatapointsToAlarm": 3}, "ValidationError"),
        ({"Threshold": None}, "ValidationError"),
        ({"ComparisonOperator": "LessThanLowerThreshold"}, "ValidationError"),
        ({"Statistic": None}, "InvalidParameterCombination"),
        ({"ExtendedStatistic": "p99"}, "InvalidParameterCombination"),
        ({"Statistic": None, "ExtendedStatistic": "p101"}, "InvalidParameterValue"),
        ({"Period": 86_400, "EvaluationPeriods": 8}, "ValidationError"),
        ({"Period": 61}, "InvalidParameterValue"),
        ({"Namespace": None}, "ValidationError"),
        ({"Metrics": [{"Id": "e", "Expression": "1"}]}, "InvalidParameterCombination"),
        (
            {**EXPRESSION, "Metrics": [{"Id": "e", "Expression": "f"}, {"Id": "f", "Expression": "1"}]},
            "ValidationError",
        ),
        (
            {**EXPRESSION, "ThresholdMetricId": "t", "Metrics": [{"Id": "e", "Expression": "1"}]},
            "ValidationError",
        ),
        (
            {
                **EXPRESSION,
                "EvaluationPeriods": 4,
                "Metrics": [{"Id": "e", "Expression": QUERY, "Period": 3600}],
            },
            "ValidationError",
        ),
    ],
)
def test_alarms_that_are_refused(cloudwatch: Any, settings: dict[str, Any], code: str) -> None:
    """An alarm that cannot be is refused, and not made."""
    with pytest.raises(ClientError) as caught:
        alarm(cloudwatch, **settings)

    assert caught.value.response["Error"]["Code"] == code
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


@has_windows
@pytest.mark.parametrize(
    "settings",
    [
        {"EvaluationInterval": 60},
        wall(Period=120),
        wall(Period=10),
        wall("Nowhere/Land"),
        wall("+01:03"),
        wall("UTC+19:00"),
        wall(**EXPRESSION, Metrics=[{"Id": "e", "Expression": "1", "Period": 120}]),
        wall(**EXPRESSION, EvaluationPeriods=3, Metrics=[{"Id": "e", "Expression": QUERY, "Period": 3600}]),
    ],
)
def test_windows_that_are_refused(cloudwatch: Any, settings: dict[str, Any]) -> None:
    """Wall clocks have some periods only, and zones that there are."""
    with pytest.raises(ClientError, match="ValidationError"):
        alarm(cloudwatch, **settings)


@has_windows
def test_a_wall_clock_waits_for_the_end_of_the_hour(aws: Any, cloudwatch: Any) -> None:
    """Data count when the hour of the clock that they are in has ended."""
    alarm(cloudwatch, **wall(Period=3600))
    aws.clock.advance(minutes=20)
    put(cloudwatch, 20.0)
    aws.clock.advance(minutes=39)
    assert state(cloudwatch) == "INSUFFICIENT_DATA"

    aws.clock.advance(minutes=1)
    assert state(cloudwatch) == "ALARM"
    aws.clock.advance(minutes=59)
    assert state(cloudwatch) == "ALARM"


@has_windows
def test_a_sliding_window_does_not_wait(aws: Any, cloudwatch: Any) -> None:
    """Data of an hour that slides count at once; the setting is shown."""
    alarm(cloudwatch, Period=3600, EvaluationWindow={"SlidingWindow": {}})
    aws.clock.advance(minutes=20)
    put(cloudwatch, 20.0)
    aws.clock.advance(minutes=1)

    assert state(cloudwatch) == "ALARM"
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["EvaluationWindow"] == {"SlidingWindow": {}}


@has_windows
@pytest.mark.parametrize(
    ("zone", "period", "hours"),
    [
        (None, 86_400, 24),
        ("Z", 86_400, 24),
        ("America/New_York", 86_400, 5),
        ("Asia/Kolkata", 86_400, 18.5),
        ("+05:30", 3600, 0.5),
        ("UTC-08:00", 86_400, 8),
        ("UTC", 604_800, 6 * 24),
        ("GMT+01:00", 604_800, 6 * 24 - 1),
    ],
)
def test_periods_of_a_wall_clock_end_in_its_zone(
    aws: Any, cloudwatch: Any, zone: str | None, period: int, hours: float
) -> None:
    """Days end at midnight, weeks on Sundays: Tuesday, 1 January 2030 has begun."""
    alarm(cloudwatch, **wall(zone, Period=period))
    put(cloudwatch, 20.0)
    aws.clock.advance(seconds=hours * 3600 - 1)
    assert state(cloudwatch) == "INSUFFICIENT_DATA"

    aws.clock.advance(seconds=1)
    assert state(cloudwatch) == "ALARM"


@tells_tags
@pytest.mark.parametrize(
    ("keys", "tags"),
    [
        ({}, {"team": "TEAM", "cost": "COST"}),
        ({"IncludedTagKeys": ["team", "other"]}, {"team": "TEAM"}),
        ({"ExcludedTagKeys": ["team"]}, {"cost": "COST"}),
    ],
)
def test_tags_are_told_to_topics(cloudwatch: Any, keys: dict[str, Any], tags: dict[str, str]) -> None:
    """Messages to topics have the tags that are asked for."""
    topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
    url = queue_hearing(topic)
    alarm(cloudwatch, AlarmActions=[topic], **told_tags(**keys))
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="a drill")

    (heard,) = boto3.client("sqs").receive_message(QueueUrl=url)["Messages"]
    message = json.loads(json.loads(heard["Body"])["Message"])
    assert {each["Key"]: each["Value"] for each in message["AlarmTags"]} == tags
    assert message["AlarmTagsStatus"] == "SUCCESS"


@tells_tags
@pytest.mark.parametrize("enabled", [True, False])
def test_tags_are_told_to_the_event_bus(cloudwatch: Any, enabled: bool) -> None:
    """Events have the alarm's tags, those of later too, where that is switched on."""
    events, sqs = boto3.client("events"), boto3.client("sqs")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    queue = "arn:aws:sqs:us-east-1:123456789012:heard"
    events.put_rule(Name="r", EventPattern=json.dumps({"detail-type": ["CloudWatch Alarm State Change"]}))
    rule = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "*", "Resource": queue}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [rule]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue}])
    alarm(cloudwatch, **told_tags(enabled=enabled))
    cloudwatch.tag_resource(ResourceARN=ARN, Tags=[{"Key": "later", "Value": "1"}])
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="a drill")

    detail = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])["detail"]
    expected = {"team": "TEAM", "cost": "COST", "later": "1"} if enabled else None
    assert detail.get("alarmTags") == expected
    assert detail.get("alarmTagsStatus") == ("SUCCESS" if enabled else None)


@tells_tags
def test_tags_are_included_or_excluded(cloudwatch: Any) -> None:
    """Keys to include and keys to exclude cannot come together."""
    with pytest.raises(ClientError, match="mutually exclusive"):
        alarm(cloudwatch, **told_tags(IncludedTagKeys=["a"], ExcludedTagKeys=["b"]))


@tells_tags
@knows("PutAlarmMuteRule")
def test_composites_tell_their_tags_too(cloudwatch: Any) -> None:
    """The setting of composite alarms is kept."""
    settings = told_tags()
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="TRUE", **settings)
    (found,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert found["ActionConfiguration"] == settings["ActionConfiguration"]
