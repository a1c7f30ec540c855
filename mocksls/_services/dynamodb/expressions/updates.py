"""Updates bound to a request's placeholders: functions from an item to the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from mocksls._services.dynamodb import errors, numbers
from mocksls._services.dynamodb.expressions import problems
from mocksls._services.dynamodb.expressions.conditions import Getter, path_getter
from mocksls._services.dynamodb.expressions.nodes import Action, Arithmetic, Function, Operand, Path
from mocksls._services.dynamodb.expressions.nodes import Value as Constant
from mocksls._services.dynamodb.expressions.path_tree import PathTree, check_paths, leaf, path_tree
from mocksls._services.dynamodb.expressions.placeholders import Placeholders, ResolvedPath
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.values import SETS, AttributeValue, Item, kind_of

REMOVED: Final = "removed"
UNCHANGED: Final = "unchanged"
_TYPE_WORDS = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
    "L": "LIST",
    "M": "MAP",
    "BOOL": "BOOL",
    "NULL": "NULL",
}

Result = AttributeValue | str
Compute = Callable[[Mapping[str, AttributeValue]], Result]


class BoundAction(NamedTuple):
    """One action: ``compute`` reads the old item and says what its path becomes."""

    section: str
    path: ResolvedPath
    compute: Compute


class BoundUpdate:
    """An update to apply.

    Raises:
        ExpressionError: two of its paths overlap or conflict.
    """

    def __init__(self, actions: Sequence[BoundAction]) -> None:
        self.actions = actions
        self.paths = [action.path for action in actions]
        self._nested = [path for path in self.paths if len(path) > 1]
        check_paths(self.paths)
        self.creates = not actions or any(action.section in ("SET", "ADD", "PUT") for action in actions)

    def apply(self, item: Mapping[str, AttributeValue]) -> Item:
        """The item after the update; every value is read from the item before it.

        Raises: ValidationException for what the item's contents do not allow.
        """
        if not self._nested:
            return _with_results(item, [(str(action.path[0]), action.compute(item)) for action in self.actions])
        for path in self._nested:
            _check_way(item, path)
        tree = path_tree(self.paths)
        for action in self.actions:
            leaf(tree, action.path).payload = action.compute(item)
        return _apply_to_map(item, tree)


def bind_update(actions: Iterable[Action], placeholders: Placeholders) -> BoundUpdate:
    """Make an update ready to be applied.

    Raises:
        ExpressionError: undefined placeholders, overlapping paths, constants that an operator cannot work with.
    """
    actions = tuple(actions)
    paths = [placeholders.path(action.path) for action in actions]
    check_paths(paths)
    return BoundUpdate([_bind_action(action, path, placeholders) for action, path in zip(actions, paths, strict=True)])


def _bind_action(action: Action, path: ResolvedPath, placeholders: Placeholders) -> BoundAction:
    if action.value is None:
        return BoundAction(action.section, path, lambda _item: REMOVED)
    if action.section == "SET":
        return BoundAction(action.section, path, _bind_value(action.value, placeholders))
    assert isinstance(action.value, Constant)
    constant = placeholders.value(action.value)
    kind = kind_of(constant)
    if kind not in SETS and not (kind == "N" and action.section == "ADD"):
        raise ExpressionError(
            "Incorrect operand type for operator or function; "
            f"operator: {action.section}, operand type: {_TYPE_WORDS[kind]}, "
            "typeSet: ALLOWED_FOR_ADD_OPERAND",
            listed=True,
        )
    return BoundAction(action.section, path, (adding if action.section == "ADD" else deleting)(path, constant))


# -- values -----------------------------------------------------------------------------------------------------------


def _bind_value(node: Operand | Arithmetic, placeholders: Placeholders) -> Compute:
    if not isinstance(node, Arithmetic):
        return _present(_bind_operand(node, placeholders))
    for side in (node.left, node.right):
        if isinstance(side, Function) and side.name == "list_append":
            raise problems.misplaced("list_append")
    left, right = (_present(_bind_operand(side, placeholders)) for side in (node.left, node.right))
    for side in (node.left, node.right):
        _check_constant(side, "N", placeholders, lambda kind: problems.operand_type(node.operator, kind))
    calculate = numbers.add if node.operator == "+" else numbers.subtract

    def compute(item: Mapping[str, AttributeValue]) -> Result:
        return {"N": calculate(_content(left(item), "N"), _content(right(item), "N"))}

    return compute


def _bind_operand(node: Operand, placeholders: Placeholders) -> Getter:
    if isinstance(node, Path):
        return path_getter(placeholders.path(node))
    if isinstance(node, Constant):
        constant = placeholders.value(node)
        return lambda _item: constant
    operands = [_bind_operand(operand, placeholders) for operand in node.operands]
    if len(operands) != 2:
        raise problems.operand_count(node.name, len(operands))
    for operand in node.operands:
        if isinstance(operand, Function) and operand.name == "list_append":
            raise problems.misplaced("list_append")
    if node.name == "if_not_exists":
        return _if_not_exists(node, operands[0], operands[1])
    return _list_append(node, operands[0], operands[1], placeholders)


def _if_not_exists(node: Function, get: Getter, default: Getter) -> Getter:
    if not isinstance(node.operands[0], Path):
        raise problems.path_needed(node.name)

    def compute(item: Mapping[str, AttributeValue]) -> AttributeValue | None:
        value = get(item)
        return default(item) if value is None else value

    return compute


def _list_append(node: Function, get: Getter, get_more: Getter, placeholders: Placeholders) -> Getter:
    for operand in node.operands:
        _check_constant(operand, "L", placeholders, lambda kind: problems.operand_type(node.name, kind))
    first, second = _present(get), _present(get_more)
    return lambda item: {"L": [*_content(first(item), "L"), *_content(second(item), "L")]}


def _check_constant(
    node: Operand, wanted: str, placeholders: Placeholders, problem: Callable[[str], ExpressionError]
) -> None:
    if isinstance(node, Constant):
        kind = kind_of(placeholders.value(node))
        if kind != wanted:
            raise problem(kind)


def _present(get: Getter) -> Compute:
    def compute(item: Mapping[str, AttributeValue]) -> Result:
        value = get(item)
        if value is None:
            raise errors.validation("The provided expression refers to an attribute that does not exist in the item")
        return value

    return compute


def _content(value: Result, kind: str, problem: Callable[[], Exception] = errors.incorrect_operand) -> Any:
    if isinstance(value, str) or kind not in value:
        raise problem()
    return value[kind]


# -- ADD and DELETE ---------------------------------------------------------------------------------------------------


def adding(
    path: ResolvedPath, operand: AttributeValue, problem: Callable[[], Exception] = errors.incorrect_operand
) -> Compute:
    """What ADD does: a sum, a union, or the operand itself where nothing was."""
    get = path_getter(path)
    kind = kind_of(operand)

    def compute(item: Mapping[str, AttributeValue]) -> Result:
        value = get(item)
        if value is None:
            return operand
        old = _content(value, kind, problem)
        if kind == "N":
            return {"N": numbers.add(old, operand["N"])}
        if kind == "L":
            return {"L": [*old, *operand["L"]]}
        known = set(old)
        return {kind: [*old, *(element for element in operand[kind] if element not in known)]}

    return compute


def deleting(
    path: ResolvedPath, operand: AttributeValue, problem: Callable[[], Exception] = errors.incorrect_operand
) -> Compute:
    """What DELETE does: a set without some elements, or nothing where none is left."""
    get = path_getter(path)
    kind = kind_of(operand)

    def compute(item: Mapping[str, AttributeValue]) -> Result:
        value = get(item)
        if value is None:
            return UNCHANGED
        unwanted = set(operand[kind])
        left = [element for element in _content(value, kind, problem) if element not in unwanted]
        return {kind: left} if left else REMOVED

    return compute


# -- putting results in their places ----------------------------------------------------------------------------------


def _apply_to_map(content: Mapping[str, AttributeValue], tree: PathTree) -> Item:
    results = (
        (str(part), child.payload if child.is_leaf else _descend(content.get(str(part)), child))
        for part, child in tree.children.items()
    )
    return _with_results(content, results)


def _with_results(content: Mapping[str, AttributeValue], results: Iterable[tuple[str, Result]]) -> Item:
    new = dict(content)
    for name, result in results:
        if result is REMOVED:
            new.pop(name, None)
        elif not isinstance(result, str):
            new[name] = result
    return new


def _check_way(item: Mapping[str, AttributeValue], path: ResolvedPath) -> None:
    """Check that what a nested path goes through is there, before any value is computed."""
    value = item.get(str(path[0]))
    for part in path[1:]:
        if value is None or ("M" if isinstance(part, str) else "L") not in value:
            raise errors.invalid_path()
        if isinstance(part, str):
            value = value["M"].get(part)
        else:
            value = value["L"][part] if part < len(value["L"]) else None


def _descend(value: AttributeValue | None, tree: PathTree) -> AttributeValue:
    kind = "M" if tree.wants_map else "L"
    if value is None or kind not in value:
        raise errors.invalid_path()
    if kind == "M":
        return {"M": _apply_to_map(value["M"], tree)}
    return {"L": _apply_to_list(value["L"], tree)}


def _apply_to_list(content: Sequence[AttributeValue], tree: PathTree) -> list[AttributeValue]:
    results: dict[int, Result] = {}
    for position in sorted(part for part in tree.children if isinstance(part, int)):
        child = tree.children[position]
        inside = content[position] if position < len(content) else None
        results[position] = child.payload if child.is_leaf else _descend(inside, child)
    kept: list[AttributeValue] = []
    for position, element in enumerate(content):
        result = results.pop(position, UNCHANGED)
        if isinstance(result, dict):
            kept.append(result)
        elif result is not REMOVED:
            kept.append(element)
    return kept + [result for result in results.values() if isinstance(result, dict)]
