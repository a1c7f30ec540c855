"""INSERT, UPDATE, DELETE and EXISTS as the writes that single calls, batches and transactions share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._services.dynamodb import errors, item_writes
from mocksls._services.dynamodb.comparison import Predicate
from mocksls._services.dynamodb.expressions.conditions import bind_condition
from mocksls._services.dynamodb.expressions.nodes import Condition, Junction
from mocksls._services.dynamodb.expressions.placeholders import Placeholders
from mocksls._services.dynamodb.expressions.updates import BoundUpdate, bind_update
from mocksls._services.dynamodb.item_writes import Write
from mocksls._services.dynamodb.keys import KeyShape
from mocksls._services.dynamodb.partiql import plans
from mocksls._services.dynamodb.partiql.nodes import Delete, Exists, Insert, Update
from mocksls._services.dynamodb.store import Table
from mocksls._services.dynamodb.values import checked_item

WriteStatement = Insert | Update | Delete | Exists


def write_of(
    statement: WriteStatement, item: Mapping[str, Any] | None, table: Table, placeholders: Placeholders, shown: bool
) -> Write:
    """The write of a statement; ``item`` is that of an INSERT, ``shown`` whether a failure shows the item.

    Raises: ValidationException.
    """
    if isinstance(statement, Insert):
        checked, size = checked_item(item or {})
        return Write(checked, size, show_on_failure=shown, change=item_writes.putting, inserts=True)
    if isinstance(statement, Update):
        return _update(statement, table, placeholders, shown)
    if isinstance(statement, Delete):
        key, condition = _key_and_condition(statement.where, table.shape, placeholders)
        # a DELETE of what is not there does nothing, whatever else WHERE says
        test: Predicate | None = (lambda old: not old or condition(old)) if condition is not None else None
        return Write(key=key, condition=test, show_on_failure=shown, change=item_writes.deleting)
    return _check(statement, table, placeholders, shown)


def _update(statement: Update, table: Table, placeholders: Placeholders, shown: bool) -> Write:
    key, condition = _key_and_condition(statement.where, table.shape, placeholders)
    update: BoundUpdate = plans.bound(lambda: bind_update(statement.actions, placeholders))

    def test(old: Mapping[str, Any]) -> bool:
        return bool(old) and (condition is None or condition(old))

    return Write(key=key, condition=test, show_on_failure=shown, change=item_writes.updating, update=update)


def _check(statement: Exists, table: Table, placeholders: Placeholders, shown: bool) -> Write:
    where = statement.select.where
    if statement.select.index is not None:
        raise errors.validation("Operations on indices are not supported in transactions")
    exact = plans.exact_key(where, table.shape, placeholders) is not None
    if where is None or exact or not plans.names_keys(where, table.shape, placeholders):
        raise errors.validation("EXISTS() must contain a single item read with additional condition")
    key, condition = _key_and_condition(where, table.shape, placeholders)
    return Write(key=key, condition=condition, show_on_failure=shown)


def _key_and_condition(
    where: Condition, shape: KeyShape, placeholders: Placeholders
) -> tuple[Mapping[str, Any], Predicate | None]:
    key, others = plans.split_key(where, shape, placeholders)
    if not others:
        return plans.canonical_key(key, shape), None
    tree = others[0] if len(others) == 1 else Junction("AND", tuple(others))
    return plans.canonical_key(key, shape), plans.bound(lambda: bind_condition(tree, placeholders)).test
