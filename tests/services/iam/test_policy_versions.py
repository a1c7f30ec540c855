"""Versions of managed policies."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import POLICY

OTHER = POLICY.replace("s3:*", "sqs:*")


@pytest.fixture
def arn(iam: Any) -> str:
    """A managed policy."""
    return str(iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"])


def test_a_new_version_waits_to_be_put_in_force(iam: Any, arn: str) -> None:
    """Versions count up; the default one is that of GetPolicy."""
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER)["PolicyVersion"]
    assert (made["VersionId"], made["IsDefaultVersion"]) == ("v2", False)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"]
    assert document["Statement"][0]["Action"] == "sqs:*"


def test_newest_first(iam: Any, arn: str) -> None:
    """The list begins with the newest."""
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER, SetAsDefault=True)
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [(each["VersionId"], each["IsDefaultVersion"]) for each in versions] == [("v2", True), ("v1", False)]


def test_at_most_five(iam: Any, arn: str) -> None:
    """A sixth version needs room; numbers are not used again."""
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER)
    with pytest.raises(iam.exceptions.LimitExceededException):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v5")
    assert iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER)["PolicyVersion"]["VersionId"] == "v6"


def test_what_cannot_be_deleted(iam: Any, arn: str) -> None:
    """The version in force stays, and a policy with further versions does."""
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER)
    with pytest.raises(ClientError, match="Cannot delete the default version of a policy"):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_policy(PolicyArn=arn)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v9")


def test_tags_of_a_policy(iam: Any, arn: str) -> None:
    """Keys that differ in case are one key."""
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "Team", "Value": "red"}])
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "team", "Value": "blue"}])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [{"Key": "team", "Value": "blue"}]
    with pytest.raises(ClientError, match="Duplicate tag keys found"):
        iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])
    iam.untag_policy(PolicyArn=arn, TagKeys=["team"])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == []


@pytest.mark.parametrize("operation", ["get_policy", "attach_role_policy"])
def test_what_is_no_arn(iam: Any, role: str, operation: str) -> None:
    """Recorded from AttachRolePolicy."""
    params = {"RoleName": role} if operation == "attach_role_policy" else {}
    with pytest.raises(ClientError, match="Invalid ARN:  Could not be parsed!"):
        getattr(iam, operation)(PolicyArn="x" * 25, **params)
