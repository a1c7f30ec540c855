"""Users and their keys."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, POLICY


def test_create_and_list(iam: Any) -> None:
    """Users are listed by name, in pages."""
    for name in ("c", "a", "b"):
        iam.create_user(UserName=name)
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
    assert [[user["UserName"] for user in page["Users"]] for page in pages] == [["a", "b"], ["c"]]


def test_create_twice(iam: Any, user: str) -> None:
    """A user's name is taken once."""
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException, match=r"User with name ann already exists."):
        iam.create_user(UserName=user)


def test_get_the_caller(iam: Any) -> None:
    """Without a name the caller is shown."""
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/test"


def test_missing(iam: Any) -> None:
    """A user that is not there is NoSuchEntity."""
    with pytest.raises(iam.exceptions.NoSuchEntityException, match=r"The user with name bob cannot be found."):
        iam.get_user(UserName="bob")


def test_key_is_the_user(iam: Any, user: str) -> None:
    """A key that was made for a user is that user."""
    key = iam.create_access_key(UserName=user)["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    identity = boto3.client("sts", **keys).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ann"
    assert identity["UserId"] == iam.get_user(UserName=user)["User"]["UserId"]
    assert iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["UserName"] == user


@pytest.mark.parametrize("off", ["update", "delete"])
def test_key_that_is_off(iam: Any, user: str, off: str) -> None:
    """An inactive key is refused; one that is deleted is unknown, which nobody minds while nothing is enforced."""
    key = iam.create_access_key(UserName=user)["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    sts = boto3.client("sts", **keys)
    if off == "update":
        iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
        assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"][0]["Status"] == "Inactive"
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            sts.get_caller_identity()
    else:
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
        assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"] == []
        assert sts.get_caller_identity()["Arn"].endswith("user/test")


def test_two_keys_at_most(iam: Any, user: str) -> None:
    """A third key is beyond the quota."""
    for _ in range(2):
        iam.create_access_key(UserName=user)
    with pytest.raises(iam.exceptions.LimitExceededException, match="Cannot exceed quota for AccessKeysPerUser: 2"):
        iam.create_access_key(UserName=user)


def test_unknown_key(iam: Any, user: str) -> None:
    """A key that is not the user's cannot be changed."""
    with pytest.raises(iam.exceptions.NoSuchEntityException, match="The Access Key with id AKIAIOSFODNN7EXAMPLE"):
        iam.delete_access_key(UserName=user, AccessKeyId="AKIAIOSFODNN7EXAMPLE")


def test_delete_in_order(iam: Any, user: str) -> None:
    """A user goes only when policies and keys are gone."""
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=POLICY)
    with pytest.raises(iam.exceptions.DeleteConflictException, match="must delete policies first"):
        iam.delete_user(UserName=user)
    iam.delete_user_policy(UserName=user, PolicyName="p")
    with pytest.raises(iam.exceptions.DeleteConflictException, match="must delete access keys first"):
        iam.delete_user(UserName=user)
    iam.delete_access_key(UserName=user, AccessKeyId=key)
    iam.delete_user(UserName=user)
    assert iam.list_users()["Users"] == []


def test_accounts_are_apart(iam: Any, aws: Any, user: str) -> None:
    """Another account has its own users."""
    aws.register_credentials("AKIAOTHER", "s", "999999999999")
    other = boto3.client("iam", aws_access_key_id="AKIAOTHER", aws_secret_access_key="s")
    assert other.list_users()["Users"] == []


def test_the_last_use_of_a_key(aws: Any, iam: Any) -> None:
    """A key tells when and for which service it was used last."""
    iam.create_user(UserName="zoe")
    key = iam.create_access_key(UserName="zoe")["AccessKey"]
    assert iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]["ServiceName"] == "N/A"
    client = boto3.client(
        "dynamodb", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
    )
    client.list_tables()
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("dynamodb", "us-east-1")
    assert used["LastUsedDate"] <= aws.clock.now()
