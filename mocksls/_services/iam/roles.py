"""Roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .aws_policies import check_boundary
from .documents import checked, new_trust, on_the_wire
from .pages import paged
from .store import Entity, Store, is_taken


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
            arn=f"arn:aws:iam::{call.account_id}:role{path}{name}",
            unique_id=self._cloud.ids.unique_id("AROA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
            trust_policy=new_trust(request["AssumeRolePolicyDocument"], self._cloud),
            description=request.get("Description"),
            max_session_s=request.get("MaxSessionDuration", 3600),
            boundary_arn=request.get("PermissionsBoundary"),
            tags=_tags.from_list(request.get("Tags")),
        )
        self._store.roles[name] = role
        self._store.publish(role, self._cloud)
        return {"Role": _shown(role)}

    def get_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One role.

        Raises:
            AwsError: NoSuchEntity.
        """
        role = self._find(request)
        described = {**_shown(role), "MaxSessionDuration": role.max_session_s, "RoleLastUsed": {}}
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
            lambda role: {**_shown(role), "MaxSessionDuration": role.max_session_s, "Tags": None},
        )

    def delete_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a role that has no policies left.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        role = self._find(request)
        if role.attached:
            raise errors.delete_conflict("detach all policies")
        if role.inline:
            raise errors.delete_conflict("delete policies")
        del self._store.roles[role.name]
        self._cloud.identities.identities.pop(role.arn, None)

    def update_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Change the description or the longest session."""
        role = self._find(request)
        role.description = request.get("Description", role.description)
        role.max_session_s = request.get("MaxSessionDuration", role.max_session_s)
        self._store.publish(role, self._cloud)

    def update_role_description(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change the description."""
        role = self._find(request)
        role.description = request["Description"]
        return {"Role": _shown(role)}

    def update_assume_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Say anew who may assume a role.

        Raises:
            AwsError: NoSuchEntity, MalformedPolicyDocument.
        """
        role = self._find(request)
        role.trust_policy = checked(request["PolicyDocument"], self._cloud, "trust")
        self._store.publish(role, self._cloud)

    def put_role_permissions_boundary(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the boundary."""
        role = self._find(request)
        check_boundary(self._store, request["PermissionsBoundary"], self._cloud)
        role.boundary_arn = request["PermissionsBoundary"]
        self._store.publish(role, self._cloud)

    def delete_role_permissions_boundary(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove the boundary."""
        role = self._find(request)
        if role.boundary_arn is None:
            raise errors.no_boundary("role", role.name)
        role.boundary_arn = None
        self._store.publish(role, self._cloud)

    def tag_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags."""
        self._find(request).tags.update(_tags.from_list(request["Tags"]))

    def untag_role(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags."""
        role = self._find(request)
        for key in request["TagKeys"]:
            role.tags.pop(key, None)

    def list_role_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a role."""
        items = sorted(_tags.to_list(self._find(request).tags), key=lambda tag: tag["Key"])
        return paged(request, "Tags", items, lambda tag: tag["Key"], lambda tag: tag)

    def _find(self, request: Mapping[str, Any]) -> Entity:
        role = self._store.roles.get(request["RoleName"])
        if role is None:
            raise errors.no_such("role", request["RoleName"])
        return role


def _shown(role: Entity) -> dict[str, Any]:
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
