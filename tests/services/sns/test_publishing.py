"""Publishing: what reaches queues, in which form; what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import TOPIC, notifications, refused, subscribed, taken


def test_notification(aws: Any, seams: Any) -> None:
    """A queue gets AWS's members in AWS's order and layout (recorded)."""
    url, subscription = subscribed(seams)
    attributes = {
        "a": {"DataType": "Number", "StringValue": "1"},
        "b": {"DataType": "Binary", "BinaryValue": b"\2\3\4"},
    }
    sent = seams.publish(TopicArn=TOPIC, Message="téxt", Subject="s", MessageAttributes=attributes)["MessageId"]
    (message,) = taken(url)
    body = json.loads(message["Body"])
    assert message["Body"].startswith('{\n  "Type" : "Notification",\n  "MessageId" : "')
    assert '    "a" : {"Type":"Number","Value":"1"},\n' in message["Body"]
    for name in ("Signature", "SigningCertURL"):
        assert body.pop(name)
    now = aws.clock.now()
    assert list(body.items()) == [
        ("Type", "Notification"),
        ("MessageId", sent),
        ("TopicArn", TOPIC),
        ("Subject", "s"),
        ("Message", "téxt"),
        ("Timestamp", f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"),
        ("SignatureVersion", "1"),
        (
            "UnsubscribeURL",
            f"https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={subscription}",
        ),
        ("MessageAttributes", {"a": {"Type": "Number", "Value": "1"}, "b": {"Type": "Binary", "Value": "AgME"}}),
    ]


def test_raw_delivery(sns: Any) -> None:
    """The message itself, its attributes as the queue's own (recorded)."""
    url, _ = subscribed(sns, RawMessageDelivery="true")
    attributes = {"a": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": b"\2"}}
    sns.publish(TopicArn=TOPIC, Message="text", MessageAttributes=attributes)
    (message,) = taken(url)
    assert (message["Body"], message["MessageAttributes"]) == ("text", attributes)


def test_message_by_protocol(sns: Any) -> None:
    """With MessageStructure json a protocol gets its own text, else the default (recorded)."""
    url, _ = subscribed(sns)
    for texts in ({"default": "d", "sqs": "for sqs"}, {"default": "d", "sqs": {"no": "text"}}):
        sns.publish(TopicArn=TOPIC, Message=json.dumps(texts), MessageStructure="json")
    assert [each["Message"] for each in notifications(url)] == ["for sqs", "d"]


def test_trace_header_goes_along(sns: Any) -> None:
    """X-Ray's header of the publishing call reaches the queue (recorded)."""
    url, _ = subscribed(sns)
    header = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"

    def add(request: Any, **_: Any) -> None:
        request.headers["X-Amzn-Trace-Id"] = header

    sns.meta.events.register("before-send.sns.Publish", add)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert [message["Attributes"]["AWSTraceHeader"] for message in taken(url)] == [header]


def test_message_group_of_a_standard_topic(sns: Any) -> None:
    """It reaches the queue, for fair queues (recorded)."""
    url, _ = subscribed(sns)
    sns.publish(TopicArn=TOPIC, Message="x", MessageGroupId="my-group")
    assert [message["Attributes"]["MessageGroupId"] for message in taken(url)] == ["my-group"]


NAME = "Invalid message attribute name"


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"Message": ""}, "InvalidParameter", "Invalid parameter: Empty message"),
        ({"Message": "x", "Subject": ""}, "InvalidParameter", "Invalid parameter: Subject"),
        ({"Message": "x" * 262_145}, "InvalidParameter", "Invalid parameter: Message too long"),
        (
            {"Message": "{", "MessageStructure": "json"},
            "InvalidParameter",
            "Invalid parameter: Message Structure - JSON message body failed to parse",
        ),
        (
            {"Message": '{"sqs": "x"}', "MessageStructure": "json"},
            "InvalidParameter",
            "Invalid parameter: Message Structure - No default entry in JSON message body",
        ),
        (
            {"Message": "x", "MessageDeduplicationId": "1"},
            "InvalidParameter",
            "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter "
            "that is not valid for this topic type",
        ),
    ],
)
def test_messages_that_are_refused(seams: Any, params: dict[str, Any], code: str, text: str) -> None:
    """In AWS's words (recorded), and nothing is delivered."""
    url, _ = subscribed(seams)
    assert refused(seams.publish, TopicArn=TOPIC, **params) == (code, text)
    assert taken(url) == []


@pytest.mark.parametrize(
    ("name", "attribute", "text"),
    [
        (
            "a",
            {"DataType": "String", "StringValue": ""},
            "The message attribute 'a' must contain non-empty message attribute value for message attribute type "
            "'String'.",
        ),
        (
            "a",
            {"DataType": "String", "BinaryValue": b"x"},
            "The message attribute 'a' with type 'String' must use field 'String'.",
        ),
        (
            "a",
            {"DataType": "Binary", "StringValue": "x"},
            "The message attribute 'a' with type 'Binary' must use field 'Binary'.",
        ),
        (
            "a",
            {"DataType": "Stringent", "StringValue": "x"},
            "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is "
            "Binary, Number, and String.",
        ),
        (".a", {"DataType": "String", "StringValue": "x"}, f"{NAME} starting with character '.' was found."),
        ("a.", {"DataType": "String", "StringValue": "x"}, f"{NAME} ending with character '.' was found."),
        (
            "a..b",
            {"DataType": "String", "StringValue": "x"},
            "Message attribute name can not have successive '.' character.",
        ),
        (
            "a^b",
            {"DataType": "String", "StringValue": "x"},
            "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include "
            "alphanumeric characters, hyphens, underscores, or dots.",
        ),
        ("a" * 257, {"DataType": "String", "StringValue": "x"}, "Length of message attribute name must be less than "),
    ],
)
def test_attributes_that_are_refused(sns: Any, name: str, attribute: dict[str, Any], text: str) -> None:
    """In AWS's words (recorded), alone and in a batch."""
    code, told = refused(sns.publish, TopicArn=TOPIC, Message="x", MessageAttributes={name: attribute})
    assert (code, told[: len(text)]) == ("ParameterValueInvalid", text)
    entry = {"Id": "1", "Message": "x", "MessageAttributes": {name: attribute}}
    code, told = refused(sns.publish_batch, TopicArn=TOPIC, PublishBatchRequestEntries=[entry])
    assert (code, told[: len(text)]) == ("ParameterValueInvalid", text)


def test_batch(seams: Any) -> None:
    """Each entry is answered by its id (recorded)."""
    url, _ = subscribed(seams)
    entries = [{"Id": str(n), "Message": f"m{n}"} for n in range(3)]
    answer = seams.publish_batch(TopicArn=TOPIC, PublishBatchRequestEntries=entries)
    assert [sent["Id"] for sent in answer["Successful"]] == ["0", "1", "2"]
    assert answer["Failed"] == []
    ids = [sent["MessageId"] for sent in answer["Successful"]]
    assert [(each["Message"], each["MessageId"]) for each in notifications(url)] == [
        (f"m{n}", ids[n]) for n in range(3)
    ]


@pytest.mark.parametrize(
    ("ids", "size", "code", "text"),
    [
        (
            [str(n) for n in range(11)],
            1,
            "TooManyEntriesInBatchRequest",
            "The batch request contains more entries than permissible.",
        ),
        (
            ["a", "a"],
            1,
            "BatchEntryIdsNotDistinct",
            "Two or more batch entries in the request have the same Id.",
        ),
        (
            ["message.id"],
            1,
            "InvalidBatchEntryId",
            "The Id of a batch entry in the batch request contains an impermissible character: message.id",
        ),
        (
            ["a" * 81],
            1,
            "InvalidBatchEntryId",
            f"The Id of a batch entry in the batch request is too long: {'a' * 81}",
        ),
        (
            ["a", "b"],
            131_073,
            "BatchRequestTooLong",
            "The length of all the messages put together is more than the limit.",
        ),
    ],
)
def test_batches_that_are_refused(sns: Any, ids: list[str], size: int, code: str, text: str) -> None:
    """In AWS's words (recorded)."""
    entries = [{"Id": each, "Message": "x" * size} for each in ids]
    assert refused(sns.publish_batch, TopicArn=TOPIC, PublishBatchRequestEntries=entries) == (code, text)


# -- FIFO ------------------------------------------------------------------------------------------------------------


def test_fifo_notification(sns: Any, fifo: str) -> None:
    """It is numbered and not signed; group and duplicate id reach the queue (recorded)."""
    url, _ = subscribed(sns, fifo, "q.fifo")
    answer = sns.publish(TopicArn=fifo, Message="Test", MessageGroupId="g")
    (message,) = taken(url)
    body = json.loads(message["Body"])
    assert list(body) == [
        *("Type", "MessageId", "SequenceNumber", "TopicArn", "Message", "Timestamp", "UnsubscribeURL"),
    ]
    assert body["SequenceNumber"] == answer["SequenceNumber"]
    told = message["Attributes"]
    digest = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25"
    assert (told["MessageGroupId"], told["MessageDeduplicationId"]) == ("g", digest)


def test_fifo_duplicates(aws: Any, sns: Any, fifo: str) -> None:
    """The same message within five minutes is answered as before, and not delivered again."""
    url, _ = subscribed(sns, fifo, "q.fifo")
    first = sns.publish(TopicArn=fifo, Message="x", MessageGroupId="g")
    again = sns.publish(TopicArn=fifo, Message="x", MessageGroupId="h")
    assert (first["MessageId"], first["SequenceNumber"]) == (again["MessageId"], again["SequenceNumber"])
    aws.clock.advance(seconds=300)
    sns.publish(TopicArn=fifo, Message="x", MessageGroupId="h")
    assert len(taken(url)) == 2


def test_fifo_order(sns: Any, fifo: str) -> None:
    """Messages reach the queue in the order they were published in."""
    url, _ = subscribed(sns, fifo, "q.fifo", RawMessageDelivery="true")
    for number in range(20):
        sns.publish(TopicArn=fifo, Message=str(number), MessageGroupId="g")
    assert [message["Body"] for message in taken(url)] == [str(number) for number in range(20)]


def test_fifo_topic_to_standard_queue(sns: Any, fifo: str) -> None:
    """A standard queue hears without a group (recorded)."""
    url, _ = subscribed(sns, fifo)
    sns.publish(TopicArn=fifo, Message="x", MessageGroupId="g")
    (message,) = taken(url)
    assert "MessageGroupId" not in message["Attributes"]
    assert "SequenceNumber" in json.loads(message["Body"])


def test_fifo_messages_that_are_refused(sns: Any, fifo: str) -> None:
    """A group, and something to tell duplicates by (recorded)."""
    text = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
    assert refused(sns.publish, TopicArn=fifo, Message="x") == ("InvalidParameter", text)
    plain = sns.create_topic(Name="p.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    code, told = refused(sns.publish, TopicArn=plain, Message="x", MessageGroupId="g")
    assert (code, told) == (
        "InvalidParameter",
        "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId "
        "provided explicitly",
    )


def test_archive_and_replay(aws: Any, sns: Any, fifo: str) -> None:
    """A subscription with a replay policy gets what the archive kept since then."""
    policy = {"TopicArn": fifo, "AttributeName": "ArchivePolicy"}
    sns.set_topic_attributes(**policy, AttributeValue='{"MessageRetentionPeriod": "30"}')
    sns.publish(TopicArn=fifo, Message="before", MessageGroupId="g")
    aws.clock.advance(hours=1)
    since = aws.clock.now().isoformat()
    aws.clock.advance(seconds=1)
    sns.publish(TopicArn=fifo, Message="after", MessageGroupId="g")
    replay = json.dumps({"PointType": "Timestamp", "StartingPoint": since})
    url, _ = subscribed(sns, fifo, "q.fifo", ReplayPolicy=replay)
    assert [(each["Message"], each["Replayed"]) for each in notifications(url)] == [("after", True)]
    assert refused(sns.delete_topic, TopicArn=fifo)[0] == "InvalidState"
    sns.set_topic_attributes(**policy, AttributeValue="{}")
    sns.delete_topic(TopicArn=fifo)
