"""Inline policies of roles, users and groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .documents import checked, on_the_wire
from .pages import paged
from .protected_roles import changeable
from .store import Entity, Store

_MEMBERS = {"RoleName": "role", "UserName": "user", "GroupName": "group"}


class InlinePolicies:
    """Operations on inline policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a role an inline policy, or replace it."""
        self._put(request)

    def put_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a user an inline policy, or replace it."""
        self._put(request)

    def put_group_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a group an inline policy, or replace it."""
        self._put(request)

    def get_role_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An inline policy of a role."""
        return {"RoleName": request["RoleName"], **self._get(request)}

    def get_user_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An inline policy of a user."""
        return {"UserName": request["UserName"], **self._get(request)}

    def get_group_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An inline policy of a group."""
        return {"GroupName": request["GroupName"], **self._get(request)}

    def list_role_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The names of a role's inline policies."""
        return _listed(find_entity(self._store, request), request)

    def list_user_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The names of a user's inline policies."""
        return _listed(find_entity(self._store, request), request)

    def list_group_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The names of a group's inline policies."""
        return _listed(find_entity(self._store, request), request)

    def delete_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take an inline policy from a role."""
        self._delete(request)

    def delete_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take an inline policy from a user."""
        self._delete(request)

    def delete_group_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take an inline policy from a group."""
        self._delete(request)

    def _put(self, request: Mapping[str, Any]) -> None:
        entity = changeable(find_entity(self._store, request))
        entity.inline[request["PolicyName"]] = checked(request["PolicyDocument"], self._cloud)
        self._store.publish(entity, self._cloud)

    def _get(self, request: Mapping[str, Any]) -> dict[str, Any]:
        entity = find_entity(self._store, request)
        document = entity.inline.get(request["PolicyName"])
        if document is None:
            raise errors.no_inline_policy(entity.kind, request["PolicyName"])
        return {"PolicyName": request["PolicyName"], "PolicyDocument": on_the_wire(document)}

    def _delete(self, request: Mapping[str, Any]) -> None:
        entity = changeable(find_entity(self._store, request))
        if request["PolicyName"] not in entity.inline:
            raise errors.no_inline_policy(entity.kind, request["PolicyName"])
        del entity.inline[request["PolicyName"]]
        self._store.publish(entity, self._cloud)


def find_entity(store: Store, request: Mapping[str, Any]) -> Entity:
    """The role, user or group that a request names.

    Raises:
        AwsError: NoSuchEntity.
    """
    member, kind = next((member, kind) for member, kind in _MEMBERS.items() if member in request)
    entity = store.entity(kind, request[member])
    if entity is None:
        raise errors.no_such(kind, request[member])
    return entity


def _listed(entity: Entity, request: Mapping[str, Any]) -> dict[str, Any]:
    return paged(request, "PolicyNames", sorted(entity.inline), lambda name: name, lambda name: name)
