"""Managed policies: the account's own, and the ones of AWS that serverless applications use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import check_arn, iam_arn, is_aws_policy
from .aws_policies import existing_policy, find_policy
from .documents import checked
from .entity_tags import given_tags
from .inline_policies import find_entity
from .pages import paged
from .protected_roles import changeable
from .store import ManagedPolicy, PolicyVersion, Store, is_taken


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
        if is_taken(name, (each.name for each in self._store.policies.values() if not is_aws_policy(each.arn))):
            raise errors.policy_exists(name)
        created = self._cloud.clock.now().replace(microsecond=0)
        policy = ManagedPolicy(
            name=name,
            arn=iam_arn(call, f"policy{path}{name}"),
            policy_id=self._cloud.ids.unique_id("ANPA"),
            path=path,
            created=created,
            versions=[PolicyVersion(1, checked(request["PolicyDocument"], self._cloud), created)],
            description=request.get("Description"),
            tags=given_tags(request),
        )
        self._store.policies[policy.arn] = policy
        self._store.publish_policy(policy, self._cloud)
        return {"Policy": {**shown_policy(self._store, policy), "Tags": _tags.to_list(policy.tags) or None}}

    def get_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One policy.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        tags = _tags.to_list(policy.tags)
        return {"Policy": {**shown_policy(self._store, policy), "Description": policy.description, "Tags": tags}}

    def list_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies, by name; of AWS's own those that were used so far."""
        scope, prefix = request.get("Scope", "All"), request.get("PathPrefix", "/")
        found = [
            policy
            for policy in sorted(self._store.policies.values(), key=lambda each: each.name)
            if policy.path.startswith(prefix)
            and scope in ("All", "AWS" if is_aws_policy(policy.arn) else "Local")
            and (not request.get("OnlyAttached") or _attachments(self._store, policy.arn))
        ]
        return paged(
            request, "Policies", found, lambda policy: policy.name, lambda policy: shown_policy(self._store, policy)
        )

    def delete_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a policy that is attached to nothing.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        policy = existing_policy(self._store, request["PolicyArn"], self._cloud)
        if _attachments(self._store, policy.arn) or _boundaries(self._store, policy.arn):
            raise errors.policy_in_use()
        if len(policy.versions) > 1:
            raise errors.has_versions()
        del self._store.policies[policy.arn]
        self._cloud.identities.managed.pop(policy.arn, None)

    def attach_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Attach a policy to a role."""
        self._attach(request)

    def attach_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Attach a policy to a user."""
        self._attach(request)

    def attach_group_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Attach a policy to a group."""
        self._attach(request)

    def detach_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Detach a policy from a role."""
        self._detach(request)

    def detach_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Detach a policy from a user."""
        self._detach(request)

    def detach_group_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Detach a policy from a group."""
        self._detach(request)

    def list_attached_role_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies attached to a role."""
        return self._attached(request)

    def list_attached_user_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies attached to a user."""
        return self._attached(request)

    def list_attached_group_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies attached to a group."""
        return self._attached(request)

    def list_entities_for_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who has a policy, attached or as a boundary.

        Raises:
            AwsError: NoSuchEntity.
        """
        arn = existing_policy(self._store, request["PolicyArn"], self._cloud).arn
        kind, usage = request.get("EntityFilter"), request.get("PolicyUsageFilter")
        prefix = request.get("PathPrefix", "/")
        found: dict[str, list[dict[str, str]]] = {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": []}
        for entity in sorted(self._store.entities(), key=lambda each: each.name):
            attached = arn in entity.attached and usage in (None, "PermissionsPolicy")
            bounded = entity.boundary_arn == arn and usage in (None, "PermissionsBoundary")
            title = entity.kind.title()
            if (attached or bounded) and kind in (None, title) and entity.path.startswith(prefix):
                found[f"Policy{title}s"].append({f"{title}Name": entity.name, f"{title}Id": entity.unique_id})
        return {**found, "IsTruncated": False}

    def _attach(self, request: Mapping[str, Any]) -> None:
        entity, arn = changeable(find_entity(self._store, request)), request["PolicyArn"]
        check_arn(arn)
        if find_policy(self._store, arn, self._cloud) is None:
            raise errors.not_attachable(arn)
        if arn not in entity.attached:
            entity.attached.append(arn)
        self._store.publish(entity, self._cloud)

    def _detach(self, request: Mapping[str, Any]) -> None:
        entity, arn = changeable(find_entity(self._store, request)), request["PolicyArn"]
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


def shown_policy(store: Store, policy: ManagedPolicy) -> dict[str, Any]:
    """A policy as answers show it, without description and tags."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.policy_id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": f"v{policy.default}",
        "AttachmentCount": _attachments(store, policy.arn),
        "PermissionsBoundaryUsageCount": _boundaries(store, policy.arn),
        "IsAttachable": True,
        "CreateDate": policy.created,
        "UpdateDate": policy.updated or policy.created,
    }


def _attachments(store: Store, arn: str) -> int:
    return sum(arn in entity.attached for entity in store.entities())


def _boundaries(store: Store, arn: str) -> int:
    return sum(entity.boundary_arn == arn for entity in store.entities())
