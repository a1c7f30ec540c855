"""Groups and their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .pages import paged
from .store import Entity, Store, is_taken
from .users import find_user, shown_user


class Groups:
    """Operations on groups."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_group(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a group.

        Raises:
            AwsError: EntityAlreadyExists.
        """
        name, path = request["GroupName"], request.get("Path", "/")
        if is_taken(name, self._store.groups):
            raise errors.exists("Group", name)
        group = Entity(
            kind="group",
            name=name,
            arn=iam_arn(call, f"group{path}{name}"),
            unique_id=self._cloud.ids.unique_id("AGPA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
        )
        self._store.groups[name] = group
        return {"Group": _shown(group)}

    def get_group(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A group with a page of its users.

        Raises:
            AwsError: NoSuchEntity.
        """
        group = self._find(request)
        users = [self._store.users[name] for name in sorted(group.members)]
        page = paged(request, "Users", users, lambda user: user.name, lambda user: {**shown_user(user), "Tags": None})
        return {"Group": _shown(group), **page}

    def list_groups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Groups below a path, by name."""
        prefix = request.get("PathPrefix", "/")
        groups = [group for _, group in sorted(self._store.groups.items()) if group.path.startswith(prefix)]
        return paged(request, "Groups", groups, lambda group: group.name, _shown)

    def list_groups_for_user(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The groups that a user is in.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, request)
        return paged(request, "Groups", self._store.groups_of(user.name), lambda group: group.name, _shown)

    def update_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a group another name or path.

        Raises:
            AwsError: NoSuchEntity, EntityAlreadyExists.
        """
        group = self._find(request)
        name = request.get("NewGroupName", group.name)
        if name != group.name and is_taken(name, (each for each in self._store.groups if each != group.name)):
            raise errors.exists("Group", name)
        del self._store.groups[group.name]
        group.name, group.path = name, request.get("NewPath", group.path)
        group.arn = iam_arn(call, f"group{group.path}{name}")
        self._store.groups[name] = group
        self._store.publish(group, self._cloud)

    def delete_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a group that has no users and policies left.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        group = self._find(request)
        if group.members:
            raise errors.delete_conflict("remove users from group")
        if group.attached:
            raise errors.delete_conflict("detach all policies")
        if group.inline:
            raise errors.delete_conflict("delete policies")
        del self._store.groups[group.name]

    def add_user_to_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a user into a group.

        Raises:
            AwsError: NoSuchEntity.
        """
        user, group = find_user(self._store, request), self._find(request)
        if user.name not in group.members:
            group.members.append(user.name)
        self._store.publish(user, self._cloud)

    def remove_user_from_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a user out of a group.

        Raises:
            AwsError: NoSuchEntity.
        """
        user, group = find_user(self._store, request), self._find(request)
        if user.name not in group.members:
            raise errors.not_in_group(user.name, group.name)
        group.members.remove(user.name)
        self._store.publish(user, self._cloud)

    def _find(self, request: Mapping[str, Any]) -> Entity:
        group = self._store.groups.get(request["GroupName"])
        if group is None:
            raise errors.no_such("group", request["GroupName"])
        return group


def _shown(group: Entity) -> dict[str, Any]:
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.unique_id,
        "Arn": group.arn,
        "CreateDate": group.created,
    }
