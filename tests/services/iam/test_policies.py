"""Managed and inline policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, POLICY

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_managed_policy(iam: Any) -> None:
    """A policy has an ARN with its path and one version with the document."""
    made = iam.create_policy(PolicyName="p", Path="/x/", PolicyDocument=POLICY, Description="d")["Policy"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:policy/x/p"
    assert iam.get_policy(PolicyArn=made["Arn"])["Policy"]["Description"] == "d"
    version = iam.get_policy_version(PolicyArn=made["Arn"], VersionId="v1")["PolicyVersion"]
    assert (version["Document"], version["IsDefaultVersion"]) == (json.loads(POLICY), True)


def test_managed_policy_twice(iam: Any) -> None:
    """A policy's name is taken once, whatever its path."""
    iam.create_policy(PolicyName="p", PolicyDocument=POLICY)
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException, match="A policy called p already exists"):
        iam.create_policy(PolicyName="p", Path="/x/", PolicyDocument=POLICY)


def test_attach_and_detach(iam: Any, role: str) -> None:
    """A policy is attached once, counted, and not deleted meanwhile."""
    arn = iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"]
    for _ in range(2):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert attached == [{"PolicyName": "p", "PolicyArn": arn}]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    with pytest.raises(iam.exceptions.DeleteConflictException, match=r"Cannot delete a policy attached to entities."):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    with pytest.raises(iam.exceptions.NoSuchEntityException, match="was not found"):
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_aws_policies(iam: Any, role: str) -> None:
    """AWS's own policies are there without being made, and are not the account's."""
    iam.attach_role_policy(RoleName=role, PolicyArn=BASIC)
    found = iam.get_policy(PolicyArn=BASIC)["Policy"]
    assert (found["PolicyName"], found["Path"]) == ("AWSLambdaBasicExecutionRole", "/service-role/")
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert [each["Arn"] for each in iam.list_policies(Scope="AWS", OnlyAttached=True)["Policies"]] == [BASIC]


def test_unknown_policies(iam: Any, role: str) -> None:
    """A policy that is not there can be neither attached nor read."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/none"
    with pytest.raises(iam.exceptions.NoSuchEntityException, match="does not exist or is not attachable"):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    with pytest.raises(iam.exceptions.NoSuchEntityException, match=f"Policy {arn} was not found."):
        iam.get_policy(PolicyArn=arn)


@pytest.mark.parametrize("kind", ["role", "user"])
def test_inline_policies(iam: Any, role: str, user: str, kind: str) -> None:
    """Inline policies of roles and users are put, read, listed and deleted alike."""
    who = {"RoleName": role} if kind == "role" else {"UserName": user}
    do = {verb: getattr(iam, f"{verb}_{kind}_policy") for verb in ("put", "get", "delete")}
    do["put"](**who, PolicyName="p", PolicyDocument=POLICY)
    assert do["get"](**who, PolicyName="p")["PolicyDocument"] == json.loads(POLICY)
    assert getattr(iam, f"list_{kind}_policies")(**who)["PolicyNames"] == ["p"]
    do["delete"](**who, PolicyName="p")
    with pytest.raises(iam.exceptions.NoSuchEntityException, match=f"The {kind} policy with name p cannot be found."):
        do["get"](**who, PolicyName="p")


def test_malformed_inline_policy(iam: Any, role: str) -> None:
    """A document that is no policy is refused and leaves the one before."""
    iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=POLICY)
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
        iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument="{")
    assert iam.get_role_policy(RoleName=role, PolicyName="p")["PolicyDocument"] == json.loads(POLICY)
