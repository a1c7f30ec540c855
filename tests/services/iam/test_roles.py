"""Roles."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from .conftest import ACCOUNT, POLICY, TRUST


def test_create(iam: Any, aws: Any) -> None:
    """A role has AWS's ids, its path, the trust policy as an object, and what was said."""
    aws.clock.freeze(datetime(2040, 1, 2, 3, 4, 5, 678, tzinfo=timezone.utc))
    role = iam.create_role(
        RoleName="reader",
        Path="/team/",
        AssumeRolePolicyDocument=TRUST,
        Description="reads",
        MaxSessionDuration=7200,
        Tags=[{"Key": "a", "Value": "b"}],
    )["Role"]
    assert re.fullmatch(r"AROA[A-Z2-7]{17}", role.pop("RoleId"))
    assert role == {
        "Path": "/team/",
        "RoleName": "reader",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/team/reader",
        "CreateDate": datetime(2040, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        "AssumeRolePolicyDocument": json.loads(TRUST),
        "Description": "reads",
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    assert iam.get_role(RoleName="reader")["Role"]["MaxSessionDuration"] == 7200


def test_create_twice(iam: Any, role: str) -> None:
    """A name is taken once."""
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException, match="Role with name reader already exists") as e:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)
    assert e.value.response["Error"]["Code"] == "EntityAlreadyExists"
    assert e.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


@pytest.mark.parametrize("operation", ["get_role", "delete_role", "list_role_policies", "list_role_tags"])
def test_missing(iam: Any, operation: str) -> None:
    """A role that is not there is NoSuchEntity."""
    with pytest.raises(iam.exceptions.NoSuchEntityException, match=r"The role with name nobody cannot be found."):
        getattr(iam, operation)(RoleName="nobody")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("no json", "This policy contains invalid Json"),
        ("[]", "Syntax errors in policy."),
        ("{}", "Syntax errors in policy."),
        ('{"Statement": [{"Effect": "Maybe", "Action": "*"}]}', "Syntax errors in policy."),
    ],
)
def test_malformed_documents(iam: Any, document: str, message: str) -> None:
    """What is no policy is refused, and no role is left behind."""
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException, match=message):
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    assert iam.list_roles()["Roles"] == []


def test_moto_takes_any_document() -> None:
    """With ``compat="moto"`` any text passes for a trust policy."""
    import boto3

    with mock_serverless(compat="moto", region="us-east-1"):
        iam = boto3.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument="some policy")
        assert iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"] == "some policy"


def test_bad_name(iam: Any) -> None:
    """A name with a blank is a ValidationError."""
    with pytest.raises(ClientError, match=r"ValidationError.*roleName"):
        iam.create_role(RoleName="a b", AssumeRolePolicyDocument=TRUST)


def test_delete_in_order(iam: Any, role: str) -> None:
    """A role goes only when no policy hangs on it any more."""
    iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=POLICY)
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    with pytest.raises(iam.exceptions.DeleteConflictException, match="must detach all policies first"):
        iam.delete_role(RoleName=role)
    iam.detach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    with pytest.raises(iam.exceptions.DeleteConflictException, match="must delete policies first"):
        iam.delete_role(RoleName=role)
    iam.delete_role_policy(RoleName=role, PolicyName="p")
    iam.delete_role(RoleName=role)
    assert iam.list_roles()["Roles"] == []


OTHER_TRUST = TRUST.replace("lambda.amazonaws.com", "events.amazonaws.com")


def test_update(iam: Any, role: str) -> None:
    """Description, session length and trust policy can be changed."""
    iam.update_role(RoleName=role, Description="new", MaxSessionDuration=3601)
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=OTHER_TRUST)
    found = iam.get_role(RoleName=role)["Role"]
    assert (found["Description"], found["MaxSessionDuration"]) == ("new", 3601)
    assert found["AssumeRolePolicyDocument"] == json.loads(OTHER_TRUST)


def test_tags(iam: Any, role: str) -> None:
    """Tags are set, replaced and removed."""
    iam.tag_role(RoleName=role, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.tag_role(RoleName=role, Tags=[{"Key": "a", "Value": "3"}])
    iam.untag_role(RoleName=role, TagKeys=["b", "none"])
    assert iam.list_role_tags(RoleName=role)["Tags"] == [{"Key": "a", "Value": "3"}]


def test_boundary(iam: Any, role: str) -> None:
    """A boundary is set and removed."""
    arn = iam.create_policy(PolicyName="b", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn)
    shown = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]
    assert shown == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    iam.delete_role_permissions_boundary(RoleName=role)
    assert "PermissionsBoundary" not in iam.get_role(RoleName=role)["Role"]


def test_list(iam: Any) -> None:
    """Roles are listed by name, below a path, in pages."""
    for name, path in (("c", "/"), ("a", "/x/"), ("b", "/x/y/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST)
    pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2})
    assert [[role["RoleName"] for role in page["Roles"]] for page in pages] == [["a", "b"], ["c"]]
    assert [role["RoleName"] for role in iam.list_roles(PathPrefix="/x/")["Roles"]] == ["a", "b"]


def test_bad_marker(iam: Any) -> None:
    """A marker that AWS did not give is refused."""
    with pytest.raises(ClientError, match="ValidationError"):
        iam.list_roles(Marker="nonsense!")


def test_names_differ_in_more_than_case(iam: Any, role: str) -> None:
    """Names that differ in case only are the same name, for roles, users and policies."""
    iam.create_user(UserName="ann")
    iam.create_policy(PolicyName="p", PolicyDocument=POLICY)
    again: list[tuple[Any, dict[str, str]]] = [
        (iam.create_role, {"RoleName": "READER", "AssumeRolePolicyDocument": TRUST}),
        (iam.create_user, {"UserName": "ANN"}),
        (iam.create_policy, {"PolicyName": "P", "PolicyDocument": POLICY}),
    ]
    for make, params in again:
        with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
            make(**params)
