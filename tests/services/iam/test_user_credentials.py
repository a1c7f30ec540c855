"""MFA devices, service-specific credentials and SSH keys of users."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT


@pytest.fixture
def ann(iam: Any) -> str:
    """A user."""
    iam.create_user(UserName="ann")
    return "ann"


def test_a_service_specific_credential(iam: Any, ann: str) -> None:
    """Made, switched off, given another password, deleted (shapes recorded)."""
    made = iam.create_service_specific_credential(UserName=ann, ServiceName="codecommit.amazonaws.com")[
        "ServiceSpecificCredential"
    ]
    assert made["ServiceUserName"] == f"ann-at-{ACCOUNT}"
    key = {"UserName": ann, "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    iam.update_service_specific_credential(**key, Status="Inactive")
    [listed] = iam.list_service_specific_credentials(UserName=ann)["ServiceSpecificCredentials"]
    assert (listed["Status"], "ServicePassword" in listed) == ("Inactive", False)
    again = iam.reset_service_specific_credential(**key)["ServiceSpecificCredential"]
    assert again["ServicePassword"] != made["ServicePassword"]
    with pytest.raises(ClientError, match="Cannot delete entity, must remove referenced objects first"):
        iam.delete_user(UserName=ann)
    iam.delete_service_specific_credential(**key)
    with pytest.raises(ClientError, match=f"No such credential {key['ServiceSpecificCredentialId']} exists"):
        iam.delete_service_specific_credential(**key)


def test_services_without_credentials(iam: Any, ann: str) -> None:
    """Recorded: Lambda has none."""
    text = "No such service lambda.amazonaws.com is supported for Service Specific Credentials"
    with pytest.raises(ClientError, match=text):
        iam.create_service_specific_credential(UserName=ann, ServiceName="lambda.amazonaws.com")


def test_a_virtual_device(iam: Any, ann: str) -> None:
    """It is a user's until it is deactivated, and cannot be deleted in between."""
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]["SerialNumber"]
    assert serial == f"arn:aws:iam::{ACCOUNT}:mfa/phone"
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
    iam.enable_mfa_device(UserName=ann, SerialNumber=serial, **codes)
    assert [each["SerialNumber"] for each in iam.list_mfa_devices(UserName=ann)["MFADevices"]] == [serial]
    [assigned] = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert assigned["User"]["UserName"] == ann
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.deactivate_mfa_device(UserName=ann, SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []


def test_devices_that_do_not_do(iam: Any, ann: str) -> None:
    """A taken name, a bad path, an unknown serial number."""
    iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")
    with pytest.raises(ClientError, match="MFADevice entity at the same path and name already exists"):
        iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_virtual_mfa_device(SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/none")


def test_an_ssh_key(iam: Any, ann: str) -> None:
    """Uploaded, switched off, deleted."""
    made = iam.upload_ssh_public_key(UserName=ann, SSHPublicKeyBody="ssh-rsa AAAA")["SSHPublicKey"]
    key = {"UserName": ann, "SSHPublicKeyId": made["SSHPublicKeyId"]}
    iam.update_ssh_public_key(**key, Status="Inactive")
    assert iam.get_ssh_public_key(**key, Encoding="SSH")["SSHPublicKey"]["Status"] == "Inactive"
    with pytest.raises(iam.exceptions.DuplicateSSHPublicKeyException):
        iam.upload_ssh_public_key(UserName=ann, SSHPublicKeyBody="ssh-rsa AAAA")
    iam.delete_ssh_public_key(**key)
    assert iam.list_ssh_public_keys(UserName=ann)["SSHPublicKeys"] == []
