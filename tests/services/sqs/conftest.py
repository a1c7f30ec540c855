"""A cloud with a client of SQS, by the typed and by the wire seam."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

ACCOUNT = "123456789012"


def refused(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """Code and message of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def arn_of(sqs: Any, url: str) -> str:
    """The ARN of a queue."""
    found: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return found


def received(sqs: Any, url: str, **params: Any) -> list[str]:
    """The bodies of up to ten messages, received and left in flight."""
    answer = sqs.receive_message(QueueUrl=url, **{"MaxNumberOfMessages": 10, **params})
    return [message["Body"] for message in answer.get("Messages", [])]


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud whose clock stands."""
    with mock_serverless(region="us-east-1", seed=1) as handle:
        handle.clock.freeze()
        yield handle


@pytest.fixture(params=["typed", "wire"])
def seams(request: pytest.FixtureRequest, aws: Any) -> Any:
    """A client of either seam; a handler of the user on before-send forces the wire."""
    client = boto3.client("sqs")
    if request.param == "wire":
        client.meta.events.register("before-send.sqs.*", lambda **kwargs: None)
    return client


@pytest.fixture
def sqs(aws: Any) -> Any:
    """A client."""
    return boto3.client("sqs")


@pytest.fixture
def queue(sqs: Any) -> str:
    """The URL of a standard queue."""
    return str(sqs.create_queue(QueueName="q")["QueueUrl"])


@pytest.fixture
def fifo(sqs: Any) -> str:
    """The URL of a FIFO queue that tells duplicates by content."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    return str(sqs.create_queue(QueueName="q.fifo", Attributes=attributes)["QueueUrl"])
