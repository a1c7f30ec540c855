"""What is allowed: identity policies, condition keys, calls on several resources."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, allow, deny, policy

TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/things"
ITEM = {"id": {"S": "1"}}


def code(call: Any, **params: Any) -> str:
    """The error code of a call, or ``ok``."""
    try:
        call(**params)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def test_one_table_and_one_action(user: Any, table: str) -> None:
    """A permission reaches as far as its action and resource."""
    client = user(allow("dynamodb:GetItem", TABLE))("dynamodb")
    assert code(client.get_item, TableName=table, Key=ITEM) == "ok"
    assert code(client.put_item, TableName=table, Item=ITEM) == "AccessDeniedException"
    assert code(client.get_item, TableName="other", Key=ITEM) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, "ok"),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "AccessDeniedException"),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, "ok"),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, "AccessDeniedException"),
        ({"StringEquals": {"aws:username": "ann"}}, "ok"),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a*"}}, "ok"),
        ({"StringEquals": {"aws:PrincipalAccount": "999999999999"}}, "AccessDeniedException"),
        ({"StringEquals": {"aws:PrincipalTag/team": "red"}}, "ok"),
        ({"StringEquals": {"aws:PrincipalTag/team": "blue"}}, "AccessDeniedException"),
        ({"DateGreaterThan": {"aws:CurrentTime": "2000-01-01T00:00:00Z"}}, "ok"),
        ({"DateLessThan": {"aws:CurrentTime": "2000-01-01T00:00:00Z"}}, "AccessDeniedException"),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, "ok"),
        ({"Bool": {"aws:SecureTransport": "true"}}, "ok"),
        ({"Null": {"aws:TokenIssueTime": "true"}}, "ok"),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}, "ok"),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["bob"]}}, "AccessDeniedException"),
        ({"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "weight"]}}, "ok"),
        ({"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id"]}}, "AccessDeniedException"),
    ],
)
def test_condition_keys(user: Any, table: str, condition: Any, expected: str) -> None:
    """Global keys and DynamoDB's are there for conditions."""
    client = user(allow("dynamodb:GetItem", TABLE, Condition=condition))("dynamodb")
    boto3.client("iam").tag_user(UserName="ann", Tags=[{"Key": "team", "Value": "red"}])
    key = {"id": {"S": "ann"}}
    assert code(client.get_item, TableName=table, Key=key, ProjectionExpression="id, weight") == expected


def test_time_passes_for_conditions(aws: Any, user: Any, table: str) -> None:
    """aws:CurrentTime is the cloud's."""
    limit = aws.clock.now().replace(year=aws.clock.now().year + 1).strftime("%Y-%m-%dT%H:%M:%SZ")
    client = user(allow("*", Condition={"DateLessThan": {"aws:CurrentTime": limit}}))("dynamodb")
    assert code(client.scan, TableName=table) == "ok"
    aws.clock.advance(days=400)
    assert code(client.scan, TableName=table) == "AccessDeniedException"


def test_leading_keys_of_queries_and_batches(user: Any, table: str) -> None:
    """The partition keys of queries, and of all requests of a batch, are judged."""
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ann"]}}
    client = user(allow("dynamodb:*", TABLE, Condition=own))("dynamodb")
    query = {"TableName": table, "KeyConditionExpression": "#k = :v", "ExpressionAttributeNames": {"#k": "id"}}
    assert code(client.query, **query, ExpressionAttributeValues={":v": {"S": "ann"}}) == "ok"
    assert code(client.query, **query, ExpressionAttributeValues={":v": {"S": "bob"}}) == "AccessDeniedException"
    items = [{"PutRequest": {"Item": {"id": {"S": name}}}} for name in ("ann", "bob")]
    assert code(client.batch_write_item, RequestItems={table: items[:1]}) == "ok"
    assert code(client.batch_write_item, RequestItems={table: items}) == "AccessDeniedException"


def test_an_index_is_a_resource_of_its_own(user: Any, table: str) -> None:
    """Querying an index needs the index's ARN."""
    client = user(allow("dynamodb:Query", TABLE))("dynamodb")
    params = {"KeyConditionExpression": "id = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}
    assert code(client.query, TableName=table, **params) == "ok"
    assert code(client.query, TableName=table, IndexName="by-x", **params) == "AccessDeniedException"


def test_each_action_of_a_transaction(user: Any, table: str) -> None:
    """A transaction needs what its parts need."""
    client = user(allow("dynamodb:PutItem", TABLE))("dynamodb")
    put = {"Put": {"TableName": table, "Item": ITEM}}
    check = {
        "ConditionCheck": {
            "TableName": table,
            "Key": {"id": {"S": "2"}},
            "ConditionExpression": "size(id) > :n",
            "ExpressionAttributeValues": {":n": {"N": "0"}},
        }
    }
    assert code(client.transact_write_items, TransactItems=[put]) == "ok"
    assert code(client.transact_write_items, TransactItems=[put, check]) == "AccessDeniedException"


def test_a_batch_needs_all_its_tables(user: Any, table: str) -> None:
    """One table that may not be written refuses the batch."""
    client = user(allow("dynamodb:BatchWriteItem", TABLE))("dynamodb")
    puts = [{"PutRequest": {"Item": ITEM}}]
    assert code(client.batch_write_item, RequestItems={table: puts}) == "ok"
    assert code(client.batch_write_item, RequestItems={table: puts, "other": puts}) == "AccessDeniedException"


def test_a_tables_own_policy(user: Any, table: str) -> None:
    """PutResourcePolicy lets a user in, and denies the administrator, even without enforcement."""
    client, own = user()("dynamodb"), boto3.client("dynamodb")
    ann = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"}
    statements = [allow("dynamodb:Scan", TABLE, Principal=ann), deny("dynamodb:PutItem", TABLE, Principal="*")]
    own.put_resource_policy(ResourceArn=TABLE, Policy=policy(*statements))
    assert code(client.scan, TableName=table) == "ok"
    assert code(client.get_item, TableName=table, Key=ITEM) == "AccessDeniedException"
    assert code(own.put_item, TableName=table, Item=ITEM) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("SELECT * FROM \"things\" WHERE id = '1'", "PartiQLSelect"),
        ("INSERT INTO things VALUE {'id': '1'}", "PartiQLInsert"),
        ("UPDATE things SET n = 1 WHERE id = '1'", "PartiQLUpdate"),
        ("DELETE FROM \"things\" WHERE id = '1'", "PartiQLDelete"),
    ],
)
def test_statements(user: Any, table: str, statement: str, action: str) -> None:
    """Each kind of PartiQL statement has an action of its own."""
    client = user(allow(f"dynamodb:{action}", TABLE))("dynamodb")
    assert code(client.execute_statement, Statement=statement) not in ("AccessDeniedException",)
    boto3.client("iam").delete_user_policy(UserName="ann", PolicyName="p")
    assert code(client.execute_statement, Statement=statement) == "AccessDeniedException"


def test_logs_by_group(user: Any) -> None:
    """``log-group:NAME:*`` covers the group and its streams."""
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/app:*"
    client = user(allow(["logs:CreateLogGroup", "logs:CreateLogStream"], arn))("logs")
    assert code(client.create_log_group, logGroupName="/app") == "ok"
    assert code(client.create_log_stream, logGroupName="/app", logStreamName="s") == "ok"
    assert code(client.create_log_group, logGroupName="/other") == "AccessDeniedException"


def test_request_tags(user: Any) -> None:
    """Tags that a request brings are judged."""
    condition = {"StringEquals": {"aws:RequestTag/team": "red"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    client = user(allow("iam:CreateUser", Condition=condition))("iam")
    red = [{"Key": "team", "Value": "red"}]
    assert code(client.create_user, UserName="r", Tags=red) == "ok"
    assert code(client.create_user, UserName="s", Tags=[*red, {"Key": "x", "Value": "y"}]) == "AccessDenied"
    assert code(client.create_user, UserName="t") == "AccessDenied"


def test_users_may_manage_themselves(user: Any) -> None:
    """The variable ${aws:username} in a resource is the caller's name."""
    client = user(allow("iam:*AccessKey*", "arn:aws:iam::*:user/${aws:username}"))("iam")
    assert code(client.list_access_keys, UserName="ann") == "ok"
    assert code(client.list_access_keys, UserName="bob") == "AccessDenied"


def test_policies_take_effect_at_once(user: Any, table: str) -> None:
    """A policy that is put or deleted changes the next call."""
    client, iam = user()("dynamodb"), boto3.client("iam")
    iam.put_user_policy(UserName="ann", PolicyName="q", PolicyDocument=policy(allow("dynamodb:Scan")))
    assert code(client.scan, TableName=table) == "ok"
    iam.delete_user_policy(UserName="ann", PolicyName="q")
    assert code(client.scan, TableName=table) == "AccessDeniedException"


def test_a_managed_policy(user: Any, table: str) -> None:
    """An attached policy counts, AWS's own too."""
    client = user()("dynamodb")
    arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    boto3.client("iam").attach_user_policy(UserName="ann", PolicyArn=arn)
    assert code(client.put_item, TableName=table, Item=ITEM) == "ok"


def test_a_groups_policies_are_its_members(user: Any, table: str) -> None:
    """Policies of a group count for its users while they are in it."""
    client, iam = user()("dynamodb"), boto3.client("iam")
    iam.create_group(GroupName="team")
    iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(allow("dynamodb:Scan")))
    iam.add_user_to_group(GroupName="team", UserName="ann")
    assert code(client.scan, TableName=table) == "ok"
    iam.delete_group_policy(GroupName="team", PolicyName="p")
    assert code(client.scan, TableName=table) == "AccessDeniedException"


def test_the_version_in_force_counts(user: Any, table: str) -> None:
    """Another default version of an attached policy changes the next call."""
    client, iam = user()("dynamodb"), boto3.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    assert code(client.scan, TableName=table) == "AccessDeniedException"
    document = policy(allow("dynamodb:Scan"))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    assert code(client.scan, TableName=table) == "ok"


def test_whoami_needs_no_permission(user: Any) -> None:
    """GetCallerIdentity is for everybody with a key."""
    assert user()("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ann"
