"""Response for response: a client cannot tell the typed seam from the wire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from .conftest import client

MOMENT = datetime(2040, 5, 6, 7, 8, 9, 123456, tzinfo=timezone.utc)
MS = int(MOMENT.timestamp() * 1000)
IGNORED = {"content-length", "date", "x-amz-crc32", "x-amzn-requestid", "x-amz-request-id"}
Step = tuple[str, dict[str, Any]]

TABLE: dict[str, Any] = {
    "TableName": "tab",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "Tags": [{"Key": "k", "Value": "v"}],
}
ITEM: dict[str, Any] = {
    "p": {"S": "x"},
    "n": {"N": "1.50"},
    "b": {"B": b"\x00\xff"},
    "bs": {"BS": [b"1", b"2"]},
    "m": {"M": {"l": {"L": [{"NULL": True}, {"BOOL": False}, {"S": ""}]}}},
    "ns": {"NS": ["1", "2"]},
    "u": {"S": "ünï\u2028"},
}
DYNAMODB: list[Step] = [
    ("create_table", TABLE),
    ("create_table", TABLE),
    ("describe_table", {"TableName": "tab"}),
    ("describe_table", {"TableName": "missing"}),
    ("put_item", {"TableName": "tab", "Item": ITEM, "ReturnConsumedCapacity": "TOTAL"}),
    ("put_item", {"TableName": "tab", "Item": ITEM, "ConditionExpression": "attribute_not_exists(p)"}),
    ("put_item", {"TableName": "tab", "Item": {"q": {"S": "x"}}}),
    ("get_item", {"TableName": "tab", "Key": {"p": {"S": "x"}}}),
    ("get_item", {"TableName": "tab", "Key": {"p": {"S": "none"}}}),
    ("batch_get_item", {"RequestItems": {"tab": {"Keys": [{"p": {"S": "x"}}]}}}),
    (
        "query",
        {"TableName": "tab", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "x"}}},
    ),
    ("scan", {"TableName": "tab", "Select": "COUNT"}),
    (
        "transact_write_items",
        {
            "TransactItems": [
                {
                    "Delete": {
                        "TableName": "tab",
                        "Key": {"p": {"S": "x"}},
                        "ConditionExpression": "attribute_not_exists(p)",
                    }
                }
            ]
        },
    ),
    (
        "update_item",
        {
            "TableName": "tab",
            "Key": {"p": {"S": "x"}},
            "UpdateExpression": "SET n = n + :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "ALL_NEW",
        },
    ),
    ("list_tables", {}),
    ("list_tags_of_resource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/tab"}),
    ("delete_item", {"TableName": "tab", "Key": {"p": {"S": "x"}}, "ReturnValues": "ALL_OLD"}),
    ("list_tables", {"Limit": 101}),
    ("delete_table", {"TableName": "tab"}),
]
TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
IAM: list[Step] = [
    ("create_role", {"RoleName": "r", "AssumeRolePolicyDocument": TRUST, "Description": "<&\"'> ünï", "Path": "/p/"}),
    ("create_role", {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}),
    ("create_role", {"RoleName": "s", "AssumeRolePolicyDocument": "no json"}),
    ("get_role", {"RoleName": "r"}),
    ("get_role", {"RoleName": "missing"}),
    ("tag_role", {"RoleName": "r", "Tags": [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "2"}]}),
    ("list_role_tags", {"RoleName": "r"}),
    ("list_roles", {}),
    ("list_roles", {"PathPrefix": "/none/"}),
    ("put_role_policy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": POLICY}),
    ("get_role_policy", {"RoleName": "r", "PolicyName": "p"}),
    ("list_role_policies", {"RoleName": "r"}),
    ("create_policy", {"PolicyName": "m", "PolicyDocument": POLICY}),
    ("get_policy_version", {"PolicyArn": "arn:aws:iam::123456789012:policy/m", "VersionId": "v1"}),
    ("attach_role_policy", {"RoleName": "r", "PolicyArn": "arn:aws:iam::123456789012:policy/m"}),
    ("list_attached_role_policies", {"RoleName": "r"}),
    ("delete_role", {"RoleName": "r"}),
    ("create_user", {"UserName": "ann"}),
    ("create_access_key", {"UserName": "ann"}),
    ("list_access_keys", {"UserName": "ann"}),
    ("list_users", {"MaxItems": 1}),
    ("create_user", {"UserName": "bad name!"}),
    ("get_account_summary", {}),
]
STS: list[Step] = [
    ("get_caller_identity", {}),
    ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "s1", "DurationSeconds": 900}),
    ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "bad name!"}),
    ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:user/long-enough", "RoleSessionName": "s1"}),
    ("get_session_token", {}),
    ("get_access_key_info", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}),
]
LOGS: list[Step] = [
    ("create_log_group", {"logGroupName": "g", "tags": {"a": "b"}}),
    ("create_log_group", {"logGroupName": "g"}),
    ("create_log_stream", {"logGroupName": "g", "logStreamName": "s"}),
    ("put_log_events", {"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": MS, "message": "ü\n"}]}),
    ("put_log_events", {"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "old"}]}),
    ("put_log_events", {"logGroupName": "g", "logStreamName": "none", "logEvents": [{"timestamp": 1, "message": "x"}]}),
    ("get_log_events", {"logGroupName": "g", "logStreamName": "s"}),
    ("filter_log_events", {"logGroupName": "g", "limit": 1}),
    ("describe_log_groups", {}),
    ("describe_log_streams", {"logGroupName": "g"}),
    ("put_retention_policy", {"logGroupName": "g", "retentionInDays": 2}),
    ("list_tags_log_group", {"logGroupName": "g"}),
    ("delete_log_group", {"logGroupName": "g"}),
]
STEPS = {"dynamodb": DYNAMODB, "iam": IAM, "sts": STS, "logs": LOGS}


def answers(service: str, seam: str) -> list[dict[str, Any]]:
    """The answers to all steps in a fresh cloud of one seed, without what may differ."""
    with mock_serverless(region="us-east-1", seed=5) as aws:
        aws.clock.freeze(MOMENT)
        made = client(service, seam)
        return [answer(getattr(made, name), params) for name, params in STEPS[service]]


def answer(method: Callable[..., Any], params: dict[str, Any]) -> dict[str, Any]:
    """One answer or error, comparable."""
    try:
        found: dict[str, Any] = method(**params)
    except ClientError as error:
        found = {**error.response, "Raised": type(error).__name__, "Text": str(error)}
    metadata = found["ResponseMetadata"]
    assert metadata.pop("RequestId")
    metadata["HTTPHeaders"] = {k: v for k, v in metadata["HTTPHeaders"].items() if k not in IGNORED}
    return found


@pytest.mark.parametrize("service", STEPS)
def test_seams_agree(service: str, zone: str) -> None:
    """Members, their types, status, headers and errors are equal, step for step, in both time zones."""
    typed, wire = (answers(service, seam) for seam in ("typed", "wire"))
    for (name, params), by_type, by_wire in zip(STEPS[service], typed, wire, strict=True):
        assert (name, params, kinds(by_type)) == (name, params, kinds(by_wire))
        assert (name, params, by_type) == (name, params, by_wire)


def kinds(value: Any) -> Any:
    """A value with its types and the order of its members."""
    if isinstance(value, dict):
        return [(name, kinds(each)) for name, each in value.items() if name != "HTTPHeaders"]
    if isinstance(value, list):
        return [kinds(each) for each in value]
    zone_name = type(value.tzinfo).__name__ if isinstance(value, datetime) else ""
    return type(value).__name__, zone_name, value


@pytest.mark.parametrize("service", STEPS)
def test_header_names_agree(service: str) -> None:
    """The headers that may differ in value are there by both seams."""
    names = []
    for seam in ("typed", "wire"):
        with mock_serverless(region="us-east-1", seed=5):
            made = client(service, seam)
            name, params = STEPS[service][0]
            names.append(set(getattr(made, name)(**params)["ResponseMetadata"]["HTTPHeaders"]))
    assert names[0] | {"content-length", "x-amz-crc32"} == names[1] | {"content-length", "x-amz-crc32"}


def test_retries_agree() -> None:
    """Throttled calls are attempted as often by both seams, and take as long on the cloud's clock."""
    seen = []
    for seam in ("typed", "wire"):
        with mock_serverless(region="us-east-1") as aws:
            made = client("dynamodb", seam)
            aws.faults.inject("dynamodb", error="ProvisionedThroughputExceededException", times=3)
            answer = made.list_tables()
            seen.append((answer["ResponseMetadata"]["RetryAttempts"], len(aws.trace)))
    assert seen == [(3, 4), (3, 4)]
