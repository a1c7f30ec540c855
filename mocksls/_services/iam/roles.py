"""Roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .aws_policies import check_boundary
from .documents import checked, new_trust, on_the_wire
from .entity_tags import given_tags, remove_tags, set_tags, tags_page
from .pages import paged
from .protected_roles import changeable
from .store import Entity, Store, is_taken

# what lists leave out
_UNLISTED = {"PermissionsBoundary": None, "Tags": None}


class Roles:
    """Operations on roles."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a role.

        Raises:
            AwsError: EntityAlreadyExists, MalformedPolicyDocument.
        """
        name, path = request["RoleName"], request.get("Path", "/")
        if is_taken(name, self._store.roles):
            raise errors.exists("Role", name)
        if "PermissionsBoundary" in request:
            check_boundary(self._store, request["PermissionsBoundary"], self._cloud)
        role = Entity(
            kind="role",
            name=name,
            arn=iam_arn(call, f"role{path}{name}"),
            unique_id=self._cloud.ids.unique_id("AROA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
            trust_policy=new_trust(request["AssumeRolePolicyDocument"], self._cloud),
            description=request.get("Description"),
            max_session_s=request.get("MaxSessionDuration", 3600),
            boundary_arn=request.get("PermissionsBoundary"),
            tags=given_tags(request),
        )
        self._store.roles[name] = role
        self._store.publish(role, self._cloud)
        return {"Role": {**shown_role(role), "PermissionsBoundary": None}}

    def get_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One role.

        Raises:
            AwsError: NoSuchEntity.
        """
        role = find_role(self._store, request)
        described = {**shown_role(role), "MaxSessionDuration": role.max_session_s, "RoleLastUsed": {}}
        return {"Role": described}

    def list_roles(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Roles below a path, by name."""
        prefix = request.get("PathPrefix", "/")
        roles = [role for _, role in sorted(self._store.roles.items()) if role.path.startswith(prefix)]
        return paged(
            request,
            "Roles",
            roles,
            lambda role: role.name,
            lambda role: {**shown_role(role), "MaxSessionDuration": role.max_session_s, **_UNLISTED},
        )

    def delete_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a role that has no policies left.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        role = changeable(find_role(self._store, request))
        if role.attached:
            raise errors.delete_conflict("detach all policies")
        if role.inline:
            raise errors.delete_conflict("delete policies")
        if any(role.name in profile.roles for profile in self._store.profiles.values()):
            raise errors.delete_conflict("remove roles from instance profile")
        del self._store.roles[role.name]
        self._cloud.identities.identities.pop(role.arn, None)

    def update_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Change the description or the longest session."""
        role = changeable(find_role(self._store, request))
        role.description = request.get("Description", role.description)
        role.max_session_s = request.get("MaxSessionDuration", role.max_session_s)
        self._store.publish(role, self._cloud)

    def update_role_description(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change the description."""
        role = find_role(self._store, request)
        role.description = request["Description"]
        return {"Role": shown_role(role)}

    def update_assume_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Say anew who may assume a role.

        Raises:
            AwsError: NoSuchEntity, MalformedPolicyDocument.
        """
        role = changeable(find_role(self._store, request))
        role.trust_policy = checked(request["PolicyDocument"], self._cloud, "trust")
        self._store.publish(role, self._cloud)

    def put_role_permissions_boundary(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the boundary."""
        role = changeable(find_role(self._store, request))
        check_boundary(self._store, request["PermissionsBoundary"], self._cloud)
        role.boundary_arn = request["PermissionsBoundary"]
        self._store.publish(role, self._cloud)

    def delete_role_permissions_boundary(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove the boundary."""
        role = changeable(find_role(self._store, request))
        if role.boundary_arn is None:
            raise errors.no_boundary("role", role.name)
        role.boundary_arn = None
        self._store.publish(role, self._cloud)

    def tag_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(find_role(self._store, request).tags, request)

    def untag_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(find_role(self._store, request).tags, request)

    def list_role_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a role.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(find_role(self._store, request).tags, request)


def find_role(store: Store, request: Mapping[str, Any]) -> Entity:
    """The role that a request names.

    Raises:
        AwsError: NoSuchEntity.
    """
    role = store.roles.get(request["RoleName"])
    if role is None:
        raise errors.no_such("role", request["RoleName"])
    return role


def shown_role(role: Entity) -> dict[str, Any]:
    """A role as answers show it."""
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": role.boundary_arn}
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.unique_id,
        "Arn": role.arn,
        "CreateDate": role.created,
        "AssumeRolePolicyDocument": on_the_wire(role.trust_policy or ""),
        "Description": role.description,
        "PermissionsBoundary": boundary if role.boundary_arn else None,
        "Tags": _tags.to_list(role.tags) or None,
    }
