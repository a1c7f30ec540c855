"""Managed policies: the account's own, and the ones of AWS that serverless applications use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .aws_policies import find_policy
from .documents import checked, on_the_wire
from .inline_policies import find_entity
from .pages import paged
from .store import Entity, ManagedPolicy, Store, is_taken


class ManagedPolicies:
    """Operations on managed policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a policy.

        Raises:
            AwsError: EntityAlreadyExists, MalformedPolicyDocument.
        """
        name, path = request["PolicyName"], request.get("Path", "/")
        if is_taken(name, (each.name for each in self._store.policies.values() if not _is_aws(each.arn))):
            raise errors.policy_exists(name)
        policy = ManagedPolicy(
            name=name,
            arn=f"arn:aws:iam::{call.account_id}:policy{path}{name}",
            policy_id=self._cloud.ids.unique_id("ANPA"),
            path=path,
            document=checked(request["PolicyDocument"], self._cloud),
            created=self._cloud.clock.now().replace(microsecond=0),
            description=request.get("Description"),
        )
        self._store.policies[policy.arn] = policy
        self._cloud.identities.managed[policy.arn] = policy.document
        tags = _tags.to_list(_tags.from_list(request.get("Tags"))) or None
        return {"Policy": {**self._shown(policy), "Tags": tags}}

    def get_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One policy.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = self._find(request["PolicyArn"])
        return {"Policy": {**self._shown(policy), "Description": policy.description}}

    def get_policy_version(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The document of a policy; its only version is ``v1``.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = self._find(request["PolicyArn"])
        if request["VersionId"] != "v1":
            raise errors.no_policy(f"{policy.arn} version {request['VersionId']}")
        return {
            "PolicyVersion": {
                "Document": on_the_wire(policy.document),
                "VersionId": "v1",
                "IsDefaultVersion": True,
                "CreateDate": policy.created,
            }
        }

    def list_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies, by name; of AWS's own those that were used so far."""
        scope, prefix = request.get("Scope", "All"), request.get("PathPrefix", "/")
        found = [
            policy
            for policy in sorted(self._store.policies.values(), key=lambda each: each.name)
            if policy.path.startswith(prefix)
            and scope in ("All", "AWS" if _is_aws(policy.arn) else "Local")
            and (not request.get("OnlyAttached") or self._attachments(policy.arn))
        ]
        return paged(request, "Policies", found, lambda policy: policy.name, self._shown)

    def delete_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a policy that is attached to nothing.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        policy = self._find(request["PolicyArn"])
        if self._attachments(policy.arn):
            raise errors.policy_in_use()
        del self._store.policies[policy.arn]
        self._cloud.identities.managed.pop(policy.arn, None)

    def attach_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Attach a policy to a role."""
        self._attach(request)

    def attach_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Attach a policy to a user."""
        self._attach(request)

    def detach_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Detach a policy from a role."""
        self._detach(request)

    def detach_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Detach a policy from a user."""
        self._detach(request)

    def list_attached_role_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies attached to a role."""
        return self._attached(request)

    def list_attached_user_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies attached to a user."""
        return self._attached(request)

    def _attach(self, request: Mapping[str, Any]) -> None:
        entity, arn = find_entity(self._store, request), request["PolicyArn"]
        if find_policy(self._store, arn, self._cloud) is None:
            raise errors.not_attachable(arn)
        if arn not in entity.attached:
            entity.attached.append(arn)
        self._store.publish(entity, self._cloud)

    def _detach(self, request: Mapping[str, Any]) -> None:
        entity, arn = find_entity(self._store, request), request["PolicyArn"]
        if arn not in entity.attached:
            raise errors.not_attached(arn)
        entity.attached.remove(arn)
        self._store.publish(entity, self._cloud)

    def _attached(self, request: Mapping[str, Any]) -> dict[str, Any]:
        entity = find_entity(self._store, request)
        return paged(
            request,
            "AttachedPolicies",
            sorted(entity.attached),
            lambda arn: arn,
            lambda arn: {"PolicyName": arn.rsplit("/", 1)[-1], "PolicyArn": arn},
        )

    def _find(self, arn: str) -> ManagedPolicy:
        policy = find_policy(self._store, arn, self._cloud)
        if policy is None:
            raise errors.no_policy(arn)
        return policy

    def _attachments(self, arn: str) -> int:
        entities: list[Entity] = [*self._store.roles.values(), *self._store.users.values()]
        return sum(arn in entity.attached for entity in entities)

    def _shown(self, policy: ManagedPolicy) -> dict[str, Any]:
        return {
            "PolicyName": policy.name,
            "PolicyId": policy.policy_id,
            "Arn": policy.arn,
            "Path": policy.path,
            "DefaultVersionId": "v1",
            "AttachmentCount": self._attachments(policy.arn),
            "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": True,
            "CreateDate": policy.created,
            "UpdateDate": policy.created,
        }


def _is_aws(arn: str) -> bool:
    return arn.startswith("arn:aws:iam::aws:")
