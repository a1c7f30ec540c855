"""Schedules: made, shown, listed, replaced, deleted.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import definitions, errors, timetable
from .groups import DEFAULT, find_group
from .store import Schedule, Store


class Schedules:
    """Operations on schedules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_schedule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a schedule; the same request with the same client token is answered again.

        Raises:
            AwsError: ValidationException, ResourceNotFoundException, ConflictException.
        """
        settings = definitions.checked(request, call)
        group = find_group(self._store, call, request.get("GroupName", DEFAULT))
        name, token = request["Name"], request.get("ClientToken")
        known = group.schedules.get(name)
        if known is not None:
            if token is None or known.token != token:
                raise errors.already_there(f"Schedule {name}")
            return {"ScheduleArn": known.arn}
        now = self._cloud.clock.time()
        arn = make_arn("scheduler", call.region, call.account_id, f"schedule/{group.name}/{name}")
        schedule = group.schedules[name] = Schedule(name, group.name, arn, now, now, settings, token=token)
        timetable.plan(self._cloud, schedule, call)
        return {"ScheduleArn": arn}

    def get_schedule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A schedule.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        schedule = self._found(request, call)
        return {**_shown(schedule), **schedule.settings}

    def list_schedules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The schedules of all groups or of one, by prefix and state.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        named = request.get("GroupName")
        groups = [find_group(self._store, call, named)] if named else list(self._store.groups.values())
        prefix, state = request.get("NamePrefix", ""), request.get("State")
        found = [
            schedule
            for group in groups
            for name, schedule in group.schedules.items()
            if name.startswith(prefix) and state in (None, schedule.settings["State"])
        ]
        found.sort(key=_place)
        shown, token = page(found, request.get("MaxResults", 100), request.get("NextToken"), _place, errors.bad_token)
        schedules = [
            {
                **_shown(schedule),
                "State": schedule.settings["State"],
                "Target": {"Arn": schedule.settings["Target"]["Arn"]},
            }
            for schedule in shown
        ]
        return {"Schedules": schedules, "NextToken": token}

    def update_schedule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace a schedule: what is not given takes its default.

        Raises:
            AwsError: ValidationException, ResourceNotFoundException.
        """
        settings = definitions.checked(request, call)
        schedule = self._found(request, call)
        schedule.settings, schedule.modified = settings, self._cloud.clock.time()
        timetable.plan(self._cloud, schedule, call)
        return {"ScheduleArn": schedule.arn}

    def delete_schedule(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a schedule.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        schedule = self._found(request, call)
        timetable.drop(self._cloud, schedule)
        del self._store.groups[schedule.group].schedules[schedule.name]

    def _found(self, request: Mapping[str, Any], call: Call) -> Schedule:
        group = find_group(self._store, call, request.get("GroupName", DEFAULT))
        schedule = group.schedules.get(request["Name"])
        if schedule is None:
            raise errors.no_schedule(request["Name"])
        return schedule


def _place(schedule: Schedule) -> str:
    return f"{schedule.group}/{schedule.name}"


def _shown(schedule: Schedule) -> dict[str, Any]:
    return {
        "Arn": schedule.arn,
        "GroupName": schedule.group,
        "Name": schedule.name,
        "CreationDate": datetime.fromtimestamp(schedule.created, timezone.utc),
        "LastModificationDate": datetime.fromtimestamp(schedule.modified, timezone.utc),
    }
