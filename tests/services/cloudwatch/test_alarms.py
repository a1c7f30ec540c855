"""Alarms: what they make of their data as the clock moves, and what they do."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from . import handlers
from .conftest import knows, put, stat

ACCOUNT = "123456789012"
knows_mute_rules = knows("PutAlarmMuteRule")
ARN = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:a"


def alarm(cloudwatch: Any, name: str = "a", **settings: Any) -> None:
    """An alarm that rings above ten."""
    usual: dict[str, Any] = {
        "Namespace": "N",
        "MetricName": "m",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 10.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    given = {member: value for member, value in {**usual, **settings}.items() if value is not None}
    cloudwatch.put_metric_alarm(AlarmName=name, **given)


def state(cloudwatch: Any, name: str = "a") -> str:
    """The state of an alarm."""
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    (one,) = found["MetricAlarms"] + found["CompositeAlarms"]
    text: str = one["StateValue"]
    return text


def queue_hearing(topic: str) -> str:
    """A queue that hears a topic; its URL."""
    sqs, arn = boto3.client("sqs"), f"arn:aws:sqs:us-east-1:{ACCOUNT}:heard"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url: str = sqs.create_queue(QueueName="heard", Attributes={"Policy": policy})["QueueUrl"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def test_alarm_begins_without_data(cloudwatch: Any) -> None:
    """A fresh alarm is told as AWS tells it."""
    alarm(cloudwatch)
    (found,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (found["StateValue"], found["StateReason"]) == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")
    assert (found["AlarmArn"], found["Dimensions"], found["ActionsEnabled"]) == (ARN, [], True)


def test_alarm_rings_when_the_minute_is_full(aws: Any, cloudwatch: Any) -> None:
    """Data above the threshold ring at the end of their minute; the reason is AWS's."""
    alarm(cloudwatch)
    put(cloudwatch, 20.0, 23.0)
    assert state(cloudwatch) == "INSUFFICIENT_DATA"
    aws.clock.advance(minutes=1)
    (found,) = cloudwatch.describe_alarms()["MetricAlarms"]
    reason = "Threshold Crossed: 1 datapoint [21.5 (01/01/30 00:00:00)] was greater than the threshold (10.0)."
    assert (found["StateValue"], found["StateReason"]) == ("ALARM", reason)
    told = json.loads(found["StateReasonData"])
    assert (told["recentDatapoints"], told["statistic"], told["period"]) == ([21.5], "Average", 60)


def test_alarm_calms_down(aws: Any, cloudwatch: Any) -> None:
    """Data below the threshold make it OK, no data at all leave it without."""
    alarm(cloudwatch)
    for value, expected in ((20.0, "ALARM"), (5.0, "OK")):
        put(cloudwatch, value)
        aws.clock.advance(minutes=1)
        assert state(cloudwatch) == expected
    aws.clock.advance(minutes=10)
    assert state(cloudwatch) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("breaching", "ALARM"), ("notBreaching", "OK"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_missing_data(aws: Any, cloudwatch: Any, treatment: str, expected: str) -> None:
    """Without any data the treatment decides."""
    alarm(cloudwatch, TreatMissingData=treatment, EvaluationPeriods=2)
    aws.clock.advance(minutes=5)
    assert state(cloudwatch) == expected


def test_missing_data_in_words(aws: Any, cloudwatch: Any) -> None:
    """The recorded reason of an alarm that rings for want of data."""
    alarm(cloudwatch, TreatMissingData="breaching", EvaluationPeriods=2)
    aws.clock.advance(minutes=5)
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateReason"] == (
        "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were "
        "treated as [Breaching]."
    )


def test_several_of_many(aws: Any, cloudwatch: Any) -> None:
    """Two of three minutes above the threshold ring."""
    alarm(cloudwatch, EvaluationPeriods=3, DatapointsToAlarm=2)
    states = []
    for value in (20.0, 5.0, 20.0, 5.0, 5.0):
        put(cloudwatch, value)
        aws.clock.advance(minutes=1)
        states.append(state(cloudwatch))
    assert states == ["INSUFFICIENT_DATA", "OK", "ALARM", "OK", "OK"]


def test_topic_hears_of_it(aws: Any, cloudwatch: Any) -> None:
    """A topic gets AWS's message, for each state the one that was asked for."""
    topic = boto3.client("sns").create_topic(Name="topic")["TopicArn"]
    url = queue_hearing(topic)
    alarm(cloudwatch, AlarmActions=[topic], AlarmDescription="too many")
    put(cloudwatch, 20.0)
    aws.clock.advance(minutes=10)
    (message,) = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    body = json.loads(message["Body"])
    told = json.loads(body["Message"])
    assert body["Subject"] == 'ALARM: "a" in US East (N. Virginia)'
    assert (told["NewStateValue"], told["OldStateValue"], told["AlarmArn"]) == ("ALARM", "INSUFFICIENT_DATA", ARN)
    assert told["Trigger"] == {
        "MetricName": "m",
        "Namespace": "N",
        "StatisticType": "Statistic",
        "Statistic": "AVERAGE",
        "Dimensions": [],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 10.0,
        "TreatMissingData": "missing",
        "EvaluateLowSampleCountPercentile": "",
    }


def test_function_is_invoked(aws: Any, cloudwatch: Any) -> None:
    """A function gets AWS's event, if it lets CloudWatch's alarms."""
    function = aws.function(handlers.shows_alarm)
    boto3.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="alarms",
        Action="lambda:InvokeFunction",
        Principal="lambda.alarms.cloudwatch.amazonaws.com",
    )
    alarm(cloudwatch, AlarmActions=[function.arn])
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="testing alarm")
    assert any("aws.cloudwatch a ALARM testing alarm INSUFFICIENT_DATA" in line for line in function.logs)


def test_event_bus_hears_of_it(cloudwatch: Any) -> None:
    """Each change is an event on the default bus."""
    events = boto3.client("events")
    boto3.client("logs").create_log_group(logGroupName="seen")
    events.put_rule(Name="rule", EventPattern='{"source": ["aws.cloudwatch"]}')
    events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:seen"}])
    alarm(cloudwatch)
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="because")
    (line,) = boto3.client("logs").filter_log_events(logGroupName="seen")["events"]
    event = json.loads(line["message"])
    assert (event["detail-type"], event["resources"]) == ("CloudWatch Alarm State Change", [ARN])
    assert (event["detail"]["state"]["value"], event["detail"]["previousState"]["value"]) == ("OK", "INSUFFICIENT_DATA")


def test_disabled_actions(aws: Any, cloudwatch: Any) -> None:
    """An alarm whose actions are off changes and does nothing."""
    topic = boto3.client("sns").create_topic(Name="topic")["TopicArn"]
    alarm(cloudwatch, AlarmActions=[topic])
    cloudwatch.disable_alarm_actions(AlarmNames=["a", "none"])
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="x")
    assert aws.trace.filter(service="sns", name="Publish") == []
    assert state(cloudwatch) == "ALARM"


def test_action_that_fails_is_told(aws: Any, cloudwatch: Any) -> None:
    """An action that is not possible leaves its reason in the trace and the history."""
    alarm(cloudwatch, AlarmActions=["arn:aws:automate:us-east-1:ec2:stop"])
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="x")
    (refusal,) = aws.trace.filter(kind="refusal", service="cloudwatch")
    assert "does not take actions of automate" in refusal.text
    items = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert items[0]["HistorySummary"].startswith("Failed to execute action")


def test_history(aws: Any, cloudwatch: Any) -> None:
    """What happened is told, the newest first."""
    alarm(cloudwatch)
    aws.clock.advance(minutes=1)
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="x")
    items = cloudwatch.describe_alarm_history(AlarmName="a")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        'Alarm "a" created',
    ]


def test_alarm_over_an_expression(aws: Any, cloudwatch: Any) -> None:
    """An alarm may watch metric maths."""
    alarm(cloudwatch, Namespace=None, MetricName=None, Statistic=None, Period=None, Metrics=[
        {"Id": "m", "MetricStat": stat(), "ReturnData": False},
        {"Id": "n", "MetricStat": stat(metric="n"), "ReturnData": False},
        {"Id": "e", "Expression": "m / n * 100"},
    ])  # fmt: skip
    put(cloudwatch, 1.0)
    put(cloudwatch, 4.0, name="n")
    aws.clock.advance(minutes=1)
    assert state(cloudwatch) == "ALARM"


def test_composite_alarm(cloudwatch: Any) -> None:
    """A composite follows the alarms of its rule."""
    alarm(cloudwatch, "a")
    alarm(cloudwatch, "b")
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule=f'ALARM("{ARN}") AND NOT (OK(b) OR FALSE)')
    states = [state(cloudwatch, "c")]
    for name, value in (("a", "ALARM"), ("b", "OK"), ("b", "ALARM"), ("a", "OK")):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="x")
        states.append(state(cloudwatch, "c"))
    assert states == ["OK", "ALARM", "OK", "ALARM", "OK"]


def test_composites_keep_their_children(cloudwatch: Any) -> None:
    """An alarm that a composite speaks of is deleted with it only."""
    alarm(cloudwatch)
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)")
    with pytest.raises(ClientError) as caught:
        cloudwatch.delete_alarms(AlarmNames=["a"])
    assert caught.value.response["Error"]["Code"] == "ResourceConflict"
    cloudwatch.delete_alarms(AlarmNames=["a", "c"])
    assert cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])["MetricAlarms"] == []


def test_suppressed_composite(aws: Any, cloudwatch: Any) -> None:
    """While its suppressor rings, a composite does not act."""
    topic = boto3.client("sns").create_topic(Name="topic")["TopicArn"]
    alarm(cloudwatch, "a")
    alarm(cloudwatch, "quiet")
    suppressed = {"ActionsSuppressor": "quiet", "ActionsSuppressorWaitPeriod": 0, "ActionsSuppressorExtensionPeriod": 0}
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)", AlarmActions=[topic], **suppressed)
    for name in ("quiet", "a"):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="x")
    assert aws.trace.filter(service="sns", name="Publish") == []


@pytest.mark.parametrize("rule", ["ALARM(none)", "ALARM(c)", "ALARM(a", "ALARM(a) OR", "", "(" * 3000])
def test_bad_rules_are_refused(cloudwatch: Any, rule: str) -> None:
    """Rules must be sound, speak of alarms that are there, and lead nowhere back."""
    alarm(cloudwatch)
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule=rule or " ")
    assert caught.value.response["Error"]["Code"] == "ValidationError"


@knows_mute_rules
def test_muted_alarm(aws: Any, cloudwatch: Any) -> None:
    """While a mute rule is active its alarms change without acting."""
    topic = boto3.client("sns").create_topic(Name="topic")["TopicArn"]
    alarm(cloudwatch, AlarmActions=[topic])
    schedule = {"Expression": "cron(0 2 * * *)", "Duration": "PT2H", "Timezone": "Europe/Berlin"}
    cloudwatch.put_alarm_mute_rule(Name="night", Rule={"Schedule": schedule}, MuteTargets={"AlarmNames": ["a"]})
    published, statuses = [], []
    for _ in range(3):
        statuses.append(cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="night")["Status"])
        for value in ("ALARM", "OK"):
            cloudwatch.set_alarm_state(AlarmName="a", StateValue=value, StateReason="x")
        published.append(len(aws.trace.filter(service="sns", name="Publish")))
        aws.clock.advance(hours=2)
    assert (statuses, published) == (["SCHEDULED", "ACTIVE", "SCHEDULED"], [1, 1, 2])
    assert [each["Status"] for each in cloudwatch.list_alarm_mute_rules(AlarmName="a")["AlarmMuteRuleSummaries"]] == [
        "SCHEDULED"
    ]


@knows_mute_rules
@pytest.mark.parametrize(
    "schedule",
    [
        {"Expression": "cron(0 2 * * ? *)", "Duration": "PT1H"},
        {"Expression": "rate(1 hour)", "Duration": "PT1H"},
        {"Expression": "cron(0 2 * * *)", "Duration": "P16D"},
        {"Expression": "cron(0 2 * * *)", "Duration": "1h"},
        {"Expression": "at(2030-01-01T00:00)", "Duration": "PT1H", "Timezone": "Nowhere"},
    ],
)
def test_bad_mute_rules_are_refused(cloudwatch: Any, schedule: dict[str, str]) -> None:
    """A mute rule needs an expression of five fields or a minute, a span and a zone."""
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_alarm_mute_rule(Name="bad", Rule={"Schedule": schedule})
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_unknown_alarm_is_not_set(cloudwatch: Any) -> None:
    """The recorded answer has no text."""
    with pytest.raises(ClientError) as caught:
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="x")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"


def test_filters(cloudwatch: Any) -> None:
    """Alarms are found by prefix, state, metric and action."""
    alarm(cloudwatch, "a1", AlarmActions=[f"arn:aws:sns:us-east-1:{ACCOUNT}:t"])
    alarm(cloudwatch, "a2", MetricName="other")
    alarm(cloudwatch, "b")
    cloudwatch.set_alarm_state(AlarmName="b", StateValue="OK", StateReason="x")

    def names(**filters: Any) -> list[str]:
        return [each["AlarmName"] for each in cloudwatch.describe_alarms(**filters)["MetricAlarms"]]

    assert names(AlarmNamePrefix="a") == ["a1", "a2"]
    assert names(StateValue="OK") == ["b"]
    assert names(ActionPrefix="arn:aws:sns") == ["a1"]
    found = cloudwatch.describe_alarms_for_metric(Namespace="N", MetricName="other")["MetricAlarms"]
    assert [each["AlarmName"] for each in found] == ["a2"]


def grouped_alarm(cloudwatch: Any) -> None:
    """An alarm over each host's highest value, above ten."""
    text = "SELECT MAX(m) FROM N GROUP BY Host"
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        Metrics=[{"Id": "q", "Expression": text, "Period": 60}],
        EvaluationPeriods=1,
        Threshold=10.0,
        ComparisonOperator="GreaterThanThreshold",
    )


@knows("DescribeAlarmContributors")
def test_alarm_over_groups_names_its_contributors(aws: Any, cloudwatch: Any) -> None:
    """An alarm over several series rings for one of them, and tells which."""
    grouped_alarm(cloudwatch)
    put(cloudwatch, 50.0, Dimensions=[{"Name": "Host", "Value": "loud"}])
    put(cloudwatch, 1.0, Dimensions=[{"Name": "Host", "Value": "calm"}])
    aws.clock.advance(minutes=1)
    assert state(cloudwatch) == "ALARM"
    (found,) = cloudwatch.describe_alarm_contributors(AlarmName="a")["AlarmContributors"]
    assert found["ContributorAttributes"] == {"Host": "loud"}
    assert "50.0" in found["StateReason"]


@knows("DescribeAlarmContributors")
def test_unknown_alarm_has_no_contributors(cloudwatch: Any) -> None:
    """An alarm that is not there is an error."""
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloudwatch.describe_alarm_contributors(AlarmName="none")


@pytest.mark.parametrize(("only_after", "expected"), [(False, "ALARM"), (True, "INSUFFICIENT_DATA")])
def test_young_alarm_warms_up(aws: Any, cloudwatch: Any, only_after: bool, expected: str) -> None:
    """An alarm that warms up judges when its window is full, or only when the time is up."""
    if "WarmUpConfiguration" not in cloudwatch.meta.service_model.shape_for("PutMetricAlarmInput").members:
        pytest.skip("botocore knows no warm-up")
    warm = {"WarmUpPeriodDurationInMinutes": 30, "OnlyStartEvaluatingAfterWarmUpPeriodEnds": only_after}
    alarm(cloudwatch, WarmUpConfiguration=warm)
    put(cloudwatch, 50.0)
    aws.clock.advance(minutes=1)
    assert state(cloudwatch) == expected
    aws.clock.advance(minutes=30)
    put(cloudwatch, 50.0)
    aws.clock.advance(minutes=1)
    assert state(cloudwatch) == "ALARM"
