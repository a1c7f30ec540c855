"""Queues: made, found, described, changed, purged, deleted, tagged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, arn_of, refused


def test_attributes_of_a_new_queue(seams: Any) -> None:
    """A standard queue shows AWS's defaults, and nothing else (recorded)."""
    url = seams.create_queue(QueueName="new")["QueueUrl"]
    assert url == f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/new"
    shown = seams.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    for name in ("CreatedTimestamp", "LastModifiedTimestamp"):
        assert shown.pop(name).isdigit()
    assert shown == {
        "QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:new",
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "VisibilityTimeout": "30",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "0",
        "SqsManagedSseEnabled": "true",
    }


def test_attributes_of_a_fifo_queue(sqs: Any, fifo: str) -> None:
    """A FIFO queue has four attributes more (recorded)."""
    shown = sqs.get_queue_attributes(QueueUrl=fifo, AttributeNames=["All"])["Attributes"]
    names = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
    assert [shown[name] for name in names] == ["true", "true", "queue", "perQueue"]


def test_create_again_with_the_same_attributes(sqs: Any) -> None:
    """The queue that is there is answered."""
    first = sqs.create_queue(QueueName="a", Attributes={"DelaySeconds": "5"})
    again = sqs.create_queue(QueueName="a", Attributes={"DelaySeconds": "5"})
    assert first["QueueUrl"] == again["QueueUrl"]


def test_create_again_with_other_attributes(seams: Any) -> None:
    """The attribute that differs is named (recorded)."""
    seams.create_queue(QueueName="a", Attributes={"DelaySeconds": "5"})
    code, text = refused(seams.create_queue, QueueName="a", Attributes={"DelaySeconds": "6"})
    assert code == "QueueAlreadyExists"
    assert text == "A queue already exists with the same name and a different value for attribute DelaySeconds"


@pytest.mark.parametrize(
    ("attributes", "code", "text"),
    [
        ({"FifoQueue": "false"}, "InvalidAttributeName", "Unknown Attribute FifoQueue."),
        (
            {"ContentBasedDeduplication": "true"},
            "InvalidAttributeName",
            "Unknown Attribute ContentBasedDeduplication.",
        ),
        (
            {"FifoThroughputLimit": "perQueue"},
            "InvalidAttributeName",
            "You can specify the FifoThroughputLimit only when FifoQueue is set to true.",
        ),
        ({"Nonsense": "1"}, "InvalidAttributeName", "Unknown Attribute Nonsense."),
        ({"DelaySeconds": "901"}, "InvalidAttributeValue", "Invalid value for the parameter DelaySeconds."),
        ({"VisibilityTimeout": "x"}, "InvalidAttributeValue", "Invalid value for the parameter VisibilityTimeout."),
        ({"Policy": "no policy"}, "InvalidAttributeValue", "Invalid value for the parameter Policy."),
        ({"Policy": '{"Statement": [1]}'}, "InvalidAttributeValue", "Invalid value for the parameter Policy."),
    ],
)
def test_attributes_that_are_refused(sqs: Any, attributes: dict[str, str], code: str, text: str) -> None:
    """In AWS's words, and no queue is made."""
    assert refused(sqs.create_queue, QueueName="a", Attributes=attributes) == (code, text)
    assert "QueueUrls" not in sqs.list_queues()


@pytest.mark.parametrize("name", ["", "a b", "a" * 81, "a.fifo", "ü"])
def test_names_that_are_refused(sqs: Any, name: str) -> None:
    """A standard queue's name has letters, digits, hyphens and underscores."""
    code, text = refused(sqs.create_queue, QueueName=name)
    assert (code, text) == (
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    )


def test_fifo_names_end_in_fifo(sqs: Any) -> None:
    """A FIFO queue's name says so."""
    code, text = refused(sqs.create_queue, QueueName="a", Attributes={"FifoQueue": "true"})
    assert code == "InvalidParameterValue"
    assert "must end with .fifo suffix" in text


def test_a_name_is_free_after_a_minute(aws: Any, sqs: Any, queue: str) -> None:
    """A deleted queue's name may be used again sixty seconds later."""
    sqs.delete_queue(QueueUrl=queue)
    assert refused(sqs.create_queue, QueueName="q")[0] == "AWS.SimpleQueueService.QueueDeletedRecently"
    aws.clock.advance(seconds=60)
    assert sqs.create_queue(QueueName="q")["QueueUrl"] == queue


def test_unknown_queue(seams: Any) -> None:
    """JSON clients are given the query protocol's code (recorded)."""
    with pytest.raises(seams.exceptions.QueueDoesNotExist) as caught:
        seams.get_queue_url(QueueName="nope")
    error = caught.value.response["Error"]
    assert error["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert error["Message"] == "The specified queue does not exist."
    assert (error["QueryErrorCode"], error["Type"]) == ("QueueDoesNotExist", "Sender")


def test_list_queues_in_pages(sqs: Any) -> None:
    """Pages come only where a size is asked for."""
    urls = [sqs.create_queue(QueueName=f"a{n}")["QueueUrl"] for n in range(5)]
    sqs.create_queue(QueueName="b")
    assert sqs.list_queues(QueueNamePrefix="a") == {"QueueUrls": urls, "ResponseMetadata": _any()}
    first = sqs.list_queues(QueueNamePrefix="a", MaxResults=3)
    rest = sqs.list_queues(QueueNamePrefix="a", MaxResults=3, NextToken=first["NextToken"])
    assert (first["QueueUrls"], rest["QueueUrls"]) == (urls[:3], urls[3:])
    assert "NextToken" not in rest


class _any:
    """Equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


def test_queue_type_stays(sqs: Any, queue: str, fifo: str) -> None:
    """FifoQueue cannot be set later (recorded)."""
    attributes = {"FifoQueue": "true"}
    standard = refused(sqs.set_queue_attributes, QueueUrl=queue, Attributes=attributes)
    assert standard == ("InvalidAttributeName", "Unknown Attribute FifoQueue.")
    code, text = refused(sqs.set_queue_attributes, QueueUrl=fifo, Attributes=attributes)
    assert code == "InvalidAttributeValue"
    assert text == "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."


def test_encryption_is_one_of_two(sqs: Any, queue: str) -> None:
    """A KMS key switches SQS's own encryption off, and the other way round (recorded)."""
    names = ["KmsMasterKeyId", "SqsManagedSseEnabled"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"KmsMasterKeyId": "key"})
    shown = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    assert shown == {"KmsMasterKeyId": "key", "SqsManagedSseEnabled": "false"}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"SqsManagedSseEnabled": "true"})
    assert sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"] == {
        "SqsManagedSseEnabled": "true"
    }
    both = {"KmsMasterKeyId": "key", "SqsManagedSseEnabled": "true"}
    assert refused(sqs.set_queue_attributes, QueueUrl=queue, Attributes=both)[0] == "InvalidAttributeName"


def test_purge_once_a_minute(aws: Any, sqs: Any, queue: str) -> None:
    """All messages go; the next purge has to wait (recorded)."""
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    sqs.purge_queue(QueueUrl=queue)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    code, text = refused(sqs.purge_queue, QueueUrl=queue)
    assert code == "AWS.SimpleQueueService.PurgeQueueInProgress"
    assert text == "Only one PurgeQueue operation on q is allowed every 60 seconds."
    aws.clock.advance(seconds=60)
    sqs.purge_queue(QueueUrl=queue)


def test_tags(seams: Any) -> None:
    """Tags are set, listed and removed; a queue without any answers none (recorded)."""
    url = seams.create_queue(QueueName="t", tags={"a": "1"})["QueueUrl"]
    seams.tag_queue(QueueUrl=url, Tags={"b": ""})
    assert seams.list_queue_tags(QueueUrl=url)["Tags"] == {"a": "1", "b": ""}
    seams.untag_queue(QueueUrl=url, TagKeys=["a", "b", "c"])
    assert "Tags" not in seams.list_queue_tags(QueueUrl=url)


def test_permissions(seams: Any) -> None:
    """A permission is a statement of the policy, by its label (recorded)."""
    url = seams.create_queue(QueueName="p")["QueueUrl"]
    arn = arn_of(seams, url)
    added = {"QueueUrl": url, "Label": "label", "AWSAccountIds": ["111111111111"], "Actions": ["ReceiveMessage"]}
    seams.add_permission(**added)
    policy = json.loads(seams.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])
    assert policy == {
        "Version": "2008-10-17",
        "Id": f"{arn}/SQSDefaultPolicy",
        "Statement": [
            {
                "Sid": "label",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                "Action": "SQS:ReceiveMessage",
                "Resource": arn,
            }
        ],
    }
    text = "Value label for parameter Label is invalid. Reason: Already exists."
    assert refused(seams.add_permission, **added) == ("InvalidParameterValue", text)
    seams.remove_permission(QueueUrl=url, Label="label")
    assert "Attributes" not in seams.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    text = "Value label for parameter Label is invalid. Reason: can't find label."
    assert refused(seams.remove_permission, QueueUrl=url, Label="label") == ("InvalidParameterValue", text)


def test_deleted_queue_is_gone(sqs: Any, queue: str) -> None:
    """Nothing can be sent to it any more."""
    sqs.delete_queue(QueueUrl=queue)
    with pytest.raises(ClientError, match="The specified queue does not exist"):
        sqs.send_message(QueueUrl=queue, MessageBody="x")
