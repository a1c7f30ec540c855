"""Inline policies of roles and users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .documents import checked, on_the_wire
from .pages import paged
from .store import Entity, Store


class InlinePolicies:
    """Operations on inline policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a role an inline policy, or replace it."""
        self._put(find_entity(self._store, request), request)

    def put_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a user an inline policy, or replace it."""
        self._put(find_entity(self._store, request), request)

    def get_role_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An inline policy of a role."""
        return {"RoleName": request["RoleName"], **self._get(find_entity(self._store, request), request)}

    def get_user_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An inline policy of a user."""
        return {"UserName": request["UserName"], **self._get(find_entity(self._store, request), request)}

    def list_role_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The names of a role's inline policies."""
        return _listed(find_entity(self._store, request), request)

    def list_user_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The names of a user's inline policies."""
        return _listed(find_entity(self._store, request), request)

    def delete_role_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take an inline policy from a role."""
        self._delete(find_entity(self._store, request), request)

    def delete_user_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take an inline policy from a user."""
        self._delete(find_entity(self._store, request), request)

    def _put(self, entity: Entity, request: Mapping[str, Any]) -> None:
        entity.inline[request["PolicyName"]] = checked(request["PolicyDocument"], self._cloud)
        self._store.publish(entity, self._cloud)

    def _get(self, entity: Entity, request: Mapping[str, Any]) -> dict[str, Any]:
        document = entity.inline.get(request["PolicyName"])
        if document is None:
            raise errors.no_inline_policy(entity.kind, request["PolicyName"])
        return {"PolicyName": request["PolicyName"], "PolicyDocument": on_the_wire(document)}

    def _delete(self, entity: Entity, request: Mapping[str, Any]) -> None:
        if request["PolicyName"] not in entity.inline:
            raise errors.no_inline_policy(entity.kind, request["PolicyName"])
        del entity.inline[request["PolicyName"]]
        self._store.publish(entity, self._cloud)


def find_entity(store: Store, request: Mapping[str, Any]) -> Entity:
    """The role or user that a request names.

    Raises:
        AwsError: NoSuchEntity.
    """
    kind, name = ("role", request["RoleName"]) if "RoleName" in request else ("user", request["UserName"])
    entity = (store.roles if kind == "role" else store.users).get(name)
    if entity is None:
        raise errors.no_such(kind, name)
    return entity


def _listed(entity: Entity, request: Mapping[str, Any]) -> dict[str, Any]:
    return paged(request, "PolicyNames", sorted(entity.inline), lambda name: name, lambda name: name)
