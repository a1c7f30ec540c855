"""Tags of groups and schedules.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .groups import find_group
from .store import Group, Schedule, Store


class Tagging:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        tagged = _found(self._store, request["ResourceArn"], call)
        tagged.tags = {**tagged.tags, **tags.from_list(request["Tags"])}

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Take tags away.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        tagged = _found(self._store, request["ResourceArn"], call)
        tagged.tags = {name: value for name, value in tagged.tags.items() if name not in request["TagKeys"]}

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a group or schedule.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        return {"Tags": tags.to_list(_found(self._store, request["ResourceArn"], call).tags)}


def _found(store: Store, text: str, call: Call) -> Group | Schedule:
    parsed = Arn.parse(text)
    parts = parsed.resource.split("/") if parsed else []
    if parts[:1] == ["schedule-group"] and len(parts) == 2:
        return find_group(store, call, parts[1])
    if parts[:1] != ["schedule"] or len(parts) != 3:
        raise errors.invalid("Provided Arn is not in correct format.")
    schedule = find_group(store, call, parts[1]).schedules.get(parts[2])
    if schedule is None:
        raise errors.no_schedule(parts[2])
    return schedule
