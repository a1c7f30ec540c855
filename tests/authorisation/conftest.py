"""A cloud that enforces, and users and roles with a policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

ACCOUNT = "123456789012"
Statement = dict[str, Any]


def policy(*statements: Statement) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> Statement:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> Statement:
    """A statement that denies."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def trust(principal: Any, **condition: Any) -> str:
    """A trust policy."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **condition})


def arn(service: str, resource: str) -> str:
    """A resource of the account in us-east-1."""
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


def refused(call: Any, **request: Any) -> str:
    """The action that the refusal of a call names."""
    with pytest.raises(ClientError, match="is not authorized to perform") as caught:
        call(**request)
    return str(caught.value).partition("to perform: ")[2].partition(" ")[0]


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a cloud that enforces."""
    with mock_serverless(region="us-east-1", iam="enforce") as handle:
        yield handle


@pytest.fixture
def user(aws: Any) -> Callable[..., Callable[[str], Any]]:
    """Makes a user with one policy of the given statements; the answer makes its clients."""

    def make(*statements: Statement, name: str = "ann") -> Callable[[str], Any]:
        iam = boto3.client("iam")
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return lambda service: boto3.client(
            service, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )

    return make


@pytest.fixture
def bucket(aws: Any) -> str:
    """A bucket with an object."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="docs")
    s3.delete_public_access_block(Bucket="docs")
    s3.put_object(Bucket="docs", Key="a.txt", Body=b"a")
    return "docs"


@pytest.fixture
def table(aws: Any) -> str:
    """A table of partition key ``id``."""
    boto3.client("dynamodb").create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return "things"
