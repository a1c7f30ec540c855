"""What a WHERE clause says about keys: which item a write is about, which partitions a read needs to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.expressions.conditions import BoundCondition, bind_condition
from mocksls._services.dynamodb.expressions.key_conditions import KeyCondition
from mocksls._services.dynamodb.expressions.nodes import (
    Between,
    Comparison,
    Condition,
    Function,
    In,
    Junction,
    Operand,
    Path,
    Value,
)
from mocksls._services.dynamodb.expressions.placeholders import Placeholders
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.keys import KeyShape
from mocksls._services.dynamodb.partiql import problems
from mocksls._services.dynamodb.partiql.literals import filled
from mocksls._services.dynamodb.partiql.nodes import Parsed
from mocksls._services.dynamodb.values import AttributeValue, Item, checked

_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_RANGE_OPERATORS = frozenset({"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"})
MAX_HASH_VALUES = 50


def checked_parameters(request: Mapping[str, Any]) -> list[AttributeValue]:
    """The parameters of a statement, which are checked before its text is read.

    Raises: ValidationException.
    """
    return [_parameter(value) for value in request.get("Parameters", ())]


def placeholders_of(parsed: Parsed, parameters: Sequence[AttributeValue]) -> Placeholders:
    """The names and values of a statement, checked parameters put in.

    Raises: ValidationException.
    """
    if parsed.parameters != len(parameters):
        raise errors.validation("Number of parameters in request and statement don't match.")
    values = {name: checked(filled(template, parameters))[0] for name, template in parsed.literals.items()}
    return Placeholders(parsed.names, values)


def _parameter(value: AttributeValue) -> AttributeValue:
    """A parameter, checked; numbers are read as Java's BigDecimal reads them, whose exponent has 32 bits.

    Raises: ValidationException.
    """
    try:
        return checked(value)[0]
    except AwsError as error:
        if error.message.startswith("Number "):
            unreadable = next((text for text in _numbers(value) if _is_unreadable(text)), None)
            raise errors.not_a_number(unreadable) if unreadable is not None else error from None
        raise errors.validation(error.message.removesuffix(": ")) from None


def _numbers(value: AttributeValue) -> Iterator[str]:
    ((kind, content),) = value.items()
    if kind == "N":
        yield content
    elif kind == "NS":
        yield from content
    elif kind in ("L", "M"):
        for element in content if kind == "L" else content.values():
            yield from _numbers(element)


def _is_unreadable(text: str) -> bool:
    exponent = text.lower().partition("e")[2].lstrip("+-").lstrip("0")
    return len(exponent) > 10 or int(exponent or "0") > 2**31 - 1


def bound(make: Callable[[], Any]) -> Any:
    """What is made of an expression; its complaints without a parameter's name before them.

    Raises: ValidationException.
    """
    try:
        return make()
    except ExpressionError as problem:
        raise errors.validation(problem.message) from None


def condition_of(where: Condition | None, placeholders: Placeholders) -> BoundCondition | None:
    """A WHERE clause ready to be applied.

    Raises: ValidationException.
    """
    if where is None:
        return None
    made: BoundCondition = bound(lambda: bind_condition(where, placeholders))
    return made


def conjuncts(where: Condition | None) -> list[Condition]:
    """The conditions that must all hold."""
    if where is None:
        return []
    if isinstance(where, Junction) and where.operator == "AND":
        return [part for condition in where.conditions for part in conjuncts(condition)]
    return [where]


def split_key(
    where: Condition, shape: KeyShape, placeholders: Placeholders
) -> tuple[dict[str, AttributeValue], list[Condition]]:
    """The key that a WHERE clause names by equality, and the conditions besides.

    Raises: ValidationException unless there is one equality on each key attribute.
    """
    key: dict[str, AttributeValue] = {}
    others: list[Condition] = []
    for condition in conjuncts(where):
        found = key_condition(condition, placeholders)
        if found is None or found.name not in shape.names or found.operator != "=":
            others.append(condition)
        elif found.name in key and key[found.name] != found.values[0]:
            raise errors.validation(
                f"Multiple conditions on same key {found.name}. Only single item Update/Insert/Delete are supported"
            )
        else:
            key[found.name] = found.values[0]
    if len(key) < len(shape.names):
        raise errors.validation(problems.NO_KEY)
    return key, others


def key_condition(node: Condition, placeholders: Placeholders) -> KeyCondition | None:
    """A condition on one top-level attribute that an index could answer; None for any other."""
    if isinstance(node, Comparison):
        if isinstance(node.left, Path) and isinstance(node.right, Value):
            return _simple(node.left, node.operator, (node.right,), placeholders)
        if isinstance(node.right, Path) and isinstance(node.left, Value) and node.operator in _TURNED:
            return _simple(node.right, _TURNED[node.operator], (node.left,), placeholders)
        return None
    if isinstance(node, Between):
        return _simple(node.operand, "BETWEEN", (node.low, node.high), placeholders)
    if isinstance(node, In):
        return _simple(node.operand, "IN", node.choices, placeholders)
    if isinstance(node, Function) and node.name == "begins_with" and len(node.operands) == 2:
        return _simple(node.operands[0], "begins_with", node.operands[1:], placeholders)
    return None


def _simple(
    path: Operand, operator: str, operands: Sequence[Operand], placeholders: Placeholders
) -> KeyCondition | None:
    if not isinstance(path, Path) or len(path.parts) > 1:
        return None
    values = [placeholders.value(operand) for operand in operands if isinstance(operand, Value)]
    if len(values) < len(operands):
        return None
    return KeyCondition(str(placeholders.path(path)[0]), operator, tuple(values))


def hash_values(where: Condition | None, name: str, placeholders: Placeholders) -> list[AttributeValue] | None:
    """The only values of a hash attribute that can meet a condition; None where it does not bound them."""
    if where is None:
        return None
    if isinstance(where, Junction):
        found = [hash_values(part, name, placeholders) for part in where.conditions]
        if where.operator == "AND":
            return next((values for values in found if values is not None), None)
        if any(values is None for values in found):
            return None
        return _distinct(value for values in found if values is not None for value in values)
    condition = key_condition(where, placeholders)
    if condition is None or condition.name != name or condition.operator not in ("=", "IN"):
        return None
    return _distinct(condition.values)


def _distinct(values: Iterable[AttributeValue]) -> list[AttributeValue]:
    found: list[AttributeValue] = []
    for value in values:
        if value not in found:
            found.append(value)
    if len(found) > MAX_HASH_VALUES:
        raise errors.validation("Too many decomposed read operations for a given query.")
    return found


def range_conditions(where: Condition | None, shape: KeyShape, placeholders: Placeholders) -> list[KeyCondition]:
    """The conditions on the range attribute that narrow every partition that is read (one is enough)."""
    if not shape.range:
        return []
    name, kind = shape.range[0]
    for part in conjuncts(where):
        found = key_condition(part, placeholders)
        narrows = found is not None and found.name == name and found.operator in _RANGE_OPERATORS
        if found is not None and narrows and all(kind in value for value in found.values):
            return [found]
    return []


def exact_key(where: Condition | None, shape: KeyShape, placeholders: Placeholders) -> Mapping[str, Any] | None:
    """The key of a SELECT that asks for one item by its key and nothing else; None for any other.

    Its values may be said twice, and by an IN of one.
    """
    key: dict[str, AttributeValue] = {}
    for condition in conjuncts(where):
        found = key_condition(condition, placeholders)
        if found is None or found.name not in shape.names or found.operator not in ("=", "IN"):
            return None
        if len(found.values) > 1 or key.setdefault(found.name, found.values[0]) != found.values[0]:
            return None
    return key if len(key) == len(shape.names) else None


def names_one_item(where: Condition, shape: KeyShape, placeholders: Placeholders) -> bool:
    """Whether a WHERE clause has one equality on each key attribute, of its type."""
    try:
        canonical_key(split_key(where, shape, placeholders)[0], shape)
    except AwsError:
        return False
    return True


def names_keys(where: Condition, shape: KeyShape, placeholders: Placeholders) -> bool:
    """Whether a WHERE clause has an equality on each key attribute, whatever else it says."""
    found = (key_condition(part, placeholders) for part in conjuncts(where))
    return shape.names <= {one.name for one in found if one is not None and one.operator == "="}


def canonical_key(key: Mapping[str, AttributeValue], shape: KeyShape) -> Item:
    """A key in the schema's order, its types checked.

    Raises: ValidationException.
    """
    for name, kind in shape.attributes:
        if kind not in key[name]:
            raise errors.validation("The provided key element does not match the schema")
    return {name: key[name] for name, _ in shape.attributes}
