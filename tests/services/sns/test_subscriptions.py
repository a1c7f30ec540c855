"""Subscriptions: made, confirmed, described, filtered, ended."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from .conftest import ACCOUNT, TOPIC, notifications, open_queue, refused, subscribed, taken

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"


def attributes_of(sns: Any, arn: str) -> dict[str, str]:
    """All attributes of a subscription."""
    found: dict[str, str] = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return found


def test_attributes_of_a_queues_subscription(seams: Any) -> None:
    """Confirmed at once, with AWS's attributes and no more (recorded)."""
    arn = seams.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    assert attributes_of(seams, arn) == {
        "SubscriptionArn": arn,
        "TopicArn": TOPIC,
        "Owner": ACCOUNT,
        "Protocol": "sqs",
        "Endpoint": QUEUE,
        "SubscriptionPrincipal": f"arn:aws:iam::{ACCOUNT}:user/test",
        "PendingConfirmation": "false",
        "ConfirmationWasAuthenticated": "true",
        "RawMessageDelivery": "false",
    }


def test_subscribe_again(seams: Any) -> None:
    """The same subscription is answered, unless an attribute differs (recorded)."""
    params = {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": QUEUE}
    arn = seams.subscribe(**params, Attributes={"RawMessageDelivery": "true"})["SubscriptionArn"]
    assert seams.subscribe(**params)["SubscriptionArn"] == arn
    code, text = refused(seams.subscribe, **params, Attributes={"RawMessageDelivery": "false"})
    assert code == "InvalidParameter"
    assert text == "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"


@pytest.mark.parametrize(
    ("protocol", "endpoint", "text"),
    [
        ("nonsense", "x", "Invalid parameter: Amazon SNS does not support this protocol string: nonsense"),
        ("sqs", "https://sqs.us-east-1.amazonaws.com/1/q", "Invalid parameter: SQS endpoint ARN"),
        ("sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"),
        ("sms", "+15551234567.", "Invalid SMS endpoint: +15551234567."),
        ("http", "https://example.com", "Invalid parameter: Endpoint must match the specified protocol"),
        (
            "sqs",
            f"{QUEUE}.fifo",
            "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard "
            "SNS topics",
        ),
    ],
)
def test_endpoints_that_are_refused(seams: Any, protocol: str, endpoint: str, text: str) -> None:
    """In AWS's words (recorded), and nothing is subscribed."""
    refusal = refused(seams.subscribe, TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint)
    assert refusal == ("InvalidParameter", text)
    assert seams.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"] == []


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("Nonsense", "x", "AttributeName"),
        ("RawMessageDelivery", "test-ValUe", "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."),
        ("RedrivePolicy", '{"deadLetterTargetArn": "x"}', "RedrivePolicy: deadLetterTargetArn is an invalid arn"),
        (
            "RedrivePolicy",
            "{invalidjson}",
            "RedrivePolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to "
            "start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: "
            "1, column: 2]",
        ),
        (
            "FilterPolicyScope",
            "RandomValue",
            "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes",
        ),
        (
            "FilterPolicy",
            '{"a":{"b":["c"]}}',
            "Filter policy scope MessageAttributes does not support nested filter policy",
        ),
    ],
)
def test_attributes_that_are_refused(sns: Any, name: str, value: str, text: str) -> None:
    """In AWS's words (recorded), and nothing changes."""
    arn = sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    before = attributes_of(sns, arn)
    setting = {"SubscriptionArn": arn, "AttributeName": name, "AttributeValue": value}
    refusal = refused(sns.set_subscription_attributes, **setting)
    assert refusal == ("InvalidParameter", f"Invalid parameter: {text}")
    assert attributes_of(sns, arn) == before


def test_wrong_filter_when_subscribing(sns: Any) -> None:
    """Subscribe introduces the reason otherwise (recorded)."""
    attributes = {"FilterPolicy": '{"key":[]}'}
    refusal = refused(sns.subscribe, TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE, Attributes=attributes)
    assert refusal == (
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: FilterPolicy: Empty arrays are not allowed\n at [Source: "
        '(String)"{"key":[]}"; line: 1, column: 10]',
    )


def test_scope_shows_with_a_policy_only(sns: Any) -> None:
    """FilterPolicyScope is kept, and shown once there is a policy (recorded)."""
    arn = sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]

    def put(name: str, value: str) -> dict[str, str]:
        sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value)
        return attributes_of(sns, arn)

    assert "FilterPolicyScope" not in put("FilterPolicyScope", "MessageBody")
    assert put("FilterPolicy", '{"a":{"b":["c"]}}')["FilterPolicyScope"] == "MessageBody"
    assert "FilterPolicy" not in put("FilterPolicy", "{}")


def test_subscriptions_that_are_not_there(seams: Any) -> None:
    """Unknown ones are NotFound, but ending them is fine; texts that are no ARN are refused (recorded)."""
    arn = f"{TOPIC}:00000000-0000-4000-8000-000000000000"
    assert refused(seams.get_subscription_attributes, SubscriptionArn=arn) == (
        "NotFound",
        "Subscription does not exist",
    )
    seams.unsubscribe(SubscriptionArn=arn)
    for text, reason in (
        ("x", "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
        (TOPIC, "SubscriptionId"),
        ("", "SubscriptionArn Reason: no value for required parameter"),
    ):
        refusal = refused(seams.unsubscribe, SubscriptionArn=text)
        assert refusal == ("InvalidParameter", f"Invalid parameter: {reason}")


def test_lists(sns: Any) -> None:
    """By topic and of all, a hundred a page."""
    other = sns.create_topic(Name="other")["TopicArn"]
    for number in range(101):
        sns.subscribe(TopicArn=TOPIC, Protocol="sms", Endpoint=f"+1555123{number:04d}")
    sns.subscribe(TopicArn=other, Protocol="sms", Endpoint="+15551239999")
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=TOPIC)
    assert [len(each["Subscriptions"]) for each in pages] == [100, 1]
    everything = sns.get_paginator("list_subscriptions").paginate()
    assert sum(len(each["Subscriptions"]) for each in everything) == 102


def test_unsubscribe(sns: Any) -> None:
    """Nothing is delivered any more, and the topic counts it."""
    url, arn = subscribed(sns)
    sns.unsubscribe(SubscriptionArn=arn)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert taken(url) == []
    shown = sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]
    assert (shown["SubscriptionsConfirmed"], shown["SubscriptionsDeleted"]) == ("0", "1")


# -- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "attributes", "heard"),
    [
        ({"a": ["x"]}, {"a": ("String", "x")}, True),
        ({"a": ["x"]}, {"a": ("String", "y")}, False),
        ({"a": ["x"]}, {}, False),
        ({"a": ["x"]}, {"a": ("String.Array", '["x", "y"]')}, True),
        ({"a": [{"numeric": [">", 0, "<=", 100]}]}, {"a": ("Number", "99.12")}, True),
        ({"a": [{"numeric": [">", 0, "<=", 100]}]}, {"a": ("Number", "100.1")}, False),
        ({"a": [100.123456789]}, {"a": ("Number", "100.1234567")}, True),
        ({"a": [{"exists": False}]}, {"b": ("String", "x")}, True),
        ({"a": [{"anything-but": ["x"]}]}, {"a": ("String", "y")}, True),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": ("String", "y")}, True),
    ],
)
def test_filter_on_attributes(sns: Any, policy: Any, attributes: dict[str, tuple[str, str]], heard: bool) -> None:
    """A message is delivered if its attributes agree."""
    url, _ = subscribed(sns, FilterPolicy=json.dumps(policy))
    given = {name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()}
    sns.publish(TopicArn=TOPIC, Message="m", MessageAttributes=given)
    assert [each["Message"] for each in notifications(url)] == ["m"] * heard


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ('{"object": {"key": "auto-test"}}', True),
        ('{"object": [{"key": "auto-1"}]}', True),
        ('{"object": {"key": "other"}}', False),
        ('{"object": "auto-"}', False),
        ("no JSON", False),
        ("[1]", False),
    ],
)
def test_filter_on_body(aws: Any, sns: Any, message: str, heard: bool) -> None:
    """With scope MessageBody the message itself is looked into (recorded); the trace tells what is held back."""
    policy = json.dumps({"object": {"key": [{"prefix": "auto-"}]}})
    url, _ = subscribed(sns, FilterPolicy=policy, FilterPolicyScope="MessageBody")
    sns.publish(TopicArn=TOPIC, Message=message)
    assert len(taken(url)) == heard
    assert bool(aws.trace.filter(kind="skipped", text="filter policy does not agree")) != heard


# -- confirmation ----------------------------------------------------------------------------------------------------


def test_email_is_confirmed_by_its_token(aws: Any, sns: Any) -> None:
    """The address is asked by e-mail; nothing else is sent to it before it agrees."""
    subscribe = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "ann@example.com"}
    assert sns.subscribe(**subscribe)["SubscriptionArn"] == "pending confirmation"
    asked = aws.outbox.last(to="ann@example.com")
    assert asked.subject == "AWS Notification - Subscription Confirmation"
    sns.publish(TopicArn=TOPIC, Message="unheard")
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    arn = sns.confirm_subscription(TopicArn=TOPIC, Token=asked.code)["SubscriptionArn"]
    assert attributes_of(sns, arn)["ConfirmationWasAuthenticated"] == "false"
    sns.publish(TopicArn=TOPIC, Message="heard", Subject="news")
    last = aws.outbox.last(channel="email")
    assert (last.subject, last.body.splitlines()[0]) == ("news", "heard")
    assert [message.to for message in aws.outbox] == ["ann@example.com"] * 2


def test_tokens_that_are_refused(seams: Any) -> None:
    """No token at all, an unknown one, one of another topic (recorded)."""
    confirm = seams.confirm_subscription
    assert refused(confirm, TopicArn=TOPIC, Token="randomtoken") == ("InvalidParameter", "Invalid token")
    assert refused(confirm, TopicArn=TOPIC, Token="abc123") == ("InvalidParameter", "Invalid parameter: Token")


def test_queue_of_another_account_is_asked(aws: Any, sns: Any) -> None:
    """Its owner finds the question in the queue, and confirms by visiting the address in it."""
    keys = {"aws_access_key_id": "AKIAOTHER00000000000", "aws_secret_access_key": "secret"}
    aws.register_credentials(keys["aws_access_key_id"], keys["aws_secret_access_key"], "111111111111")
    sqs = boto3.client("sqs", **keys)
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": policy})["QueueUrl"]
    endpoint = "arn:aws:sqs:us-east-1:111111111111:q"
    answer = sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=endpoint)
    assert answer["SubscriptionArn"] == "pending confirmation"
    question = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert question["Type"] == "SubscriptionConfirmation"
    assert sns.confirm_subscription(TopicArn=TOPIC, Token=question["Token"])["SubscriptionArn"].startswith(TOPIC)


def test_message_to_a_queue_that_says_no(aws: Any, sns: Any) -> None:
    """It goes to the dead-letter queue as it would have come; the trace says why."""
    dead, dead_arn = open_queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn})
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:nope"
    sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn, Attributes={"RedrivePolicy": policy})
    sns.publish(TopicArn=TOPIC, Message="x")
    assert [each["Message"] for each in notifications(dead)] == ["x"]
    (entry,) = aws.trace.filter(kind="skipped", service="sns")
    assert "The specified queue does not exist" in entry.text


def test_fifo_subscription_wants_a_fifo_dead_letter_queue(sns: Any, fifo: str) -> None:
    """In AWS's words (recorded)."""
    _, arn = subscribed(sns, fifo, "q.fifo")
    policy = json.dumps({"deadLetterTargetArn": QUEUE})
    setting = {"SubscriptionArn": arn, "AttributeName": "RedrivePolicy", "AttributeValue": policy}
    text = "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
    refusal = refused(sns.set_subscription_attributes, **setting)
    assert refusal == ("InvalidParameter", f"Invalid parameter: {text}")
