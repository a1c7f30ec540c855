"""Projection expressions: which parts of an item are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from mocksls._services.dynamodb.expressions.lexer import END, projection_tokens
from mocksls._services.dynamodb.expressions.nodes import Path, Remarks
from mocksls._services.dynamodb.expressions.operands import parse_path
from mocksls._services.dynamodb.expressions.path_tree import PathTree, path_tree
from mocksls._services.dynamodb.expressions.placeholders import Placeholders, ResolvedPath
from mocksls._services.dynamodb.values import AttributeValue, Item


class Projection(NamedTuple):
    """The parts of items to show: ``project(item)``; ``attributes`` are their top-level names."""

    project: Callable[[Mapping[str, AttributeValue]], Item]
    attributes: frozenset[str]


@lru_cache(maxsize=2048)
def parse_projection(text: str, reserved_words: bool = False) -> tuple[Path, ...]:
    """The paths of a projection; ``reserved_words`` lets those be names, too.

    Raises:
        ExpressionError: the text is no projection.
    """
    tokens = projection_tokens(text)
    remarks = Remarks(reserved_words_allowed=reserved_words)
    paths = [parse_path(tokens, remarks)]
    while tokens.kind == ",":
        tokens.take()
        paths.append(parse_path(tokens, remarks))
    if tokens.kind != END:
        raise tokens.unexpected()
    remarks.raise_first()
    return tuple(paths)


def bind_projection(paths: Iterable[Path], placeholders: Placeholders) -> Projection:
    """Make a projection ready to be applied.

    Raises:
        ExpressionError: an undefined name, or paths that overlap or conflict.
    """
    return projection_of([placeholders.path(path) for path in paths])


def projection_of(paths: Iterable[ResolvedPath]) -> Projection:
    """The projection on resolved paths."""
    tree = path_tree(paths)
    names = frozenset(map(str, tree.children))
    if all(child.is_leaf for child in tree.children.values()):
        return names_projection(names)
    return Projection(lambda item: _project_map(item, tree), names)


def names_projection(names: Iterable[str]) -> Projection:
    """The projection on whole attributes."""
    wanted = frozenset(names)
    return Projection(lambda item: {name: value for name, value in item.items() if name in wanted}, wanted)


def _project_map(content: Mapping[str, AttributeValue], tree: PathTree) -> Item:
    shown: Item = {}
    for name, value in content.items():
        child = tree.children.get(name)
        if child is not None:
            part = _project(value, child)
            if part is not None:
                shown[name] = part
    return shown


def _project(value: AttributeValue, tree: PathTree) -> AttributeValue | None:
    if tree.is_leaf:
        return value
    if tree.wants_map:
        members = _project_map(value.get("M", {}), tree)
        return {"M": members} if members else None
    elements: list[AttributeValue] = value.get("L", [])
    positions = sorted(part for part in tree.children if isinstance(part, int) and part < len(elements))
    parts = [_project(elements[position], tree.children[position]) for position in positions]
    found = [part for part in parts if part is not None]
    return {"L": found} if found else None
