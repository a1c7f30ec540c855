"""Asynchronous invocations: retries, destinations, dead letters. Records as recorded from AWS."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from . import handlers
from .conftest import Make, permit, queue, received

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
FAILS = "def handler(event, context):\n    raise ValueError('no')\n"


def configure(client: Any, **settings: Any) -> Any:
    """Configure asynchronous invocations of ``f``."""
    return client.put_function_event_invoke_config(FunctionName="f", **settings)


def send(client: Any, event: Any = None, **more: Any) -> None:
    """Invoke ``f`` with an event, later."""
    client.invoke(FunctionName="f", InvocationType="Event", Payload=json.dumps(event), **more)


def test_success_is_told(client: Any, make: Make) -> None:
    """The record of a success has the event and the answer."""
    make()
    url, arn = queue("done")
    configure(client, DestinationConfig={"OnSuccess": {"Destination": arn}})
    send(client, {"a": 1})
    (record,) = received(url)
    assert ("1.0", {"a": 1}, {"a": 1}) == (record["version"], record["requestPayload"], record["responsePayload"])
    assert {"statusCode": 200, "executedVersion": "$LATEST"} == record["responseContext"]
    assert ("Success", f"{ARN}:$LATEST", 1) == (
        record["requestContext"]["condition"],
        record["requestContext"]["functionArn"],
        record["requestContext"]["approximateInvokeCount"],
    )


def test_failure_is_told_after_two_retries(aws: Any, client: Any, make: Make) -> None:
    """Three attempts with one request id; then the destination gets the error."""
    make(source=FAILS)
    url, arn = queue("failed")
    configure(client, DestinationConfig={"OnFailure": {"Destination": arn}})
    send(client, {"a": 1})
    (record,) = received(url)
    starts = {line for line in aws.logs("f") if line.startswith("START")}
    assert 1 == len(starts)
    assert ("RetriesExhausted", 3) == (
        record["requestContext"]["condition"],
        record["requestContext"]["approximateInvokeCount"],
    )
    assert ("Unhandled", "no") == (
        record["responseContext"]["functionError"],
        record["responsePayload"]["errorMessage"],
    )


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2)])
def test_fewer_retries(aws: Any, client: Any, make: Make, retries: int, attempts: int) -> None:
    """MaximumRetryAttempts bounds the attempts."""
    make(source=FAILS)
    configure(client, MaximumRetryAttempts=retries)
    send(client)
    assert attempts == sum(line.startswith("START") for line in aws.logs("f"))


def test_event_that_would_be_too_old_is_not_tried_again(client: Any, make: Make) -> None:
    """AWS would wait a minute before the first retry: an age of a minute does not reach that far."""
    make(source=FAILS)
    url, arn = queue("failed")
    configure(client, MaximumEventAgeInSeconds=60, DestinationConfig={"OnFailure": {"Destination": arn}})
    send(client)
    (record,) = received(url)
    context = record["requestContext"]
    assert ("EventAgeExceeded", 1) == (context["condition"], context["approximateInvokeCount"])


def test_dead_letters_are_the_event(client: Any, make: Make) -> None:
    """The queue gets the event itself, with the three attributes of AWS."""
    url, arn = queue("dead")
    make(source=FAILS, DeadLetterConfig={"TargetArn": arn})
    send(client, {"a": 1})
    found = boto3.client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
    values = {name: value["StringValue"] for name, value in found["MessageAttributes"].items()}
    assert {"a": 1} == json.loads(found["Body"])
    assert ("200", "no") == (values["ErrorCode"], values["ErrorMessage"])


def test_function_as_destination_gets_the_record(aws: Any, client: Any, make: Make) -> None:
    """A second function is invoked with what became of the first."""
    make()
    second = aws.function(handlers.prints_condition)
    configure(client, DestinationConfig={"OnSuccess": {"Destination": second.arn}})
    send(client)
    assert "condition Success" in second.logs


def test_topic_as_destination(client: Any, make: Make) -> None:
    """A topic gets the record as its message, without a subject."""
    make()
    url, arn = queue("done")
    permit(url, arn)
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="done")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    configure(client, DestinationConfig={"OnSuccess": {"Destination": topic}})
    send(client, {"a": 1})
    (told,) = received(url)
    assert {"a": 1} == json.loads(told["Message"])["responsePayload"]
    assert (topic, False) == (told["TopicArn"], "Subject" in told)


@pytest.mark.parametrize(("source", "which"), [("def handler(event, context): pass\n", "Success"), (FAILS, "Failure")])
def test_event_bus_as_destination(client: Any, make: Make, source: str, which: str) -> None:
    """An event bus gets an event of Lambda's with the record as its detail."""
    make(source=source)
    url, arn = queue("done")
    permit(url, arn)
    events = boto3.client("events")
    bus = events.create_event_bus(Name="bus")["EventBusArn"]
    events.put_rule(Name="all", EventBusName="bus", EventPattern=json.dumps({"source": ["lambda"]}))
    events.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "1", "Arn": arn}])
    configure(client, MaximumRetryAttempts=0, DestinationConfig={f"On{which}": {"Destination": bus}})
    send(client, {"a": 1})
    (told,) = received(url)
    assert f"Lambda Function Invocation Result - {which}" == told["detail-type"]
    assert [bus, f"{ARN}:$LATEST"] == told["resources"]
    assert {"a": 1} == told["detail"]["requestPayload"]


def test_bucket_as_destination(client: Any, make: Make) -> None:
    """A failed event is an object under the function's name."""
    make(source=FAILS)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="records")
    configure(client, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::records"}})
    send(client)
    (found,) = s3.list_objects_v2(Bucket="records")["Contents"]
    assert found["Key"].startswith("aws/lambda/async/f/")


def test_destination_that_is_gone_is_told_in_the_trace(aws: Any, client: Any, make: Make) -> None:
    """The record is lost, as on AWS, and the trace says so."""
    make()
    url, arn = queue("done")
    configure(client, DestinationConfig={"OnSuccess": {"Destination": arn}})
    boto3.client("sqs").delete_queue(QueueUrl=url)
    send(client)
    assert any("took no record" in str(entry) for entry in aws.trace)


def test_configuration_is_shown_with_empty_destinations(client: Any, make: Make) -> None:
    """What was not set is not shown, but for the two destinations."""
    make()
    shown = configure(client, MaximumRetryAttempts=1)
    assert ({"OnSuccess": {}, "OnFailure": {}}, 1) == (shown["DestinationConfig"], shown["MaximumRetryAttempts"])
    assert "MaximumEventAgeInSeconds" not in shown


@pytest.mark.parametrize(
    ("destination", "text"),
    [
        (ARN, "You can't specify the function as a destination for itself."),
        (f"{ARN}x", f"The destination ARN {ARN}x is invalid."),
        ("arn:aws:iam:us-east-1:123456789012:x", "The provided destination config DestinationConfig(onSuccess="),
    ],
)
def test_destinations_that_cannot_be(client: Any, make: Make, destination: str, text: str) -> None:
    """They are refused in AWS's words."""
    make()
    with pytest.raises(ClientError) as caught:
        configure(client, DestinationConfig={"OnSuccess": {"Destination": destination}})
    assert caught.value.response["Error"]["Message"].startswith(text)


def test_configuration_goes(client: Any, make: Make) -> None:
    """Once deleted it is not there, and AWS says so in its words."""
    make()
    configure(client, MaximumRetryAttempts=1)
    client.delete_function_event_invoke_config(FunctionName="f")
    with pytest.raises(ClientError, match="doesn't have an EventInvokeConfig"):
        client.get_function_event_invoke_config(FunctionName="f")


def test_invoke_async_is_an_event(aws: Any, client: Any, make: Make) -> None:
    """The old operation queues the event, too."""
    make(source="def handler(event, context):\n    print('got', event['a'])\n")
    status = client.invoke_async(FunctionName="f", InvokeArgs=b'{"a": 1}')["Status"]
    assert 202 == status
    assert "got 1" in aws.logs("f")
