"""A cloud with a client of DynamoDB, and tables in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.session
import pytest

from mocksls import mock_serverless

MakeTable = Callable[..., str]


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def ddb(aws: Any) -> Any:
    """A client of DynamoDB."""
    return boto3.client("dynamodb", region_name="us-east-1")


def definition(**types: str) -> dict[str, Any]:
    """AttributeDefinitions and KeySchema: the first keyword is the hash key, the second the range key."""
    kinds = zip(types, ("HASH", "RANGE"), strict=False)
    return {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in kinds],
        "BillingMode": "PAY_PER_REQUEST",
    }


def index(name: str, *keys: str, projection: dict[str, Any] | None = None) -> dict[str, Any]:
    """A secondary index on one or two attributes."""
    kinds = zip(keys, ("HASH", "RANGE"), strict=False)
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": key, "KeyType": kind} for key, kind in kinds],
        "Projection": projection or {"ProjectionType": "ALL"},
    }


@pytest.fixture
def table(ddb: Any) -> str:
    """A table ``tab`` with hash key p (S) and range key c (N)."""
    ddb.create_table(TableName="tab", **definition(p="S", c="N"))
    return "tab"


@pytest.fixture
def users(ddb: Any) -> str:
    """A table ``users`` with hash key id (S) only."""
    ddb.create_table(TableName="users", **definition(id="S"))
    return "users"


def key(p: str = "x", c: int = 1) -> dict[str, Any]:
    """A key of ``tab``."""
    return {"p": {"S": p}, "c": {"N": str(c)}}


def is_modelled(operation: str, *members: str) -> bool:
    """Whether the botocore at hand knows an operation and these members of its request."""
    model = botocore.session.get_session().get_service_model("dynamodb")
    if operation not in model.operation_names:
        return False
    return set(members) <= set(model.operation_model(operation).input_shape.members)
