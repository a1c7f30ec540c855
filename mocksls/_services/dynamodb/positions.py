"""Conditions on range attributes into spans of a partition, found by bisection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocksls._services.dynamodb.expressions.key_conditions import KeyCondition
from mocksls._services.dynamodb.ordering import Partition, Parts, Span
from mocksls._services.dynamodb.values import sortable


def bounds(partition: Partition, ranges: Sequence[KeyCondition]) -> Span:
    """The span of a partition that meets the conditions on range attributes, found by bisection."""
    span = partition.span()
    for depth, condition in enumerate(ranges):
        kind = next(iter(condition.values[0]))
        values = [sortable(kind, value[kind]) for value in condition.values]
        span = _narrowed(partition, span, depth, condition.operator, values)
    return span


def _narrowed(partition: Partition, within: Span, depth: int, operator: str, values: Sequence[Any]) -> Span:
    low, high = within

    def part(sort: Parts) -> Any:
        return sort[depth]

    first = values[0]
    if operator == "begins_with":
        length = len(first)
        after = partition.right(first, within, lambda sort: sort[depth][:length])
        return partition.left(first, within, part), after
    if operator == "<":
        return low, partition.left(first, within, part)
    if operator == "<=":
        return low, partition.right(first, within, part)
    if operator == ">":
        return partition.right(first, within, part), high
    if operator == ">=":
        return partition.left(first, within, part), high
    return partition.left(first, within, part), partition.right(values[-1], within, part)
