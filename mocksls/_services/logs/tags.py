"""Tags of log groups, destinations and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .groups import find_group
from .store import Store


class Tags:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tag_log_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags, by the group's name."""
        find_group(self._store, request).tags.update(request["tags"])

    def untag_log_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags, by the group's name."""
        _untag(find_group(self._store, request).tags, request["tags"])

    def list_tags_log_group(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags, by the group's name."""
        return {"tags": dict(find_group(self._store, request).tags)}

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags, by ARN."""
        self._tags_of(request["resourceArn"]).update(request["tags"])

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags, by ARN."""
        _untag(self._tags_of(request["resourceArn"]), request["tagKeys"])

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags, by ARN."""
        return {"tags": dict(self._tags_of(request["resourceArn"]))}

    def _tags_of(self, arn: str) -> dict[str, str]:
        parsed = Arn.parse(arn)
        kind, _, name = parsed.resource.partition(":") if parsed else ("", "", "")
        if kind == "log-group":
            group = self._store.groups.get(name.removesuffix(":*"))
            if group is None:
                raise errors.no_group()
            return group.tags
        if kind == "destination" and name in self._store.destinations:
            return self._store.destinations[name].tags
        if arn in self._store.tags:
            return self._store.tags[arn]
        raise errors.nothing_tagged()


def _untag(tags: dict[str, str], keys: list[str]) -> None:
    for key in keys:
        tags.pop(key, None)
