"""Events of a bucket reach functions."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import current, mock_serverless

BUCKET = "a-bucket"


def tells_event(event: Any, context: Any) -> None:
    """Print the event."""
    print(json.dumps(event))


def connect(permitted: bool = True, **configuration: Any) -> Any:
    """A bucket whose events reach a function."""
    aws = current()
    assert aws is not None
    function = aws.function(tells_event)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    if permitted:
        boto3.client("lambda").add_permission(
            FunctionName=function.name,
            StatementId="s3",
            Action="lambda:InvokeFunction",
            Principal="s3.amazonaws.com",
            SourceArn=f"arn:aws:s3:::{BUCKET}",
        )
    wanted = {"LambdaFunctionArn": function.arn, "Events": ["s3:ObjectCreated:*"], **configuration}
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"LambdaFunctionConfigurations": [wanted]}
    )
    return function


def events(function: Any) -> list[Any]:
    """The records that the function was handed."""
    return [json.loads(line)["Records"][0] for line in function.logs if line.startswith("{")]


@mock_serverless(region="us-east-1")
def test_upload_reaches_function() -> None:
    """When the put returns, the function has run with AWS's event."""
    function = connect()
    boto3.client("s3").put_object(Bucket=BUCKET, Key="a b@c", Body=b"content")
    (record,) = events(function)
    assert ("ObjectCreated:Put", "a+b%40c", 7) == (
        record["eventName"],
        record["s3"]["object"]["key"],
        record["s3"]["object"]["size"],
    )


@mock_serverless(region="us-east-1")
def test_filters() -> None:
    """Only keys of the prefix and suffix fire."""
    rules = [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".jpg"}]
    function = connect(Filter={"Key": {"FilterRules": rules}})
    for key in ("in/a.jpg", "in/a.png", "a.jpg"):
        boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"x")
    assert ["in/a.jpg"] == [record["s3"]["object"]["key"] for record in events(function)]


@mock_serverless(region="us-east-1")
def test_removal() -> None:
    """A removal has no size."""
    function = connect(Events=["s3:ObjectRemoved:*"])
    boto3.client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"x")
    boto3.client("s3").delete_object(Bucket=BUCKET, Key="k")
    (record,) = events(function)
    assert ("ObjectRemoved:Delete", {"key", "sequencer"}) == (record["eventName"], set(record["s3"]["object"]))


@mock_serverless(region="us-east-1")
def test_permission_is_needed() -> None:
    """S3 tries whether it may invoke before it takes a configuration."""
    with pytest.raises(ClientError) as caught:
        connect(permitted=False)
    error = caught.value.response["Error"]
    expected = ("InvalidArgument", "Unable to validate the following destination configurations")
    assert expected == (error["Code"], error["Message"])
