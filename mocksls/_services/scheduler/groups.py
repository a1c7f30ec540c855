"""Schedule groups: made, shown, listed, deleted.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Group, Store

DEFAULT = "default"


class Groups:
    """Operations on groups."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_schedule_group(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a group; the same request with the same client token is answered again.

        Raises:
            AwsError: ConflictException.
        """
        name, token = request["Name"], request.get("ClientToken")
        known = find(self._store, call, name)
        if known is not None:
            if token is None or known.token != token:
                raise errors.already_there(f"Schedule group {name}")
            return {"ScheduleGroupArn": known.arn}
        group = _made(self._store, call, name)
        group.tags, group.token = tags.from_list(request.get("Tags")), token
        return {"ScheduleGroupArn": group.arn}

    def get_schedule_group(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A group.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return _shown(find_group(self._store, call, request["Name"]))

    def list_schedule_groups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The groups by prefix.

        Raises:
            AwsError: ValidationException.
        """
        find(self._store, call, DEFAULT)
        prefix = request.get("NamePrefix", "")
        found = [group for name, group in sorted(self._store.groups.items()) if name.startswith(prefix)]
        shown, token = page(
            found, request.get("MaxResults", 100), request.get("NextToken"), lambda group: group.name, errors.bad_token
        )
        return {"ScheduleGroups": [_shown(group) for group in shown], "NextToken": token}

    def delete_schedule_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a group with its schedules.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException: the default group stays.

        Differs: the group is gone at once.
        """
        group = find_group(self._store, call, request["Name"])
        if group.name == DEFAULT:
            raise errors.invalid("The default schedule group cannot be deleted.")
        for schedule in group.schedules.values():
            if schedule.planned is not None:
                self._cloud.clock.cancel(schedule.planned)
        del self._store.groups[group.name]


def find(store: Store, call: Call, name: str) -> Group | None:
    """A group by name; the default one is made where it is first looked for."""
    found = store.groups.get(name)
    return _made(store, call, name) if found is None and name == DEFAULT else found


def find_group(store: Store, call: Call, name: str) -> Group:
    """A group by name.

    Raises:
        AwsError: ResourceNotFoundException.
    """
    found = find(store, call, name)
    if found is None:
        raise errors.no_group(name)
    return found


def _made(store: Store, call: Call, name: str) -> Group:
    now = call.cloud.clock.time()
    arn = make_arn("scheduler", call.region, call.account_id, f"schedule-group/{name}")
    group = store.groups[name] = Group(name, arn, now, now)
    return group


def _shown(group: Group) -> dict[str, Any]:
    return {
        "Arn": group.arn,
        "Name": group.name,
        "State": "ACTIVE",
        "CreationDate": datetime.fromtimestamp(group.created, timezone.utc),
        "LastModificationDate": datetime.fromtimestamp(group.modified, timezone.utc),
    }
