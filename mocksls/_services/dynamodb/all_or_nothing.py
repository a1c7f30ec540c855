"""What transactions have in common, by actions or by statements: everything is planned before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors, throttling
from mocksls._services.dynamodb.batches import collections_metrics
from mocksls._services.dynamodb.item_writes import Target, Write
from mocksls._services.dynamodb.store import Done, Store, Table
from mocksls._services.dynamodb.writes import Change, carry_out

_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_MAX_BYTES = 4 * 1024 * 1024
_TOKEN_S = 600
_NO_REASON = {"Code": "None"}
_CODES = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "ThrottlingException": "ThrottlingError",
}
Writes = Callable[[], tuple[Sequence[Write], Sequence[Table]]]


def write_all(store: Store, request: Mapping[str, Any], actions: Any, writes: Writes, call: Call) -> dict[str, Any]:
    """Carry out a transaction of writes, or tell again what its token stands for.

    ``writes`` makes the writes and finds their tables; it is not asked where the token was used already.

    Raises: TransactionCanceledException, IdempotentParameterMismatchException, and what ``writes`` raises.
    """
    done = _done(store, request, actions, call)
    if done is not None:
        return _told_again(store, done, request)
    made, tables = writes()
    changes = planned(made, tables)
    usages = capacity.Usages("WriteCapacityUnits")
    for change in changes:
        usages.of(change.table).add_write(change)
        usages.of(change.table).add_write(change)
    _spend(changes, call)
    usages.measure(call)
    for write, change in zip(made, changes, strict=True):
        if write.change is not None:
            carry_out(change, call)
    answer: dict[str, Any] = {}
    if request.get("ReturnItemCollectionMetrics") == "SIZE":
        answer["ItemCollectionMetrics"] = collections_metrics(changes) or None
    token = request.get("ClientRequestToken")
    if token is not None:
        store.transactions[token] = Done(actions, call.cloud.clock.time(), answer, _read_again(changes))
    return {**answer, **usages.told(request)}


def _spend(changes: Sequence[Change], call: Call) -> None:
    """Take the throughput of all changes, or none.

    Raises: TransactionCanceledException with a reason for each action whose table or index has nothing left.
    """
    if not throttling.is_enforced(call):
        return
    usages = [capacity.usage_of(change) for change in changes]
    refusals = [usage.refusal(call) for usage in usages]
    if any(refusals):
        raise errors.transaction_cancelled(
            [
                {"Code": _CODES[error.code], "Message": error.message} if error is not None else _NO_REASON
                for error in refusals
            ]
        )
    for usage in usages:
        usage.take(call)
        usage.take(call)


def _done(store: Store, request: Mapping[str, Any], actions: Any, call: Call) -> Done | None:
    """The transaction that a token stands for already.

    Raises: IdempotentParameterMismatchException.
    """
    known = store.transactions
    now = call.cloud.clock.time()
    while known and (oldest := next(iter(known))) and known[oldest].at < now - _TOKEN_S:
        del known[oldest]
    done = known.get(request.get("ClientRequestToken", ""))
    if done is not None and done.request != actions:
        raise errors.idempotent_parameter_mismatch()
    return done


def _read_again(changes: Sequence[Change]) -> dict[str, float]:
    """What telling a transaction again consumes of each table: the read units of its items."""
    units: dict[str, float] = {}
    for change in changes:
        read = 2 * capacity.read_units(change.new_size, True)
        units[change.table.name] = units.get(change.table.name, 0.0) + read
    return units


def _told_again(store: Store, done: Done, request: Mapping[str, Any]) -> dict[str, Any]:
    usages = capacity.Usages("ReadCapacityUnits")
    for name, units in done.units.items():
        if name in store.tables:
            usages.of(store.tables[name]).units += units
    return {**done.answer, **usages.told(request)}


def planned(writes: Sequence[Write], tables: Sequence[Table]) -> list[Change]:
    """Every change of a transaction, with each check made.

    Raises: TransactionCanceledException, ValidationException.
    """
    targets = each(Write.target, writes, tables)
    check_distinct([(target.table.name, target.key) for target in targets])
    reasons = [_condition_reason(write, target) for write, target in zip(writes, targets, strict=True)]
    if any(reason["Code"] != "None" for reason in reasons):
        raise errors.transaction_cancelled(reasons)
    changes = each(Write.plan, writes, targets)
    if sum(change.new_size for change in changes) > _MAX_BYTES:
        raise errors.validation("Transaction request size cannot exceed 4 MB")
    return changes


def each(step: Callable[[_A, _B], _C], firsts: Sequence[_A], seconds: Sequence[_B]) -> list[_C]:
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


def _condition_reason(write: Write, target: Target) -> Mapping[str, Any]:
    try:
        write.check_condition(target.old)
    except AwsError as error:
        return {"Code": _CODES[error.code], "Message": error.message, **error.members}
    return _NO_REASON


def _invalid(error: AwsError, at: int, count: int) -> AwsError:
    """One action does not fit its table: the whole transaction is cancelled for it."""
    reasons: list[Mapping[str, Any]] = [_NO_REASON] * count
    reasons[at] = {"Code": "ValidationError", "Message": error.message}
    return errors.transaction_cancelled(reasons)


def check_distinct(keys: Sequence[tuple[str, Any]]) -> None:
    """Check that no two actions of a transaction are about one item.

    Raises: ValidationException.
    """
    if len(set(keys)) < len(keys):
        raise errors.validation("Transaction request cannot include multiple operations on one item")
