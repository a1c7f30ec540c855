"""Versions and tags of managed policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .aws_policies import existing_policy
from .documents import checked, on_the_wire
from .entity_tags import remove_tags, set_tags, tags_page
from .pages import paged
from .store import ManagedPolicy, PolicyVersion, Store

_MOST = 5


class PolicyVersions:
    """Operations on the versions and tags of managed policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_policy_version(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a version; it is in force at once if asked for.

        Raises:
            AwsError: NoSuchEntity, MalformedPolicyDocument, LimitExceeded.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        document = checked(request["PolicyDocument"], self._cloud)
        if len(policy.versions) >= _MOST:
            raise errors.too_many_versions()
        now = self._cloud.clock.now().replace(microsecond=0)
        policy.last_number += 1
        version = PolicyVersion(policy.last_number, document, now)
        policy.versions.append(version)
        policy.updated = now
        if request.get("SetAsDefault"):
            policy.default = version.number
            self._store.publish_policy(policy, self._cloud)
        shown = _shown(policy, version)
        return {"PolicyVersion": {name: shown[name] for name in shown if name != "Document"}}

    def get_policy_version(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A version with its document.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        return {"PolicyVersion": _shown(policy, _find(policy, request["VersionId"]))}

    def list_policy_versions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The versions, newest first.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        newest = sorted(policy.versions, key=lambda version: -version.number)
        places = {version.number: f"{place:04d}" for place, version in enumerate(newest)}
        return paged(
            request,
            "Versions",
            newest,
            lambda version: places[version.number],
            lambda version: {**_shown(policy, version), "Document": None},
        )

    def set_default_policy_version(self, request: Mapping[str, Any], call: Call) -> None:
        """Put a version in force.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        policy.default = _find(policy, request["VersionId"]).number
        self._store.publish_policy(policy, self._cloud)

    def delete_policy_version(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a version that is not in force.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        version = _find(policy, request["VersionId"])
        if version.number == policy.default:
            raise errors.default_version()
        policy.versions.remove(version)

    def tag_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(existing_policy(self._store, request["PolicyArn"], self._cloud).tags, request)

    def untag_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(existing_policy(self._store, request["PolicyArn"], self._cloud).tags, request)

    def list_policy_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a policy.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(existing_policy(self._store, request["PolicyArn"], self._cloud).tags, request)


def _find(policy: ManagedPolicy, version_id: str) -> PolicyVersion:
    for version in policy.versions:
        if f"v{version.number}" == version_id:
            return version
    raise errors.no_version(policy.arn, version_id)


def _shown(policy: ManagedPolicy, version: PolicyVersion) -> dict[str, Any]:
    return {
        "Document": on_the_wire(version.document),
        "VersionId": f"v{version.number}",
        "IsDefaultVersion": version.number == policy.default,
        "CreateDate": version.created,
    }
