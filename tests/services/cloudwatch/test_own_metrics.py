"""What SQS and SNS measure of themselves, as CloudWatch shows it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from .conftest import BEGIN

ACCOUNT = "123456789012"


def values(cloudwatch: Any, metric: str, *, stat: str = "Sum", topic: bool = False, name: str = "q") -> list[float]:
    """A metric's values by minute, the oldest first."""
    namespace, dimension = ("AWS/SNS", "TopicName") if topic else ("AWS/SQS", "QueueName")
    asked = {"Namespace": namespace, "MetricName": metric, "Dimensions": [{"Name": dimension, "Value": name}]}
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "a", "MetricStat": {"Metric": asked, "Period": 60, "Stat": stat}}],
        StartTime=BEGIN,
        EndTime=BEGIN + timedelta(hours=12),
        ScanBy="TimestampAscending",
    )
    shown: list[float] = found["MetricDataResults"][0]["Values"]
    return shown


@pytest.fixture
def sqs(aws: Any) -> Any:
    """A client of SQS."""
    return boto3.client("sqs")


@pytest.fixture
def sns(aws: Any) -> Any:
    """A client of SNS."""
    return boto3.client("sns")


@pytest.fixture
def url(sqs: Any) -> str:
    """A queue."""
    made: str = sqs.create_queue(QueueName="q")["QueueUrl"]
    return made


def test_queue_counts_its_messages(cloudwatch: Any, sqs: Any, url: str) -> None:
    """Messages sent, received and deleted count, and polls that find nothing."""
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(each), "MessageBody": "four"} for each in range(3)])
    (first, _) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    sqs.receive_message(QueueUrl=url)
    sqs.receive_message(QueueUrl=url)
    names = ("NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted", "NumberOfEmptyReceives")
    assert [values(cloudwatch, name) for name in names] == [[3.0], [3.0], [1.0], [1.0]]
    assert values(cloudwatch, "SentMessageSize", stat="Average") == [4.0]


def test_queue_is_measured_each_minute(aws: Any, cloudwatch: Any, sqs: Any, url: str) -> None:
    """What a queue holds shows minute by minute: visible, in flight, delayed, and the age of the oldest message."""
    sqs.send_message(QueueUrl=url, MessageBody="a")
    sqs.send_message(QueueUrl=url, MessageBody="b", DelaySeconds=90)
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=150)
    aws.clock.advance(minutes=3)
    parts = ("Visible", "NotVisible", "Delayed")
    shown = [values(cloudwatch, f"ApproximateNumberOfMessages{part}", stat="Maximum") for part in parts]
    assert shown == [[0.0, 1.0, 2.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    assert values(cloudwatch, "ApproximateAgeOfOldestMessage", stat="Maximum") == [60.0, 120.0, 180.0]


def test_idle_queue_is_measured_for_six_hours(aws: Any, cloudwatch: Any, sqs: Any, url: str) -> None:
    """Six hours after its last call a queue is not active any more."""
    sqs.receive_message(QueueUrl=url)
    aws.clock.advance(hours=8)
    assert len(values(cloudwatch, "ApproximateNumberOfMessagesVisible", stat="Maximum")) == 360


def test_fifo_queue_counts_duplicates_and_groups(aws: Any, cloudwatch: Any, sqs: Any) -> None:
    """A FIFO queue counts what it dropped as a duplicate, and the groups that have messages in flight."""
    url = sqs.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for group in ("a", "a", "b"):
        sqs.send_message(QueueUrl=url, MessageBody=group, MessageGroupId=group, MessageDeduplicationId=group)
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=90)
    aws.clock.advance(minutes=2)
    assert values(cloudwatch, "NumberOfMessagesSent", name="q.fifo") == [2.0]
    assert values(cloudwatch, "NumberOfDeduplicatedSentMessages", name="q.fifo") == [1.0]
    groups = values(cloudwatch, "ApproximateNumberOfGroupsWithInflightMessages", stat="Maximum", name="q.fifo")
    assert groups == [2.0, 0.0]


def test_alarm_looks_at_dead_letters(aws: Any, cloudwatch: Any, sqs: Any, url: str) -> None:
    """An alarm over a queue's messages rings as long as they lie there, whoever calls."""
    cloudwatch.put_metric_alarm(
        AlarmName="dead",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "q"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    sqs.send_message(QueueUrl=url, MessageBody="dead")
    states = []
    for hours in (1, 9):
        aws.clock.advance(hours=hours)
        states.append(cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"])
    assert states == ["ALARM", "ALARM"]


def test_topic_counts_its_messages(cloudwatch: Any, sns: Any, sqs: Any, url: str) -> None:
    """Messages published count, and what becomes of each: delivered, failed, filtered out."""
    topic = sns.create_topic(Name="q")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:none")
    number = sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+12065550100", ReturnSubscriptionArn=True)
    policy = json.dumps({"kind": ["big"]})
    sns.set_subscription_attributes(
        SubscriptionArn=number["SubscriptionArn"], AttributeName="FilterPolicy", AttributeValue=policy
    )
    sns.publish(TopicArn=topic, Message="four")
    big = {"kind": {"DataType": "String", "StringValue": "big"}}
    sns.publish(TopicArn=topic, Message="four", MessageAttributes=big)
    names = ("NumberOfMessagesPublished", "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed")
    assert [values(cloudwatch, name, topic=True) for name in names] == [[2.0], [1.0], [2.0]]
    filtered = ("NumberOfNotificationsFilteredOut", "NumberOfNotificationsFilteredOut-NoMessageAttributes")
    assert [values(cloudwatch, name, topic=True) for name in filtered] == [[1.0], [1.0]]
    assert values(cloudwatch, "PublishSize", stat="Minimum", topic=True) == [4.0]


def test_text_to_a_number_counts(cloudwatch: Any, sns: Any) -> None:
    """A text that is sent directly counts among those."""
    sns.publish(PhoneNumber="+12065550100", Message="hello")
    (found,) = cloudwatch.list_metrics(Namespace="AWS/SNS")["Metrics"]
    assert found["Dimensions"] == [{"Name": "PhoneNumber", "Value": "PhoneNumberDirect"}]


def test_queue_is_measured_as_it_was(aws: Any, cloudwatch: Any, sqs: Any, url: str) -> None:
    """What is measured later shows what the queue held then: before a purge, and while a message was kept."""
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "120"})
    sqs.send_message(QueueUrl=url, MessageBody="a")
    aws.clock.advance(minutes=3)
    sqs.send_message(QueueUrl=url, MessageBody="b")
    aws.clock.advance(minutes=1)
    sqs.purge_queue(QueueUrl=url)
    aws.clock.advance(minutes=1)
    shown = values(cloudwatch, "ApproximateNumberOfMessagesVisible", stat="Maximum")
    assert shown == [1.0, 0.0, 0.0, 1.0, 0.0]


def test_queue_of_before_is_seen_by_a_later_alarm(aws: Any, cloudwatch: Any, sqs: Any, url: str) -> None:
    """An alarm sees what a queue holds that nobody has called since the alarm was made."""
    sqs.send_message(QueueUrl=url, MessageBody="a")
    aws.clock.advance(minutes=5)
    cloudwatch.put_metric_alarm(
        AlarmName="dead",
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": "q"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=600.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    states = []
    for minutes in (2, 6):
        aws.clock.advance(minutes=minutes)
        states.append(cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"])
    assert states == ["OK", "ALARM"]
