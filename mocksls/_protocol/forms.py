"""Form parameters (``Tags.member.1.Key=a``) -> shapes: the query protocol's requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import Shape

from .faults import MAX_DEPTH, malformed_input, too_deep
from .scalars import MalformedValue, text_reader

Tree = dict[str, Any]
Reader = Callable[[Any], Any]

_OWN = ""


def parse_form(text: str) -> dict[str, str]:
    """Names and values; of repeated names the last one counts."""
    return dict(parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace"))


def tree(parameters: Mapping[str, str]) -> Tree:
    """The parameters as nested mappings, one level per dot; a node's own value lies under the empty name."""
    root: Tree = {}
    for name, value in parameters.items():
        parts = name.split(".")
        if len(parts) > MAX_DEPTH:
            raise too_deep()
        node = root
        for part in parts:
            node = node.setdefault(part or "?", {})
        node[_OWN] = value
    return root


def _numbered(node: Tree) -> list[Any]:
    """The children that are numbered, in the order of their numbers."""
    found = []
    for name, child in node.items():
        if name == _OWN:
            continue
        if not (name.isascii() and name.isdigit() and len(name) < 10):
            raise malformed_input(name)
        found.append((int(name), child))
    return [child for _, child in sorted(found, key=lambda pair: pair[0])]


class FormReader:
    """Makes the readers of form trees. ``names`` gives parameter names the model has lost (``Shape.member``)."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._structures: dict[str, Reader] = {}

    def reader(self, shape: Shape) -> Reader:
        """The reader of a shape: ``read(node)``."""
        kind = shape.type_name
        if kind == "structure":
            return self._structure(shape)
        if kind == "list":
            return self._list(shape)
        if kind == "map":
            return self._map(shape)
        return _scalar(shape)

    def _structure(self, shape: Shape) -> Reader:
        known = self._structures.get(shape.name)
        if known is None:
            members: list[tuple[str, str, Reader]] = []
            known = self._structures[shape.name] = _structure_reader(members)
            for name, member in shape.members.items():
                members.append((self._name(shape, name, member), name, self.reader(member)))
        return known

    def _name(self, shape: Shape, name: str, member: Shape) -> str:
        given = self._names.get(f"{shape.name}.{name}")
        if given is not None:
            return given
        if member.type_name == "list" and member.serialization.get("flattened"):
            element: str | None = member.member.serialization.get("name")
            if element:
                return element
        chosen: str = member.serialization.get("name", name)
        return chosen

    def _list(self, shape: Shape) -> Reader:
        item = self.reader(shape.member)
        flattened = bool(shape.serialization.get("flattened"))
        inner = shape.member.serialization.get("name", "member")

        def read(node: Tree) -> list[Any]:
            numbered = node if flattened else node.get(inner, {})
            return [item(child) for child in _numbered(numbered)]

        return read

    def _map(self, shape: Shape) -> Reader:
        flattened = bool(shape.serialization.get("flattened"))
        key_name = self._names.get(f"{shape.name}.key") or shape.key.serialization.get("name", "key")
        value_name = self._names.get(f"{shape.name}.value") or shape.value.serialization.get("name", "value")
        key, item = self.reader(shape.key), self.reader(shape.value)

        def read(node: Tree) -> dict[str, Any]:
            numbered = node if flattened else node.get("entry", {})
            return {key(entry.get(key_name, {})): item(entry.get(value_name, {})) for entry in _numbered(numbered)}

        return read


def _structure_reader(members: list[tuple[str, str, Reader]]) -> Reader:
    def read(node: Tree) -> dict[str, Any]:
        return {name: reader(node[key]) for key, name, reader in members if key in node}

    return read


def _scalar(shape: Shape) -> Reader:
    reader = text_reader(shape)

    def read(node: Tree) -> Any:
        text = node.get(_OWN, "")
        try:
            return reader(text)
        except MalformedValue:
            raise malformed_input(text) from None

    return read
