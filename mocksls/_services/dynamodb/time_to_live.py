"""Time to live: items that delete themselves when their time has come.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors, expiry
from mocksls._services.dynamodb.names import managed_table
from mocksls._services.dynamodb.replica_groups import members
from mocksls._services.dynamodb.store import Store, Table

_CHANGE_S = 3600


class TimeToLive:
    """The operations on a table's time to live."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def update_time_to_live(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Switch time to live on or off.

        Raises: ResourceNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
        Differs: a change takes effect at once.
        """
        table = managed_table(self._store, request["TableName"])
        specification = request["TimeToLiveSpecification"]
        name, enabled = specification["AttributeName"], specification["Enabled"]
        if call.cloud.options.compat != "moto":
            _check_change(table, name, enabled, call)
        table.ttl_attribute = name if enabled else None
        table.ttl_changed = call.cloud.clock.time()
        expiry.note_all(table, call)
        for region, other in members(table, call):
            other.ttl_attribute, other.ttl_changed = table.ttl_attribute, table.ttl_changed
            expiry.note_all(other, replace(call, region=region))
        return {"TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": name}}

    def describe_time_to_live(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell whether time to live is on, and by which attribute.

        Raises: ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
        """
        table = managed_table(self._store, request["TableName"])
        if table.ttl_attribute is None:
            return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl_attribute}}


def _check_change(table: Table, name: str, enabled: bool, call: Call) -> None:
    if enabled and table.ttl_attribute is not None:
        raise errors.validation("TimeToLive is already enabled")
    if not enabled and table.ttl_attribute is None:
        raise errors.validation("TimeToLive is already disabled")
    if not enabled and table.ttl_attribute != name:
        raise errors.validation(
            f"TimeToLive is active on a different AttributeName: current AttributeName is {table.ttl_attribute}"
        )
    if table.ttl_changed is not None and call.cloud.clock.time() < table.ttl_changed + _CHANGE_S:
        raise errors.validation("Time to live has been modified multiple times within a fixed interval")
