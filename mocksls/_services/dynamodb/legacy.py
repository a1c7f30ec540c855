"""The parameters that expressions replaced: Expected, filters, KeyConditions, AttributeUpdates, AttributesToGet.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mocksls._services.dynamodb import comparison, errors
from mocksls._services.dynamodb.comparison import Compared, Predicate
from mocksls._services.dynamodb.expressions.conditions import BoundCondition
from mocksls._services.dynamodb.expressions.key_conditions import KeyCondition
from mocksls._services.dynamodb.expressions.projections import Projection, names_projection
from mocksls._services.dynamodb.expressions.updates import REMOVED, BoundAction, BoundUpdate, adding, deleting
from mocksls._services.dynamodb.values import SCALARS, SETS, AttributeValue, checked, kind_of, sortable

_COUNTS = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2}
_SCALAR_OPERATORS = frozenset({"LT", "LE", "GT", "GE", "BETWEEN", "IN", "CONTAINS", "NOT_CONTAINS"})
_KEY_OPERATORS = {
    "EQ": "=",
    "LT": "<",
    "LE": "<=",
    "GT": ">",
    "GE": ">=",
    "BETWEEN": "BETWEEN",
    "BEGINS_WITH": "begins_with",
}


def _not_contains(value: Compared, part: Compared) -> bool:
    return value is not None and not comparison.contains(value, part)


_PAIRS: dict[str, Callable[[Compared, Compared], bool]] = {
    "EQ": comparison.equal,
    "NE": comparison.not_equal,
    "LT": comparison.less,
    "LE": comparison.less_or_equal,
    "GT": comparison.greater,
    "GE": comparison.greater_or_equal,
    "BEGINS_WITH": comparison.begins_with,
    "CONTAINS": comparison.contains,
    "NOT_CONTAINS": _not_contains,
}


# -- conditions -------------------------------------------------------------------------------------------------------


def expected(request: Mapping[str, Any]) -> Predicate | None:
    """The condition in Expected, if there is one.

    Raises: ValidationException.
    """
    given = request.get("Expected")
    _check_operator_used(request, given)
    if not given:
        return None
    tests = [_expectation(name, condition) for name, condition in given.items()]
    return _joined(tests, request)


def filter_of(request: Mapping[str, Any], parameter: str) -> BoundCondition | None:
    """The condition in QueryFilter or ScanFilter, if there is one.

    Raises: ValidationException.
    """
    given = request.get(parameter)
    _check_operator_used(request, given)
    if not given:
        return None
    tests = [_test(name, condition) for name, condition in given.items()]
    return BoundCondition(_joined(tests, request), frozenset(given))


def _check_operator_used(request: Mapping[str, Any], given: Mapping[str, Any] | None) -> None:
    if "ConditionalOperator" in request and not given:
        raise errors.validation("ConditionalOperator cannot be used without Filter or Expected")


def _joined(tests: Sequence[Predicate], request: Mapping[str, Any]) -> Predicate:
    join = comparison.any_of if request.get("ConditionalOperator") == "OR" else comparison.all_of
    return join(tuple(tests))


def _expectation(name: str, given: Mapping[str, Any]) -> Predicate:
    if "ComparisonOperator" in given:
        if "Exists" in given:
            raise errors.invalid(f"Exists and ComparisonOperator cannot be used together for Attribute: {name}")
        if "Value" in given and "AttributeValueList" in given:
            raise errors.invalid(f"Value and AttributeValueList cannot be used together for Attribute: {name}")
        values = given.get("AttributeValueList", [given["Value"]] if "Value" in given else [])
        return _test(name, {"ComparisonOperator": given["ComparisonOperator"], "AttributeValueList": values})
    if "AttributeValueList" in given:
        raise errors.invalid(f"AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}")
    if given.get("Exists", True):
        if "Value" not in given:
            exists = "true" if "Exists" in given else "null"
            raise errors.invalid(f"Value must be provided when Exists is {exists} for Attribute: {name}")
        return _test(name, {"ComparisonOperator": "EQ", "AttributeValueList": [given["Value"]]})
    if "Value" in given:
        raise errors.invalid(f"Value cannot be used when Exists is false for Attribute: {name}")
    return lambda item: name not in item


def _test(name: str, condition: Mapping[str, Any]) -> Predicate:
    operator = condition["ComparisonOperator"]
    values = checked_arguments(operator, condition.get("AttributeValueList", []))
    if operator == "NULL":
        return lambda item: name not in item
    if operator == "NOT_NULL":
        return lambda item: name in item
    if operator == "IN":
        return lambda item: any(comparison.equal(item.get(name), value) for value in values)
    if operator == "BETWEEN":
        return lambda item: comparison.between(item.get(name), values[0], values[1])
    compare = _PAIRS[operator]
    value = values[0]
    return lambda item: compare(item.get(name), value)


def checked_arguments(operator: str, given: Sequence[AttributeValue]) -> list[AttributeValue]:
    """The arguments of a legacy operator, canonical.

    Raises: ValidationException for their number or types.
    """
    values = [checked(value)[0] for value in given]
    if len(values) != _COUNTS.get(operator, 1) and not (operator == "IN" and values):
        raise errors.invalid(f"Invalid number of argument(s) for the {operator} ComparisonOperator")
    kinds = {kind_of(value) for value in values}
    if len(kinds) > 1:
        raise errors.invalid("AttributeValues inside AttributeValueList must be of same type")
    allowed = SCALARS if operator in _SCALAR_OPERATORS else ("S", "B") if operator == "BEGINS_WITH" else kinds
    for kind in kinds:
        if kind not in allowed:
            raise errors.invalid(f"ComparisonOperator {operator} is not valid for {kind} AttributeValue type")
    if operator == "BETWEEN":
        _check_range(values, kind_of(values[0]))
    return values


def _check_range(values: Sequence[AttributeValue], kind: str) -> None:
    if sortable(kind, values[1][kind]) < sortable(kind, values[0][kind]):
        raise errors.validation(
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
        )


def key_conditions(given: Mapping[str, Mapping[str, Any]]) -> list[KeyCondition]:
    """The conditions in KeyConditions.

    Raises: ValidationException.
    """
    found = []
    for name, condition in given.items():
        operator = condition["ComparisonOperator"]
        values = checked_arguments(operator, condition.get("AttributeValueList", []))
        found.append(KeyCondition(name, _KEY_OPERATORS.get(operator, operator), tuple(values)))
    return found


# -- updates and projections ------------------------------------------------------------------------------------------


def attribute_updates(given: Mapping[str, Mapping[str, Any]]) -> BoundUpdate:
    """The update in AttributeUpdates.

    Raises: ValidationException.
    """
    return BoundUpdate([_action(name, update) for name, update in given.items()])


def _action(name: str, update: Mapping[str, Any]) -> BoundAction:
    action, given = update.get("Action", "PUT"), update.get("Value")
    path = (name,)
    if given is None:
        if action != "DELETE":
            raise errors.invalid("Only DELETE action is allowed when no attribute value is specified")
        return BoundAction("DELETE", path, lambda _item: REMOVED)
    value = checked(given)[0]
    kind = kind_of(value)
    if action == "PUT":
        return BoundAction("PUT", path, lambda _item: value)
    if action == "ADD":
        if kind != "N" and kind not in SETS and kind != "L":
            raise errors.invalid(f"ADD action is not supported for the type {kind}")
        return BoundAction("ADD", path, adding(path, value, errors.type_mismatch))
    if kind not in SETS:
        raise errors.invalid(f"DELETE action with value is not supported for the type {kind}")
    return BoundAction("DELETE", path, deleting(path, value, errors.type_mismatch))


def attributes_to_get(request: Mapping[str, Any]) -> Projection | None:
    """The projection in AttributesToGet, if it was given.

    Raises: ValidationException for a name given twice.
    """
    names = request.get("AttributesToGet")
    if names is None:
        return None
    for position, name in enumerate(names):
        if name in names[:position]:
            raise errors.invalid(f"Duplicate value in attribute name: {name}")
    return names_projection(names)
