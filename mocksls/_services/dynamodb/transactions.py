"""TransactWriteItems and TransactGetItems: all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import capacity, errors, item_writes
from mocksls._services.dynamodb.all_or_nothing import check_distinct, each, write_all
from mocksls._services.dynamodb.item_writes import Write
from mocksls._services.dynamodb.items import requested_projection
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.names import check_known, data_table
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Store, Table
from mocksls._services.dynamodb.values import Item

_KINDS = {
    "Put": item_writes.put,
    "Update": item_writes.update,
    "Delete": item_writes.delete,
    "ConditionCheck": item_writes.check,
}


class Transactions:
    """The operations on several items at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def transact_write_items(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Carry out up to 100 writes and checks, or none of them.

        A token that was used within ten minutes carries nothing out again.

        Raises: TransactionCanceledException, IdempotentParameterMismatchException, ResourceNotFoundException,
            ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
        """
        actions = request["TransactItems"]
        for at, action in enumerate(actions, 1):
            for kind, body in action.items():
                check_known(self._store, body["TableName"], f"transactItems.{at}.member.{kind[0].lower()}{kind[1:]}")

        def writes() -> tuple[list[Write], list[Table]]:
            made = [_write_of(action) for action in actions]
            return made, [data_table(self._store, _body(action)["TableName"]) for action in actions]

        return write_all(self._store, request, actions, writes, call)

    def transact_get_items(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Get up to 100 items as of one moment.

        Raises: TransactionCanceledException, ResourceNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
        """
        gets = [action["Get"] for action in request["TransactItems"]]
        for at, get in enumerate(gets, 1):
            check_known(self._store, get["TableName"], f"transactItems.{at}.member.get")
        projections = [requested_projection(get) for get in gets]
        tables = [data_table(self._store, get["TableName"]) for get in gets]
        keys = _requested_keys(gets, tables)
        check_distinct([(table.name, key[1]) for table, key in zip(tables, keys, strict=True)])
        responses: list[dict[str, Any]] = []
        usages = capacity.Usages("ReadCapacityUnits")
        for table, key, projection in zip(tables, keys, projections, strict=True):
            row = table.rows.get(key[1])
            usages.of(table).units += 2 * capacity.read_units(row.size if row else 0, True)
            if row is None:
                responses.append({})
            else:
                responses.append({"Item": row.item if projection is None else projection.project(row.item)})
        usages.spend(call)
        return {**usages.told(request), "Responses": responses}


def _body(action: Mapping[str, Any]) -> Mapping[str, Any]:
    body: Mapping[str, Any] = next(iter(action.values()))
    return body


def _write_of(action: Mapping[str, Any]) -> Write:
    if not action:
        text = "TransactWriteRequest should contain Delete or Put or Update or ConditionCheck"
        raise errors.constraint("", "transactItems", text)
    if len(action) != 1:
        raise errors.validation("TransactItems can only contain one of Check, Put, Update or Delete")
    ((kind, body),) = action.items()
    return _KINDS[kind](body)


def _requested_keys(gets: Sequence[Mapping[str, Any]], tables: Sequence[Table]) -> list[tuple[Item, Parts]]:
    return each(lambda get, table: requested_key(table.shape, get["Key"]), gets, tables)
