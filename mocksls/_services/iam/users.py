"""Users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .aws_policies import check_boundary
from .pages import paged
from .store import Entity, Store, is_taken


class Users:
    """Operations on users."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_user(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a user.

        Raises:
            AwsError: EntityAlreadyExists.
        """
        name, path = request["UserName"], request.get("Path", "/")
        if is_taken(name, self._store.users):
            raise errors.exists("User", name)
        if "PermissionsBoundary" in request:
            check_boundary(self._store, request["PermissionsBoundary"], self._cloud)
        user = Entity(
            kind="user",
            name=name,
            arn=f"arn:aws:iam::{call.account_id}:user{path}{name}",
            unique_id=self._cloud.ids.unique_id("AIDA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
            boundary_arn=request.get("PermissionsBoundary"),
            tags=_tags.from_list(request.get("Tags")),
        )
        self._store.users[name] = user
        self._store.publish(user, self._cloud)
        return {"User": _shown(user)}

    def get_user(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One user; without a name the caller.

        Raises:
            AwsError: NoSuchEntity.
        """
        if "UserName" not in request:
            return {"User": self._caller(call)}
        return {"User": _shown(find_user(self._store, request))}

    def _caller(self, call: Call) -> dict[str, Any]:
        principal = call.principal
        name = principal.arn.rsplit("/", 1)[-1]
        known = self._store.users.get(name)
        if known is not None:
            return _shown(known)
        created = self._cloud.clock.now().replace(microsecond=0)
        return {"Path": "/", "UserName": name, "UserId": principal.user_id, "Arn": principal.arn, "CreateDate": created}

    def put_user_permissions_boundary(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the boundary.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, request)
        check_boundary(self._store, request["PermissionsBoundary"], self._cloud)
        user.boundary_arn = request["PermissionsBoundary"]
        self._store.publish(user, self._cloud)

    def delete_user_permissions_boundary(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove the boundary.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, request)
        if user.boundary_arn is None:
            raise errors.no_boundary("user", user.name)
        user.boundary_arn = None
        self._store.publish(user, self._cloud)

    def tag_user(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, request)
        user.tags.update(_tags.from_list(request["Tags"]))
        self._store.publish(user, self._cloud)

    def untag_user(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, request)
        for key in request["TagKeys"]:
            user.tags.pop(key, None)
        self._store.publish(user, self._cloud)

    def list_user_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a user.

        Raises:
            AwsError: NoSuchEntity.
        """
        items = sorted(_tags.to_list(find_user(self._store, request).tags), key=lambda tag: tag["Key"])
        return paged(request, "Tags", items, lambda tag: tag["Key"], lambda tag: tag)

    def list_users(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Users below a path, by name."""
        prefix = request.get("PathPrefix", "/")
        users = [user for _, user in sorted(self._store.users.items()) if user.path.startswith(prefix)]
        return paged(request, "Users", users, lambda user: user.name, lambda user: {**_shown(user), "Tags": None})

    def delete_user(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a user that has no keys and policies left.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        user = find_user(self._store, request)
        if user.attached:
            raise errors.delete_conflict("detach all policies")
        if user.inline:
            raise errors.delete_conflict("delete policies")
        if user.keys:
            raise errors.delete_conflict("delete access keys")
        del self._store.users[user.name]
        self._cloud.identities.identities.pop(user.arn, None)


def find_user(store: Store, request: Mapping[str, Any]) -> Entity:
    """The user that a request names."""
    user = store.users.get(request["UserName"])
    if user is None:
        raise errors.no_such("user", request["UserName"])
    return user


def _shown(user: Entity) -> dict[str, Any]:
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": user.boundary_arn}
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.unique_id,
        "Arn": user.arn,
        "CreateDate": user.created,
        "PermissionsBoundary": boundary if user.boundary_arn else None,
        "Tags": _tags.to_list(user.tags) or None,
    }
