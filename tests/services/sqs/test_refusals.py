"""Values that AWS does not take: attributes of messages and queues, permissions, move tasks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, arn_of, received, refused

TEXT = {"DataType": "String", "StringValue": "x"}


@pytest.mark.parametrize(
    ("name", "attribute", "text"),
    [
        ("a^b", TEXT, "is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore"),
        ("aws.x", TEXT, "reserved prefix"),
        (".a", TEXT, "is invalid"),
        ("a", {"DataType": "", "StringValue": "x"}, "must contain non-empty message attribute type"),
        ("a", {"DataType": "Strange", "StringValue": "x"}, "the set of supported type prefixes is Binary, Number,"),
        ("a", {"DataType": "Number", "StringValue": "x"}, "Can't cast the value of message (user) attribute 'a' to a"),
        ("a", {"DataType": "String", "StringValue": "\x01"}, "Invalid characters found"),
    ],
)
def test_message_attributes(sqs: Any, queue: str, name: str, attribute: dict[str, str], text: str) -> None:
    """The message is not sent."""
    call = {"QueueUrl": queue, "MessageBody": "x", "MessageAttributes": {name: attribute}}
    code, told = refused(sqs.send_message, **call)
    assert (code, text in told) == ("InvalidParameterValue", True)
    assert received(sqs, queue) == []


def test_too_many_message_attributes(sqs: Any, queue: str) -> None:
    """Ten are allowed."""
    attributes = {f"a{n}": TEXT for n in range(11)}
    code, text = refused(sqs.send_message, QueueUrl=queue, MessageBody="x", MessageAttributes=attributes)
    assert (code, text) == (
        "InvalidParameterValue",
        "Number of message attributes [11] exceeds the allowed maximum [10].",
    )


def test_system_attributes(sqs: Any, queue: str) -> None:
    """AWSTraceHeader is a text, and there is no other."""
    for system in ({"AWSTraceHeader": {"DataType": "Number", "StringValue": "1"}}, {"Other": TEXT}):
        call = {"QueueUrl": queue, "MessageBody": "x", "MessageSystemAttributes": system}
        assert refused(sqs.send_message, **call)[0] == "InvalidParameterValue"


def test_duplicates_are_for_fifo_queues(sqs: Any, queue: str) -> None:
    """A standard queue takes no deduplication id."""
    text = refused(sqs.send_message, QueueUrl=queue, MessageBody="x", MessageDeduplicationId="1")[1]
    assert text.endswith("Reason: The request include parameter that is not valid for this queue type.")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("RedrivePolicy", "no JSON", "Redrive policy is not a valid JSON map."),
        ("RedrivePolicy", "{}", "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."),
        (
            "RedrivePolicy",
            '{"deadLetterTargetArn": "x", "maxReceiveCount": 1}',
            "Invalid value for deadLetterTargetArn.",
        ),
        ("RedriveAllowPolicy", '{"redrivePermission": "x"}', "as it's in an unsupported format."),
        ("RedriveAllowPolicy", '{"redrivePermission": "byQueue"}', "Specify the sourceQueueArns for byQueue only."),
        (
            "RedriveAllowPolicy",
            json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": ["a"] * 11}),
            "Specify from 1 to 10 source queue ARNs.",
        ),
    ],
)
def test_redrive_policies(sqs: Any, queue: str, name: str, value: str, text: str) -> None:
    """The queue stays as it was."""
    code, told = refused(sqs.set_queue_attributes, QueueUrl=queue, Attributes={name: value})
    assert (code, told.endswith(text)) == ("InvalidParameterValue", True)
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"Actions": []}, "MissingParameter", "The request must contain the parameter Actions."),
        ({"Actions": ["SendMessage"] * 8}, "OverLimit", "8 Actions were found, maximum allowed is 7."),
        (
            {"Actions": ["CreateQueue"]},
            "InvalidParameterValue",
            "Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to "
            "invoke this action.",
        ),
        (
            {"Actions": ["Nonsense"]},
            "InvalidParameterValue",
            "Value SQS:Nonsense for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for "
            "a list of valid actions.",
        ),
        (
            {"AWSAccountIds": ["x"]},
            "InvalidParameterValue",
            'Value ["x"] for parameter PrincipalId is invalid. Reason: Unable to verify.',
        ),
    ],
)
def test_permissions(sqs: Any, queue: str, params: dict[str, Any], code: str, text: str) -> None:
    """The queue gets no policy."""
    given = {"QueueUrl": queue, "Label": "l", "AWSAccountIds": ["111111111111"], "Actions": ["SendMessage"], **params}
    assert refused(sqs.add_permission, **given) == (code, text)
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])


@pytest.fixture
def dead(sqs: Any, queue: str) -> str:
    """The ARN of a dead-letter queue of the queue, with two messages of it."""
    url = str(sqs.create_queue(QueueName="dead")["QueueUrl"])
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, url), "maxReceiveCount": 1})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": policy})
    for body in "ab":
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    received(sqs, queue, VisibilityTimeout=0)
    received(sqs, queue)
    return arn_of(sqs, url)


def test_moves_elsewhere(sqs: Any, dead: str) -> None:
    """Without a rate a task is over at once; the destination is told (recorded)."""
    url = sqs.create_queue(QueueName="elsewhere")["QueueUrl"]
    target = arn_of(sqs, url)
    sqs.start_message_move_task(SourceArn=dead, DestinationArn=target)
    (shown,) = sqs.list_message_move_tasks(SourceArn=dead)["Results"]
    assert isinstance(shown.pop("StartedTimestamp"), int)
    assert shown == {
        "Status": "COMPLETED",
        "SourceArn": dead,
        "DestinationArn": target,
        "ApproximateNumberOfMessagesMoved": 2,
        "ApproximateNumberOfMessagesToMove": 2,
    }
    assert received(sqs, url) == ["a", "b"]


def test_destination_goes_away(aws: Any, sqs: Any, dead: str) -> None:
    """A task fails when its destination is gone (recorded)."""
    url = sqs.create_queue(QueueName="elsewhere")["QueueUrl"]
    move = {"SourceArn": dead, "DestinationArn": arn_of(sqs, url), "MaxNumberOfMessagesPerSecond": 1}
    sqs.start_message_move_task(**move)
    sqs.delete_queue(QueueUrl=url)
    aws.clock.advance(seconds=1)
    (shown,) = sqs.list_message_move_tasks(SourceArn=dead)["Results"]
    assert (shown["Status"], shown["FailureReason"]) == ("FAILED", "AWS.SimpleQueueService.NonExistentQueue")
    assert shown["ApproximateNumberOfMessagesMoved"] == 1


def test_move_tasks(sqs: Any, dead: str) -> None:
    """Rates, numbers of results and destinations have to be some; a task that is over cannot be cancelled."""
    start = {"SourceArn": dead, "MaxNumberOfMessagesPerSecond": 501}
    assert "Must be >= 1 and <= 500" in refused(sqs.start_message_move_task, **start)[1]
    assert "Must be >= 1 and <= 10" in refused(sqs.list_message_move_tasks, SourceArn=dead, MaxResults=11)[1]
    nowhere = f"arn:aws:sqs:us-east-1:{ACCOUNT}:nope"
    refusal = refused(sqs.start_message_move_task, SourceArn=dead, DestinationArn=nowhere)
    text = "The resource that you specified for the DestinationArn parameter doesn't exist."
    assert refusal == ("ResourceNotFoundException", text)
    handle = sqs.start_message_move_task(SourceArn=dead)["TaskHandle"]
    refusal = refused(sqs.cancel_message_move_task, TaskHandle=handle)
    assert refusal == ("ResourceNotFoundException", "Task does not exist.")


def test_tags(sqs: Any, queue: str) -> None:
    """Some must be named, and fifty are allowed."""
    assert refused(sqs.tag_queue, QueueUrl=queue, Tags={})[0] == "MissingParameter"
    assert refused(sqs.untag_queue, QueueUrl=queue, TagKeys=[])[0] == "MissingParameter"
    text = refused(sqs.tag_queue, QueueUrl=queue, Tags={str(n): "" for n in range(51)})[1]
    assert text == "Too many tags added for queue q."


def test_pages(sqs: Any, queue: str) -> None:
    """A size of a page is between 1 and 1000, a token one of ours."""
    assert refused(sqs.list_queues, MaxResults=0)[0] == "InvalidParameterValue"
    assert refused(sqs.list_queues, MaxResults=1, NextToken="?")[0] == "InvalidParameterValue"


def test_visibility_of_what_is_gone(sqs: Any, queue: str, fifo: str) -> None:
    """A deleted message's timeout cannot be changed, nor that of a FIFO message which is visible again."""
    text = "Message does not exist or is not available for visibility timeout change."
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId="g")
    handle = sqs.receive_message(QueueUrl=queue)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
    change = {"QueueUrl": queue, "ReceiptHandle": handle, "VisibilityTimeout": 1}
    assert refused(sqs.change_message_visibility, **change)[1].endswith(text)
    handle = sqs.receive_message(QueueUrl=fifo, VisibilityTimeout=0)["Messages"][0]["ReceiptHandle"]
    change = {"QueueUrl": fifo, "ReceiptHandle": handle, "VisibilityTimeout": 1}
    assert refused(sqs.change_message_visibility, **change)[1].endswith(text)
    change = {"QueueUrl": fifo, "ReceiptHandle": handle, "VisibilityTimeout": 43_201}
    assert "Must be >= 0 and <= 43200" in refused(sqs.change_message_visibility, **change)[1]


def test_dead_letter_queue_is_gone(aws: Any, sqs: Any, queue: str, dead: str) -> None:
    """What should go there is lost, and the trace says so."""
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="dead")["QueueUrl"])
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    received(sqs, queue, VisibilityTimeout=0)
    assert received(sqs, queue) == []
    assert f"{dead} is gone" in aws.trace.filter(kind="skipped", service="sqs")[0].text
