"""Global tables: the replicas of a table in other regions of the cloud, made, described and taken away.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import copies, stream_records
from mocksls._services.dynamodb.store import OLD_VERSION, VERSION, Store, Table

_VIEW = "NEW_AND_OLD_IMAGES"
_OVERRIDES = (
    "KMSMasterKeyId",
    "ProvisionedThroughputOverride",
    "OnDemandThroughputOverride",
    "GlobalSecondaryIndexes",
)


def store_in(region: str, call: Call) -> Store:
    """The tables of the caller's account in a region."""
    store = call.cloud.service("dynamodb", call.account_id, region).store
    assert isinstance(store, Store)
    return store


def update_replicas(table: Table, request: Mapping[str, Any], call: Call) -> None:
    """Carry out what an UpdateTable request says of a global table, checked by ``replica_rules``."""
    for update in request.get("ReplicaUpdates", ()):
        ((kind, action),) = update.items()
        if kind == "Create":
            add_replica(table, action, call)
        elif kind == "Update":
            table.replicas[action["RegionName"]] |= _overrides(action)
        elif kind == "Delete":
            remove_replica(table, action["RegionName"], call)
        else:
            leave_replicas(table, call)
    if table.replicas:
        _share_settings(table, request, call)


def _share_settings(table: Table, request: Mapping[str, Any], call: Call) -> None:
    shared = (
        {"MultiRegionConsistency": request["MultiRegionConsistency"]} if "MultiRegionConsistency" in request else {}
    )
    for update in request.get("GlobalTableWitnessUpdates", ()):
        if "Create" in update:
            witness = {"RegionName": update["Create"]["RegionName"], "WitnessStatus": "ACTIVE"}
            shared["GlobalTableWitnesses"] = [witness]
    for _, other in [(call.region, table), *members(table, call)]:
        other.global_settings |= shared


def add_replica(table: Table, action: Mapping[str, Any], call: Call) -> None:
    """Make a copy of a table in another region, with its items, and let the two know each other."""
    region = action["RegionName"]
    there = replace(call, region=region)
    copy = copies.empty_copy(table, table.name, there)
    copy.table_class = action.get("TableClassOverride", table.table_class)
    copies.load(copy, [row.item for row in table.rows.values()])
    store_in(region, call).tables[copy.name] = copy
    if table.stream_arn is None:
        stream_records.open_stream(table, _VIEW, call)
    stream_records.open_stream(copy, table.stream_view or _VIEW, there)
    introduce([(call.region, table), *members(table, call), (region, copy)])
    table.replicas[region] |= _overrides(action)


def members(table: Table, call: Call) -> list[tuple[str, Table]]:
    """The tables of the other regions of a global table."""
    found = ((region, store_in(region, call).tables.get(table.name)) for region in table.replicas)
    return [(region, other) for region, other in found if other is not None]


def introduce(tables: Sequence[tuple[str, Table]], version: str = VERSION) -> None:
    """Let all tables of a global table know of each other."""
    for region, table in tables:
        for other, _ in tables:
            if other != region:
                table.replicas.setdefault(other, {})
        table.global_settings.setdefault("GlobalTableVersion", version)


def remove_replica(table: Table, region: str, call: Call) -> None:
    """Delete the copy of a table in another region; the rest goes on without it."""
    store = store_in(region, call)
    gone = store.tables.get(table.name)
    if gone is not None:
        leave_replicas(gone, replace(call, region=region))
        stream_records.close_stream(gone, replace(call, region=region))
        del store.tables[gone.name]


def leave_replicas(table: Table, call: Call) -> None:
    """Take a table out of its global table; the last one that is left is an ordinary table again."""
    for _, other in members(table, call):
        other.replicas.pop(call.region, None)
        if not other.replicas and other.global_settings.get("GlobalTableVersion") != OLD_VERSION:
            other.global_settings.clear()
            other.written.clear()
    table.replicas.clear()
    table.global_settings.clear()


def _overrides(action: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: action[name] for name in _OVERRIDES if name in action}
    if "TableClassOverride" in action:
        given["ReplicaTableClassSummary"] = {"TableClass": action["TableClassOverride"]}
    return given
