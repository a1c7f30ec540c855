"""Users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .aws_policies import check_boundary
from .entity_tags import given_tags, remove_tags, set_tags, tags_page
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
            arn=iam_arn(call, f"user{path}{name}"),
            unique_id=self._cloud.ids.unique_id("AIDA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
            boundary_arn=request.get("PermissionsBoundary"),
            tags=given_tags(request),
        )
        self._store.users[name] = user
        self._store.publish(user, self._cloud)
        return {"User": shown_user(user)}

    def get_user(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One user; without a name the caller.

        Raises:
            AwsError: NoSuchEntity.
        """
        if "UserName" not in request:
            return {"User": self._caller(call)}
        return {"User": shown_user(find_user(self._store, request))}

    def _caller(self, call: Call) -> dict[str, Any]:
        principal = call.principal
        name = principal.arn.rsplit("/", 1)[-1]
        known = self._store.users.get(name)
        if known is not None:
            return shown_user(known)
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

    def update_user(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a user another name or path; keys and groups stay.

        Raises:
            AwsError: NoSuchEntity, EntityAlreadyExists.
        """
        user = find_user(self._store, request)
        before, name = user.name, request.get("NewUserName", user.name)
        if name != before and is_taken(name, (each for each in self._store.users if each != before)):
            raise errors.exists("User", name)
        del self._store.users[before]
        self._cloud.identities.identities.pop(user.arn, None)
        user.name, user.path = name, request.get("NewPath", user.path)
        user.arn = iam_arn(call, f"user{user.path}{name}")
        self._store.users[name] = user
        for group in self._store.groups.values():
            group.members = [name if each == before else each for each in group.members]
        for device in self._store.devices.values():
            device.user = name if device.user == before else device.user
        for key_id in user.keys:
            self._store.keys[key_id].user = name
            credential = self._cloud.identities.credentials[key_id]
            credential.principal = credential.principal._replace(arn=user.arn)
        self._store.publish(user, self._cloud)

    def tag_user(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(find_user(self._store, request).tags, request)

    def untag_user(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(find_user(self._store, request).tags, request)

    def list_user_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a user.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(find_user(self._store, request).tags, request)

    def list_users(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Users below a path, by name."""
        prefix = request.get("PathPrefix", "/")
        users = [user for _, user in sorted(self._store.users.items()) if user.path.startswith(prefix)]
        return paged(
            request,
            "Users",
            users,
            lambda user: user.name,
            lambda user: {**shown_user(user), "PermissionsBoundary": None, "Tags": None},
        )

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
        if self._store.groups_of(user.name):
            raise errors.delete_conflict("remove users from group")
        if user.login is not None:
            raise errors.delete_conflict("delete login profile")
        if any(device.user == user.name for device in self._store.devices.values()):
            raise errors.delete_conflict("delete MFA device")
        if user.service_credentials or user.ssh_keys:
            raise errors.delete_conflict("remove referenced objects")
        del self._store.users[user.name]
        self._cloud.identities.identities.pop(user.arn, None)


def find_user(store: Store, request: Mapping[str, Any]) -> Entity:
    """The user that a request names."""
    user = store.users.get(request["UserName"])
    if user is None:
        raise errors.no_such("user", request["UserName"])
    return user


def with_user(request: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """A request with its user's name; without one it is about the caller."""
    return request if "UserName" in request else {**request, "UserName": call.principal.arn.rsplit("/", 1)[-1]}


def shown_user(user: Entity) -> dict[str, Any]:
    """A user as answers show it."""
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
