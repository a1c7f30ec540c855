"""Targets: templated and universal ones, retries, dead letters, roles that may not."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from . import handlers
from .conftest import ACCOUNT, BEGIN, OFF, QUEUE, MakeSchedule, bodies, make_role

HOURLY = "rate(1 hour)"


def universal(action: str, **params: Any) -> dict[str, Any]:
    """A universal target."""
    return {"Arn": f"arn:aws:scheduler:::aws-sdk:{action}", "Input": json.dumps(params)}


def test_function(aws: Any, schedule: MakeSchedule) -> None:
    """A function is invoked with the input, as the role."""
    function = aws.function(handlers.shows)
    schedule(HOURLY, target={"Arn": function.arn, "Input": '{"n": 1}'})
    aws.clock.advance(minutes=1)
    assert any("GOT {'n': 1}" in line for line in function.logs)


def test_default_notification(aws: Any, scheduler: Any, schedule: MakeSchedule) -> None:
    """Without an input a target gets Scheduler's own event."""
    role = f"arn:aws:iam::{ACCOUNT}:role/role"
    target = {"Arn": QUEUE, "RoleArn": role}
    scheduler.create_schedule(Name="s", ScheduleExpression=HOURLY, FlexibleTimeWindow=OFF, Target=target)
    aws.clock.advance(minutes=1)
    event = json.loads(bodies()[0])
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.scheduler", "Scheduled Event", "{}")
    assert event["resources"] == [f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/default/s"]


def test_event_bus(aws: Any, schedule: MakeSchedule) -> None:
    """A bus gets an event of the source and type that the target names."""
    events = boto3.client("events")
    boto3.client("logs").create_log_group(logGroupName="seen")
    events.put_rule(Name="rule", EventPattern='{"source": ["me"]}')
    log = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:seen"
    events.put_targets(Rule="rule", Targets=[{"Id": "one", "Arn": log}])
    bus = events.describe_event_bus()["Arn"]
    parameters = {"Source": "me", "DetailType": "tick"}
    schedule(HOURLY, target={"Arn": bus, "Input": '{"n": 1}', "EventBridgeParameters": parameters})
    aws.clock.advance(minutes=1)
    (line,) = boto3.client("logs").filter_log_events(logGroupName="seen")["events"]
    assert json.loads(line["message"])["detail-type"] == "tick"


def test_universal_target(aws: Any, schedule: MakeSchedule) -> None:
    """Any operation of a service that is there can be called."""
    schedule(HOURLY, target=universal("dynamodb:createTable", TableName="tab", BillingMode="PAY_PER_REQUEST",
             KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
             AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}]))  # fmt: skip
    schedule("at(2030-01-01T00:30:00)", "put", universal("dynamodb:putItem", TableName="tab", Item={"id": {"S": "1"}}))
    aws.clock.advance(minutes=31)
    assert boto3.client("dynamodb").scan(TableName="tab")["Items"] == [{"id": {"S": "1"}}]


def test_context_attributes(aws: Any, schedule: MakeSchedule) -> None:
    """Words in the input stand for the schedule, its time, the execution and the attempt."""
    text = "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>"
    arn = schedule(HOURLY, target={"Input": text})
    aws.clock.advance(minutes=1)
    assert bodies() == [f"{arn} {BEGIN:%Y-%m-%dT%H:%M:%SZ} 1"]


def test_dead_letter(aws: Any, schedule: MakeSchedule) -> None:
    """What cannot be delivered goes to the dead-letter queue, with the reason."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    dead = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
    missing = f"arn:aws:sqs:us-east-1:{ACCOUNT}:missing"
    arn = schedule(HOURLY, target={"Arn": missing, "Input": "text", "DeadLetterConfig": {"Arn": dead}})
    aws.clock.advance(minutes=1)
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (message["Body"], told["SCHEDULE_ARN"], told["TARGET_ARN"]) == ("text", arn, missing)
    assert "NonExistentQueue" in told["ERROR_CODE"] or "QueueDoesNotExist" in told["ERROR_CODE"]


def test_unmocked_service_is_told(aws: Any, schedule: MakeSchedule) -> None:
    """A universal target of a service that is not there leaves its reason in the trace."""
    schedule(HOURLY, target=universal("ec2:startInstances", InstanceIds=["i-1"]))
    aws.clock.advance(minutes=1)
    (refusal,) = aws.trace.filter(kind="refusal", service="scheduler")
    assert "ec2 is not mocked" in refusal.text


def test_reading_targets_are_refused(schedule: MakeSchedule) -> None:
    """Operations that only read are no targets."""
    with pytest.raises(ClientError) as caught:
        schedule(HOURLY, target=universal("sqs:getQueueUrl", QueueName="q"))
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_role_needs_permission() -> None:
    """With enforcement the role must be allowed what the target does."""
    with mock_serverless(region="us-east-1", iam="enforce") as aws:
        aws.clock.freeze(BEGIN)
        boto3.client("sqs").create_queue(QueueName="q")
        target = {"Arn": QUEUE, "RoleArn": make_role(), "Input": "x"}
        boto3.client("scheduler").create_schedule(
            Name="s", ScheduleExpression=HOURLY, FlexibleTimeWindow=OFF, Target=target
        )
        aws.clock.advance(minutes=1)
        assert bodies() == []
        allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        boto3.client("iam").put_role_policy(RoleName="role", PolicyName="send", PolicyDocument=policy)
        aws.clock.advance(hours=1)
        assert bodies() == ["x"]
