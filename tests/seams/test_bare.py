"""Requests of typed calls have no body, unless somebody could see it."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ParamValidationError

from mocksls import mock_serverless
from mocksls._seams.bare import members_in_body

from .conftest import client

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
TABLE: dict[str, Any] = {
    "TableName": "tab",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def bodies_heard(service: str, *, of_botocore: bool) -> tuple[Any, list[bytes]]:
    """A client with a handler on ``before-call``, and what that sees of bodies."""
    heard: list[bytes] = []

    def hear(params: Any, **_: Any) -> None:
        heard.append(params["body"])

    hear.__module__ = "botocore.handlers" if of_botocore else "tests"
    made = client(service, "typed")
    made.meta.events.register("before-call", hear)
    return made, heard


@mock_serverless
def test_handlers_of_the_user_see_the_body() -> None:
    """Who listens to ``before-call`` sees what would have been sent."""
    dynamodb, heard = bodies_heard("dynamodb", of_botocore=False)
    dynamodb.create_table(**TABLE)
    assert TABLE == json.loads(heard[0])


@mock_serverless
def test_handlers_of_botocore_see_none() -> None:
    """Nothing is serialised for botocore's own handlers, and the call is the same."""
    s3, heard = bodies_heard("s3", of_botocore=True)
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k", Body=b"content")
    deleted = s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "k"}]})
    assert [{"Key": "k"}] == deleted["Deleted"]
    assert b"" == heard[-1]


@mock_serverless
def test_parameters_are_checked_all_the_same() -> None:
    """Bad parameters are botocore's error, word for word."""
    with pytest.raises(ParamValidationError, match="Invalid type for parameter Delete, value: 5"):
        client("s3", "typed").delete_objects(Bucket="bucket", Delete=5)


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "DeleteObjects", {"Delete"}),
        ("s3", "PutObject", set()),
        ("s3", "PutBucketPolicy", set()),
        ("dynamodb", "DeleteTable", {"TableName"}),
        ("lambda", "Invoke", set()),
        ("lambda", "TagResource", {"Tags"}),
        ("sns", "Publish", set()),
        ("stepfunctions", "StartSyncExecution", set()),
    ],
)
def test_what_bodies_are_made_of(service: str, operation: str, expected: set[str]) -> None:
    """Plain members only: no streams and texts of their own, no host names made of members, no forms."""
    model = boto3.Session().client(service, region_name="us-east-1", **KEYS).meta.service_model
    assert expected == members_in_body(model.operation_model(operation))
