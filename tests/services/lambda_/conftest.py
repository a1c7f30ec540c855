"""A cloud with a client of Lambda, and what its tests need besides."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.session
import pytest

from mocksls import mock_serverless

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def client(aws: Any) -> Any:
    """A client of Lambda."""
    return boto3.client("lambda")


@pytest.fixture
def role(aws: Any) -> str:
    """The ARN of a role that Lambda may assume."""
    made = boto3.client("iam").create_role(RoleName="lambda-role", AssumeRolePolicyDocument=json.dumps(_TRUST))
    arn: str = made["Role"]["Arn"]
    return arn


def zipped(files: dict[str, str], mode: int = 0o644) -> bytes:
    """A deployment package."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (mode | 0o100000) << 16
            archive.writestr(entry, text)
    return content.getvalue()


Make = Callable[..., Any]


@pytest.fixture
def make(client: Any, role: str) -> Make:
    """Make a function of a ZIP with some source: the answer of CreateFunction."""

    def made(name: str = "f", source: str = "def handler(event, context):\n    return event\n", **config: Any) -> Any:
        config = {"Runtime": "python3.12", "Handler": "m.handler", **config}
        return client.create_function(
            FunctionName=name, Role=role, Code={"ZipFile": zipped({"m.py": source})}, **config
        )

    return made


def is_modelled(operation: str, member: str) -> bool:
    """Whether the botocore at hand knows a member of an operation's request."""
    model = botocore.session.get_session().get_service_model("lambda")
    return operation in model.operation_names and member in model.operation_model(operation).input_shape.members


def answer(invoked: Any) -> Any:
    """What a function returned."""
    return json.loads(invoked["Payload"].read())


def received(url: str) -> list[Any]:
    """The bodies of the messages in a queue, parsed."""
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


def queue(name: str, **attributes: str) -> tuple[str, str]:
    """Make a queue; its URL and ARN."""
    sqs = boto3.client("sqs")
    url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


def permit(url: str, arn: str) -> None:
    """Let everybody send to a queue."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boto3.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
