"""Conditions bound to a request's placeholders: functions that say whether an item meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mocksls._services.dynamodb import comparison
from mocksls._services.dynamodb.comparison import Predicate
from mocksls._services.dynamodb.expressions import operands, problems
from mocksls._services.dynamodb.expressions.nodes import (
    Between,
    Comparison,
    Condition,
    Function,
    In,
    Junction,
    Not,
    Operand,
    Path,
)
from mocksls._services.dynamodb.expressions.nodes import Value as Constant
from mocksls._services.dynamodb.expressions.placeholders import Placeholders, ResolvedPath
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.values import SCALARS, TYPES, AttributeValue, kind_of, shown, sortable

Getter = Callable[[Mapping[str, AttributeValue]], "AttributeValue | None"]
MAX_CHOICES = 100
_TYPE_NAMES = "{SS,NULL,BS,BOOL,B,L,NS,N,S,M}"


class BoundCondition(NamedTuple):
    """A condition to apply: ``test(item)``; ``attributes`` are the top-level names that it reads."""

    test: Predicate
    attributes: frozenset[str]


class BoundOperand(NamedTuple):
    """An operand to read: a constant, a document path, or a function; ``kind`` is its type where that is known."""

    get: Getter
    constant: AttributeValue | None = None
    path: ResolvedPath | None = None
    kind: str = ""


def bind_condition(condition: Condition, placeholders: Placeholders) -> BoundCondition:
    """Make a condition ready to be applied.

    Raises:
        ExpressionError: an undefined placeholder, or a constant that an operator cannot work with.
    """
    binder = _Binder(placeholders)
    test = binder.condition(condition)
    return BoundCondition(test, frozenset(binder.attributes))


def path_getter(path: ResolvedPath) -> Getter:
    """A function that follows a path into an item; it gives None where the path leads nowhere."""
    first, rest = str(path[0]), path[1:]
    if not rest:
        return lambda item: item.get(first)

    def get(item: Mapping[str, AttributeValue]) -> AttributeValue | None:
        value = item.get(first)
        for part in rest:
            if value is None:
                return None
            value = _step(value, part)
        return value

    return get


def _step(value: AttributeValue, part: str | int) -> AttributeValue | None:
    if isinstance(part, str):
        inside: dict[str, AttributeValue] = value.get("M", {})
        return inside.get(part)
    elements: list[AttributeValue] = value.get("L", [])
    return elements[part] if part < len(elements) else None


class _Binder:
    """Walks a tree once; the parser has bounded its depth by the number of operators."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self.attributes: set[str] = set()

    def condition(self, node: Condition) -> Predicate:
        if isinstance(node, Junction):
            tests = tuple(self.condition(condition) for condition in node.conditions)
            return comparison.all_of(tests) if node.operator == "AND" else comparison.any_of(tests)
        if isinstance(node, Not):
            test = self.condition(node.condition)
            return lambda item: not test(item)
        if isinstance(node, Comparison):
            return self._comparison(node)
        if isinstance(node, Between):
            return self._between(node)
        if isinstance(node, In):
            return self._in(node)
        return self._condition_function(node)

    # -- operators ---------------------------------------------------------------------------------------------------

    def _comparison(self, node: Comparison) -> Predicate:
        left, right = self.operand(node.left), self.operand(node.right)
        _check_distinct(node.operator, left, right)
        if node.operator not in ("=", "<>"):
            for operand in (left, right):
                if operand.kind and operand.kind not in SCALARS:
                    raise problems.operand_type(node.operator, operand.kind)
        compare = comparison.OPERATORS[node.operator]
        get_left, get_right = left.get, right.get
        return lambda item: compare(get_left(item), get_right(item))

    def _between(self, node: Between) -> Predicate:
        tested, low, high = (self.operand(operand) for operand in (node.operand, node.low, node.high))
        if tested.kind and tested.kind not in SCALARS:
            raise problems.operand_type("BETWEEN", tested.kind)
        check_bounds(low.constant, high.constant)
        _check_distinct("BETWEEN", tested, low, high)
        get, get_low, get_high = tested.get, low.get, high.get
        return lambda item: comparison.between(get(item), get_low(item), get_high(item))

    def _in(self, node: In) -> Predicate:
        if len(node.choices) > MAX_CHOICES:
            raise ExpressionError(
                f"The IN operator is provided with too many operands; number of operands: {len(node.choices) + 1}"
            )
        tested = self.operand(node.operand)
        choices = [self.operand(choice) for choice in node.choices]
        _check_distinct("IN", tested, *choices)
        get, getters = tested.get, [choice.get for choice in choices]

        def test(item: Mapping[str, AttributeValue]) -> bool:
            value = get(item)
            return any(comparison.equal(value, choice(item)) for choice in getters)

        return test

    # -- functions ---------------------------------------------------------------------------------------------------

    def _condition_function(self, node: Function) -> Predicate:
        bound = [self.operand(operand) for operand in node.operands]
        if node.name in operands.VALUE_FUNCTIONS:
            raise problems.misplaced(node.name)
        _check_count(node, 1 if node.name in ("attribute_exists", "attribute_not_exists") else 2)
        get = bound[0].get
        if node.name in ("attribute_exists", "attribute_not_exists"):
            if bound[0].path is None:
                raise problems.path_needed(node.name)
            return comparison.exists(get) if node.name == "attribute_exists" else comparison.missing(get)
        if node.name == "attribute_type":
            kind = _wanted_type(bound[1])
            return lambda item: kind in (get(item) or ())
        return self._pair_function(node.name, bound[0], bound[1])

    def _pair_function(self, name: str, first: BoundOperand, second: BoundOperand) -> Predicate:
        get, get_other = first.get, second.get
        if name == "contains":
            _check_distinct(name, first, second)
            return lambda item: comparison.contains(get(item), get_other(item))
        for operand in (first, second):
            if operand.kind and operand.kind not in ("S", "B"):
                raise problems.operand_type(name, operand.kind)
        _check_distinct(name, first, second)
        return lambda item: comparison.begins_with(get(item), get_other(item))

    # -- operands ----------------------------------------------------------------------------------------------------

    def operand(self, node: Operand) -> BoundOperand:
        if isinstance(node, Path):
            path = self._placeholders.path(node)
            self.attributes.add(str(path[0]))
            return BoundOperand(path_getter(path), path=path)
        if isinstance(node, Constant):
            constant = self._placeholders.value(node)
            return BoundOperand(lambda _item: constant, constant, kind=kind_of(constant))
        return self._size(node)

    def _size(self, node: Function) -> BoundOperand:
        bound = [self.operand(operand) for operand in node.operands]
        if node.name in operands.CONDITION_FUNCTIONS:
            raise problems.misplaced(node.name)
        _check_count(node, 1)
        get, kind = bound[0].get, bound[0].kind
        if kind in ("N", "BOOL", "NULL"):
            raise problems.operand_type(node.name, kind)
        return BoundOperand(lambda item: comparison.size(get(item)), kind="N")


def check_bounds(low: AttributeValue | None, high: AttributeValue | None) -> None:
    """Check the constant bounds of BETWEEN: ordered types, the same one, low before high."""
    for bound in (low, high):
        if bound is not None and kind_of(bound) not in SCALARS:
            raise problems.operand_type("BETWEEN", kind_of(bound))
    if low is None or high is None:
        return
    kind = kind_of(low)
    rule = ""
    if kind != kind_of(high):
        rule = "same data type for lower and upper bounds"
    elif sortable(kind, high[kind]) < sortable(kind, low[kind]):
        rule = "upper bound to be greater than or equal to lower bound"
    if rule:
        raise ExpressionError(
            f"The BETWEEN operator requires {rule}; "
            f"lower bound operand: AttributeValue: {shown(low)}, upper bound operand: AttributeValue: {shown(high)}"
        )


def _check_count(node: Function, wanted: int) -> None:
    if len(node.operands) != wanted:
        raise problems.operand_count(node.name, len(node.operands))


def _check_distinct(operator: str, first: BoundOperand, *others: BoundOperand) -> None:
    if first.path is not None and any(other.path == first.path for other in others):
        raise problems.not_distinct(operator, problems.spelled(first.path))


def _wanted_type(operand: BoundOperand) -> str:
    if operand.constant is None or operand.kind != "S":
        raise problems.operand_type("attribute_type", operand.kind or _TYPE_NAMES)
    wanted: Any = operand.constant["S"]
    if wanted not in TYPES:
        raise ExpressionError(f"Invalid attribute type name found; type: {wanted}, valid types: {_TYPE_NAMES}")
    return str(wanted)
