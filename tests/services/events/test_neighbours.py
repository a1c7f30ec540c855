"""EventBridge among other services: events of AWS's own, loops, callers who may not."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from . import handlers
from .conftest import MakeRule, entry, make_queue, received


def test_services_put_events_of_their_own(aws: Any, make_rule: MakeRule) -> None:
    """Sources of AWS's are for calls that AWS's services make."""
    make_rule(make_queue("q"), pattern={"source": ["aws.s3"]})
    made = {"Entries": [entry({"n": 1}, source="aws.s3")]}
    aws._cloud.caller.call("events", "PutEvents", made, internal=True)
    aws.settle()
    assert [json.loads(body)["source"] for body in received("q")] == ["aws.s3"]


def test_function_that_hears_itself_is_stopped(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """A loop of a function and a rule ends after sixteen rounds."""
    function = aws.function(handlers.puts_again)
    boto3.client("lambda").add_permission(
        FunctionName=function.name, StatementId="x", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    make_rule(function.arn)
    events.put_events(Entries=[entry()])
    assert len(aws.trace.filter(kind="invocation")) == 16
    assert any("in a loop" in note.text for note in aws.trace.filter(kind="skipped"))


def test_callers_need_permission() -> None:
    """With enforcement a user needs the action on the rule; the denial is in AWS's words."""
    with mock_serverless(region="us-east-1", iam="enforce") as aws:
        iam = boto3.client("iam")
        arn = iam.create_user(UserName="ann")["User"]["Arn"]
        resource = "arn:aws:events:us-east-1:123456789012:rule/mine-*"
        allow = {"Effect": "Allow", "Action": "events:PutRule", "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
        events = boto3.client("events", **aws.credentials(arn))
        events.put_rule(Name="mine-1", EventPattern='{"source": ["x"]}')
        with pytest.raises(ClientError, match=r"not authorized to perform: events:PutRule on resource: .*rule/other"):
            events.put_rule(Name="other", EventPattern='{"source": ["x"]}')
