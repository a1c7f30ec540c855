"""Put, delete, update and check as steps that single calls, batches and transactions share.

A ``Write`` is made from a request (everything is parsed), meets its table (keys are checked), then the item (the
condition), and ends in a planned change. Nothing is written before the last step has succeeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors, legacy, parameters
from mocksls._services.dynamodb.comparison import Predicate
from mocksls._services.dynamodb.expressions.projections import projection_of
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.expressions.updates import BoundUpdate
from mocksls._services.dynamodb.keys import item_key, requested_key
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Table
from mocksls._services.dynamodb.values import MAX_LISTED_DEPTH, AttributeValue, Item, checked_item, depth_of
from mocksls._services.dynamodb.writes import Change, planned

_CONDITIONAL = frozenset(
    {
        "ConditionExpression",
        "Expected",
        "ConditionalOperator",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
    }
)


class Target(NamedTuple):
    """The place that a write is about: its table, its key, and the item that is there."""

    table: Table
    key_attributes: Item
    key: Parts
    old: Item | None


class Write:
    """One write; exactly one of ``item`` and ``key`` is given.

    ``inserts`` is set for PartiQL's INSERT, where an item that is there already is the failure.
    """

    __slots__ = ("change", "condition", "inserts", "item", "item_size", "key", "show_on_failure", "update")

    def __init__(
        self,
        item: Item | None = None,
        item_size: int = 0,
        *,
        key: Mapping[str, AttributeValue] | None = None,
        condition: Predicate | None = None,
        show_on_failure: bool = False,
        change: Callable[[Write, Target], Change] | None = None,
        update: BoundUpdate | None = None,
        inserts: bool = False,
    ) -> None:
        self.item = item
        self.item_size = item_size
        self.key = key
        self.condition = condition
        self.show_on_failure = show_on_failure
        self.change = change
        self.update = update
        self.inserts = inserts

    def target(self, table: Table) -> Target:
        """Where the write goes.

        Raises: ValidationException if the key does not fit the table.
        """
        if self.item is not None:
            key_attributes, key = self.item, item_key(table.shape, self.item)
        else:
            key_attributes, key = requested_key(table.shape, self.key or {})
        if self.update is not None:
            _check_no_key_update(self.update, table)
        row = table.rows.get(key)
        return Target(table, key_attributes, key, row.item if row is not None else None)

    def check_condition(self, old: Item | None) -> None:
        """Judge the write's condition.

        Raises: ConditionalCheckFailedException, DuplicateItemException.
        """
        if self.inserts and old is not None:
            raise errors.duplicate_item(old if self.show_on_failure else None)
        if self.condition is not None and not self.condition(old or {}):
            raise errors.condition_failed(old if self.show_on_failure else None)

    def plan(self, target: Target) -> Change:
        """The change, with every check made and nothing written.

        Raises: ValidationException.
        """
        if self.change is None:
            return planned(target.table, target.key, target.old, 0)
        return self.change(self, target)

    def returned(self, wanted: str, change: Change) -> Item | None:
        """The attributes that ReturnValues asks for."""
        if wanted == "ALL_OLD":
            return change.old
        if wanted == "ALL_NEW":
            return change.new
        shown = change.old if wanted == "UPDATED_OLD" else change.new
        if shown is None or self.update is None or not self.update.paths:
            return None
        return projection_of(self.update.paths).project(shown)


def put(request: Mapping[str, Any], *, single: bool = False, lenient: bool = False) -> Write:
    """The write of a PutItem request; ``single`` where it is a call of its own, ``lenient``
    where it may be what suites written for moto send.

    Raises: ValidationException.
    """
    try:
        item, size = checked_item(request["Item"])
    except AwsError as error:
        raise _refused(error, single, request["Item"].values()) from None
    condition = None if _CONDITIONAL.isdisjoint(request) else _condition(request, single, lenient)
    return Write(item, size, condition=condition, show_on_failure=_shown(request), change=putting)


def putting(write: Write, target: Target) -> Change:
    """The change of a write that has an item."""
    return planned(target.table, target.key, write.item, write.item_size)


def delete(request: Mapping[str, Any], *, single: bool = False, lenient: bool = False) -> Write:
    """The write of a DeleteItem request; ``single`` where it is a call of its own, ``lenient``
    where it may be what suites written for moto send.

    Raises: ValidationException.
    """
    condition = None if _CONDITIONAL.isdisjoint(request) else _condition(request, single, lenient)
    return Write(key=request["Key"], condition=condition, show_on_failure=_shown(request), change=deleting)


def deleting(_write: Write, target: Target) -> Change:
    """The change of a write that deletes."""
    return planned(target.table, target.key, None, 0)


def check(request: Mapping[str, Any]) -> Write:
    """The write of a ConditionCheck in a transaction: a condition, and no change.

    Raises: ValidationException.
    """
    return Write(key=request["Key"], condition=_condition(request, False, False), show_on_failure=_shown(request))


def update(request: Mapping[str, Any], *, single: bool = False, lenient: bool = False) -> Write:
    """The write of an UpdateItem request; ``single`` where it is a call of its own, ``lenient``
    where it may be what suites written for moto send.

    Raises: ValidationException.
    """
    parameters.check_not_mixed(request, except_for="Expected" if lenient else "")
    scope = Scope(request, ("UpdateExpression", "ConditionExpression"), listed=single)
    bound = scope.update("UpdateExpression")
    condition = scope.condition("ConditionExpression")
    scope.finish()
    try:
        test = condition.test if condition is not None else legacy.expected(request)
        if bound is None:
            bound = legacy.attribute_updates(request.get("AttributeUpdates", {}))
    except AwsError as error:
        raise _refused(error, single) from None
    return Write(key=request["Key"], condition=test, show_on_failure=_shown(request), change=updating, update=bound)


def updating(write: Write, target: Target) -> Change:
    """The change of a write that has an update."""
    bound = write.update
    assert bound is not None
    if target.old is None and not bound.creates:
        return planned(target.table, target.key, None, 0)
    new = bound.apply(target.key_attributes if target.old is None else target.old)
    new, size = checked_item(new)
    return planned(target.table, target.key, new, size, update=True)


def _check_no_key_update(bound: BoundUpdate, table: Table) -> None:
    for path in bound.paths:
        if path[0] in table.shape.names:
            raise errors.key_update(str(path[0]))


def _condition(request: Mapping[str, Any], single: bool, lenient: bool) -> Predicate | None:
    parameters.check_not_mixed(request)
    scope = Scope(request, ("ConditionExpression",), listed=single, lenient=lenient)
    condition = scope.condition("ConditionExpression")
    scope.finish()
    try:
        return condition.test if condition is not None else legacy.expected(request)
    except AwsError as error:
        raise _refused(error, single) from None


def _refused(error: AwsError, single: bool, values: Iterable[Mapping[str, Any]] = ()) -> AwsError:
    """A refusal of an attribute value; single writes list it, but for what is nested beyond their newer checks."""
    if not single or not errors.is_refused_value(error):
        return error
    if errors.is_too_deep(error) and any(depth_of(value) > MAX_LISTED_DEPTH for value in values):
        return error
    return errors.listed(error)


def _shown(request: Mapping[str, Any]) -> bool:
    return request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"


def collection_metrics(change: Change) -> dict[str, Any]:
    """``ItemCollectionMetrics``: only tables with local indexes have them."""
    table, shown = change.table, change.new or change.old
    if shown is None or not any(not index.is_global for index in table.indexes.values()):
        return {}
    hash_name = table.shape.hash[0][0]
    return {
        "ItemCollectionMetrics": {
            "ItemCollectionKey": {hash_name: shown[hash_name]},
            "SizeEstimateRangeGB": [0.0, 1.0],
        }
    }
