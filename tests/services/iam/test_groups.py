"""Groups: members, and the policies that they share."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, POLICY


@pytest.fixture
def group(iam: Any) -> str:
    """A group with one user."""
    iam.create_group(GroupName="team", Path="/x/")
    iam.create_user(UserName="ann")
    iam.add_user_to_group(GroupName="team", UserName="ann")
    return "team"


def test_a_group_shows_its_users(iam: Any, group: str) -> None:
    """GetGroup answers group and members, and a user tells its groups."""
    found = iam.get_group(GroupName=group)
    assert found["Group"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:group/x/team"
    assert [user["UserName"] for user in found["Users"]] == ["ann"]
    assert [each["GroupName"] for each in iam.list_groups_for_user(UserName="ann")["Groups"]] == ["team"]


def test_adding_twice_is_adding_once(iam: Any, group: str) -> None:
    """A member stays a member."""
    iam.add_user_to_group(GroupName=group, UserName="ann")
    assert len(iam.get_group(GroupName=group)["Users"]) == 1


def test_leaving(iam: Any, group: str) -> None:
    """A user who left is no member, and cannot leave twice."""
    iam.remove_user_from_group(GroupName=group, UserName="ann")
    assert iam.get_group(GroupName=group)["Users"] == []
    with pytest.raises(ClientError, match="User ann not in group team"):
        iam.remove_user_from_group(GroupName=group, UserName="ann")


def test_inline_and_attached_policies(iam: Any, group: str) -> None:
    """A group has policies as users have."""
    arn = iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    iam.put_group_policy(GroupName=group, PolicyName="q", PolicyDocument=POLICY)
    attached = iam.list_attached_group_policies(GroupName=group)["AttachedPolicies"]
    assert attached == [{"PolicyName": "p", "PolicyArn": arn}]
    assert iam.list_group_policies(GroupName=group)["PolicyNames"] == ["q"]
    assert iam.get_group_policy(GroupName=group, PolicyName="q")["PolicyDocument"]["Version"] == "2012-10-17"
    users = iam.list_entities_for_policy(PolicyArn=arn)["PolicyGroups"]
    assert [each["GroupName"] for each in users] == ["team"]


def test_a_group_moves_with_its_members(iam: Any, group: str) -> None:
    """Another name and path, the same users."""
    iam.update_group(GroupName=group, NewGroupName="crew", NewPath="/y/")
    found = iam.get_group(GroupName="crew")
    assert (found["Group"]["Path"], found["Users"][0]["UserName"]) == ("/y/", "ann")


@pytest.mark.parametrize("step", ["users", "attached", "inline"])
def test_a_group_in_use_is_not_deleted(iam: Any, group: str, step: str) -> None:
    """Users and policies go first."""
    if step != "users":
        iam.remove_user_from_group(GroupName=group, UserName="ann")
    if step == "attached":
        iam.attach_group_policy(GroupName=group, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    if step == "inline":
        iam.put_group_policy(GroupName=group, PolicyName="q", PolicyDocument=POLICY)
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_group(GroupName=group)


def test_unknown_groups(iam: Any) -> None:
    """There is nothing of that name."""
    with pytest.raises(ClientError, match="The group with name none cannot be found"):
        iam.get_group(GroupName="none")


def test_groups_are_listed_below_a_path(iam: Any, group: str) -> None:
    """By name, below a prefix."""
    iam.create_group(GroupName="other")
    assert [each["GroupName"] for each in iam.list_groups(PathPrefix="/x/")["Groups"]] == ["team"]
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_group(GroupName="TEAM")
