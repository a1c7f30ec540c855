"""Key condition expressions: the conditions of a Query on key attributes, one for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.expressions.conditions import bind_condition
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
    Value,
)
from mocksls._services.dynamodb.expressions.placeholders import Placeholders
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.values import AttributeValue

_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class KeyCondition(NamedTuple):
    """``name`` =, <, <=, >, >=, BETWEEN or begins_with ``values``."""

    name: str
    operator: str
    values: tuple[AttributeValue, ...]


def bind_key_conditions(condition: Condition, placeholders: Placeholders) -> list[KeyCondition]:
    """The conditions on keys that a tree holds.

    Raises:
        ExpressionError: what is wrong in any condition.
        AwsError: ValidationException for what a key condition must not have.
    """
    bind_condition(condition, placeholders)
    leaves = list(_leaves(condition))
    found = [_key_condition(leaf, placeholders) for leaf in leaves]
    if len({one.name for one in found}) < len(found):
        raise ExpressionError("KeyConditionExpressions must only contain one condition per key")
    return found


def _leaves(condition: Condition) -> Iterator[Condition]:
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Junction):
            if node.operator == "OR":
                raise _operator("OR")
            waiting.extend(reversed(node.conditions))
        else:
            yield node


def _operator(name: str) -> Exception:
    return errors.validation(f"Invalid operator used in KeyConditionExpression: {name}")


def _key_condition(node: Condition, placeholders: Placeholders) -> KeyCondition:
    if isinstance(node, Comparison):
        if node.operator == "<>":
            raise _operator("<>")
        return _comparison(node, placeholders)
    if isinstance(node, Between):
        return _prefix("BETWEEN", (node.operand, node.low, node.high), placeholders)
    if isinstance(node, Function) and node.name == "begins_with":
        return _prefix("begins_with", node.operands, placeholders)
    if isinstance(node, In):
        raise _operator("IN")
    raise _operator("NOT" if isinstance(node, Not) else node.name if isinstance(node, Function) else "OR")


def _comparison(node: Comparison, placeholders: Placeholders) -> KeyCondition:
    _check_flat((node.left, node.right))
    left, right = node.left, node.right
    if isinstance(left, Path) and isinstance(right, Path):
        raise errors.validation(
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
        )
    if isinstance(left, Path) and isinstance(right, Value):
        return KeyCondition(_attribute(left, placeholders), node.operator, (placeholders.value(right),))
    if isinstance(right, Path) and isinstance(left, Value):
        return KeyCondition(_attribute(right, placeholders), _TURNED[node.operator], (placeholders.value(left),))
    raise errors.validation("Invalid condition in KeyConditionExpression: No key attribute specified")


def _prefix(operator: str, operands: tuple[Operand, ...], placeholders: Placeholders) -> KeyCondition:
    _check_flat(operands)
    first, *others = operands
    if not any(isinstance(operand, Path) for operand in operands):
        raise errors.validation("Invalid condition in KeyConditionExpression: No key attribute specified")
    if not isinstance(first, Path):
        raise errors.validation(
            f"Invalid condition in KeyConditionExpression: {operator} operator must have the key attribute as its "
            "first operand"
        )
    values = [placeholders.value(operand) for operand in others if isinstance(operand, Value)]
    if len(values) < len(others):
        raise errors.validation(
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
        )
    return KeyCondition(_attribute(first, placeholders), operator, tuple(values))


def _check_flat(operands: tuple[Operand, ...]) -> None:
    if any(isinstance(operand, Function) for operand in operands):
        raise errors.validation("KeyConditionExpressions cannot contain nested operations")


def _attribute(path: Path, placeholders: Placeholders) -> str:
    if len(path.parts) > 1:
        raise errors.validation("KeyConditionExpressions cannot have conditions on nested attributes")
    return str(placeholders.path(path)[0])
