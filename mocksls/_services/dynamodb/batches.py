"""BatchWriteItem and BatchGetItem."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors, item_writes, throttling
from mocksls._services.dynamodb.items import requested_projection
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.marshalling import item_to_json
from mocksls._services.dynamodb.names import data_table, is_name
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Store, Table
from mocksls._services.dynamodb.values import Item
from mocksls._services.dynamodb.writes import Change, carry_out

_MAX_WRITES = 25
_MAX_GETS = 100
_MAX_BYTES = 16 * 1024 * 1024
_TABLE_NAMES = (
    "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length "
    "greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"
)


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
            target = _target(write, data_table(self._store, name))
            _check_new(seen, target.table, target.key)
            changes.append(write.plan(target))
        unprocessed = _unprocessed_writes(request["RequestItems"], changes, call)
        done = [change for change, refused in zip(changes, unprocessed.refused, strict=True) if not refused]
        usages = capacity.Usages()
        for change in done:
            usages.of(change.table).add_write(change)
            carry_out(change, call)
        usages.measure(call)
        answer: dict[str, Any] = {"UnprocessedItems": unprocessed.items}
        if request.get("ReturnItemCollectionMetrics") == "SIZE":
            answer["ItemCollectionMetrics"] = collections_metrics(done) or None
        return {**answer, **usages.told(request)}

    def batch_get_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Get up to 100 items of any tables; those that are not there are left out.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
        """
        _check_lengths(request["RequestItems"])
        if sum(len(one["Keys"]) for one in request["RequestItems"].values()) > _MAX_GETS:
            raise errors.validation("Too many items requested for the BatchGetItem call")
        projections = {name: requested_projection(one) for name, one in request["RequestItems"].items()}
        reads = [(name, one, *self._found(name, one)) for name, one in request["RequestItems"].items()]
        responses: dict[str, list[Item]] = {}
        unprocessed: dict[str, Any] = {}
        usages = capacity.Usages()
        budget = _Budget(call)
        for name, one, table, keys in reads:
            projection = projections[name]
            items = responses.setdefault(name, [])
            for at, key in enumerate(keys):
                row = table.rows.get(key)
                size = row.size if row is not None else 0
                usage = capacity.Usage(table, capacity.read_units(size, one.get("ConsistentRead", False)))
                if not budget.takes(size, usage):
                    unprocessed[name] = {**one, "Keys": one["Keys"][at:]}
                    break
                usages.of(table).units += usage.units
                if row is not None:
                    items.append(row.item if projection is None else projection.project(row.item))
        budget.check_any()
        usages.measure(call)
        return {"Responses": responses, "UnprocessedKeys": unprocessed, **usages.told(request)}

    def _found(self, name: str, one: Mapping[str, Any]) -> tuple[Table, list[Parts]]:
        table = data_table(self._store, name)
        seen: set[tuple[str, Parts]] = set()
        keys = []
        for key in one["Keys"]:
            parts = requested_key(table.shape, key)[1]
            _check_new(seen, table, parts)
            keys.append(parts)
        return table, keys


class _Budget:
    """What a BatchGetItem may still read: 16 MB, and what the tables' throughput allows."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._room = _MAX_BYTES
        self._enforced = throttling.is_enforced(call)
        self._done = 0
        self._refusal: AwsError | None = None

    def takes(self, size: int, usage: capacity.Usage) -> bool:
        """Whether an item of some bytes can be read; counts it if so."""
        if size > self._room:
            return False
        if self._enforced:
            refusal = usage.refusal(self._call)
            if refusal is not None:
                self._refusal = refusal
                return False
            usage.take(self._call)
        self._room -= size
        self._done += 1
        return True

    def check_any(self) -> None:
        """Check that not everything was throttled.

        Raises: ProvisionedThroughputExceededException, ThrottlingException.
        """
        if self._refusal is not None and not self._done:
            raise self._refusal


class _Unprocessed(NamedTuple):
    """The writes of a batch that throughput did not allow: one flag a write, and the requests to send again."""

    refused: list[bool]
    items: dict[str, list[Any]]


def _unprocessed_writes(
    requests: Mapping[str, Sequence[Mapping[str, Any]]], changes: Sequence[Change], call: Call
) -> _Unprocessed:
    """Take the throughput of each write that has it; the others are to be sent again.

    Raises: ProvisionedThroughputExceededException, ThrottlingException if none has.
    """
    if not throttling.is_enforced(call):
        return _Unprocessed([False] * len(changes), {})
    given = [(name, one) for name, ones in requests.items() for one in ones]
    found = _Unprocessed([], {})
    refusal = None
    for change, (name, one) in zip(changes, given, strict=True):
        usage = capacity.usage_of(change)
        refused = usage.refusal(call)
        found.refused.append(refused is not None)
        if refused is None:
            usage.take(call)
        else:
            refusal = refused
            found.items.setdefault(name, []).append(one)
    if refusal is not None and all(found.refused):
        raise refusal
    return found


def _check_lengths(requests: Mapping[str, Mapping[str, Any]]) -> None:
    """Check how much a BatchGetItem asks for, and the names of its tables.

    Raises: ValidationException.
    """
    if not requests:
        raise errors.length_at("RequestItems", "greater than or equal to 1")
    if not all(name.startswith("arn:") or is_name(name) for name in requests):
        shown = {name: {**one, "Keys": [item_to_json(key) for key in one["Keys"]]} for name, one in requests.items()}
        raise errors.constraint(json.dumps(shown, separators=(",", ":")), "requestItems", _TABLE_NAMES)
    for name, one in requests.items():
        if not 0 < len(one["Keys"]) <= _MAX_GETS:
            limit = f"less than or equal to {_MAX_GETS}" if one["Keys"] else "greater than or equal to 1"
            raise errors.length_at(f"RequestItems.{name}.member.Keys", limit)


def _counted(name: str, requests: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if not requests:
        raise errors.constraint(
            f"{{{name}=[]}}",
            "requestItems",
            "Map value must satisfy constraint: [Member must have length less than or equal to 25, "
            "Member must have length greater than or equal to 1]",
        )
    return requests


def _target(write: item_writes.Write, table: Table) -> item_writes.Target:
    """Where a write of a batch goes; a put without a fitting key is refused as a key that does not fit.

    Raises: ValidationException.
    """
    if write.item is not None:
        for name, kind in table.shape.attributes:
            if kind not in write.item.get(name, {}):
                raise errors.key_mismatch()
    return write.target(table)


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
