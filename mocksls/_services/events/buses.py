"""Event buses: made, described, listed, changed, deleted.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors, inputs, timetable
from .names import DEFAULT, bus_arn, bus_name, find_bus, known_bus
from .store import Bus, Store

_MEMBERS = ("Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")
_NAME = re.compile(r"[.\-_A-Za-z0-9]+\Z")


class Buses:
    """Operations on buses."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_event_bus(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a bus.

        Raises:
            AwsError: ResourceAlreadyExistsException, ValidationException, ResourceNotFoundException: a partner's event
                source, of which there are none.
        """
        name = request["Name"]
        if name == DEFAULT or name in self._store.buses:
            raise errors.already_there(f"Event bus {name} already exists.")
        if "EventSourceName" in request:
            raise errors.not_found(f"Event source {request['EventSourceName']} does not exist.")
        if "/" in name:
            raise errors.invalid("Event bus name must not contain '/'.")
        if not _NAME.match(name):
            text = f"Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression"
            raise errors.invalid(f"1 validation error detected: {text} pattern: [/\\.\\-_A-Za-z0-9]+")
        now = self._cloud.clock.time()
        bus = self._store.buses[name] = Bus(name, bus_arn(name, call.account_id, call.region), now, now)
        bus.settings = {member: request[member] for member in _MEMBERS if member in request}
        bus.tags = tags.from_list(request.get("Tags"))
        return {"EventBusArn": bus.arn, **bus.settings}

    def describe_event_bus(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A bus.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        bus = find_bus(self._store, call, request.get("Name"))
        return {**_shown(bus), **bus.settings}

    def list_event_buses(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The buses by prefix.

        Raises:
            AwsError: ValidationException.
        """
        known_bus(self._store, self._cloud, call.account_id, call.region, DEFAULT)
        prefix = request.get("NamePrefix", "")
        found = [bus for name, bus in sorted(self._store.buses.items()) if name.startswith(prefix)]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda bus: bus.name, errors.bad_token
        )
        buses = [{**_shown(bus), "Description": bus.settings.get("Description")} for bus in shown]
        return {"EventBuses": buses, "NextToken": token}

    def update_event_bus(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a bus: what is given.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        bus = find_bus(self._store, call, request.get("Name"))
        bus.settings = {**bus.settings, **{member: request[member] for member in _MEMBERS if member in request}}
        bus.modified = self._cloud.clock.time()
        return {"Arn": bus.arn, "Name": bus.name, **bus.settings}

    def delete_event_bus(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a bus with its rules; one that is not there is no error.

        Raises:
            AwsError: ValidationException: the default bus stays.
        """
        name = bus_name(request["Name"])
        if name == DEFAULT:
            raise errors.invalid("Cannot delete event bus default.")
        bus = self._store.buses.get(name)
        if bus is None:
            return
        for rule in bus.rules.values():
            timetable.drop(self._cloud, rule)
        del self._store.buses[name]


def _shown(bus: Bus) -> dict[str, Any]:
    return {
        "Name": bus.name,
        "Arn": bus.arn,
        "Policy": inputs.written(bus.policy) if bus.policy else None,
        "CreationTime": datetime.fromtimestamp(bus.created, timezone.utc),
        "LastModifiedTime": datetime.fromtimestamp(bus.modified, timezone.utc),
    }
