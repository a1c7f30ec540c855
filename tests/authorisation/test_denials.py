"""Denials: in each protocol's words, and in the trace."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, allow, deny, policy

ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/things"


def denied(call: Any, **params: Any) -> tuple[str, str, int]:
    """Code, message and status of a refused call."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response
    return error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]


def because(action: str, resource: str, kind: str = "identity-based policy") -> str:
    """AWS's sentence for a permission that is missing."""
    said = f"User: {ANN} is not authorized to perform: {action} on resource: {resource}"
    return f"{said} because no {kind} allows the {action} action"


def test_dynamodb(user: Any, table: str) -> None:
    """AccessDeniedException 400, with user, action, resource and reason."""
    expected = ("AccessDeniedException", because("dynamodb:GetItem", TABLE), 400)
    assert denied(user()("dynamodb").get_item, TableName=table, Key={"id": {"S": "1"}}) == expected


def test_lambda(user: Any) -> None:
    """AccessDeniedException 403; a function need not exist to be denied."""
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    expected = ("AccessDeniedException", because("lambda:InvokeFunction", arn), 403)
    assert denied(user()("lambda").invoke, FunctionName="f") == expected


def test_logs(user: Any) -> None:
    """AccessDeniedException 400; a group is judged as its unnamed stream."""
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/a:log-stream:"
    expected = ("AccessDeniedException", because("logs:CreateLogGroup", arn), 400)
    assert denied(user()("logs").create_log_group, logGroupName="/a") == expected


def test_iam(user: Any) -> None:
    """AccessDenied 403."""
    expected = ("AccessDenied", because("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x/bob"), 403)
    assert denied(user()("iam").create_user, UserName="bob", Path="/x/") == expected


def test_sts(user: Any) -> None:
    """STS gives no reason."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/none"
    expected = ("AccessDenied", f"User: {ANN} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403)
    assert denied(user()("sts").assume_role, RoleArn=arn, RoleSessionName="s1") == expected


def test_s3_in_the_buckets_account(user: Any, bucket: str) -> None:
    """S3 quotes the resource."""
    said = f'User: {ANN} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::docs/a.txt"'
    expected = ("AccessDenied", f"{said} because no identity-based policy allows the s3:GetObject action", 403)
    assert denied(user()("s3").get_object, Bucket=bucket, Key="a.txt") == expected


def test_s3_of_all_buckets(user: Any) -> None:
    """An action without a resource names none."""
    said = f"User: {ANN} is not authorized to perform: s3:ListAllMyBuckets"
    text = f"{said} because no identity-based policy allows the s3:ListAllMyBuckets action"
    assert denied(user()("s3").list_buckets) == ("AccessDenied", text, 403)


def test_head_has_no_body(user: Any, bucket: str) -> None:
    """HEAD is refused by its status alone."""
    assert denied(user()("s3").head_object, Bucket=bucket, Key="a.txt") == ("403", "Forbidden", 403)


def test_an_explicit_deny_names_its_kind(user: Any, table: str) -> None:
    """The reason is the kind of policy that denies."""
    client = user(allow("*"), deny("dynamodb:Scan"))("dynamodb")
    said = f"User: {ANN} is not authorized to perform: dynamodb:Scan on resource: {TABLE}"
    text = f"{said} with an explicit deny in an identity-based policy"
    assert denied(client.scan, TableName=table)[1] == text


def test_a_boundary_is_named(user: Any, table: str) -> None:
    """What the boundary does not allow is told so."""
    client = user(allow("*"))("dynamodb")
    iam = boto3.client("iam")
    arn = iam.create_policy(PolicyName="b", PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=arn)
    message = denied(client.scan, TableName=table)[1]
    assert message == because("dynamodb:Scan", TABLE, "permissions boundary")


def test_the_trace_shows_the_missing_statement(aws: Any, user: Any, table: str) -> None:
    """The refusal in the trace carries a statement that can be pasted into a policy."""
    denied(user()("dynamodb").scan, TableName=table)
    [refusal] = aws.trace.filter(kind="refusal")
    missing = json.loads(refusal.text.partition(": ")[2])
    assert missing == {"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": TABLE}
    boto3.client("iam").put_user_policy(UserName="ann", PolicyName="q", PolicyDocument=policy(missing))


def test_the_missing_statement_helps(user: Any, table: str, aws: Any) -> None:
    """With the statement of the trace the call goes through."""
    client = user()("dynamodb")
    denied(client.scan, TableName=table)
    missing = json.loads(aws.trace.filter(kind="refusal")[0].text.partition(": ")[2])
    boto3.client("iam").put_user_policy(UserName="ann", PolicyName="q", PolicyDocument=policy(missing))
    assert client.scan(TableName=table)["Count"] == 0


def test_a_denied_write_leaves_nothing(user: Any, table: str) -> None:
    """A refused call has done nothing."""
    denied(user()("dynamodb").put_item, TableName=table, Item={"id": {"S": "1"}})
    assert boto3.client("dynamodb").scan(TableName=table)["Count"] == 0


def test_the_tests_own_user_is_an_administrator(table: str) -> None:
    """Without keys of its own a test may do everything."""
    assert boto3.client("dynamodb").scan(TableName=table)["Count"] == 0


def test_unknown_keys_are_refused(aws: Any) -> None:
    """A key that nobody issued is nobody's."""
    client = boto3.client("dynamodb", aws_access_key_id="AKIAUNKNOWN", aws_secret_access_key="x")
    assert denied(client.list_tables)[0] == "UnrecognizedClientException"
