"""SELECT: read by partitions where WHERE names them, else by a scan; a page at a time."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors
from mocksls._services.dynamodb.expressions.conditions import path_getter
from mocksls._services.dynamodb.expressions.placeholders import Placeholders, ResolvedPath
from mocksls._services.dynamodb.expressions.projections import Projection
from mocksls._services.dynamodb.keys import KeyShape
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.ordering import PLACES, Parts, Row
from mocksls._services.dynamodb.partiql import plans
from mocksls._services.dynamodb.partiql.nodes import Select
from mocksls._services.dynamodb.positions import bounds
from mocksls._services.dynamodb.reads import Reading, last_key, read_page, start_of, usage_of
from mocksls._services.dynamodb.store import Index, Store, Table
from mocksls._services.dynamodb.values import AttributeValue, Item, sortable


def execute(
    store: Store, select: Select, placeholders: Placeholders, request: Mapping[str, Any], statement: str
) -> tuple[dict[str, Any], capacity.Usage]:
    """The answer of a SELECT, and what it consumed.

    Raises: ValidationException, ResourceNotFoundException.
    """
    table = data_table(store, select.table)
    index = _index(table, select, request)
    condition = plans.condition_of(select.where, placeholders)
    hashes = plans.hash_values(select.where, _shape(table, index).hash[0][0], placeholders)
    if hashes is not None:
        _check_key_types(select, _shape(table, index), hashes, placeholders)
    projection, missing = projection_of(select, placeholders, index)
    read = Reading(
        table, index, projection, condition, request.get("Limit"), False, request.get("ConsistentRead", False), missing
    )
    _check_order(select, read, hashes)
    _check_filter(select, read, placeholders)
    start = start_of(read, _from_token(request.get("NextToken"), statement))
    if hashes is None:
        rows = read.ordering.scan(0, PLACES, start)
    else:
        rows = _partitions(read, select, hashes, placeholders, start)
    page = read_page(read, rows)
    answer: dict[str, Any] = {"Items": page.items}
    if page.last is not None:
        key = last_key(read, page.last)
        answer |= {"NextToken": _token(key, statement), "LastEvaluatedKey": key}
    return answer, usage_of(read, page)


def _shape(table: Table, index: Index | None) -> KeyShape:
    return index.shape if index is not None else table.shape


def _index(table: Table, select: Select, request: Mapping[str, Any]) -> Index | None:
    if select.index is None:
        return None
    index = table.indexes.get(select.index)
    if index is None and select.index in table.vectors:
        raise errors.validation("Scan operation not supported on this index type")
    if index is None:
        raise errors.validation("The table does not have the specified index")
    if len(index.shape.hash) > 1 or len(index.shape.range) > 1:
        raise errors.validation("PartiQL does not support tables with multi-attribute keys")
    if index.is_global and request.get("ConsistentRead"):
        raise errors.validation("Strongly consistent read is not supported on Global Secondary Indexes")
    return index


def projection_of(select: Select, placeholders: Placeholders, index: Index | None) -> tuple[Projection | None, bool]:
    """What is shown, and whether a local index must fetch it from the table."""
    if select.paths is None:
        return None, False
    paths = [placeholders.path(path) for path in select.paths]
    names = [str(path[0]) for path in paths]
    missing = [] if index is None or index.projected is None else [n for n in names if n not in index.projected]
    if missing and index is not None and index.is_global:
        raise errors.invalid(f"Global secondary index {index.name} does not project [{', '.join(missing)}]")
    return Projection(_shower(paths), frozenset(names)), bool(missing)


def _shower(paths: Sequence[ResolvedPath]) -> Callable[[Mapping[str, AttributeValue]], Item]:
    """A path is shown by its last name, an element of a list by its name and position."""
    getters = [(_label(path), path_getter(path)) for path in paths]

    def show(item: Mapping[str, AttributeValue]) -> Item:
        found = ((name, get(item)) for name, get in getters)
        return {name: value for name, value in found if value is not None}

    return show


def _label(path: ResolvedPath) -> str:
    positions = ""
    for part in reversed(path):
        if isinstance(part, str):
            return part + positions
        positions = f"[{part}]{positions}"
    raise AssertionError("a path begins with a name")  # pragma: no cover


# -- rules -----------------------------------------------------------------------------------------------------------


def _check_order(select: Select, read: Reading, hashes: Sequence[AttributeValue] | None) -> None:
    if not select.order:
        return
    if select.where is None:
        raise errors.validation("Must have WHERE clause in the statement when using ORDER BY clause.")
    if hashes is None:
        raise errors.validation(
            "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."
        )
    names = [order.name for order in select.order]
    for name in names:
        if name not in read.shape.names:
            raise errors.validation(f"Attribute {name} in ORDER BY clause must be part of the primary key")
    if len(hashes) > 1 and read.shape.hash[0][0] not in names:
        raise errors.validation(
            "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause."
        )


def _check_key_types(
    select: Select, shape: KeyShape, hashes: Sequence[AttributeValue], placeholders: Placeholders
) -> None:
    """Check that a read by partitions names its keys by values of their types; a scan would find nothing.

    Raises: ValidationException.
    """
    name, kind = shape.hash[0]
    if any(kind not in value for value in hashes):
        raise _other_type(name)
    for part in plans.conjuncts(select.where):
        found = plans.key_condition(part, placeholders)
        for name, kind in shape.range:
            if found is not None and found.name == name and any(kind not in value for value in found.values):
                raise _other_type(name)


def _other_type(name: str) -> AwsError:
    return errors.validation(f"Key attribute's data type should match its data type in table's schema: Key {name}")


def _check_filter(select: Select, read: Reading, placeholders: Placeholders) -> None:
    """A read that is keyed at the top of its WHERE may filter on projected attributes only; a scan matches nothing."""
    index = read.index
    if index is None or index.projected is None or read.filter is None:
        return
    missing = sorted(read.filter.attributes - index.projected)
    hash_name = index.shape.hash[0][0]
    found = (plans.key_condition(part, placeholders) for part in plans.conjuncts(select.where))
    if missing and any(part and part.name == hash_name and part.operator in ("=", "IN") for part in found):
        raise errors.invalid(
            f"Secondary index {index.name} does not project one or more filter attributes: [{', '.join(missing)}]"
        )


# -- reading ---------------------------------------------------------------------------------------------------------


def _partitions(
    read: Reading,
    select: Select,
    hashes: Sequence[AttributeValue],
    placeholders: Placeholders,
    start: tuple[Parts, Parts] | None,
) -> Iterator[Row]:
    """The rows of some hash keys, each partition narrowed by what WHERE says of the range key."""
    name, kind = read.shape.hash[0]
    wanted = [(sortable(kind, value[kind]),) for value in hashes if kind in value]
    descending = {order.name: order.descending for order in select.order}
    if name in descending:
        wanted.sort(reverse=descending[name])
    ranged = [descending[part] for part, _ in read.shape.range if part in descending]
    # an order that does not name the range key turns it around (measured on AWS)
    backward = any(ranged) if ranged else bool(select.order)
    ranges = plans.range_conditions(select.where, read.shape, placeholders)
    if start is not None and start[0] in wanted:
        wanted = wanted[wanted.index(start[0]) :]
    for hash_ in wanted:
        partition = read.ordering.partition(hash_)
        span = bounds(partition, ranges)
        if start is not None and start[0] == hash_:
            span = partition.behind(start[1], span, backward)
        yield from partition.read(span, backward)


# -- tokens ----------------------------------------------------------------------------------------------------------


def _token(key: Mapping[str, AttributeValue], statement: str) -> str:
    """Where a read goes on, opaque: the key of the last row, and which statement it belongs to."""
    shown = {name: _to_json(value) for name, value in key.items()}
    text = json.dumps([_digest(statement), shown])
    return base64.b64encode(text.encode()).decode()


def _from_token(token: str | None, statement: str) -> Item | None:
    if token is None:
        return None
    try:
        digest, shown = json.loads(base64.b64decode(token, validate=True))
        key = {str(name): _from_json(value) for name, value in shown.items()}
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise errors.validation("Invalid NextToken") from None
    if digest != _digest(statement):
        raise errors.validation("NextToken does not match request")
    return key


def _digest(statement: str) -> str:
    return sha256(statement.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _to_json(value: AttributeValue) -> list[str]:
    ((kind, content),) = value.items()
    return [kind, content.hex() if kind == "B" else content]


def _from_json(value: Sequence[str]) -> AttributeValue:
    kind, content = value
    return {kind: bytes.fromhex(content) if kind == "B" else content}
