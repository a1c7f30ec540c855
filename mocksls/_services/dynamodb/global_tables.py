"""Global tables of version 2017.11.29: tables of one name in several regions, joined by hand.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables.V1.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.replica_groups import introduce, leave_replicas, members, store_in
from mocksls._services.dynamodb.store import OLD_VERSION, Store, Table

_MAX_LISTED = 100


class GlobalTables:
    """The operations on global tables of the first version."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create_global_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Join empty tables of the same name and keys, with streams of new and old images, into a global one.

        Raises: GlobalTableAlreadyExistsException, TableNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html
        """
        name = request["GlobalTableName"]
        if self._found(name) is not None:
            raise errors.global_table_exists(name)
        regions = _given_regions(request["ReplicationGroup"])
        if call.region not in regions:
            raise errors.validation(f"The replication group must include the region {call.region}")
        tables = _checked_members(name, regions, call)
        introduce(tables, OLD_VERSION)
        for _, table in tables:
            table.global_settings["CreationDateTime"] = call.cloud.clock.time()
        return {"GlobalTableDescription": _description(self._known(request), "CREATING", call)}

    def describe_global_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Describe a global table of the first version.

        Raises: GlobalTableNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTable.html
        """
        return {"GlobalTableDescription": _description(self._known(request), "ACTIVE", call)}

    def list_global_tables(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List the global tables of the first version that have a replica here, or in the region that is asked for.

        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListGlobalTables.html
        """
        start, limit = request.get("ExclusiveStartGlobalTableName", ""), request.get("Limit", _MAX_LISTED)
        region = request.get("RegionName", call.region)
        tables = [table for table in self._store.tables.values() if _is_old(table) and table.name > start]
        found = sorted(table.name for table in tables if region == call.region or region in table.replicas)
        by_name = {table.name: table for table in tables}
        answer: dict[str, Any] = {
            "GlobalTables": [
                {
                    "GlobalTableName": name,
                    "ReplicationGroup": [{"RegionName": one} for one in _regions(by_name[name], call)],
                }
                for name in found[:limit]
            ]
        }
        if len(found) > limit:
            answer["LastEvaluatedGlobalTableName"] = found[limit - 1]
        return answer

    def update_global_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Add tables of other regions to a global table, or take them out; they stay as ordinary tables.

        Raises: GlobalTableNotFoundException, ReplicaAlreadyExistsException, ReplicaNotFoundException,
            TableNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTable.html
        """
        table = self._known(request)
        for update in request["ReplicaUpdates"]:
            self._check_update(table, update, call)
        described = _description(table, "UPDATING", call)
        for update in request["ReplicaUpdates"]:
            if "Create" in update:
                region = update["Create"]["RegionName"]
                other = store_in(region, call).tables[table.name]
                introduce([(call.region, table), *members(table, call), (region, other)], OLD_VERSION)
                other.global_settings["CreationDateTime"] = described["CreationDateTime"].timestamp()
            if "Delete" in update:
                _take_out(table, update["Delete"]["RegionName"], call)
        if _is_old(table):
            described = _description(table, "UPDATING", call)
        return {"GlobalTableDescription": described}

    def _check_update(self, table: Table, update: Mapping[str, Any], call: Call) -> None:
        if "Create" in update:
            region = update["Create"]["RegionName"]
            if region in table.replicas or region == call.region:
                raise errors.replica_exists(region)
            _checked_members(table.name, [region], call)
        if "Delete" in update and update["Delete"]["RegionName"] not in _regions(table, call):
            raise errors.replica_not_found(update["Delete"]["RegionName"])

    def _found(self, name: str) -> Table | None:
        table = self._store.tables.get(name)
        return table if table is not None and _is_old(table) else None

    def _known(self, request: Mapping[str, Any]) -> Table:
        table = self._found(request["GlobalTableName"])
        if table is None:
            raise errors.global_table_not_found(request["GlobalTableName"])
        return table


def _is_old(table: Table) -> bool:
    return table.global_settings.get("GlobalTableVersion") == OLD_VERSION


def _regions(table: Table, call: Call) -> list[str]:
    return sorted([call.region, *table.replicas])


def _take_out(table: Table, region: str, call: Call) -> None:
    there = store_in(region, call).tables.get(table.name)
    if there is not None:
        leave_replicas(there, replace(call, region=region))


def _given_regions(group: Sequence[Mapping[str, str]]) -> list[str]:
    missing = [
        errors.null_at(f"replicationGroup.{number}.member.regionName")
        for number, replica in enumerate(group, 1)
        if "RegionName" not in replica
    ]
    if missing:
        raise errors.constraints(missing)
    return [replica["RegionName"] for replica in group]


def _checked_members(name: str, regions: Sequence[str], call: Call) -> list[tuple[str, Table]]:
    """The tables that are to be joined.

    Raises: TableNotFoundException, ValidationException.
    """
    tables = []
    for region in regions:
        table = store_in(region, call).tables.get(name)
        if table is None:
            raise errors.source_table_not_found(name)
        if table.rows:
            raise errors.validation(f"One or more tables of the global table are not empty: {name} in {region}")
        if table.stream_view != "NEW_AND_OLD_IMAGES":
            raise errors.validation(
                f"Table {name} in {region} must have a stream with StreamViewType NEW_AND_OLD_IMAGES"
            )
        tables.append((region, table))
    if any(table.key_schema != tables[0][1].key_schema for _, table in tables):
        raise errors.validation(f"The tables of the global table {name} do not have the same key schema")
    return tables


def _description(table: Table, status: str, call: Call) -> dict[str, Any]:
    replicas = [{"RegionName": region, "ReplicaStatus": "ACTIVE"} for region in _regions(table, call)]
    return {
        "ReplicationGroup": replicas,
        "GlobalTableArn": make_arn("dynamodb", "", call.account_id, f"global-table/{table.name}"),
        "CreationDateTime": moment(table.global_settings["CreationDateTime"]),
        "GlobalTableStatus": status,
        "GlobalTableName": table.name,
    }
