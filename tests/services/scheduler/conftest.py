"""A cloud with a client of Scheduler, a role that it may assume, and a queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless

ACCOUNT = "123456789012"
BEGIN = datetime(2030, 1, 1, tzinfo=timezone.utc)
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
OFF = {"Mode": "OFF"}


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud, its clock standing at the start of 2030."""
    with mock_serverless(region="us-east-1") as handle:
        handle.clock.freeze(BEGIN)
        yield handle


@pytest.fixture
def scheduler(aws: Any) -> Any:
    """A client of Scheduler."""
    return boto3.client("scheduler")


def make_role(service: str = "scheduler.amazonaws.com", name: str = "role") -> str:
    """A role that a service may assume, and that may do everything; its ARN."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = boto3.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    return arn


MakeSchedule = Callable[..., str]


@pytest.fixture
def schedule(scheduler: Any) -> MakeSchedule:
    """Make a schedule; its ARN. The target is the queue ``q`` unless another is given."""
    role = make_role()
    boto3.client("sqs").create_queue(QueueName="q")

    def make(expression: str, name: str = "s", target: dict[str, Any] | None = None, **settings: Any) -> str:
        wanted = {"Arn": QUEUE, "RoleArn": role, "Input": "<aws.scheduler.scheduled-time>", **(target or {})}
        settings = {"FlexibleTimeWindow": OFF, **settings}
        arn: str = scheduler.create_schedule(Name=name, ScheduleExpression=expression, Target=wanted, **settings)[
            "ScheduleArn"
        ]
        return arn

    return make


def bodies(queue: str = "q") -> list[str]:
    """The bodies of all messages of a queue, which are taken."""
    sqs = boto3.client("sqs")
    url, found = sqs.get_queue_url(QueueName=queue)["QueueUrl"], []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
