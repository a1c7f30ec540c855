"""Targets reached, and what becomes of events that do not reach them."""

from __future__ import annotations

import json
import time
from typing import Any

import boto3
import pytest
import responses

from mocksls import mock_serverless

from . import handlers
from .conftest import ACCOUNT, MakeRule, arn_of, dead, entry, make_queue, received


def permit(function: Any, source: str) -> None:
    """Let a rule invoke a function."""
    boto3.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=source,
    )


def test_function_runs(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """A function is invoked with the event, if it lets the rule."""
    function = aws.function(handlers.remembers)
    permit(function, make_rule(function.arn))
    events.put_events(Entries=[entry({"n": 1})])
    assert any("GOT order {'n': 1}" in line for line in function.logs)


def test_function_without_permission(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """A function that does not let the rule is not invoked: the event goes to the dead-letter queue."""
    function = aws.function(handlers.remembers)
    rule_arn = make_rule(function.arn, DeadLetterConfig={"Arn": make_queue("dead")})
    events.put_events(Entries=[entry()])
    told = dead("dead")
    assert (told["ERROR_CODE"], told["RULE_ARN"], told["TARGET_ARN"]) == ("NO_PERMISSIONS", rule_arn, function.arn)
    assert (told["RETRY_ATTEMPTS"], function.logs) == ("0", [])


def test_missing_queue(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """An event for a queue that is not there is dropped, and the trace says so."""
    make_rule(arn_of("missing"))
    events.put_events(Entries=[entry()])
    (refusal,) = aws.trace.filter(kind="refusal", service="events")
    assert f"did not reach {arn_of('missing')}: NO_RESOURCE" in refusal.text


def test_queue_without_policy(events: Any, make_rule: MakeRule) -> None:
    """A queue without a policy takes nothing from EventBridge."""
    boto3.client("sqs").create_queue(QueueName="closed")
    make_rule(arn_of("closed"), DeadLetterConfig={"Arn": make_queue("dead")})
    events.put_events(Entries=[entry()])
    assert dead("dead")["ERROR_CODE"] == "NO_PERMISSIONS"
    assert received("closed") == []


def test_fifo_queue(events: Any, make_rule: MakeRule) -> None:
    """A FIFO queue gets its message group from the target's parameters."""
    make_queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    make_rule(arn_of("q.fifo"), SqsParameters={"MessageGroupId": "group"})
    events.put_events(Entries=[entry()])
    assert len(received("q.fifo")) == 1


def test_log_group(events: Any, make_rule: MakeRule) -> None:
    """A log group gets a line for each event."""
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/shop")
    make_rule(f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/events/shop")
    events.put_events(Entries=[entry({"n": 1})])
    (line,) = logs.filter_log_events(logGroupName="/aws/events/shop")["events"]
    assert json.loads(line["message"])["detail"] == {"n": 1}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{"timestamp": <n>, "message": "said <s>"}', "said so"),
        ('{"timestamp": <n>, "message": {"s": "<s>"}}', '{"s": "so"}'),
        ('{"timestamp": 1e999, "message": "far"}', "far"),
        ('{"message": "<s>"}', '{"message": "so"}'),
    ],
)
def test_template_of_a_line(events: Any, make_rule: MakeRule, template: str, message: str) -> None:
    """A template of a time and a message is the line; any other object is its text."""
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/shop")
    transformer = {"InputPathsMap": {"n": "$.detail.n", "s": "$.detail.s"}, "InputTemplate": template}
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/events/shop"
    make_rule(group, InputTransformer=transformer)
    now = int(time.time() * 1000) - 5000
    events.put_events(Entries=[entry({"n": now, "s": "so"})])

    (line,) = logs.filter_log_events(logGroupName="/aws/events/shop")["events"]
    assert line["message"] == message
    assert (line["timestamp"] == now) == ("<n>" in template)


def test_topic(events: Any, make_rule: MakeRule) -> None:
    """A topic's subscribers hear the event, if its policy lets EventBridge publish."""
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="topic")["TopicArn"]
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=make_queue("q", "sns.amazonaws.com"))
    make_rule(topic)
    events.put_events(Entries=[entry({"n": 1})])
    (body,) = received("q")
    assert json.loads(json.loads(body)["Message"])["detail"] == {"n": 1}


def test_bus_to_bus(events: Any, make_rule: MakeRule) -> None:
    """An event comes to another bus as it is."""
    bus = events.create_event_bus(Name="other")["EventBusArn"]
    make_rule(bus)
    make_rule(make_queue("q"), bus="other")
    events.put_events(Entries=[entry({"n": 1})])
    assert [json.loads(body)["detail"] for body in received("q")] == [{"n": 1}]


def test_loop_of_buses_is_cut(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """Two buses that send each other everything are stopped."""
    names = ("one", "two")
    buses = [events.create_event_bus(Name=name)["EventBusArn"] for name in names]
    for name, other in zip(names, reversed(buses), strict=True):
        make_rule(other, bus=name)
    events.put_events(Entries=[entry(EventBusName="one")])
    assert any("in a loop" in refusal.text for refusal in aws.trace.filter(kind="refusal", service="events"))


def test_other_services_are_told(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """A target of a service that is not there is named in the trace and the dead-letter queue."""
    machine = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:machine"
    make_rule(machine, DeadLetterConfig={"Arn": make_queue("dead")})
    events.put_events(Entries=[entry()])
    assert "does not deliver events to targets of states" in dead("dead")["ERROR_MESSAGE"]


def test_role_of_a_target() -> None:
    """With enforcement a target's role must be allowed to send."""
    with mock_serverless(region="us-east-1", iam="enforce"):
        trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        iam = boto3.client("iam")
        role = iam.create_role(RoleName="role", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        boto3.client("sqs").create_queue(QueueName="q")
        events = boto3.client("events")
        events.put_rule(Name="rule", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="rule", Targets=[{"Id": "one", "Arn": arn_of("q"), "RoleArn": role}])
        events.put_events(Entries=[entry()])
        allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn_of("q")}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        iam.put_role_policy(RoleName="role", PolicyName="send", PolicyDocument=policy)
        events.put_events(Entries=[entry({"n": 2})])
        assert [json.loads(body)["detail"] for body in received("q")] == [{"n": 2}]


def destination(events: Any, kind: str = "API_KEY", url: str = "https://api.example.com/*", **auth: Any) -> str:
    """An API destination; its ARN."""
    auth = auth or {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}}
    connection = events.create_connection(Name="c", AuthorizationType=kind, AuthParameters=auth)["ConnectionArn"]
    arn: str = events.create_api_destination(
        Name="d", ConnectionArn=connection, InvocationEndpoint=url, HttpMethod="POST"
    )["ApiDestinationArn"]
    return arn


@responses.activate
def test_api_destination(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """An API destination is called with key, path, query and the event as body."""
    answer = responses.post("https://api.example.com/orders", status=200)
    make_rule(
        destination(events),
        HttpParameters={"PathParameterValues": ["orders"], "QueryStringParameters": {"a": "1"}},
        InputPath="$.detail",
    )
    events.put_events(Entries=[entry({"n": 1})])
    (call,) = answer.calls
    assert call.request.headers["X-Key"] == "secret"
    assert (call.request.url, call.request.body) == ("https://api.example.com/orders?a=1", b'{"n":1}')


@responses.activate
def test_api_destination_is_tried_again(events: Any, make_rule: MakeRule) -> None:
    """Errors of the server are tried again as often as the policy says, then the event is dead."""
    answer = responses.post("https://api.example.com/", status=503)
    make_rule(
        destination(events, url="https://api.example.com/"),
        RetryPolicy={"MaximumRetryAttempts": 2},
        DeadLetterConfig={"Arn": make_queue("dead")},
    )
    events.put_events(Entries=[entry()])
    told = dead("dead")
    assert answer.call_count == 3
    assert (told["RETRY_ATTEMPTS"], told["EXHAUSTED_RETRY_CONDITION"]) == ("2", "MaximumRetryAttempts")


@responses.activate
def test_retries_without_a_policy_follow_the_clock(aws: Any, events: Any, make_rule: MakeRule) -> None:
    """Without a policy some tries are made at once and the next as the clock moves, for a day."""
    answer = responses.post("https://api.example.com/", status=500)
    make_rule(destination(events, url="https://api.example.com/"), DeadLetterConfig={"Arn": make_queue("dead")})
    events.put_events(Entries=[entry()])
    at_once = answer.call_count
    aws.clock.advance(hours=25)
    assert 1 < at_once < answer.call_count
    assert dead("dead")["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


@responses.activate
def test_oauth_connection(events: Any, make_rule: MakeRule) -> None:
    """A connection with OAuth asks for a token, once, and shows it."""
    token = responses.post("https://auth.example.com/token", json={"access_token": "t", "expires_in": 60})
    answer = responses.post("https://api.example.com/", status=200)
    client = {"ClientID": "id", "ClientSecret": "s"}
    oauth = {
        "ClientParameters": client,
        "AuthorizationEndpoint": "https://auth.example.com/token",
        "HttpMethod": "POST",
    }
    make_rule(destination(events, "OAUTH_CLIENT_CREDENTIALS", "https://api.example.com/", OAuthParameters=oauth))
    events.put_events(Entries=[entry(), entry()])
    assert [call.request.headers["Authorization"] for call in answer.calls] == ["Bearer t", "Bearer t"]
    assert token.call_count == 1
