"""Sending: what is answered, what is refused."""

from __future__ import annotations

from hashlib import md5
from typing import Any

import pytest

from .conftest import received, refused

TOO_LONG = "One or more parameters are invalid. Reason: Message must be shorter than {} bytes."


def test_answer_of_send(seams: Any) -> None:
    """The answer has an id and the MD5 of the body, and no more."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    answer = seams.send_message(QueueUrl=url, MessageBody="a body")
    assert set(answer) == {"MessageId", "MD5OfMessageBody", "ResponseMetadata"}
    assert answer["MD5OfMessageBody"] == md5(b"a body").hexdigest()


def test_md5_of_attributes(seams: Any) -> None:
    """The MD5 of attributes is AWS's (recorded), over those that were asked for when received."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    attributes = {
        "General": {"DataType": "String", "StringValue": "Kenobi"},
        "Hello": {"DataType": "String", "StringValue": "There"},
        "Help.Me": {"DataType": "String", "StringValue": "Me"},
    }
    sent = seams.send_message(QueueUrl=url, MessageBody="msg", MessageAttributes=attributes)
    assert sent["MD5OfMessageAttributes"] == "4c360f3fdafd970e05fae2f149d997f5"
    asked = {
        "Hel.*": (["Hello", "Help.Me"], "83fee93c1bcd8b9a5a923ffacdc636c7"),
        "Hel*": ([], None),
        "All": (list(attributes), "4c360f3fdafd970e05fae2f149d997f5"),
        ".*": (list(attributes), "4c360f3fdafd970e05fae2f149d997f5"),
        "Hello": (["Hello"], "a311262e065454b75da111d535b8dacd"),
    }
    for name, (names, digest) in asked.items():
        (message,) = seams.receive_message(QueueUrl=url, MessageAttributeNames=[name], VisibilityTimeout=0)["Messages"]
        assert (list(message.get("MessageAttributes", {})), message.get("MD5OfMessageAttributes")) == (names, digest)


def test_binary_attributes(seams: Any) -> None:
    """Bytes come back as bytes, with AWS's MD5 (recorded)."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    value = b"traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"
    attributes = {"attr1": {"DataType": "Binary", "BinaryValue": value}}
    seams.send_message(QueueUrl=url, MessageBody="test", MessageAttributes=attributes)
    (message,) = seams.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"] == attributes
    assert message["MD5OfMessageAttributes"] == "8cbe4db156db8a94db8b801b7addb984"


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"MessageBody": ""}, "MissingParameter", "The request must contain the parameter MessageBody."),
        ({"MessageBody": "x" * 1_048_577}, "InvalidParameterValue", TOO_LONG.format(1_048_576)),
        (
            {"MessageBody": "x", "MessageAttributes": {"E": {"DataType": "String", "StringValue": ""}}},
            "InvalidParameterValue",
            "Message (user) attribute 'E' must contain a non-empty value of type 'String'.",
        ),
        (
            {"MessageBody": "x", "MessageGroupId": "group 123"},
            "InvalidParameterValue",
            "Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include "
            "alphanumeric and punctuation characters. 1 to 128 in length.",
        ),
        (
            {"MessageBody": "x", "DelaySeconds": 901},
            "InvalidParameterValue",
            "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
        ),
    ],
)
def test_messages_that_are_refused(seams: Any, params: dict[str, Any], code: str, text: str) -> None:
    """In AWS's words (recorded), and nothing is sent."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    assert refused(seams.send_message, QueueUrl=url, **params) == (code, text)
    assert received(seams, url) == []


def test_bad_characters(sqs: Any, queue: str) -> None:
    """Characters that XML does not have cannot be sent."""
    assert refused(sqs.send_message, QueueUrl=queue, MessageBody="a\x00b")[0] == "InvalidMessageContents"


def test_queue_may_want_shorter_messages(sqs: Any, queue: str) -> None:
    """MaximumMessageSize counts body and attributes together (recorded)."""
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "1024"})
    sqs.send_message(QueueUrl=queue, MessageBody="x" * 1024)
    attributes = {"a": {"DataType": "String", "StringValue": "b"}}
    refusal = refused(sqs.send_message, QueueUrl=queue, MessageBody="x" * 1020, MessageAttributes=attributes)
    assert refusal == ("InvalidParameterValue", TOO_LONG.format(1024))


def test_trace_header(sqs: Any, queue: str) -> None:
    """The one system attribute that may be sent comes back, with an MD5 of its own: over lengths and texts."""
    header = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    system = {"AWSTraceHeader": {"DataType": "String", "StringValue": header}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="test", MessageSystemAttributes=system)
    texts = [b"\x00\x00\x00" + bytes([len(text)]) + text.encode() for text in ("AWSTraceHeader", "String", header)]
    assert sent["MD5OfMessageSystemAttributes"] == md5(b"".join([*texts[:2], b"\x01", texts[2]])).hexdigest()
    asked = {"MessageSystemAttributeNames": ["AWSTraceHeader"]}
    (message,) = sqs.receive_message(QueueUrl=queue, **asked)["Messages"]
    assert message["Attributes"] == {"AWSTraceHeader": header}


def test_batch(seams: Any) -> None:
    """Each entry is answered by its id; one that is too long fails by itself (recorded)."""
    url = seams.create_queue(QueueName="a", Attributes={"MaximumMessageSize": "1024"})["QueueUrl"]
    entries = [{"Id": "good", "MessageBody": "x"}, {"Id": "long", "MessageBody": "x" * 1025}]
    answer = seams.send_message_batch(QueueUrl=url, Entries=entries)
    assert [sent["Id"] for sent in answer["Successful"]] == ["good"]
    text = "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."
    assert answer["Failed"] == [{"Id": "long", "SenderFault": True, "Code": "InvalidParameterValue", "Message": text}]
    assert received(seams, url) == ["x"]


@pytest.mark.parametrize(
    ("ids", "size", "code", "text"),
    [
        ([], 1, "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."),
        (
            [str(n) for n in range(11)],
            1,
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 11.",
        ),
        (["a", "a"], 1, "BatchEntryIdsNotDistinct", "Id a repeated."),
        (
            ["a:b"],
            1,
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 "
            "letters long.",
        ),
        (
            ["a", "b"],
            524_289,
            "BatchRequestTooLong",
            "Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.",
        ),
    ],
)
def test_batches_that_are_refused(sqs: Any, queue: str, ids: list[str], size: int, code: str, text: str) -> None:
    """In AWS's words (recorded), and nothing of them is sent."""
    entries = [{"Id": each, "MessageBody": "x" * size} for each in ids]
    assert refused(sqs.send_message_batch, QueueUrl=queue, Entries=entries) == (
        f"AWS.SimpleQueueService.{code}",
        text,
    )
    assert received(sqs, queue) == []


# -- FIFO ------------------------------------------------------------------------------------------------------------


def test_fifo_needs_group_and_duplicates_told(sqs: Any) -> None:
    """A message without a group, or without anything to tell duplicates by, is refused (recorded)."""
    url = sqs.create_queue(QueueName="a.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    code, text = refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="1")
    assert (code, text) == ("MissingParameter", "The request must contain the parameter MessageGroupId.")
    code, text = refused(sqs.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="g")
    assert code == "InvalidParameterValue"
    assert text.startswith("The queue should either have ContentBasedDeduplication enabled")
    entry = {"Id": "1", "MessageBody": "x", "MessageDeduplicationId": "1"}
    code, text = refused(sqs.send_message_batch, QueueUrl=url, Entries=[entry])
    assert (code, text) == ("InvalidParameterValue", "The request must contain the parameter MessageGroupId.")


def test_fifo_delay_is_the_queues(sqs: Any, fifo: str) -> None:
    """A message of a FIFO queue has no delay of its own (recorded)."""
    code, text = refused(sqs.send_message, QueueUrl=fifo, MessageBody="x", MessageGroupId="g", DelaySeconds=2)
    assert code == "InvalidParameterValue"
    assert text == (
        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for "
        "this queue type."
    )


def test_duplicates_within_five_minutes(aws: Any, sqs: Any, fifo: str) -> None:
    """The same message is answered as before and not sent again; after five minutes it is a new one."""
    first = sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId="g")
    again = sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId="g")
    assert (first["MessageId"], first["SequenceNumber"]) == (again["MessageId"], again["SequenceNumber"])
    aws.clock.advance(seconds=299)
    sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId="h")
    aws.clock.advance(seconds=1)
    sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId="i")
    shown = sqs.get_queue_attributes(QueueUrl=fifo, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert shown == {"ApproximateNumberOfMessages": "2"}


def test_scope_of_deduplication_changes(sqs: Any, fifo: str) -> None:
    """What was sent while the queue was the scope still counts in its groups afterwards (recorded)."""

    def send(group: str, token: str) -> str:
        sent = sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId=group, MessageDeduplicationId=token)
        return str(sent["MessageId"])

    assert send("g", "1") == send("h", "1")
    high = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    sqs.set_queue_attributes(QueueUrl=fifo, Attributes=high)
    assert send("g", "1") == send("h", "1")
    assert send("g", "2") != send("h", "2")
    sqs.set_queue_attributes(
        QueueUrl=fifo, Attributes={"DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}
    )
    assert send("g", "2") == send("h", "2")


def test_throughput_by_group_needs_scope(sqs: Any, fifo: str) -> None:
    """perMessageGroupId goes with the scope messageGroup only."""
    attributes = {"FifoThroughputLimit": "perMessageGroupId"}
    assert refused(sqs.set_queue_attributes, QueueUrl=fifo, Attributes=attributes)[0] == "InvalidAttributeValue"
