"""A cloud with clients, a queue that EventBridge may send to, and rules over it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless

ACCOUNT = "123456789012"
BEGIN = datetime(2030, 1, 1, 0, 0, 30, tzinfo=timezone.utc)


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def frozen(aws: Any) -> Any:
    """The handle, its clock standing half a minute into 2030."""
    aws.clock.freeze(BEGIN)
    return aws


@pytest.fixture
def events(aws: Any) -> Any:
    """A client of EventBridge."""
    return boto3.client("events")


def arn_of(queue: str) -> str:
    """A queue's ARN."""
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue}"


def make_queue(name: str, service: str = "events.amazonaws.com", **attributes: str) -> str:
    """A queue that a service may send to; its ARN."""
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    boto3.client("sqs").create_queue(QueueName=name, Attributes={"Policy": policy, **attributes})
    return arn_of(name)


def received(queue: str) -> list[str]:
    """The bodies of all messages of a queue, which are taken."""
    sqs = boto3.client("sqs")
    url, bodies = sqs.get_queue_url(QueueName=queue)["QueueUrl"], []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def dead(queue: str) -> dict[str, str]:
    """The attributes of the one message of a dead-letter queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def entry(detail: Any = None, source: str = "shop", **more: Any) -> dict[str, Any]:
    """An entry of PutEvents."""
    return {"Source": source, "DetailType": "order", "Detail": json.dumps(detail or {}), **more}


MakeRule = Callable[..., str]


@pytest.fixture
def make_rule(events: Any) -> MakeRule:
    """Make a rule over the source ``shop`` with one target; its ARN."""

    def make(target: str, name: str = "rule", pattern: Any = None, bus: str = "default", **settings: Any) -> str:
        text = json.dumps(pattern or {"source": ["shop"]})
        rule_arn: str = events.put_rule(Name=name, EventPattern=text, EventBusName=bus)["RuleArn"]
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "one", "Arn": target, **settings}])
        return rule_arn

    return make
