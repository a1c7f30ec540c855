"""Query: the items of one hash key, in the order of the range key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors, legacy, parameters
from mocksls._services.dynamodb.expressions.key_conditions import KeyCondition
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.keys import KeyShape
from mocksls._services.dynamodb.ordering import Partition, Parts
from mocksls._services.dynamodb.positions import bounds
from mocksls._services.dynamodb.reads import Reading, answer_of, read_page, reading, start_of
from mocksls._services.dynamodb.store import Store
from mocksls._services.dynamodb.values import sortable

_EXPRESSIONS = ("FilterExpression", "KeyConditionExpression", "ProjectionExpression")
_INDEXABLE = frozenset({"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"})


class Queries:
    """The operation Query."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._lenient = cloud.options.compat == "moto"

    def query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Read the items of one hash key, a page at a time; costs what it reads, whatever the table holds.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
        """
        if request.get("Limit", 1) < 1:
            raise errors.at_least_one("Limit")
        parameters.check_not_mixed(request)
        scope = Scope(request, _EXPRESSIONS, bare=True)
        scope.condition("KeyConditionExpression")
        read = reading(request, scope, self._store, "QueryFilter", listed=True)
        conditions = _requested_conditions(request, scope)
        if len(conditions) > max(2, len(read.shape.attributes)):
            raise _too_many(len(conditions), read.shape, "KeyConditions" in request)
        hash_, ranges = _against_schema(conditions, read.shape)
        if not self._lenient:
            _check_filter(read)
        start = start_of(read, request.get("ExclusiveStartKey"))
        forward = request.get("ScanIndexForward", True)
        partition = read.ordering.partition(hash_)
        span = bounds(partition, ranges)
        if start is not None:
            _check_start(read, start, hash_, ranges)
            span = partition.behind(start[1], span, not forward)
        return answer_of(read, read_page(read, partition.read(span, not forward)), request, call)


def _requested_conditions(request: Mapping[str, Any], scope: Scope) -> list[KeyCondition]:
    found = scope.key_conditions("KeyConditionExpression")
    if found is not None:
        return found
    if "KeyConditions" not in request:
        raise errors.validation(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
        )
    return legacy.key_conditions(request["KeyConditions"])


# -- conditions against the key ---------------------------------------------------------------------------------------


def _against_schema(conditions: Sequence[KeyCondition], shape: KeyShape) -> tuple[Parts, list[KeyCondition]]:
    """The hash key that the conditions name, and the conditions on range attributes in their order.

    Raises: ValidationException.
    """
    by_name = {condition.name: condition for condition in conditions}
    for name, _ in shape.hash:
        if name not in by_name:
            raise errors.validation(f"Query condition missed key schema element: {name}")
        if by_name[name].operator != "=":
            raise errors.validation("Query key condition not supported")
    ranges = _range_conditions(by_name, shape)
    _check_types(conditions, dict(shape.attributes))
    hash_ = tuple(sortable(kind, by_name[name].values[0][kind]) for name, kind in shape.hash)
    return hash_, ranges


def _too_many(count: int, shape: KeyShape, legacy_parameter: bool) -> AwsError:
    if legacy_parameter:
        return errors.validation("Conditions can be of length 1 or 2 only")
    return errors.validation(
        f"The number of query conditions ({count}) exceeds the number of key attributes defined in the schema "
        f"({len(shape.attributes)})"
    )


def _range_conditions(by_name: Mapping[str, KeyCondition], shape: KeyShape) -> list[KeyCondition]:
    others = set(by_name) - {name for name, _ in shape.hash}
    found: list[KeyCondition] = []
    for name, _ in shape.range:
        if not others:
            break
        if name not in others or (found and found[-1].operator != "="):
            raise _gap(name, found, others, shape)
        others.discard(name)
        found.append(by_name[name])
        if by_name[name].operator not in _INDEXABLE:
            raise errors.validation("Attempted conditional constraint is not an indexable operation")
    if others:
        raise errors.validation("Query key condition not supported")
    return found


def _gap(name: str, found: Sequence[KeyCondition], others: set[str], shape: KeyShape) -> AwsError:
    """Conditions on range attributes that leave one out, or narrow one that is not the last."""
    if len(shape.range) == 1:
        return errors.validation(f"Query condition missed key schema element: {name}")
    before = found[-1].name if found and found[-1].operator != "=" else name
    behind = next(one for one, _ in shape.range if one in others and one != before)
    return errors.validation(
        f"RANGE key attributes {before} must have equality conditions specified in the query because a condition is "
        f"present on key attribute {behind}"
    )


def _check_types(conditions: Sequence[KeyCondition], types: Mapping[str, str]) -> None:
    for condition in conditions:
        kind = types[condition.name]
        for value in condition.values:
            if kind not in value:
                raise errors.invalid("Condition parameter type does not match schema type")
            if not value[kind] and condition.operator == "=":
                raise errors.empty_key(condition.name, kind)
        if condition.operator == "begins_with" and kind == "N":
            raise errors.invalid("ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type")


def _check_filter(read: Reading) -> None:
    if read.filter is None:
        return
    for name, _ in read.shape.attributes:
        if name in read.filter.attributes:
            raise errors.validation(
                f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"
            )


def _check_start(read: Reading, start: tuple[Parts, Parts], hash_: Parts, ranges: Sequence[KeyCondition]) -> None:
    if not read.shape.range and read.index is None:
        raise errors.validation("The query can return at most one row and cannot be restarted")
    if start[0] != hash_:
        raise errors.validation("The provided starting key is outside query boundaries based on provided conditions")
    alone = Partition([start[1]], [])
    if bounds(alone, ranges) != alone.span():
        raise errors.validation("The provided starting key does not match the range key predicate")
