"""Roles: trust, sessions, boundaries, handlers, roles passed on."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, allow, deny, policy, trust
from .test_grants import code

ARN = f"arn:aws:iam::{ACCOUNT}:role/work"
ANN = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"}


def make_role(principal: Any, *statements: Any, path: str = "/", **condition: Any) -> str:
    """A role that trusts a principal."""
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="work", Path=path, AssumeRolePolicyDocument=trust(principal, **condition))["Role"]
    if statements:
        iam.put_role_policy(RoleName="work", PolicyName="p", PolicyDocument=policy(*statements))
    return str(role["Arn"])


def session(sts: Any, service: str, **params: Any) -> Any:
    """A client of a session of the role."""
    keys = sts.assume_role(**{"RoleArn": ARN, "RoleSessionName": "s1", **params})["Credentials"]
    return boto3.client(
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_a_trusted_user_needs_no_more(user: Any) -> None:
    """Naming the user is enough, naming the account leaves it to the user's policies."""
    sts = user()("sts")
    make_role({"AWS": ACCOUNT})
    assert code(sts.assume_role, RoleArn=ARN, RoleSessionName="s1") == "AccessDenied"
    boto3.client("iam").put_user_policy(
        UserName="ann", PolicyName="q", PolicyDocument=policy(allow("sts:AssumeRole", ARN))
    )
    assert code(sts.assume_role, RoleArn=ARN, RoleSessionName="s1") == "ok"


def test_the_role_must_trust(user: Any) -> None:
    """A user who may assume everything is refused by a role that trusts another."""
    sts = user(allow("sts:AssumeRole"))("sts")
    make_role({"Service": "lambda.amazonaws.com"})
    assert code(sts.assume_role, RoleArn=ARN, RoleSessionName="s1") == "AccessDenied"


def test_an_external_id(user: Any) -> None:
    """The trust policy's condition on sts:ExternalId is judged."""
    sts = user()("sts")
    make_role(ANN, Condition={"StringEquals": {"sts:ExternalId": "42"}})
    assert code(sts.assume_role, RoleArn=ARN, RoleSessionName="s1") == "AccessDenied"
    assert code(sts.assume_role, RoleArn=ARN, RoleSessionName="s1", ExternalId="42") == "ok"


def test_a_session_may_what_its_role_may(user: Any, table: str) -> None:
    """The role's policies are the session's, also of a role with a path."""
    arn = make_role(ANN, allow("dynamodb:Scan"), path="/team/")
    client = session(user()("sts"), "dynamodb", RoleArn=arn)
    assert code(client.scan, TableName=table) == "ok"
    assert code(client.put_item, TableName=table, Item={"id": {"S": "1"}}) == "AccessDeniedException"


def test_a_session_policy_narrows(user: Any, table: str) -> None:
    """Only what both allow is allowed; the reason is the session policy."""
    make_role(ANN, allow("dynamodb:*"))
    client = session(user()("sts"), "dynamodb", Policy=policy(allow("dynamodb:Scan")))
    assert code(client.scan, TableName=table) == "ok"
    with pytest.raises(ClientError, match=r"no session policy allows the dynamodb:PutItem action"):
        client.put_item(TableName=table, Item={"id": {"S": "1"}})


def test_tags_need_a_permission_in_the_trust_policy(user: Any) -> None:
    """sts:TagSession is judged like sts:AssumeRole."""
    sts = user()("sts")
    make_role(ANN)
    tags = [{"Key": "team", "Value": "red"}]
    assert code(sts.assume_role, RoleArn=ARN, RoleSessionName="s1", Tags=tags) == "AccessDenied"


def test_session_tags_are_principal_tags(user: Any, table: str) -> None:
    """aws:PrincipalTag shows the session's tags."""
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    make_role(ANN, allow("dynamodb:Scan", Condition=condition))
    both = policy({"Effect": "Allow", "Principal": ANN, "Action": ["sts:AssumeRole", "sts:TagSession"]})
    boto3.client("iam").update_assume_role_policy(RoleName="work", PolicyDocument=both)
    sts = user()("sts")
    red = session(sts, "dynamodb", Tags=[{"Key": "team", "Value": "red"}])
    assert code(red.scan, TableName=table) == "ok"
    assert code(session(sts, "dynamodb").scan, TableName=table) == "AccessDeniedException"


def test_a_federated_user_has_what_both_allow(user: Any, table: str) -> None:
    """GetFederationToken's session needs a policy, and at most what its issuer may."""
    sts = user(allow(["sts:GetFederationToken", "dynamodb:Scan"]))("sts")

    def client(**params: Any) -> Any:
        keys = sts.get_federation_token(Name="guest", **params)["Credentials"]
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        values = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        return boto3.client("dynamodb", **dict(zip(names, values, strict=True)))

    assert code(client().scan, TableName=table) == "AccessDeniedException"
    guest = client(Policy=policy(allow("dynamodb:*")))
    assert code(guest.scan, TableName=table) == "ok"
    assert code(guest.put_item, TableName=table, Item={"id": {"S": "1"}}) == "AccessDeniedException"


def test_sessions_end_on_the_clock(aws: Any, user: Any, table: str) -> None:
    """After its duration a session's keys are expired."""
    make_role(ANN, allow("*"))
    client = session(user()("sts"), "dynamodb", DurationSeconds=900)
    aws.clock.advance(seconds=901)
    assert code(client.scan, TableName=table) == "ExpiredTokenException"


def test_a_role_is_passed_on_with_permission_only(user: Any) -> None:
    """CreateFunction needs iam:PassRole on its role, to Lambda."""
    make_role({"Service": "lambda.amazonaws.com"})
    client = user(allow("lambda:*"))("lambda")
    params = {
        "FunctionName": "f",
        "Role": ARN,
        "Runtime": "python3.13",
        "Handler": "a.b",
        "Code": {"ZipFile": b"PK\x05\x06" + b"\0" * 18},
    }
    with pytest.raises(ClientError, match=rf"iam:PassRole on resource: {ARN} because no identity-based policy"):
        client.create_function(**params)
    condition = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    statement = allow("iam:PassRole", ARN, Condition=condition)
    boto3.client("iam").put_user_policy(UserName="ann", PolicyName="q", PolicyDocument=policy(statement))
    assert code(client.create_function, **params) != "AccessDeniedException"


def read_things(event: Any, context: Any) -> str:
    """A handler that scans a table, and tells how that went."""
    import boto3
    from botocore.exceptions import ClientError

    try:
        boto3.client("dynamodb").scan(TableName="things")
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    return "ok"


def test_a_handler_runs_as_its_role(aws: Any, table: str) -> None:
    """Calls from a handler are judged by its role's policies."""
    make_role({"Service": "lambda.amazonaws.com"})
    function = aws.function(read_things, Role=ARN)
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/work/read_things"
    assert function.invoke({}).startswith(f"User: {arn} is not authorized to perform: dynamodb:Scan on resource: ")
    boto3.client("iam").put_role_policy(RoleName="work", PolicyName="p", PolicyDocument=policy(allow("dynamodb:Scan")))
    assert function.invoke({}) == "ok"


def test_a_function_policy_lets_a_user_in(aws: Any, user: Any, table: str) -> None:
    """AddPermission for a user is enough to invoke."""
    aws.function(read_things)
    client = user()("lambda")
    assert code(client.invoke, FunctionName="read_things") == "AccessDeniedException"
    boto3.client("lambda").add_permission(
        FunctionName="read_things", StatementId="a", Action="lambda:InvokeFunction", Principal=ANN["AWS"]
    )
    assert code(client.invoke, FunctionName="read_things") == "ok"


def test_a_boundary_of_a_role_denies(user: Any, table: str) -> None:
    """An explicit denial in the boundary is named as such."""
    iam = boto3.client("iam")
    arn = iam.create_policy(PolicyName="b", PolicyDocument=policy(allow("*"), deny("dynamodb:Scan")))["Policy"]["Arn"]
    make_role(ANN, allow("*"))
    iam.put_role_permissions_boundary(RoleName="work", PermissionsBoundary=arn)
    with pytest.raises(ClientError, match="with an explicit deny in a permissions boundary"):
        session(user()("sts"), "dynamodb").scan(TableName=table)
