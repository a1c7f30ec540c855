"""Access keys of users."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Credential

from . import errors
from .pages import paged
from .store import AccessKey, Entity, Store
from .users import find_user, with_user


class AccessKeys:
    """Operations on access keys."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_access_key(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a key; its secret is shown this once.

        Raises:
            AwsError: NoSuchEntity, LimitExceeded.
        """
        user = find_user(self._store, with_user(request, call))
        if len(user.keys) >= 2:
            raise errors.too_many_keys()
        key_id, secret = self._cloud.ids.access_key(call.account_id), self._cloud.ids.secret_key()
        principal = Principal("user", user.arn, call.account_id, user.unique_id, access_key_id=key_id)
        self._cloud.identities.credentials[key_id] = Credential(key_id, secret, principal)
        key = AccessKey(key_id, user.name, self._cloud.clock.now().replace(microsecond=0))
        self._store.keys[key_id] = key
        user.keys.append(key_id)
        return {"AccessKey": {**_shown(key), "SecretAccessKey": secret}}

    def list_access_keys(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The keys of a user."""
        user = find_user(self._store, with_user(request, call))
        keys = sorted((self._store.keys[key_id] for key_id in user.keys), key=lambda key: key.key_id)
        return paged(request, "AccessKeyMetadata", keys, lambda key: key.key_id, _shown)

    def update_access_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Switch a key on or off.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, self._of_key(request, call))
        key = self._find(request, user)
        key.active = request["Status"] == "Active"
        self._cloud.identities.credentials[key.key_id].active = key.active

    def delete_access_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a key.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, self._of_key(request, call))
        key = self._find(request, user)
        user.keys.remove(key.key_id)
        del self._store.keys[key.key_id]
        del self._cloud.identities.credentials[key.key_id]

    def get_access_key_last_used(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whose a key is, and the last call made with it.

        Raises:
            AwsError: NoSuchEntity.
        """
        key = self._store.keys.get(request["AccessKeyId"])
        if key is None:
            raise errors.no_access_key(request["AccessKeyId"])
        used = self._cloud.identities.credentials[key.key_id].last_used
        shown: dict[str, Any] = {"ServiceName": "N/A", "Region": "N/A"}
        if used is not None:
            at = datetime.fromtimestamp(int(used[0]), timezone.utc)
            shown = {"LastUsedDate": at, "ServiceName": used[1], "Region": used[2]}
        return {"UserName": key.user, "AccessKeyLastUsed": shown}

    def _of_key(self, request: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
        """The request with its user's name; the test's own user, who has no keys, means the key's owner."""
        key = self._store.keys.get(request["AccessKeyId"])
        if key is not None and "UserName" not in request and call.principal.administrator:
            return {**request, "UserName": key.user}
        return with_user(request, call)

    def _find(self, request: Mapping[str, Any], user: Entity) -> AccessKey:
        if request["AccessKeyId"] not in user.keys:
            raise errors.no_access_key(request["AccessKeyId"])
        return self._store.keys[request["AccessKeyId"]]


def _shown(key: AccessKey) -> dict[str, Any]:
    return {
        "UserName": key.user,
        "AccessKeyId": key.key_id,
        "Status": "Active" if key.active else "Inactive",
        "CreateDate": key.created,
    }
