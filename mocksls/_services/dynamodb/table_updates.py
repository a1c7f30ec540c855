"""UpdateTable: billing, throughput, indexes, stream, protection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import (
    definitions,
    errors,
    replica_groups,
    replica_rules,
    stream_records,
    throughput_changes,
    vectors,
)
from mocksls._services.dynamodb.descriptions import table_description
from mocksls._services.dynamodb.encryption import sse_description
from mocksls._services.dynamodb.keys import fits_index
from mocksls._services.dynamodb.names import managed_table
from mocksls._services.dynamodb.store import Index, Store, Table, VectorIndex

_CHANGES = (
    "BillingMode",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexUpdates",
    "StreamSpecification",
    "SSESpecification",
    "TableClass",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "WarmThroughput",
    "ReplicaUpdates",
    "GlobalTableWitnessUpdates",
    "DisassociationProtectionEnabled",
    "VectorIndexUpdates",
    "MultiRegionConsistency",
    "GlobalTableSettingsReplicationMode",
)


_ONE_ONLINE = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
_INDEX_SETTINGS = ("OnDemandThroughput", "WarmThroughput")
_SHARED = ("BillingMode", "ProvisionedThroughput", "GlobalSecondaryIndexUpdates", "AttributeDefinitions")
_GLOBAL = ("GlobalTableSettingsReplicationMode", "DisassociationProtectionEnabled")


@dataclass(slots=True, eq=False)
class _Plan:
    """What an UpdateTable request changes, checked."""

    types: dict[str, str]
    billing_mode: str
    throughput: dict[str, int]
    created: Index | None = None
    deleted: str | None = None
    index_throughputs: dict[str, dict[str, int]] = field(default_factory=dict)
    index_settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    vectors: list[VectorIndex] = field(default_factory=list)
    deleted_vectors: list[str] = field(default_factory=list)


class TableUpdates:
    """The operation that changes a table's settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def update_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a table; a new global index holds the items that are there already.

        Raises: ResourceNotFoundException, ResourceInUseException, LimitExceededException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
        Differs: changes take effect at once.
        """
        table = managed_table(self._store, request["TableName"])
        if not any(member in request for member in _CHANGES):
            raise errors.validation(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates "
                "or SSESpecification or ReplicaUpdates is required"
            )
        plan = _planned(table, request)
        _check_throughput(table, plan, call.cloud.clock.time())
        _check_stream(table, request.get("StreamSpecification"))
        replica_rules.check_updates(table, request, call)
        _carry_out(table, plan, request, call)
        shared = {name: request[name] for name in _SHARED if name in request}
        for region, other in replica_groups.members(table, call):
            _carry_out(other, _planned(other, shared), shared, replace(call, region=region))
        replica_groups.update_replicas(table, request, call)
        _switch_stream(table, request.get("StreamSpecification"), call)
        return {"TableDescription": {**table_description(table, call.cloud.clock.time()), "TableStatus": "UPDATING"}}


def _planned(table: Table, request: Mapping[str, Any]) -> _Plan:
    billing_mode = request.get("BillingMode", table.billing_mode)
    plan = _Plan(dict(table.attribute_types), billing_mode, _new_throughput(table, billing_mode, request))
    updates = request.get("GlobalSecondaryIndexUpdates")
    if updates is not None:
        plan.types |= definitions.attribute_types(request.get("AttributeDefinitions", []))
        _plan_indexes(table, plan, updates)
    elif "AttributeDefinitions" in request:
        plan.types |= definitions.attribute_types(request["AttributeDefinitions"])
    _plan_vectors(table, plan, request.get("VectorIndexUpdates", ()))
    return plan


def _plan_vectors(table: Table, plan: _Plan, updates: Sequence[Mapping[str, Any]]) -> None:
    if len(updates) > 1 or (updates and (plan.created or plan.deleted)):
        raise errors.limit_exceeded(_ONE_ONLINE)
    for update in updates:
        if "Delete" in update:
            name = update["Delete"]["IndexName"]
            if name not in table.vectors:
                raise errors.arn_not_found(f"{table.arn}/index/{name}")
            plan.deleted_vectors.append(name)
        if "Create" in update:
            name = update["Create"]["IndexName"]
            if name in table.vectors or name in table.indexes:
                raise errors.validation(f"Attempting to create an index which already exists: {name}")
            plan.vectors.append(vectors.vector_index(update["Create"], plan.types, table.shape.names))
            vectors.check_together([*table.vectors.values(), *plan.vectors], plan.billing_mode, table.indexes)


def _new_throughput(table: Table, billing_mode: str, request: Mapping[str, Any]) -> dict[str, int]:
    given = request.get("ProvisionedThroughput")
    if given is None and billing_mode == table.billing_mode:
        return table.throughput
    units = definitions.throughput_of(given, billing_mode, "table")
    if billing_mode == table.billing_mode == "PROVISIONED" and units == table.throughput:
        reads, writes = units["ReadCapacityUnits"], units["WriteCapacityUnits"]
        raise errors.validation(
            "The provisioned throughput for the table will not change. The requested value equals the current value. "
            f"Current ReadCapacityUnits provisioned for the table: {reads}. "
            f"Requested ReadCapacityUnits: {reads}. "
            f"Current WriteCapacityUnits provisioned for the table: {writes}. "
            f"Requested WriteCapacityUnits: {writes}. "
            "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
        )
    return units


def _plan_indexes(table: Table, plan: _Plan, updates: Sequence[Mapping[str, Any]]) -> None:
    for update in updates:
        if len(update) != 1:
            raise errors.invalid(
                "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                "GlobalSecondaryIndexUpdate.Delete must be specified and only one"
            )
    made = [update for update in updates if "Update" not in update]
    if len(made) > 1:
        raise errors.limit_exceeded(_ONE_ONLINE)
    for update in updates:
        _plan_index(table, plan, update)


def _plan_index(table: Table, plan: _Plan, update: Mapping[str, Any]) -> None:
    ((kind, definition),) = update.items()
    name = definition["IndexName"]
    known = table.indexes.get(name)
    if kind == "Create":
        if known is not None:
            raise errors.validation(f"Attempting to create an index which already exists: {name}")
        plan.created = definitions.global_index(definition, plan.types, table.shape, plan.billing_mode)
        definitions.check_indexes([*table.indexes.values(), plan.created])
        if sum(index.is_global for index in table.indexes.values()) >= definitions.MAX_GLOBAL_INDEXES:
            raise errors.limit_exceeded("GlobalSecondaryIndex count exceeds the per-table limit of 20")
        return
    if known is None or not known.is_global:
        raise errors.arn_not_found(f"{table.arn}/index/{name}") if kind == "Delete" else errors.resource_not_found()
    if kind == "Delete":
        plan.deleted = name
        return
    plan.index_settings[name] = {member: definition[member] for member in _INDEX_SETTINGS if member in definition}
    if "ProvisionedThroughput" in definition:
        given = definition["ProvisionedThroughput"]
        plan.index_throughputs[name] = definitions.throughput_of(given, plan.billing_mode, f"index: {name}")


def _check_throughput(table: Table, plan: _Plan, now: float) -> None:
    """Check that nothing is decreased too often.

    Raises: LimitExceededException.
    """
    if plan.billing_mode == table.billing_mode:
        throughput_changes.check_change(table.history, table.throughput, plan.throughput, now)
    elif plan.billing_mode == "PAY_PER_REQUEST":
        throughput_changes.check_switch(table.history, now)
    for name, units in plan.index_throughputs.items():
        index = table.indexes[name]
        throughput_changes.check_change(index.history, index.throughput or units, units, now)


def _carry_out(table: Table, plan: _Plan, request: Mapping[str, Any], call: Call) -> None:
    now = call.cloud.clock.time()
    if plan.billing_mode != table.billing_mode:
        _switch_billing(table, plan, call)
    else:
        throughput_changes.note_change(table.history, table.throughput, plan.throughput, now)
    table.throughput = plan.throughput
    for name, units in plan.index_throughputs.items():
        index = table.indexes[name]
        throughput_changes.note_change(index.history, index.throughput or units, units, now)
        index.throughput = units
    for name, given in plan.index_settings.items():
        table.indexes[name].settings |= given
    if plan.created is not None:
        _fill(plan.created, table)
        table.indexes[plan.created.name] = plan.created
    if plan.deleted is not None:
        del table.indexes[plan.deleted]
    table.vectors |= {index.name: index for index in plan.vectors}
    for name in plan.deleted_vectors:
        del table.vectors[name]
    if plan.created is not None or plan.deleted is not None or plan.vectors or plan.deleted_vectors:
        used = table.used_names()
        table.attribute_types = {name: kind for name, kind in plan.types.items() if name in used}
        table.refresh_index_keys()
    table.deletion_protection = request.get("DeletionProtectionEnabled", table.deletion_protection)
    table.table_class = request.get("TableClass", table.table_class)
    if "SSESpecification" in request:
        table.sse = sse_description(request["SSESpecification"], call)
    if table.replicas or request.get("ReplicaUpdates"):
        table.global_settings |= {name: request[name] for name in _GLOBAL if name in request}
    table.settings |= {name: request[name] for name in ("OnDemandThroughput", "WarmThroughput") if name in request}


def _switch_billing(table: Table, plan: _Plan, call: Call) -> None:
    table.billing_mode = plan.billing_mode
    if plan.billing_mode == "PAY_PER_REQUEST":
        table.on_demand_since = call.cloud.clock.time()
        throughput_changes.note_switch(table.history, table.on_demand_since)
    for index in table.indexes.values():
        if index.is_global:
            index.throughput = dict(plan.throughput)


def _fill(index: Index, table: Table) -> None:
    """Enter the items that are there; those whose attributes cannot be keys stay out silently."""
    for row in table.rows.values():
        if fits_index(index.shape, row.item):
            position = index.position(row.item, row.key)
            if position is not None:
                index.ordering.put(*position, index.entry(row))


def _check_stream(table: Table, specification: dict[str, Any] | None) -> None:
    if specification is None:
        return
    if specification["StreamEnabled"] and table.stream_arn is not None:
        raise errors.validation(f"Table already has an enabled stream: TableName: {table.name}")
    if not specification["StreamEnabled"] and table.stream_arn is None:
        raise errors.validation(f"Table has no stream to disable: TableName: {table.name}")
    if specification["StreamEnabled"]:
        stream_records.check_specification(specification)


def _switch_stream(table: Table, specification: dict[str, Any] | None, call: Call) -> None:
    if specification is None:
        return
    if specification["StreamEnabled"]:
        stream_records.open_stream(table, specification["StreamViewType"], call)
    else:
        stream_records.close_stream(table, call)
