"""Schedules that are refused, retries of targets, tags by ARN."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from . import handlers
from .conftest import ACCOUNT, BEGIN, QUEUE, MakeSchedule

BUS = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"


@pytest.mark.parametrize(
    "target",
    [
        {"Arn": "x"},
        {"Arn": "arn:aws:scheduler:::aws-sdk:sqs"},
        {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": "{"},
        {"Arn": "arn:aws:scheduler:::aws-sdk:dynamodb:getItem", "Input": "{}"},
        {"Arn": BUS, "Input": "{}"},
        {"Arn": BUS, "Input": "text", "EventBridgeParameters": {"Source": "s", "DetailType": "d"}},
        {"Arn": FUNCTION, "Input": "text"},
        {"Arn": FUNCTION, "Input": "[" * 2000},
        {"Arn": f"{QUEUE}.fifo"},
        {"RoleArn": "arn:aws:iam::1:role/r"},
    ],
)
def test_targets_that_are_refused(scheduler: Any, schedule: MakeSchedule, target: dict[str, Any]) -> None:
    """A target that cannot be invoked makes no schedule."""
    with pytest.raises(ClientError, match="ValidationException"):
        schedule("rate(1 day)", target=target)

    assert scheduler.list_schedules()["Schedules"] == []


@pytest.mark.parametrize(
    "settings",
    [
        {"EndDate": BEGIN - timedelta(seconds=1)},
        {"StartDate": BEGIN + timedelta(days=2), "EndDate": BEGIN + timedelta(days=1)},
        {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}},
        {"ScheduleExpressionTimezone": "Nowhere"},
    ],
)
def test_settings_that_are_refused(scheduler: Any, schedule: MakeSchedule, settings: dict[str, Any]) -> None:
    """Dates come in order, windows have a length, zones are there."""
    with pytest.raises(ClientError, match="ValidationException"):
        schedule("rate(1 day)", **settings)

    assert scheduler.list_schedules()["Schedules"] == []


def throttled(aws: Any) -> str:
    """A function that is never run; its name."""
    function = aws.function(handlers.shows)
    boto3.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
    name: str = function.name
    return name


def dead(name: str) -> dict[str, str]:
    """What the one message of a dead-letter queue tells."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    return {key: value["StringValue"] for key, value in message["MessageAttributes"].items()}


@pytest.mark.parametrize(
    ("policy", "condition", "attempts"),
    [
        ({"MaximumRetryAttempts": 2}, "MaximumRetryAttempts", "2"),
        ({"MaximumRetryAttempts": 0}, "MaximumRetryAttempts", "0"),
        ({"MaximumEventAgeInSeconds": 60}, "MaximumEventAgeInSeconds", "4"),
    ],
)
def test_retries_are_exhausted(
    aws: Any, schedule: MakeSchedule, policy: dict[str, int], condition: str, attempts: str
) -> None:
    """A target that is throttled is tried again until its policy is exhausted; the dead letter says by what."""
    boto3.client("sqs").create_queue(QueueName="dead")
    letters = {"Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"}
    given = json.dumps({"FunctionName": throttled(aws)})
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:lambda:invoke", "Input": given, "DeadLetterConfig": letters}
    schedule("at(2030-01-01T00:01:00)", target={**target, "RetryPolicy": policy})
    aws.clock.advance(hours=1)

    told = dead("dead")
    assert (told["EXHAUSTED_RETRY_CONDITION"], told["RETRY_ATTEMPTS"]) == (condition, attempts)
    assert "TooManyRequests" in told["ERROR_CODE"]


def test_dead_letters_that_are_lost(aws: Any, schedule: MakeSchedule) -> None:
    """A dead-letter queue that is not there is told in the trace."""
    gone = f"arn:aws:sqs:us-east-1:{ACCOUNT}:gone"
    schedule("at(2030-01-01T00:01:00)", target={"Arn": gone, "DeadLetterConfig": {"Arn": gone}})
    aws.clock.advance(hours=1)

    assert any("dead-letter queue" in str(note) for note in aws.trace)


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule-group/none",
        f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule-group/a/b",
    ],
)
def test_tags_of_what_is_not_there(scheduler: Any, arn: str) -> None:
    """Only groups that are there have tags."""
    with pytest.raises(ClientError, match=r"ResourceNotFoundException|ValidationException"):
        scheduler.list_tags_for_resource(ResourceArn=arn)
