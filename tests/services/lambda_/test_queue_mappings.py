"""Event source mappings of SQS queues: batches, filters, failures, windows. Forms as recorded from AWS."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from . import handlers
from .conftest import Make, queue


def mapped(aws: Any, arn: str, handler: Any = handlers.tells_bodies, **settings: Any) -> Any:
    """A function that reads a queue."""
    function = aws.function(handler)
    boto3.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=function.name, **settings)
    return function


def send(url: str, *bodies: str, **more: Any) -> None:
    """Send messages in one call."""
    entries = [{"Id": str(place), "MessageBody": body, **more} for place, body in enumerate(bodies)]
    boto3.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)


def counts(url: str) -> tuple[int, int]:
    """How many messages a queue shows, and hides."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])


def batches(function: Any) -> list[str]:
    """The bodies of each batch, in order."""
    return [line.removeprefix("batch ") for line in function.logs if line.startswith("batch ")]


def test_messages_come_in_batches_and_are_gone(aws: Any) -> None:
    """Up to BatchSize together; what was processed is deleted."""
    url, arn = queue("q")
    function = mapped(aws, arn, BatchSize=2)
    send(url, "a", "b", "c")
    assert (["a b", "c"], (0, 0)) == (batches(function), counts(url))


def test_event_is_as_aws_sends_it(aws: Any) -> None:
    """Every field of a record, attributes and their digest included."""
    url, arn = queue("q")
    function = mapped(aws, arn, handlers.prints_event)
    attribute = {"n": {"DataType": "Number", "StringValue": "7"}}
    sent = boto3.client("sqs").send_message(QueueUrl=url, MessageBody="hi", MessageAttributes=attribute)
    (record,) = json.loads(function.logs[2])["Records"]
    assert (sent["MessageId"], "hi", sent["MD5OfMessageBody"], sent["MD5OfMessageAttributes"]) == (
        record["messageId"],
        record["body"],
        record["md5OfBody"],
        record["md5OfMessageAttributes"],
    )
    shown = {"stringValue": "7", "stringListValues": [], "binaryListValues": [], "dataType": "Number"}
    assert ({"n": shown}, "aws:sqs", arn, "us-east-1", "1") == (
        record["messageAttributes"],
        record["eventSource"],
        record["eventSourceARN"],
        record["awsRegion"],
        record["attributes"]["ApproximateReceiveCount"],
    )


def test_failed_batch_comes_again_after_the_visibility_timeout(aws: Any) -> None:
    """It stays hidden until then; a redrive policy moves it to the dead-letter queue."""
    dead, dead_arn = queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = queue("q", RedrivePolicy=policy, VisibilityTimeout="30")
    function = mapped(aws, arn, handlers.tells_bodies)
    send(url, "bad")
    once = (batches(function), counts(url))
    aws.clock.advance(seconds=31)
    twice = batches(function)
    aws.clock.advance(seconds=31)
    assert ((["bad"], (0, 1)), ["bad", "bad"], (1, 0)) == (once, twice, counts(dead))


def test_reported_failures_alone_come_again(aws: Any) -> None:
    """With ReportBatchItemFailures the other messages of the batch are deleted."""
    url, arn = queue("q")
    mapped(aws, arn, handlers.reports_bad_messages, FunctionResponseTypes=["ReportBatchItemFailures"])
    send(url, "a", "bad", "c")
    assert (0, 1) == counts(url)


def test_wrong_report_fails_the_batch(aws: Any) -> None:
    """An answer with another key than AWS's is a failure of all."""
    url, arn = queue("q")
    mapped(aws, arn, handlers.reports_nonsense, FunctionResponseTypes=["ReportBatchItemFailures"])
    send(url, "a", "b")
    assert (0, 2) == counts(url)


def test_filtered_messages_are_deleted(aws: Any) -> None:
    """What agrees with no filter is gone, as is plain text where the pattern is of JSON; the trace says so."""
    url, arn = queue("q")
    pattern = json.dumps({"body": {"kind": ["order"]}})
    function = mapped(aws, arn, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    send(url, '{"kind":"order"}', '{"kind":"other"}', "text")
    assert (['{"kind":"order"}'], (0, 0)) == (batches(function), counts(url))
    assert any("agree with no filter" in str(entry) for entry in aws.trace)


def test_batching_window_gathers_messages(aws: Any) -> None:
    """A batch that is not full waits for the window's end, on the clock."""
    url, arn = queue("q")
    function = mapped(aws, arn, MaximumBatchingWindowInSeconds=20, BatchSize=3)
    send(url, "a")
    send(url, "b")
    before = batches(function)
    aws.clock.advance(seconds=20)
    send(url, "c", "d", "e")
    assert ([], ["a b", "c d e"]) == (before, batches(function))


def test_fifo_order_is_kept(aws: Any) -> None:
    """Messages of a group come in order, with their group and number."""
    url, arn = queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    function = mapped(aws, arn, BatchSize=2)
    send(url, "a", "b", "c", MessageGroupId="g")
    assert ["a b", "c"] == batches(function)


def test_messages_from_before_the_mapping(aws: Any) -> None:
    """They are read at once, and delayed ones when their time has come."""
    url, arn = queue("q")
    send(url, "old")
    send(url, "late", DelaySeconds=60)
    function = mapped(aws, arn)
    now = batches(function)
    aws.clock.advance(seconds=70)
    assert (["old"], ["old", "late"]) == (now, batches(function))


def test_disabled_mapping_reads_nothing_until_it_is_enabled(aws: Any, client: Any) -> None:
    """States follow each other as on AWS."""
    url, arn = queue("q")
    function = mapped(aws, arn, Enabled=False)
    uuid = client.list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
    send(url, "a")
    before = (batches(function), client.get_event_source_mapping(UUID=uuid)["State"])
    changing = client.update_event_source_mapping(UUID=uuid, Enabled=True)["State"]
    assert (([], "Disabled"), "Enabling", ["a"]) == (before, changing, batches(function))


def test_throttled_messages_stay(aws: Any, client: Any) -> None:
    """A function without concurrency leaves them to the queue; the trace says why."""
    url, arn = queue("q")
    function = mapped(aws, arn)
    client.put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
    send(url, "a")
    assert ([], (0, 1)) == (batches(function), counts(url))
    assert any("go back to the queue" in str(entry) for entry in aws.trace)


def test_answer_of_the_creation(client: Any, make: Make) -> None:
    """Exactly AWS's members."""
    _, arn = queue("q")
    make()
    made = client.create_event_source_mapping(EventSourceArn=arn, FunctionName="f")
    made.pop("ResponseMetadata")
    made.pop("LastModified")
    uuid = made.pop("UUID")
    assert {
        "EventSourceMappingArn": f"arn:aws:lambda:us-east-1:123456789012:event-source-mapping:{uuid}",
        "EventSourceArn": arn,
        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "State": "Creating",
        "StateTransitionReason": "USER_INITIATED",
        "BatchSize": 10,
        "MaximumBatchingWindowInSeconds": 0,
        "FunctionResponseTypes": [],
    } == made


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"BatchSize": 11}, "must be greater than 0 if maximum batch size is greater than 10"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{"}]}}, "Invalid filter pattern definition."),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:x"}}},
            "given event source mapping",
        ),
    ],
)
def test_settings_that_cannot_be(client: Any, make: Make, settings: dict[str, Any], text: str) -> None:
    """They are refused in AWS's words."""
    _, arn = queue("q")
    make()
    with pytest.raises(ClientError) as caught:
        client.create_event_source_mapping(EventSourceArn=arn, FunctionName="f", **settings)
    assert text in caught.value.response["Error"]["Message"]


def test_queue_must_hide_longer_than_the_function_runs(client: Any, make: Make) -> None:
    """The visibility timeout is held against the function's timeout."""
    _, arn = queue("q", VisibilityTimeout="5")
    make(Timeout=6)
    with pytest.raises(ClientError, match="Queue visibility timeout: 5 seconds is less than Function timeout: 6 sec"):
        client.create_event_source_mapping(EventSourceArn=arn, FunctionName="f")


def test_same_mapping_twice(client: Any, make: Make) -> None:
    """It is a conflict, with the id of the first."""
    _, arn = queue("q")
    make()
    uuid = client.create_event_source_mapping(EventSourceArn=arn, FunctionName="f")["UUID"]
    with pytest.raises(ClientError, match=f"delete the existing mapping with UUID {uuid}"):
        client.create_event_source_mapping(EventSourceArn=arn, FunctionName="f")


def test_queue_that_is_not_there(client: Any, make: Make) -> None:
    """AWS tells of its call to SQS."""
    make()
    with pytest.raises(ClientError, match=r"Error occurred while ReceiveMessage\. SQS Error Code: AWS\.Simple"):
        client.create_event_source_mapping(EventSourceArn="arn:aws:sqs:us-east-1:123456789012:none", FunctionName="f")
