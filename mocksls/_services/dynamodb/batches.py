"""BatchWriteItem and BatchGetItem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import capacity, errors, item_writes
from mocksls._services.dynamodb.items import requested_projection
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Store, Table
from mocksls._services.dynamodb.values import Item
from mocksls._services.dynamodb.writes import Change, carry_out

_MAX_WRITES = 25
_MAX_GETS = 100
_MAX_BYTES = 16 * 1024 * 1024


class Batches:
    """The operations on many items that are not one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def batch_write_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Put and delete up to 25 items; a request that is not valid as a whole writes nothing.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
        """
        writes = [
            (name, _write_of(one))
            for name, requests in request["RequestItems"].items()
            for one in _counted(name, requests)
        ]
        if len(writes) > _MAX_WRITES:
            raise errors.validation("Too many items requested for the BatchWriteItem call")
        changes = []
        seen: set[tuple[str, Parts]] = set()
        for name, write in writes:
            target = write.target(data_table(self._store, name))
            _check_new(seen, target.table, target.key)
            changes.append(write.plan(target))
        usages: dict[str, capacity.Usage] = {}
        for change in changes:
            usages.setdefault(change.table.name, capacity.Usage(change.table)).add_write(change)
            carry_out(change, call)
        answer: dict[str, Any] = {"UnprocessedItems": {}}
        if request.get("ReturnItemCollectionMetrics") == "SIZE":
            answer["ItemCollectionMetrics"] = collections_metrics(changes) or None
        return {**answer, **capacity.told_of_all(request, usages.values())}

    def batch_get_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Get up to 100 items of any tables; those that are not there are left out.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
        """
        if sum(len(one["Keys"]) for one in request["RequestItems"].values()) > _MAX_GETS:
            raise errors.validation("Too many items requested for the BatchGetItem call")
        projections = {name: requested_projection(one) for name, one in request["RequestItems"].items()}
        reads = [(name, one, *self._found(name, one)) for name, one in request["RequestItems"].items()]
        responses: dict[str, list[Item]] = {}
        unprocessed: dict[str, Any] = {}
        usages = []
        room = _MAX_BYTES
        for name, one, table, keys in reads:
            usage, projection = capacity.Usage(table), projections[name]
            items = responses.setdefault(name, [])
            for at, key in enumerate(keys):
                row = table.rows.get(key)
                size = row.size if row is not None else 0
                if size > room:
                    unprocessed[name] = {**one, "Keys": one["Keys"][at:]}
                    break
                room -= size
                usage.units += capacity.read_units(size, one.get("ConsistentRead", False))
                if row is not None:
                    items.append(row.item if projection is None else projection.project(row.item))
            usages.append(usage)
        answer = {"Responses": responses, "UnprocessedKeys": unprocessed}
        return {**answer, **capacity.told_of_all(request, usages)}

    def _found(self, name: str, one: Mapping[str, Any]) -> tuple[Table, list[Parts]]:
        table = data_table(self._store, name)
        seen: set[tuple[str, Parts]] = set()
        keys = []
        for key in one["Keys"]:
            parts = requested_key(table.shape, key)[1]
            _check_new(seen, table, parts)
            keys.append(parts)
        return table, keys


def _counted(name: str, requests: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if not requests:
        raise errors.constraint(
            f"{{{name}=[]}}",
            "requestItems",
            "Map value must satisfy constraint: [Member must have length less than or equal to 25, "
            "Member must have length greater than or equal to 1]",
        )
    return requests


def _write_of(one: Mapping[str, Any]) -> item_writes.Write:
    if len(one) != 1:
        raise errors.validation(
            "Supplied WriteRequest is empty, must contain exactly one of DeleteRequest or PutRequest"
            if not one
            else "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
            "datatypes"
        )
    if "PutRequest" in one:
        return item_writes.put(one["PutRequest"])
    return item_writes.delete(one["DeleteRequest"])


def _check_new(seen: set[tuple[str, Parts]], table: Table, key: Parts) -> None:
    if (table.name, key) in seen:
        raise errors.validation("Provided list of item keys contains duplicates")
    seen.add((table.name, key))


def collections_metrics(changes: Sequence[Change]) -> dict[str, list[dict[str, Any]]]:
    """``ItemCollectionMetrics`` of several changes, by table; one entry for each hash key."""
    found: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        metrics = item_writes.collection_metrics(change).get("ItemCollectionMetrics")
        of_table = found.setdefault(change.table.name, []) if metrics else []
        if metrics and metrics not in of_table:
            of_table.append(metrics)
    return found
