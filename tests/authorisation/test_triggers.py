"""Triggers under enforcement: function policies, roles of pollers, presigned URLs."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, allow, policy, trust

ROLE = f"arn:aws:iam::{ACCOUNT}:role/work"


def note(event: Any, context: Any) -> None:
    """A handler that tells of its records."""
    print("seen", len(event["Records"]))


def make_role(*statements: Any) -> None:
    """A role for functions."""
    iam = boto3.client("iam")
    iam.create_role(RoleName="work", AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com"}))
    if statements:
        iam.put_role_policy(RoleName="work", PolicyName="p", PolicyDocument=policy(*statements))


@pytest.mark.parametrize(
    ("source", "expected"),
    [({"SourceArn": "arn:aws:s3:::docs", "SourceAccount": ACCOUNT}, 1), ({"SourceArn": "arn:aws:s3:::other"}, 0)],
)
def test_s3_needs_the_functions_permission(aws: Any, bucket: str, source: Any, expected: int) -> None:
    """The function's policy names the service, and the bucket and account it acts for."""
    make_role()
    function = aws.function(note, Role=ROLE)
    permission = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    boto3.client("lambda").add_permission(FunctionName="note", **permission, SourceArn="arn:aws:s3:::docs")
    configuration = {"LambdaFunctionArn": function.arn, "Events": ["s3:ObjectCreated:*"]}
    s3 = boto3.client("s3")
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]}
    )
    boto3.client("lambda").remove_permission(FunctionName="note", StatementId="s")
    boto3.client("lambda").add_permission(FunctionName="note", **permission, **source)
    s3.put_object(Bucket=bucket, Key="b.txt", Body=b"b")
    assert sum(line.startswith("seen 1") for line in function.logs) == expected


def test_a_mapping_needs_a_role_that_may_read(aws: Any) -> None:
    """CreateEventSourceMapping asks whether the role can read the stream."""
    make_role()
    aws.function(note, Role=ROLE)
    made = boto3.client("dynamodb").create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    arn = made["TableDescription"]["LatestStreamArn"]
    params = {"EventSourceArn": arn, "FunctionName": "note", "StartingPosition": "LATEST"}
    client = boto3.client("lambda")
    with pytest.raises(ClientError, match=f"Cannot access stream {arn}. Please ensure the role can perform the GetRec"):
        client.create_event_source_mapping(**params)
    managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
    boto3.client("iam").attach_role_policy(RoleName="work", PolicyArn=managed)
    client.create_event_source_mapping(**params)
    boto3.client("dynamodb").put_item(TableName="things", Item={"id": {"S": "1"}})
    assert any(line.startswith("seen 1") for line in aws.logs("note"))


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_may_what_its_signer_may(user: Any, bucket: str, version: str) -> None:
    """Who signed is who calls, when the URL is used."""
    clients = user()
    found = clients("s3")
    signer = boto3.client(
        "s3",
        aws_access_key_id=found._request_signer._credentials.access_key,
        aws_secret_access_key=found._request_signer._credentials.secret_key,
        config=Config(signature_version=version),
    )
    url = signer.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a.txt"}, ExpiresIn=60)
    assert requests.get(url, timeout=5).status_code == 403
    boto3.client("iam").put_user_policy(
        UserName="ann", PolicyName="q", PolicyDocument=policy(allow("s3:GetObject", "arn:aws:s3:::docs/*"))
    )
    assert requests.get(url, timeout=5).text == "a"
