"""TransactWriteItems and TransactGetItems: all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors, item_writes
from mocksls._services.dynamodb.batches import collections_metrics
from mocksls._services.dynamodb.item_writes import Target, Write
from mocksls._services.dynamodb.items import requested_projection
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Done, Store, Table
from mocksls._services.dynamodb.values import Item
from mocksls._services.dynamodb.writes import Change, carry_out

_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_MAX_BYTES = 4 * 1024 * 1024
_TOKEN_S = 600
_KINDS = {
    "Put": item_writes.put,
    "Update": item_writes.update,
    "Delete": item_writes.delete,
    "ConditionCheck": item_writes.check,
}
_NO_REASON = {"Code": "None"}


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
        done = self._done(request, call)
        if done is not None:
            return done.answer
        actions = request["TransactItems"]
        writes = [_write_of(action) for action in actions]
        tables = [data_table(self._store, _body(action)["TableName"]) for action in actions]
        changes = _planned(writes, tables)
        usages: dict[str, capacity.Usage] = {}
        for change in changes:
            usage = usages.setdefault(
                change.table.name, capacity.Usage(change.table, transactional="WriteCapacityUnits")
            )
            usage.add_write(change)
            usage.add_write(change)
        for write, change in zip(writes, changes, strict=True):
            if write.change is not None:
                carry_out(change, call)
        answer = capacity.told_of_all(request, usages.values())
        if request.get("ReturnItemCollectionMetrics") == "SIZE":
            answer["ItemCollectionMetrics"] = collections_metrics(changes) or None
        token = request.get("ClientRequestToken")
        if token is not None:
            self._store.transactions[token] = Done(dict(request), call.cloud.clock.time(), answer)
        return answer

    def _done(self, request: Mapping[str, Any], call: Call) -> Done | None:
        """The transaction that a token stands for already.

        Raises: IdempotentParameterMismatchException.
        """
        known = self._store.transactions
        now = call.cloud.clock.time()
        while known and (oldest := next(iter(known))) and known[oldest].at < now - _TOKEN_S:
            del known[oldest]
        done = known.get(request.get("ClientRequestToken", ""))
        if done is not None and done.request["TransactItems"] != request["TransactItems"]:
            raise errors.idempotent_parameter_mismatch()
        return done

    def transact_get_items(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Get up to 100 items as of one moment.

        Raises: TransactionCanceledException, ResourceNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
        """
        gets = [action["Get"] for action in request["TransactItems"]]
        projections = [requested_projection(get) for get in gets]
        tables = [data_table(self._store, get["TableName"]) for get in gets]
        keys = _requested_keys(gets, tables)
        _check_distinct([(table.name, key[1]) for table, key in zip(tables, keys, strict=True)])
        responses: list[dict[str, Any]] = []
        usages: dict[str, capacity.Usage] = {}
        for table, key, projection in zip(tables, keys, projections, strict=True):
            row = table.rows.get(key[1])
            usage = usages.setdefault(table.name, capacity.Usage(table, transactional="ReadCapacityUnits"))
            usage.units += 2 * capacity.read_units(row.size if row else 0, True)
            if row is None:
                responses.append({})
            else:
                responses.append({"Item": row.item if projection is None else projection.project(row.item)})
        return {**capacity.told_of_all(request, usages.values()), "Responses": responses}


def _body(action: Mapping[str, Any]) -> Mapping[str, Any]:
    body: Mapping[str, Any] = next(iter(action.values()))
    return body


def _write_of(action: Mapping[str, Any]) -> Write:
    if len(action) != 1:
        raise errors.validation("TransactItems can only contain one of Check, Put, Update or Delete")
    ((kind, body),) = action.items()
    return _KINDS[kind](body)


def _planned(writes: Sequence[Write], tables: Sequence[Table]) -> list[Change]:
    """Every change, with each check made.

    Raises: TransactionCanceledException, ValidationException.
    """
    targets = _each(Write.target, writes, tables)
    _check_distinct([(target.table.name, target.key) for target in targets])
    reasons = [_condition_reason(write, target) for write, target in zip(writes, targets, strict=True)]
    if any(reason["Code"] != "None" for reason in reasons):
        raise errors.transaction_cancelled(reasons)
    changes = _each(Write.plan, writes, targets)
    if sum(change.new_size for change in changes) > _MAX_BYTES:
        raise errors.validation("Transaction request size cannot exceed 4 MB")
    return changes


def _each(step: Callable[[_A, _B], _C], firsts: Sequence[_A], seconds: Sequence[_B]) -> list[_C]:
    """Take one step for each action; a refusal cancels the transaction, with that action's reason."""
    done: list[_C] = []
    try:
        for first, second in zip(firsts, seconds, strict=True):
            done.append(step(first, second))
    except AwsError as error:
        if errors.is_empty_key(error):
            raise
        raise _invalid(error, len(done), len(firsts)) from None
    return done


def _requested_keys(gets: Sequence[Mapping[str, Any]], tables: Sequence[Table]) -> list[tuple[Item, Parts]]:
    return _each(lambda get, table: requested_key(table.shape, get["Key"]), gets, tables)


def _condition_reason(write: Write, target: Target) -> Mapping[str, Any]:
    try:
        write.check_condition(target.old)
    except AwsError as error:
        return {"Code": "ConditionalCheckFailed", "Message": error.message, **error.members}
    return _NO_REASON


def _invalid(error: AwsError, at: int, count: int) -> AwsError:
    """One action does not fit its table: the whole transaction is cancelled for it."""
    reasons: list[Mapping[str, Any]] = [_NO_REASON] * count
    reasons[at] = {"Code": "ValidationError", "Message": error.message}
    return errors.transaction_cancelled(reasons)


def _check_distinct(keys: Sequence[tuple[str, Any]]) -> None:
    if len(set(keys)) < len(keys):
        raise errors.validation("Transaction request cannot include multiple operations on one item")
