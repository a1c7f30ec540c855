"""Values that AWS does not take: attributes of topics, devices, texts; what a queue's policy keeps out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, TOPIC, open_queue, refused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SignatureVersion", "3"),
        ("TracingConfig", "x"),
        ("MaximumMessageSize", "1023"),
        ("LambdaSuccessFeedbackSampleRate", "101"),
        ("DisplayName", "x" * 101),
        ("ContentBasedDeduplication", "true"),
    ],
)
def test_attributes_of_topics(sns: Any, name: str, value: str) -> None:
    """The topic stays as it was; no other is made with them."""
    before = sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]
    setting = {"TopicArn": TOPIC, "AttributeName": name, "AttributeValue": value}
    assert refused(sns.set_topic_attributes, **setting)[0] == "InvalidParameter"
    assert sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"] == before
    code, text = refused(sns.create_topic, Name="other", Attributes={name: value})
    assert (code, text.startswith("Invalid parameter: Attributes Reason: ")) == ("InvalidParameter", True)
    assert len(sns.list_topics()["Topics"]) == 1


def test_archive_policies(sns: Any, fifo: str) -> None:
    """From 1 to 365 days."""
    for policy in ("no JSON", '{"MessageRetentionPeriod": 366}'):
        setting = {"TopicArn": fifo, "AttributeName": "ArchivePolicy", "AttributeValue": policy}
        assert "between 1 and 365 days" in refused(sns.set_topic_attributes, **setting)[1]


def test_large_messages_where_the_topic_takes_them(sns: Any) -> None:
    """MaximumMessageSize bounds a message with its attributes."""
    setting = {"TopicArn": TOPIC, "AttributeName": "MaximumMessageSize"}
    sns.set_topic_attributes(**setting, AttributeValue="1024")
    assert refused(sns.publish, TopicArn=TOPIC, Message="x" * 1025)[1] == "Invalid parameter: Message too long"
    sns.set_topic_attributes(**setting, AttributeValue="1048576")
    assert sns.publish(TopicArn=TOPIC, Message="x" * 1_048_576)["MessageId"]


def test_targets(sns: Any) -> None:
    """A message has exactly one."""
    for targets in ({}, {"TopicArn": TOPIC, "PhoneNumber": "+15551230000"}):
        assert refused(sns.publish, Message="x", **targets)[0] == "InvalidParameter"
    assert sns.publish(TargetArn=TOPIC, Message="x")["MessageId"]


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ({"DataType": "Number", "StringValue": "x"}, "Could not cast message attribute 'a' value to number."),
        ({"DataType": "String.Array", "StringValue": "[[1]]"}, "with type 'String.Array' has an invalid value."),
    ],
)
def test_message_attributes(sns: Any, attribute: dict[str, str], text: str) -> None:
    """Numbers are numbers, arrays are flat."""
    code, told = refused(sns.publish, TopicArn=TOPIC, Message="x", MessageAttributes={"a": attribute})
    assert (code, told.endswith(text)) == ("ParameterValueInvalid", True)


def test_subjects_structures_and_groups(sns: Any) -> None:
    """A hundred characters, json, 128 characters."""
    for more in ({"Subject": "x" * 101}, {"Subject": "a\nb"}, {"MessageStructure": "x"}, {"MessageGroupId": "a b"}):
        assert refused(sns.publish, TopicArn=TOPIC, Message="x", **more)[0] == "InvalidParameter"
    empty = refused(sns.publish_batch, TopicArn=TOPIC, PublishBatchRequestEntries=[])
    assert empty[0] == "EmptyBatchRequest"


@pytest.mark.parametrize(
    ("protocol", "endpoint", "text"),
    [
        ("email", "nobody", "Email address"),
        ("lambda", "x", "Lambda endpoint ARN"),
        ("application", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q", "Application endpoint ARN"),
    ],
)
def test_endpoints(sns: Any, protocol: str, endpoint: str, text: str) -> None:
    """Each protocol has its own."""
    refusal = refused(sns.subscribe, TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint)
    assert refusal == ("InvalidParameter", f"Invalid parameter: {text}")


def test_fifo_topics_have_queues_only(sns: Any, fifo: str) -> None:
    """Nobody else can be told in order."""
    assert refused(sns.subscribe, TopicArn=fifo, Protocol="sms", Endpoint="+15551230000")[0] == "InvalidParameter"


def test_replay_policies(sns: Any, fifo: str) -> None:
    """They name points in time, and are for FIFO topics; a refused one leaves no subscription."""
    endpoint = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q.fifo"
    for policy in ('{"PointType": "x"}', "{}", '{"StartingPoint": "x"}'):
        call = {"TopicArn": fifo, "Protocol": "sqs", "Endpoint": endpoint, "Attributes": {"ReplayPolicy": policy}}
        assert "ReplayPolicy" in refused(sns.subscribe, **call)[1]
    assert sns.list_subscriptions()["Subscriptions"] == []


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({"PlatformPrincipal": "x"}, "Invalid attribute name: PlatformPrincipal"),
        (
            {"CustomUserData": "x" * 2049},
            "Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding",
        ),
    ],
)
def test_attributes_of_devices(sns: Any, attributes: dict[str, str], text: str) -> None:
    """In AWS's words (recorded)."""
    app = sns.create_platform_application(Name="a", Platform="GCM", Attributes={"PlatformCredential": "x"})
    call = {"PlatformApplicationArn": app["PlatformApplicationArn"], "Token": "t", "Attributes": attributes}
    refusal = refused(sns.create_platform_endpoint, **call)
    assert refusal == ("InvalidParameter", f"Invalid parameter: Attributes Reason: {text}")


def test_arns_of_devices(sns: Any) -> None:
    """They have three slashes (recorded)."""
    arn = f"arn:aws:sns:us-east-1:{ACCOUNT}:endpoint/GCM/a"
    text = "Invalid parameter: EndpointArn Reason: Wrong number of slashes in relative portion of the ARN."
    assert refused(sns.get_endpoint_attributes, EndpointArn=arn) == ("InvalidParameter", text)


def test_applications_that_are_off(sns: Any) -> None:
    """Nothing is published to their devices; unknown attributes are refused, credentials are wanted."""
    keys = {"PlatformCredential": "x"}
    app = sns.create_platform_application(Name="a", Platform="FCM", Attributes={**keys, "Enabled": "false"})
    arn = sns.create_platform_endpoint(
        PlatformApplicationArn=app["PlatformApplicationArn"], Token="t", CustomUserData="mine"
    )["EndpointArn"]
    assert refused(sns.publish, TargetArn=arn, Message="x")[0] == "PlatformApplicationDisabled"
    for attributes in ({"Nonsense": "x", **keys}, {}):
        call = {"Name": "b", "Platform": "FCM", "Attributes": attributes}
        assert refused(sns.create_platform_application, **call)[0] == "InvalidParameter"


def test_tags(sns: Any) -> None:
    """Fifty are allowed, and none of AWS's own."""
    many = [{"Key": str(n), "Value": ""} for n in range(51)]
    assert refused(sns.tag_resource, ResourceArn=TOPIC, Tags=many)[0] == "TagLimitExceeded"
    assert refused(sns.tag_resource, ResourceArn=TOPIC, Tags=[{"Key": "aws:x", "Value": ""}])[0] == "InvalidParameter"


def test_dead_letter_queue_that_says_no(aws: Any, sns: Any) -> None:
    """The message is lost, and the trace says so."""
    policy = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:nope"})
    endpoint = f"arn:aws:sqs:us-east-1:{ACCOUNT}:gone"
    sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=endpoint, Attributes={"RedrivePolicy": policy})
    sns.publish(TopicArn=TOPIC, Message="x")
    assert "is lost" in aws.trace.filter(kind="skipped", service="sns")[-1].text


def test_dead_letter_queues_of_standard_topics_are_standard(sns: Any) -> None:
    """A FIFO queue cannot take what has no group."""
    _, endpoint = open_queue()
    policy = json.dumps({"deadLetterTargetArn": f"{endpoint}.fifo"})
    call = {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": endpoint, "Attributes": {"RedrivePolicy": policy}}
    assert "must use a standard queue" in refused(sns.subscribe, **call)[1]


def test_device_that_is_gone(aws: Any, sns: Any) -> None:
    """A subscription outlives its device (recorded); the trace tells what it would have got."""
    arn = f"arn:aws:sns:us-east-1:{ACCOUNT}:endpoint/GCM/a/00000000-0000-4000-8000-000000000000"
    sns.subscribe(TopicArn=TOPIC, Protocol="application", Endpoint=arn)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert "the endpoint does not exist" in aws.trace.filter(kind="skipped", service="sns")[0].text
