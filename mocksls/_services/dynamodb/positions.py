"""Conditions on range attributes into positions of a sorted partition, found by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from mocksls._services.dynamodb.expressions.key_conditions import KeyCondition
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.values import sortable

Bounds = tuple[int, int]


def bounds(sorts: Sequence[Parts], ranges: Sequence[KeyCondition]) -> Bounds:
    """The slice of sorted positions that meets the conditions on range attributes, found by bisection."""
    low, high = 0, len(sorts)
    for depth, condition in enumerate(ranges):
        kind = next(iter(condition.values[0]))
        values = [sortable(kind, value[kind]) for value in condition.values]
        low, high = _narrowed(sorts, (low, high), depth, condition.operator, values)
    return low, high


def _narrowed(sorts: Sequence[Parts], within: Bounds, depth: int, operator: str, values: Sequence[Any]) -> Bounds:
    low, high = within

    def part(position: Parts) -> Any:
        return position[depth]

    def left(value: Any, key: Callable[[Parts], Any] = part) -> int:
        return bisect_left(sorts, value, low, high, key=key)

    def right(value: Any, key: Callable[[Parts], Any] = part) -> int:
        return bisect_right(sorts, value, low, high, key=key)

    first = values[0]
    if operator == "begins_with":
        length = len(first)
        return left(first), right(first, lambda position: position[depth][:length])
    if operator == "<":
        return low, left(first)
    if operator == "<=":
        return low, right(first)
    if operator == ">":
        return right(first), high
    if operator == ">=":
        return left(first), high
    return left(first), right(values[-1])
