"""A cloud with a client of SNS, by the typed and by the wire seam, and queues that hear of topics."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:t"


def refused(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """Code and message of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def open_queue(name: str = "q", **attributes: str) -> tuple[str, str]:
    """URL and ARN of a queue that lets SNS send to it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy, **attributes})["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"


def subscribed(sns: Any, topic: str = TOPIC, name: str = "q", **attributes: str) -> tuple[str, str]:
    """A queue's URL, and the ARN of its subscription to a topic."""
    more = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url, arn = open_queue(name, **more)
    answer = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url, str(answer["SubscriptionArn"])


def taken(url: str) -> list[dict[str, Any]]:
    """The messages of a queue, taken out of it, with all attributes."""
    sqs = boto3.client("sqs")
    asked = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"], "MaxNumberOfMessages": 10}
    found: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=url, **asked).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += messages
    return found


def notifications(url: str) -> list[dict[str, Any]]:
    """The notifications in a queue, taken out of it."""
    return [json.loads(message["Body"]) for message in taken(url)]


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud whose clock stands."""
    with mock_serverless(region="us-east-1", seed=1) as handle:
        handle.clock.freeze()
        yield handle


@pytest.fixture(params=["typed", "wire"])
def seams(request: pytest.FixtureRequest, aws: Any) -> Any:
    """A client of either seam with a topic; a handler of the user on before-send forces the wire."""
    client = boto3.client("sns")
    if request.param == "wire":
        client.meta.events.register("before-send.sns.*", lambda **kwargs: None)
    client.create_topic(Name="t")
    return client


@pytest.fixture
def sns(aws: Any) -> Any:
    """A client, and a topic."""
    client = boto3.client("sns")
    client.create_topic(Name="t")
    return client


@pytest.fixture
def fifo(sns: Any) -> str:
    """The ARN of a FIFO topic that tells duplicates by content."""
    attributes = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    return str(sns.create_topic(Name="t.fifo", Attributes=attributes)["TopicArn"])
