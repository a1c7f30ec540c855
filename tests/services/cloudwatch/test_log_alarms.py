"""Log alarms: what they make of the results of their queries as the clock moves."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import BEGIN, knows

pytestmark = knows("PutLogAlarm")
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


@pytest.fixture
def logs(aws: Any) -> Any:
    """A client of CloudWatch Logs, with a group ``g`` and its stream ``s``."""
    client = boto3.client("logs")
    client.create_log_group(logGroupName="g")
    client.create_log_stream(logGroupName="g", logStreamName="s")
    return client


def put_lines(aws: Any, logs: Any, *lines: str) -> None:
    """Put lines of now."""
    now = int(aws.clock.now().timestamp() * 1000)
    events = [{"timestamp": now, "message": line} for line in lines]
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)


def put_alarm(cloudwatch: Any, aggregation: str = "count(*)", query: str = "filter @message like /ERROR/") -> None:
    """An alarm that rings when two of three queries find more than one event each."""
    cloudwatch.put_log_alarm(AlarmName="a", **settings(aggregation, query))


def settings(aggregation: str = "count(*)", query: str = "", **more: Any) -> dict[str, Any]:
    """What a log alarm is made of."""
    usual: dict[str, Any] = {
        "ScheduledQueryConfiguration": {
            "QueryString": query,
            "LogGroupIdentifiers": ["g"],
            "ScheduledQueryRoleARN": ROLE,
            "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
            "AggregationExpression": aggregation,
        },
        "QueryResultsToEvaluate": 3,
        "QueryResultsToAlarm": 2,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    return {**usual, **more}


def described(cloudwatch: Any) -> dict[str, Any]:
    """The alarm as it is described."""
    (found,) = cloudwatch.describe_alarms(AlarmNames=["a"], AlarmTypes=["LogAlarm"])["LogAlarms"]
    shown: dict[str, Any] = found
    return shown


def test_alarm_rings_when_enough_queries_breach(aws: Any, cloudwatch: Any, logs: Any) -> None:
    """Two of the last three results must breach; one alone is not enough."""
    put_alarm(cloudwatch)
    states = []
    for lines in (["ERROR a", "ERROR b", "fine"], ["fine"], ["ERROR c", "ERROR d"], [], []):
        put_lines(aws, logs, *lines or ["fine"])
        aws.clock.advance(minutes=5)
        states.append(described(cloudwatch)["StateValue"])
    assert states == ["INSUFFICIENT_DATA", "OK", "ALARM", "OK", "OK"]


def test_alarm_tells_its_topic_and_bus(aws: Any, cloudwatch: Any, logs: Any) -> None:
    """A change is told in the alarm's history, and acted on."""
    topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sms", Endpoint="+12065550100")
    once: dict[str, Any] = {"QueryResultsToEvaluate": 1, "QueryResultsToAlarm": 1, "AlarmActions": [topic]}
    cloudwatch.put_log_alarm(AlarmName="a", **settings(**once))
    put_lines(aws, logs, "a", "b")
    aws.clock.advance(minutes=5)
    told = json.loads(aws.outbox.last(channel="sms").body)
    assert (told["NewStateValue"], told["Trigger"]["Threshold"]) == ("ALARM", 1.0)
    items = cloudwatch.describe_alarm_history(AlarmName="a", AlarmTypes=["LogAlarm"], HistoryItemType="StateUpdate")
    assert items["AlarmHistoryItems"][0]["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to ALARM"


def test_groups_are_contributors(aws: Any, cloudwatch: Any, logs: Any) -> None:
    """A query by group judges each group; the one that rings is told."""
    once: dict[str, Any] = {"QueryResultsToEvaluate": 1, "QueryResultsToAlarm": 1}
    cloudwatch.put_log_alarm(AlarmName="a", **settings("max(ms) as slowest by host", **once))
    put_lines(aws, logs, '{"host": "slow", "ms": 900}', '{"host": "fast", "ms": 1}')
    aws.clock.advance(minutes=5)
    (found,) = cloudwatch.describe_alarm_contributors(AlarmName="a")["AlarmContributors"]
    assert (found["ContributorAttributes"], described(cloudwatch)["StateValue"]) == ({"host": "slow"}, "ALARM")


def test_query_of_an_alarm_is_managed(aws: Any, cloudwatch: Any, logs: Any) -> None:
    """The scheduled query comes, changes and goes with its alarm."""
    put_alarm(cloudwatch)
    (query,) = logs.list_scheduled_queries(scheduleType="AWS_MANAGED")["scheduledQueries"]
    assert described(cloudwatch)["ScheduledQueryConfiguration"]["QueryARN"] == query["scheduledQueryArn"]
    put_alarm(cloudwatch, query="filter @message like /WARN/")
    found = logs.get_scheduled_query(identifier=query["scheduledQueryArn"])
    assert found["queryString"] == "filter @message like /WARN/ | stats count(*)"
    cloudwatch.delete_alarms(AlarmNames=["a"])
    assert logs.list_scheduled_queries()["scheduledQueries"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"QueryResultsToAlarm": 4},
        {"QueryResultsToEvaluate": 101},
        {"ComparisonOperator": "GreaterThanUpperThreshold"},
        {"ActionLogLineCount": 5},
        {"TreatMissingData": "x"},
        {"ScheduledQueryConfiguration": {**settings()["ScheduledQueryConfiguration"], "LogGroupIdentifiers": ["none"]}},
        {"ScheduledQueryConfiguration": {**settings()["ScheduledQueryConfiguration"], "QueryString": "nonsense"}},
    ],
)
def test_bad_log_alarms_are_refused(cloudwatch: Any, logs: Any, wrong: dict[str, Any]) -> None:
    """Nothing is left of an alarm that is refused."""
    with pytest.raises(ClientError, match="ValidationE"):
        cloudwatch.put_log_alarm(AlarmName="a", **settings(**wrong))
    assert cloudwatch.describe_alarms(AlarmTypes=["LogAlarm"])["LogAlarms"] == []
    assert logs.list_scheduled_queries()["scheduledQueries"] == []


def test_alarm_without_results_waits(aws: Any, cloudwatch: Any, logs: Any) -> None:
    """A query that groups and finds nothing gives no value, and the alarm stays as it is."""
    put_alarm(cloudwatch, "max(ms) by host")
    aws.clock.advance(minutes=20)
    assert (described(cloudwatch)["StateValue"], aws.clock.now() > BEGIN) == ("INSUFFICIENT_DATA", True)
