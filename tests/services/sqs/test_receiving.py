"""Receiving: order, visibility, delay, retention, long polls, dead letters, deletions."""

from __future__ import annotations

import base64
import json
import threading
import time
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless

from .conftest import ACCOUNT, arn_of, received, refused


def send(sqs: Any, url: str, *bodies: str, **params: Any) -> None:
    """Send some messages."""
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body, **params)


def test_an_empty_queue(seams: Any) -> None:
    """An empty receive has no Messages at all (recorded)."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    assert "Messages" not in seams.receive_message(QueueUrl=url)


def test_system_attributes(seams: Any) -> None:
    """Those that are asked for, by either of the names of the parameter (recorded)."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    send(seams, url, "x")
    for parameter in ("AttributeNames", "MessageSystemAttributeNames"):
        (message,) = seams.receive_message(QueueUrl=url, VisibilityTimeout=0, **{parameter: ["All"]})["Messages"]
        names = {"SenderId", "ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "SentTimestamp"}
        assert set(message["Attributes"]) == names
    (message,) = seams.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"]
    assert message["Attributes"] == {"ApproximateReceiveCount": "3"}


def test_visibility_timeout(aws: Any, sqs: Any, queue: str) -> None:
    """A received message comes back when its timeout is over."""
    send(sqs, queue, "x")
    assert received(sqs, queue, VisibilityTimeout=10) == ["x"]
    aws.clock.advance(seconds=9)
    assert received(sqs, queue) == []
    aws.clock.advance(seconds=1)
    assert received(sqs, queue) == ["x"]


def test_change_visibility(aws: Any, seams: Any) -> None:
    """From now on, so much longer; zero gives it back at once; at most twelve hours in all."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    send(seams, url, "x")
    handle = seams.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    change = {"QueueUrl": url, "ReceiptHandle": handle}
    aws.clock.advance(seconds=20)
    seams.change_message_visibility(**change, VisibilityTimeout=20)
    aws.clock.advance(seconds=19)
    assert received(seams, url) == []
    code, text = refused(seams.change_message_visibility, **change, VisibilityTimeout=43_200)
    assert code == "InvalidParameterValue"
    assert "beyond the limit [43200 seconds]" in text
    seams.change_message_visibility(**change, VisibilityTimeout=0)
    assert received(seams, url) == ["x"]


def test_change_of_visible_message(aws: Any, sqs: Any, queue: str) -> None:
    """After the timeout a standard queue takes the change and ignores it (recorded)."""
    send(sqs, queue, "x")
    handle = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=1)["Messages"][0]["ReceiptHandle"]
    aws.clock.advance(seconds=2)
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=30)
    assert received(sqs, queue) == ["x"]


def test_delay(aws: Any, sqs: Any, queue: str) -> None:
    """A message may be delayed by itself or by its queue; it counts as delayed meanwhile."""
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "5"})
    send(sqs, queue, "queue's")
    send(sqs, queue, "its own", DelaySeconds=2)
    counted = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessagesDelayed"])
    assert counted["Attributes"] == {"ApproximateNumberOfMessagesDelayed": "2"}
    aws.clock.advance(seconds=2)
    assert received(sqs, queue) == ["its own"]
    aws.clock.advance(seconds=3)
    assert received(sqs, queue) == ["queue's"]


def test_retention(aws: Any, sqs: Any, queue: str) -> None:
    """A message is gone when the queue's retention period is over, in flight or not."""
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MessageRetentionPeriod": "60"})
    send(sqs, queue, "x")
    aws.clock.advance(seconds=59)
    assert received(sqs, queue, VisibilityTimeout=0) == ["x"]
    aws.clock.advance(seconds=1)
    assert received(sqs, queue) == []


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (
            {"MaxNumberOfMessages": 11},
            "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
        ),
        (
            {"WaitTimeSeconds": 21},
            "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
        ),
        (
            {"WaitTimeSeconds": -1},
            "Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
        ),
    ],
)
def test_receives_that_are_refused(seams: Any, params: dict[str, Any], text: str) -> None:
    """In AWS's words (recorded)."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    assert refused(seams.receive_message, QueueUrl=url, **params) == ("InvalidParameterValue", text)


# -- long polls --------------------------------------------------------------------------------------------------------


def test_long_poll_takes_no_real_time() -> None:
    """Nobody else may send: the clock moves by the wait, the test does not sleep."""
    with mock_serverless(region="us-east-1") as aws:
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="a")["QueueUrl"]
        before, began = aws.clock.now(), time.perf_counter()
        assert received(sqs, url, WaitTimeSeconds=20) == []
        assert 20 <= (aws.clock.now() - before).total_seconds() < 25
        assert time.perf_counter() - began < 5


def test_long_poll_finds_a_delayed_message() -> None:
    """The clock moves to when the message may be received, no further."""
    with mock_serverless(region="us-east-1") as aws:
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="a")["QueueUrl"]
        send(sqs, url, "x", DelaySeconds=7)
        before = aws.clock.now()
        assert received(sqs, url, WaitTimeSeconds=20) == ["x"]
        assert 6.9 <= (aws.clock.now() - before).total_seconds() < 12


def test_long_poll_waits_for_other_threads() -> None:
    """Another thread may still send: the poll really waits for it."""
    with mock_serverless(region="us-east-1"):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="a")["QueueUrl"]
        polling = threading.Event()

        def sends() -> None:
            polling.wait(5)
            sqs.send_message(QueueUrl=url, MessageBody="x")

        thread = threading.Thread(target=sends)
        thread.start()
        polling.set()
        assert received(sqs, url, WaitTimeSeconds=20) == ["x"]
        thread.join()


# -- deletions ---------------------------------------------------------------------------------------------------------


def test_delete(seams: Any) -> None:
    """A deleted message does not come back; deleting it again is fine."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    send(seams, url, "x")
    handle = seams.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]["ReceiptHandle"]
    seams.delete_message(QueueUrl=url, ReceiptHandle=handle)
    seams.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert received(seams, url) == []


def test_receipt_handles_of_nothing(seams: Any) -> None:
    """A text that is no receipt handle of the queue is refused; in a batch, entry by entry."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    code, text = refused(seams.delete_message, QueueUrl=url, ReceiptHandle="fake")
    assert (code, text) == (
        "ReceiptHandleIsInvalid",
        'The input receipt handle "fake" is not a valid receipt handle.',
    )
    answer = seams.delete_message_batch(QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": "fake"}])
    assert [failed["Code"] for failed in answer["Failed"]] == ["ReceiptHandleIsInvalid"]


def test_batches_of_deletions_and_changes(seams: Any) -> None:
    """Ten at once, each answered by its id."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    send(seams, url, *"abc")
    messages = seams.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    handles = [message["ReceiptHandle"] for message in messages]
    changes = [{"Id": str(n), "ReceiptHandle": handle, "VisibilityTimeout": 0} for n, handle in enumerate(handles[:2])]
    answer = seams.change_message_visibility_batch(QueueUrl=url, Entries=changes)
    assert [each["Id"] for each in answer["Successful"]] == ["0", "1"]
    assert sorted(received(seams, url)) == sorted(message["Body"] for message in messages[:2])
    entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles)]
    answer = seams.delete_message_batch(QueueUrl=url, Entries=entries)
    assert [each["Id"] for each in answer["Successful"]] == ["0", "1", "2"]


def test_fifo_deletes_only_in_time(aws: Any, sqs: Any, fifo: str) -> None:
    """A FIFO queue's receipt handle expires with the visibility timeout (recorded)."""
    send(sqs, fifo, "x", MessageGroupId="g")
    handle = sqs.receive_message(QueueUrl=fifo, VisibilityTimeout=5)["Messages"][0]["ReceiptHandle"]
    aws.clock.advance(seconds=6)
    code, text = refused(sqs.delete_message, QueueUrl=fifo, ReceiptHandle=handle)
    assert code == "InvalidParameterValue"
    assert text == f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."


# -- FIFO --------------------------------------------------------------------------------------------------------------


def test_group_waits_for_what_is_in_flight(aws: Any, sqs: Any, fifo: str) -> None:
    """While a message of a group is in flight no other of it is received; other groups go on."""
    send(sqs, fifo, "g1", "g2", MessageGroupId="g")
    send(sqs, fifo, "h1", MessageGroupId="h")
    assert received(sqs, fifo, MaxNumberOfMessages=1) == ["g1"]
    assert received(sqs, fifo) == ["h1"]
    aws.clock.advance(seconds=30)
    assert received(sqs, fifo) == ["g1", "g2", "h1"]


def test_group_goes_on_after_deletion(sqs: Any, fifo: str) -> None:
    """The next message follows when the one before was deleted (recorded)."""
    send(sqs, fifo, "1", "2", MessageGroupId="g")
    (message,) = sqs.receive_message(QueueUrl=fifo)["Messages"]
    assert received(sqs, fifo) == []
    sqs.delete_message(QueueUrl=fifo, ReceiptHandle=message["ReceiptHandle"])
    assert received(sqs, fifo) == ["2"]


def test_sequence_numbers_grow(sqs: Any, fifo: str) -> None:
    """They are told when sent and when received, in order."""
    sent = [sqs.send_message(QueueUrl=fifo, MessageBody=str(n), MessageGroupId="g")["SequenceNumber"] for n in range(3)]
    assert sent == sorted(sent, key=int)
    messages = sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
    assert [message["Attributes"]["SequenceNumber"] for message in messages] == sent
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"g"}


# -- dead letters ------------------------------------------------------------------------------------------------------


def with_dead_letters(sqs: Any, count: int, url: str) -> str:
    """Have a queue's messages go to another after so many receives."""
    dead = str(sqs.create_queue(QueueName="dead")["QueueUrl"])
    policy = {"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": count}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})
    return dead


def test_redrive(sqs: Any, queue: str) -> None:
    """After so many receives the message goes to the dead-letter queue, with its id, and tells where it is from."""
    dead = with_dead_letters(sqs, 2, queue)
    sent = sqs.send_message(QueueUrl=queue, MessageBody="x")["MessageId"]
    for _ in range(2):
        assert received(sqs, queue, VisibilityTimeout=0) == ["x"]
    assert received(sqs, queue) == []
    (message,) = sqs.receive_message(QueueUrl=dead, AttributeNames=["All"])["Messages"]
    assert (message["MessageId"], message["Attributes"]["ApproximateReceiveCount"]) == (sent, "3")
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(sqs, queue)
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [queue]


def test_redrive_policies_that_are_refused(sqs: Any, queue: str, fifo: str) -> None:
    """The target must exist and be of the same type, the count between 1 and 1000."""

    def refusal(target: str, count: Any) -> str:
        policy = json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": count})
        return refused(sqs.set_queue_attributes, QueueUrl=queue, Attributes={"RedrivePolicy": policy})[1]

    assert "does not exist" in refusal(f"arn:aws:sqs:us-east-1:{ACCOUNT}:nope", 1)
    assert "same type of queue" in refusal(arn_of(sqs, fifo), 1)
    assert "valid values are from 1 to 1000" in refusal(arn_of(sqs, queue), 0)


def test_redrive_allow_policy(sqs: Any, queue: str) -> None:
    """A queue may refuse to take other queues' dead letters."""
    dead = sqs.create_queue(QueueName="d", Attributes={"RedriveAllowPolicy": '{"redrivePermission": "denyAll"}'})
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead["QueueUrl"]), "maxReceiveCount": 1})
    code, _ = refused(sqs.set_queue_attributes, QueueUrl=queue, Attributes={"RedrivePolicy": policy})
    assert code == "InvalidParameterValue"


def test_move_task(aws: Any, sqs: Any, queue: str) -> None:
    """Dead letters go back to where they came from, so many a second; what is left can be cancelled (recorded)."""
    dead = with_dead_letters(sqs, 1, queue)
    send(sqs, queue, *"abcde")
    received(sqs, queue, VisibilityTimeout=0)
    received(sqs, queue)
    source = arn_of(sqs, dead)
    handle = sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    text = refused(sqs.start_message_move_task, SourceArn=source)[1]
    assert text.startswith("There is already a task running.")
    aws.clock.advance(seconds=2)
    (shown,) = sqs.list_message_move_tasks(SourceArn=source)["Results"]
    assert (shown["Status"], shown["ApproximateNumberOfMessagesMoved"], shown["TaskHandle"]) == ("RUNNING", 3, handle)
    assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] == 3
    assert len(received(sqs, queue)) == 3
    (shown,) = sqs.list_message_move_tasks(SourceArn=source)["Results"]
    assert shown["Status"] == "CANCELLED"
    assert "TaskHandle" not in shown


def test_move_tasks_that_are_refused(seams: Any) -> None:
    """The source must be a dead-letter queue, handles must be some (recorded)."""
    url = seams.create_queue(QueueName="a")["QueueUrl"]
    source = arn_of(seams, url)
    text = "Source queue must be configured as a Dead Letter Queue."
    assert refused(seams.start_message_move_task, SourceArn=source) == ("InvalidParameterValue", text)
    text = "The resource that you specified for the SourceArn parameter doesn't exist."
    refusal = refused(seams.start_message_move_task, SourceArn=f"{source}-not")
    assert refusal == ("ResourceNotFoundException", text)
    text = "Value for parameter TaskHandle is invalid."
    for handle in ("nonsense", base64.b64encode(b"[" * 50_000).decode()):
        assert refused(seams.cancel_message_move_task, TaskHandle=handle) == ("InvalidParameterValue", text)
