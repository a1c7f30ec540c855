"""Values that are none: AWS's own errors, or botocore's, never one from inside."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from .conftest import client, on_the_wire

TABLE: dict[str, Any] = {
    "TableName": "tab",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def unvalidated(service: str, seam: str = "typed") -> Any:
    """A client that looks at no types."""
    made = boto3.client(service, region_name="us-east-1", config=Config(parameter_validation=False))
    return on_the_wire(made) if seam == "wire" else made


@pytest.mark.parametrize("seam", ["typed", "wire"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"S": 123}, "NUMBER_VALUE cannot be converted to String"),
        ({"N": 1.5}, "DECIMAL_VALUE cannot be converted to String"),
        ({"BOOL": "yes"}, "STRING_VALUE cannot be converted to Boolean"),
        ({"SS": ["a", 1]}, "NUMBER_VALUE cannot be converted to String"),
        ({"M": {"a": {"S": True}}}, "TRUE_VALUE cannot be converted to String"),
    ],
)
def test_wrong_types(aws: Any, seam: str, value: Any, message: str) -> None:
    """Without the client's validation a wrong type is AWS's SerializationException, and nothing is stored."""
    ddb = unvalidated("dynamodb", seam)
    ddb.create_table(**TABLE)
    with pytest.raises(ClientError, match="SerializationException") as caught:
        ddb.put_item(TableName="tab", Item={"p": {"S": "x"}, "v": value})
    assert caught.value.response["Error"]["Message"] == message
    assert ddb.scan(TableName="tab")["Count"] == 0


def test_wrong_types_of_others(aws: Any) -> None:
    """The same for other services, each in its own way."""
    with pytest.raises(ClientError, match="SerializationException"):
        unvalidated("logs").create_log_group(logGroupName=7)
    with pytest.raises(ClientError, match="MalformedInput"):
        unvalidated("iam").list_users(MaxItems="x")
    with pytest.raises(ClientError, match="InvalidArgument"):
        unvalidated("s3").list_objects_v2(Bucket="bucket", MaxKeys="x")


def test_right_types(aws: Any) -> None:
    """A client without validation works as others do."""
    ddb = unvalidated("dynamodb")
    ddb.create_table(**TABLE)
    ddb.put_item(TableName="tab", Item={"p": {"S": "x"}})
    assert ddb.get_item(TableName="tab", Key={"p": {"S": "x"}})["Item"] == {"p": {"S": "x"}}


def outcome(call: Any) -> str:
    """What a call comes to: an exception's kind and text."""
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "succeeded"


@pytest.mark.parametrize(
    ("service", "method", "given"),
    [
        ("dynamodb", "describe_table", {"TableName": "a\ud800b"}),
        ("dynamodb", "put_item", {"TableName": "tab", "Item": {"p": {"S": "\udfff"}}}),
        ("dynamodb", "put_item", {"TableName": "tab", "Item": {"p": {"S": "x"}, "\ud800": {"S": "x"}}}),
        ("logs", "create_log_group", {"logGroupName": "a\ud800"}),
        ("iam", "create_user", {"UserName": "\ud800"}),
        ("s3", "put_object", {"Bucket": "bucket", "Key": "\ud800"}),
        ("lambda", "get_function", {"FunctionName": "\ud800"}),
    ],
)
def test_lone_surrogates(aws: Any, service: str, method: str, given: dict[str, Any]) -> None:
    """Text that is none comes to the same by both seams: what botocore, or the wire, makes of it."""
    boto3.client("dynamodb").create_table(**TABLE)
    boto3.client("s3").create_bucket(Bucket="bucket")
    typed, wire = (
        outcome(lambda seam=seam: getattr(client(service, seam), method)(**given)) for seam in ("typed", "wire")
    )
    assert typed == wire
    assert typed.startswith(("UnicodeEncodeError", "ClientError"))
