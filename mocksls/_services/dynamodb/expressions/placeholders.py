"""The names and values that stand behind ``#n`` and ``:v`` in one request."""

from __future__ import annotations

from collections.abc import Mapping

from mocksls._services.dynamodb.expressions.nodes import Path, Value
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.values import AttributeValue

ResolvedPath = tuple[str | int, ...]


class Placeholders:
    """Resolves placeholders and remembers which were used."""

    def __init__(self, names: Mapping[str, str], values: Mapping[str, AttributeValue]) -> None:
        self._names = names
        self._values = values
        self._used: set[str] = set()

    def path(self, path: Path) -> ResolvedPath:
        """The path with its names filled in."""
        if not self._names and not any(isinstance(part, str) and part[0] == "#" for part in path.parts):
            return path.parts
        return tuple(self._name(part) if isinstance(part, str) else part for part in path.parts)

    def _name(self, part: str) -> str:
        if part[0] != "#":
            return part
        name = self._names.get(part)
        if name is None:
            raise ExpressionError(
                f"An expression attribute name used in the document path is not defined; attribute name: {part}"
            )
        self._used.add(part)
        return name

    def value(self, value: Value) -> AttributeValue:
        """The constant behind a placeholder."""
        found = self._values.get(value.name)
        if found is None:
            raise ExpressionError(
                f"An expression attribute value used in expression is not defined; attribute value: {value.name}"
            )
        self._used.add(value.name)
        return found

    def unused(self) -> tuple[list[str], list[str]]:
        """The names and the values that nothing used."""
        return [name for name in self._names if name not in self._used], [
            name for name in self._values if name not in self._used
        ]
