"""Several document paths as one tree: overlaps and conflicts show while it is built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mocksls._services.dynamodb.expressions import problems
from mocksls._services.dynamodb.expressions.placeholders import ResolvedPath


class PathTree:
    """A node: ``first`` is the path that made it, ``payload`` what the path that ends here carries."""

    __slots__ = ("children", "first", "payload")

    def __init__(self, first: ResolvedPath = ()) -> None:
        self.first = first
        self.children: dict[str | int, PathTree] = {}
        self.payload: Any = None

    @property
    def is_leaf(self) -> bool:
        """Whether a path ends here."""
        return not self.children

    @property
    def wants_map(self) -> bool:
        """Whether the paths go on by name (else by position)."""
        return isinstance(next(iter(self.children)), str)


def check_paths(paths: Sequence[ResolvedPath]) -> None:
    """Check that some paths go together.

    Raises:
        ExpressionError: as ``path_tree``.
    """
    if len({path[0] for path in paths}) != len(paths):
        path_tree(paths)


def path_tree(paths: Iterable[ResolvedPath]) -> PathTree:
    """The tree of some paths.

    Raises:
        ExpressionError: one path lies on another, or takes for a list what another takes for a map.
    """
    root = PathTree()
    for path in paths:
        _insert(root, path)
    return root


def _insert(root: PathTree, path: ResolvedPath) -> None:
    node = root
    fresh = False
    for part in path:
        if node is not root and not fresh:
            _check_way(node, part, path)
        child = node.children.get(part)
        fresh = child is None
        if child is None:
            child = node.children[part] = PathTree(path)
        node = child
    if not fresh:
        raise problems.paths("overlap", node.first, path)


def _check_way(node: PathTree, part: str | int, path: ResolvedPath) -> None:
    if node.is_leaf:
        raise problems.paths("overlap", node.first, path)
    if node.wants_map != isinstance(part, str):
        raise problems.paths("conflict", node.first, path)


def leaf(root: PathTree, path: ResolvedPath) -> PathTree:
    """The node where a path of the tree ends."""
    node = root
    for part in path:
        node = node.children[part]
    return node
