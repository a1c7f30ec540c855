"""A cloud with a client of IAM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless

TRUST = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}'
)
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
ACCOUNT = "123456789012"


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def iam(aws: Any) -> Any:
    """A client of IAM."""
    return boto3.client("iam")


@pytest.fixture
def role(iam: Any) -> str:
    """The name of a role."""
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=TRUST)
    return "reader"


@pytest.fixture
def user(iam: Any) -> str:
    """The name of a user."""
    iam.create_user(UserName="ann")
    return "ann"
