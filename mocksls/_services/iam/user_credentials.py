"""Further credentials of users: for single services, and SSH public keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .pages import paged
from .store import Entity, ServiceCredential, SshKey, Store
from .users import find_user

_SERVICES = ("codecommit.amazonaws.com", "cassandra.amazonaws.com")
_PASSWORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


def _of(request: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """The request with its user's name; without one it is about the caller."""
    return request if "UserName" in request else {**request, "UserName": call.principal.arn.rsplit("/", 1)[-1]}


class ServiceCredentials:
    """Operations on service-specific credentials."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_service_specific_credential(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a user name and password for one service; the password is shown this once.

        Raises:
            AwsError: NoSuchEntity, LimitExceeded.
        """
        user = find_user(self._store, request)
        service = _supported(request["ServiceName"])
        mine = [each for each in user.service_credentials if each.service == service]
        if len(mine) >= 2:
            raise errors.too_many_service_credentials()
        suffix = f"+{len(mine)}" if mine else ""
        credential = ServiceCredential(
            credential_id=self._cloud.ids.unique_id("ACCA"),
            service=service,
            user_name=f"{user.name}{suffix}-at-{call.account_id}",
            password=self._password(),
            created=self._cloud.clock.now().replace(microsecond=0),
        )
        user.service_credentials.append(credential)
        return {"ServiceSpecificCredential": {**_shown(user, credential), "ServicePassword": credential.password}}

    def list_service_specific_credentials(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The credentials of a user, without passwords.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, _of(request, call))
        service = _supported(request["ServiceName"]) if "ServiceName" in request else None
        found = [each for each in user.service_credentials if service in (None, each.service)]
        return {"ServiceSpecificCredentials": [_shown(user, each) for each in found]}

    def update_service_specific_credential(self, request: Mapping[str, Any], call: Call) -> None:
        """Switch a credential on or off.

        Raises:
            AwsError: NoSuchEntity.
        """
        _, credential = self._find(request, call)
        credential.active = request["Status"] == "Active"

    def reset_service_specific_credential(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Give a credential another password.

        Raises:
            AwsError: NoSuchEntity.
        """
        user, credential = self._find(request, call)
        credential.password = self._password()
        return {"ServiceSpecificCredential": {**_shown(user, credential), "ServicePassword": credential.password}}

    def delete_service_specific_credential(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a credential.

        Raises:
            AwsError: NoSuchEntity.
        """
        user, credential = self._find(request, call)
        user.service_credentials.remove(credential)

    def _find(self, request: Mapping[str, Any], call: Call) -> tuple[Entity, ServiceCredential]:
        user = find_user(self._store, _of(request, call))
        for credential in user.service_credentials:
            if credential.credential_id == request["ServiceSpecificCredentialId"]:
                return user, credential
        raise errors.no_credential(request["ServiceSpecificCredentialId"])

    def _password(self) -> str:
        return self._cloud.ids.text(44, _PASSWORD)


def _supported(service: str) -> str:
    if service not in _SERVICES:
        raise errors.no_such_service(service)
    return service


def _shown(user: Entity, credential: ServiceCredential) -> dict[str, Any]:
    return {
        "CreateDate": credential.created,
        "ServiceName": credential.service,
        "ServiceUserName": credential.user_name,
        "ServiceSpecificCredentialId": credential.credential_id,
        "UserName": user.name,
        "Status": "Active" if credential.active else "Inactive",
    }


class SshKeys:
    """Operations on SSH public keys. ``Differs``: the key is kept, not read."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def upload_ssh_public_key(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keep a key of a user.

        Raises:
            AwsError: NoSuchEntity, LimitExceeded, DuplicateSSHPublicKey.
        """
        user, body = find_user(self._store, request), request["SSHPublicKeyBody"]
        if any(key.body == body for key in user.ssh_keys):
            raise errors.duplicate_ssh_key()
        if len(user.ssh_keys) >= 5:
            raise errors.too_many_ssh_keys()
        uploaded = self._cloud.clock.now().replace(microsecond=0)
        key = SshKey(self._cloud.ids.unique_id("APKA")[:20], body, uploaded)
        user.ssh_keys.append(key)
        return {"SSHPublicKey": _shown_key(user, key)}

    def get_ssh_public_key(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One key.

        Raises:
            AwsError: NoSuchEntity.
        """
        user, key = self._find(request, call)
        return {"SSHPublicKey": _shown_key(user, key)}

    def list_ssh_public_keys(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The keys of a user.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, _of(request, call))
        keys = sorted(user.ssh_keys, key=lambda key: key.key_id)
        names = ("UserName", "SSHPublicKeyId", "Status", "UploadDate")
        return paged(
            request,
            "SSHPublicKeys",
            keys,
            lambda key: key.key_id,
            lambda key: {name: _shown_key(user, key)[name] for name in names},
        )

    def update_ssh_public_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Switch a key on or off.

        Raises:
            AwsError: NoSuchEntity.
        """
        _, key = self._find(request, call)
        key.active = request["Status"] == "Active"

    def delete_ssh_public_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a key.

        Raises:
            AwsError: NoSuchEntity.
        """
        user, key = self._find(request, call)
        user.ssh_keys.remove(key)

    def _find(self, request: Mapping[str, Any], call: Call) -> tuple[Entity, SshKey]:
        user = find_user(self._store, _of(request, call))
        for key in user.ssh_keys:
            if key.key_id == request["SSHPublicKeyId"]:
                return user, key
        raise errors.no_ssh_key(request["SSHPublicKeyId"])


def _shown_key(user: Entity, key: SshKey) -> dict[str, Any]:
    digest = hashlib.md5(key.body.encode()).hexdigest()
    return {
        "UserName": user.name,
        "SSHPublicKeyId": key.key_id,
        "Fingerprint": ":".join(digest[place : place + 2] for place in range(0, 32, 2)),
        "SSHPublicKeyBody": key.body,
        "Status": "Active" if key.active else "Inactive",
        "UploadDate": key.uploaded,
    }
