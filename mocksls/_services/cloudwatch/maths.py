"""Metric maths evaluated: numbers, series, and arrays of series.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace

from .expressions import ExpressionError, Function, Listed, Name, Node, Number, Operation, Text
from .functions import FUNCTIONS
from .series import Series

Value = float | Series | list[Series]
Lookup = Callable[[str], list[Series]]


_WORDS = ("LINEAR", "REPEAT", "AVG", "MAX", "MIN", "SUM", "ASC", "DESC")


def _divided(left: float, right: float) -> float:
    return left / right if right else math.nan


def _raised(left: float, right: float) -> float:
    try:
        found = left**right
    except (OverflowError, ZeroDivisionError):
        return math.nan
    return found if isinstance(found, float) else math.nan


_SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "^": _raised,
    "==": lambda left, right: float(left == right),
    "!=": lambda left, right: float(left != right),
    "<": lambda left, right: float(left < right),
    ">": lambda left, right: float(left > right),
    "<=": lambda left, right: float(left <= right),
    ">=": lambda left, right: float(left >= right),
    "AND": lambda left, right: float(bool(left) and bool(right)),
    "OR": lambda left, right: float(bool(left) or bool(right)),
}


def evaluate(node: Node, lookup: Lookup, search: Callable[[str, str, int], list[Series]]) -> Value:
    """The value of an expression.

    Args:
        node: the expression.
        lookup: the series of another query, by its id.
        search: what SEARCH finds, by its text, statistic and period.

    Raises:
        ExpressionError: it has no value.
    """
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return _one_or_many(lookup(node.value))
    if isinstance(node, Listed):
        return [series for item in node.items for series in _series_of(evaluate(item, lookup, search))]
    if isinstance(node, Operation):
        left, right = evaluate(node.left, lookup, search), evaluate(node.right, lookup, search)
        return combined(_SIGNS[node.sign], left, right)
    if isinstance(node, Function):
        return _called(node, lookup, search)
    raise ExpressionError("a text is no value")


def _called(node: Function, lookup: Lookup, search: Callable[[str, str, int], list[Series]]) -> Value:
    if node.name == "SEARCH":
        return _searched(node, search)
    if node.name == "IF":
        return _chosen([evaluate(each, lookup, search) for each in node.arguments])
    if node.name == "METRICS":
        pattern = node.arguments[0] if node.arguments else Text("")
        if not isinstance(pattern, Text):
            raise ExpressionError("METRICS takes a text")
        return lookup(f"METRICS:{pattern.value}")
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise ExpressionError(f"the function {node.name} is not known")
    arguments: list[Value | str] = []
    for each in node.arguments:
        if isinstance(each, Text) or (isinstance(each, Name) and each.value in _WORDS):
            arguments.append(each.value)
        else:
            arguments.append(evaluate(each, lookup, search))
    try:
        value: Value = function(*arguments)
    except (TypeError, ValueError, LookupError, ArithmeticError):
        raise ExpressionError(f"the arguments of {node.name} are not what it takes") from None
    return value


def _searched(node: Function, search: Callable[[str, str, int], list[Series]]) -> Value:
    given = node.arguments
    if not 2 <= len(given) <= 3 or not isinstance(given[0], Text) or not isinstance(given[1], Text):
        raise ExpressionError("SEARCH takes a text, a statistic and a period")
    period = given[2].value if len(given) == 3 and isinstance(given[2], Number) else 300
    return search(given[0].value, given[1].value, int(period))


def combined(sign: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """An operator over values; series are taken at the times that both have."""
    if isinstance(left, list):
        if isinstance(right, list):
            raise ExpressionError("arrays cannot be combined with arrays")
        return [_combined(sign, each, right) for each in left]
    if isinstance(right, list):
        return [_combined(sign, left, each) for each in right]
    if isinstance(left, Series) or isinstance(right, Series):
        return _combined(sign, left, right)
    return sign(left, right)


def _combined(sign: Callable[[float, float], float], left: float | Series, right: float | Series) -> Series:
    model = left if isinstance(left, Series) else right
    if not isinstance(model, Series):
        raise ExpressionError("a series is needed")
    places = set(model.values)
    if isinstance(left, Series) and isinstance(right, Series):
        places &= set(right.values)
    values: dict[int, float] = {}
    for place in sorted(places):
        first = left.values[place] if isinstance(left, Series) else left
        second = right.values[place] if isinstance(right, Series) else right
        found = sign(first, second)
        if math.isfinite(found):
            values[place] = found
    return replace(model, values=values, units=())


def _chosen(given: list[Value]) -> Value:
    """IF: the second value where the first is not 0, else the third, or nothing."""
    if not 2 <= len(given) <= 3 or any(isinstance(each, list) for each in given):
        raise ExpressionError("IF takes a condition and one or two values")
    condition, yes, no = given[0], given[1], given[2] if len(given) == 3 else None
    if isinstance(condition, (int, float)):
        chosen = yes if condition else no
        if chosen is None:
            raise ExpressionError("IF has no value")
        return chosen
    if isinstance(condition, list):
        raise ExpressionError("IF takes a series as condition")
    values: dict[int, float] = {}
    for place, holds in condition.values.items():
        chosen = yes if holds else no
        value = chosen.values.get(place) if isinstance(chosen, Series) else chosen
        if isinstance(value, (int, float)):
            values[place] = value
    return replace(condition, values=values, units=())


def _one_or_many(found: list[Series]) -> Value:
    return found[0] if len(found) == 1 else found


def _series_of(value: Value) -> list[Series]:
    if isinstance(value, Series):
        return [value]
    if isinstance(value, list):
        return value
    raise ExpressionError("an array holds series")
