"""Instance profiles, passwords, providers, the account, service-linked roles."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, POLICY


def test_an_instance_profile_holds_one_role(iam: Any, role: str) -> None:
    """A second role is too many; a role in use is not deleted."""
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName=role)
    found = iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]
    assert [each["RoleName"] for each in found["Roles"]] == [role]
    assert len(iam.list_instance_profiles_for_role(RoleName=role)["InstanceProfiles"]) == 1
    with pytest.raises(ClientError, match="Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"):
        iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName=role)
    with pytest.raises(ClientError, match="must remove roles from instance profile first"):
        iam.delete_role(RoleName=role)
    iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName=role)
    iam.delete_instance_profile(InstanceProfileName="web")
    assert iam.list_instance_profiles()["InstanceProfiles"] == []


def test_a_password(iam: Any) -> None:
    """A login profile is made, changed and deleted once."""
    iam.create_user(UserName="ann")
    iam.create_login_profile(UserName="ann", Password="correct horse", PasswordResetRequired=True)
    assert iam.get_login_profile(UserName="ann")["LoginProfile"]["PasswordResetRequired"] is True
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_login_profile(UserName="ann", Password="correct horse")
    iam.update_login_profile(UserName="ann", PasswordResetRequired=False)
    with pytest.raises(ClientError, match="must delete login profile first"):
        iam.delete_user(UserName="ann")
    iam.delete_login_profile(UserName="ann")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_login_profile(UserName="ann")


def test_a_password_of_ones_own(iam: Any) -> None:
    """Without a name a login profile is the caller's."""
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    given = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    own = boto3.client("iam", **given)
    assert own.create_login_profile(Password="correct horse")["LoginProfile"]["UserName"] == "ann"
    assert own.get_login_profile()["LoginProfile"]["UserName"] == "ann"
    own.delete_login_profile()
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_login_profile()


def test_the_password_policy_is_applied(iam: Any) -> None:
    """A password that is too short or lacks a kind of character is refused."""
    with pytest.raises(ClientError, match=f"The Password Policy with domain name {ACCOUNT} cannot be found"):
        iam.get_account_password_policy()
    iam.update_account_password_policy(MinimumPasswordLength=10, RequireNumbers=True)
    assert iam.get_account_password_policy()["PasswordPolicy"]["MinimumPasswordLength"] == 10
    iam.create_user(UserName="ann")
    for weak in ("short1", "longenoughbutnone"):
        with pytest.raises(iam.exceptions.PasswordPolicyViolationException):
            iam.create_login_profile(UserName="ann", Password=weak)
    iam.create_login_profile(UserName="ann", Password="longenough1")
    iam.delete_account_password_policy()


def test_the_alias(iam: Any) -> None:
    """An account has one alias at most."""
    iam.create_account_alias(AccountAlias="first")
    iam.create_account_alias(AccountAlias="second")
    assert iam.list_account_aliases()["AccountAliases"] == ["second"]
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_account_alias(AccountAlias="first")
    iam.delete_account_alias(AccountAlias="second")
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_an_open_id_provider(iam: Any) -> None:
    """It is named by its URL, and keeps client ids and thumbprints."""
    arn = iam.create_open_id_connect_provider(Url="https://id.example.com/x", ThumbprintList=["a" * 40])[
        "OpenIDConnectProviderArn"
    ]
    assert arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com/x"
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="app")
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["b" * 40])
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["ClientIDList"], found["ThumbprintList"]) == (["app"], ["b" * 40])
    assert found["Tags"] == [{"Key": "a", "Value": "1"}]
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_open_id_connect_provider(Url="https://id.example.com/x", ThumbprintList=[])
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


def test_a_saml_provider(iam: Any) -> None:
    """Its metadata is kept."""
    arn = iam.create_saml_provider(Name="corp", SAMLMetadataDocument="m" * 1000)["SAMLProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
    iam.update_saml_provider(SAMLProviderArn=arn, SAMLMetadataDocument="n" * 1000)
    assert iam.get_saml_provider(SAMLProviderArn=arn)["SAMLMetadataDocument"] == "n" * 1000
    assert [each["Arn"] for each in iam.list_saml_providers()["SAMLProviderList"]] == [arn]
    iam.delete_saml_provider(SAMLProviderArn=arn)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_saml_provider(SAMLProviderArn=arn)


def test_a_service_linked_role_is_for_aws_to_change(iam: Any) -> None:
    """Its policies, its trust and the profiles that it is in stay as they are."""
    name = iam.create_service_linked_role(AWSServiceName="batch.amazonaws.com")["Role"]["RoleName"]
    iam.create_instance_profile(InstanceProfileName="web")
    for change, given in (
        (iam.put_role_policy, {"PolicyName": "p", "PolicyDocument": POLICY}),
        (iam.update_role, {}),
        (iam.delete_role, {}),
        (iam.add_role_to_instance_profile, {"InstanceProfileName": "web"}),
    ):
        with pytest.raises(iam.exceptions.UnmodifiableEntityException, match=f"protected role '{name}'"):
            change(RoleName=name, **given)


def test_a_service_linked_role(iam: Any) -> None:
    """It is named by its service, made once, and deleted by a task (texts recorded)."""
    made = iam.create_service_linked_role(AWSServiceName="batch.amazonaws.com")["Role"]
    assert made["Arn"].endswith(":role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch")
    taken = "Service role name AWSServiceRoleForBatch has been taken in this account, please try a different suffix."
    with pytest.raises(iam.exceptions.InvalidInputException, match=taken):
        iam.create_service_linked_role(AWSServiceName="batch.amazonaws.com")
    with pytest.raises(ClientError, match=r"Custom suffix is not allowed for batch\.amazonaws\.com"):
        iam.create_service_linked_role(AWSServiceName="batch.amazonaws.com", CustomSuffix="x")
    task = iam.delete_service_linked_role(RoleName=made["RoleName"])["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    assert iam.list_roles()["Roles"] == []


def test_the_summary_counts(iam: Any, role: str) -> None:
    """What there is, and the quotas."""
    iam.create_group(GroupName="g")
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Roles"], summary["Groups"], summary["Users"]) == (1, 1, 0)
    assert summary["AccessKeysPerUserQuota"] == 2


def test_all_authorization_details(iam: Any, role: str) -> None:
    """Everything that decides what users, groups and roles may, by kind."""
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="inline", PolicyDocument=POLICY)
    arn = iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    found = iam.get_account_authorization_details()
    [user], [group], [shown] = found["UserDetailList"], found["GroupDetailList"], found["RoleDetailList"]
    assert (user["GroupList"], user["UserPolicyList"][0]["PolicyName"]) == (["g"], "inline")
    assert (group["GroupName"], shown["AttachedManagedPolicies"][0]["PolicyArn"]) == ("g", arn)
    assert [each["PolicyName"] for each in found["Policies"]] == ["p"]
    assert iam.get_account_authorization_details(Filter=["User"])["RoleDetailList"] == []


def test_a_user_moves_with_its_keys(aws: Any, iam: Any) -> None:
    """After a new name the old key is the renamed user's."""
    import boto3

    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    iam.update_user(UserName="ann", NewUserName="anna", NewPath="/x/")
    sts = boto3.client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/x/anna"
