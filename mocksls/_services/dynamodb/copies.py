"""Tables made from what other tables were: by a backup, at a point in time, in another region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._services.dynamodb import definitions, errors
from mocksls._services.dynamodb.encryption import sse_description
from mocksls._services.dynamodb.keys import fits_index, item_key
from mocksls._services.dynamodb.ordering import Ordering, Parts, Row
from mocksls._services.dynamodb.store import Index, Recovery, Table
from mocksls._services.dynamodb.values import Item, item_size


def empty_copy(table: Table, name: str, call: Call) -> Table:
    """A table of the same keys, indexes and throughput in the caller's region, without items, stream, TTL or tags."""
    now = call.cloud.clock.time()
    copy = Table(
        name=name,
        arn=make_arn("dynamodb", call.region, call.account_id, f"table/{name}"),
        table_id=call.cloud.ids.uuid(),
        created=now,
        attribute_types=dict(table.attribute_types),
        key_schema=table.key_schema,
        shape=table.shape,
        billing_mode=table.billing_mode,
        throughput=dict(table.throughput),
        on_demand_since=now if table.billing_mode == "PAY_PER_REQUEST" else None,
        indexes={index.name: empty_index(index) for index in table.indexes.values()},
        vectors=dict(table.vectors),
        table_class=table.table_class,
        sse=table.sse,
        settings={key: table.settings[key] for key in ("OnDemandThroughput",) if key in table.settings},
    )
    copy.refresh_index_keys()
    return copy


def empty_index(index: Index) -> Index:
    """An index of the same definition without entries."""
    return Index(
        index.name,
        index.is_global,
        index.key_schema,
        index.shape,
        index.projection,
        index.projected,
        dict(index.throughput) if index.throughput is not None else None,
        dict(index.settings),
        Ordering(),
    )


def load(table: Table, items: Iterable[Item]) -> None:
    """Enter checked items into a table that has none of their keys, and into its indexes where they fit."""
    split = len(table.shape.hash)
    for item in items:
        key = item_key(table.shape, item)
        row = Row(item, item_size(item), key)
        table.rows[key] = row
        table.ordering.put(key[:split], key[split:], row)
        for index in table.indexes.values():
            position = index.position(item, key) if fits_index(index.shape, item) else None
            if position is not None:
                index.ordering.put(*position, index.entry(row))


def items_at(table: Table, recovery: Recovery, moment: float) -> list[Item]:
    """The items of a table as they were: every later write is undone."""
    earlier: dict[Parts, Item | None] = {}
    for at, key, old in reversed(recovery.undo):
        if at <= moment:
            break
        earlier[key] = old
    kept = [row.item for key, row in table.rows.items() if key not in earlier]
    return kept + [item for item in earlier.values() if item is not None]


def override(table: Table, request: Mapping[str, Any], call: Call) -> None:
    """Change a table that is being restored as the request's overrides say.

    Raises: ValidationException.
    """
    mode = request.get("BillingModeOverride")
    given = request.get("ProvisionedThroughputOverride")
    if mode is not None or given is not None:
        table.billing_mode = mode or table.billing_mode
        table.throughput = definitions.throughput_of(given, table.billing_mode, "table")
        on_demand = table.billing_mode == "PAY_PER_REQUEST"
        table.on_demand_since = call.cloud.clock.time() if on_demand else None
    for member, is_global in (("GlobalSecondaryIndexOverride", True), ("LocalSecondaryIndexOverride", False)):
        if member in request:
            _override_indexes(table, request[member], is_global)
    _spread_throughput(table)
    if "OnDemandThroughputOverride" in request:
        table.settings["OnDemandThroughput"] = request["OnDemandThroughputOverride"]
    if "SSESpecificationOverride" in request:
        table.sse = sse_description(request["SSESpecificationOverride"], call)
    if "VectorIndexOverride" in request:
        kept = {one["IndexName"] for one in request["VectorIndexOverride"]}
        table.vectors = {name: index for name, index in table.vectors.items() if name in kept}
    used = table.used_names()
    table.attribute_types = {name: kind for name, kind in table.attribute_types.items() if name in used}
    table.refresh_index_keys()


def _override_indexes(table: Table, given: list[dict[str, Any]], is_global: bool) -> None:
    """Keep the indexes that the override names; each must be one that was backed up."""
    kept = {name: index for name, index in table.indexes.items() if index.is_global != is_global}
    for definition in given:
        index = table.indexes.get(definition["IndexName"])
        same = index is not None and index.is_global == is_global and index.key_schema == definition["KeySchema"]
        if index is None or not same:
            raise errors.invalid(
                f"Index {definition['IndexName']} does not match any existing secondary index of the source table"
            )
        if "ProvisionedThroughput" in definition:
            index.throughput = dict(definition["ProvisionedThroughput"])
        kept[index.name] = index
    table.indexes = kept


def _spread_throughput(table: Table) -> None:
    """Global indexes have throughput where the table has, and none where it is on demand."""
    for index in table.indexes.values():
        if not index.is_global:
            continue
        if table.billing_mode == "PAY_PER_REQUEST":
            index.throughput = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
        elif not index.throughput or not index.throughput["ReadCapacityUnits"]:
            index.throughput = dict(table.throughput)
