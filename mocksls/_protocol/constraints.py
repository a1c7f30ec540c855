"""The models' constraints, checked by compiled predicates; what is violated is told by ``violations``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from botocore.model import Shape

from .overlay import Wire
from .patterns import JavaPattern

Check = Callable[[Any], bool]

_KINDS = ("min", "max", "pattern", "enum")
_NUMBERS = ("integer", "long", "float", "double")

WORDING = {
    "one": "1 validation error detected: {details}",
    "many": "{count} validation errors detected: {details}",
    "value": "Value '{value}' at '{path}' failed to satisfy constraint: {constraint}",
    "hidden": "Value at '{path}' failed to satisfy constraint: {constraint}",
    "null": "Value null at '{path}' failed to satisfy constraint: {constraint}",
    "required": "Member must not be null",
    "pattern": "Member must satisfy regular expression pattern: {limit}",
    "min": "Member must have value greater than or equal to {limit}",
    "max": "Member must have value less than or equal to {limit}",
    "min_length": "Member must have length greater than or equal to {limit}",
    "max_length": "Member must have length less than or equal to {limit}",
    "enum": "Member must satisfy enum value set: [{limit}]",
    "elements": "Member must satisfy constraint: [{constraints}]",
    "keys": "Map keys must satisfy constraint: [{constraints}]",
    "values": "Map value must satisfy constraint: [{constraints}]",
}
"""AWS's texts; an overlay's ``wording`` replaces them one by one."""


class Rules(NamedTuple):
    """What a value must satisfy by itself, not through its members."""

    minimum: float | None = None
    maximum: float | None = None
    pattern: JavaPattern | None = None
    enum: tuple[str, ...] = ()
    by_length: bool = True

    def __bool__(self) -> bool:
        return self.minimum is not None or self.maximum is not None or self.pattern is not None or bool(self.enum)

    def check(self) -> Check:
        """A predicate of all rules."""
        parts: list[Check] = []
        if self.minimum is not None or self.maximum is not None:
            parts.append(_limits(self.minimum, self.maximum, self.by_length))
        if self.enum:
            parts.append(frozenset(self.enum).__contains__)
        if self.pattern is not None:
            parts.append(self.pattern.matches)
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            first, second = parts
            return lambda value: first(value) and second(value)
        return lambda value: all(part(value) for part in parts)


def _limits(minimum: float | None, maximum: float | None, by_length: bool) -> Check:
    low = float("-inf") if minimum is None else minimum
    high = float("inf") if maximum is None else maximum
    if by_length:
        return lambda value: low <= len(value) <= high
    return lambda value: low <= value <= high


class Constraints:
    """The constraints of a service's shapes: the model's own, and an overlay's.

    ``owner`` names where a shape is used: ``Shape.member``, and for elements ``List.member``, ``Map.key``,
    ``Map.value``.
    """

    def __init__(self, wire: Wire) -> None:
        self._stricter = wire.stricter
        self._skip = set(wire.skip)
        self._patterns: dict[str, JavaPattern] = {}

    def rules(self, shape: Shape, owner: str) -> Rules:
        """What a value of the shape must satisfy there."""
        metadata = shape.metadata
        told = {kind: metadata[kind] for kind in _KINDS if kind in metadata}
        told.update(self._stricter.get(shape.name, {}))
        told.update(self._stricter.get(owner, {}))
        told = {kind: limit for kind, limit in told.items() if not self.skipped(kind, shape.name, owner)}
        pattern = told.get("pattern")
        return Rules(
            told.get("min"),
            told.get("max"),
            self._pattern(pattern) if pattern is not None and shape.type_name == "string" else None,
            tuple(told.get("enum") or ()),
            shape.type_name not in _NUMBERS,
        )

    def required(self, shape: Shape, name: str, member: Shape) -> bool:
        """Whether a structure's member must be given."""
        owner = f"{shape.name}.{name}"
        if self.skipped("required", shape.name, owner):
            return False
        told = self._stricter.get(owner, {}).get("required")
        return name in shape.required_members if told is None else bool(told)

    def skipped(self, kind: str, *names: str) -> bool:
        """Whether an overlay says not to check that."""
        if not self._skip:
            return False
        return any(name in self._skip or f"{name}:{kind}" in self._skip for name in (*names, "*"))

    def _pattern(self, source: str) -> JavaPattern:
        known = self._patterns.get(source)
        if known is None:
            known = self._patterns[source] = JavaPattern(source)
        return known


class Compiler:
    """Makes predicates; shapes without constraints anywhere below get none, and are never descended into."""

    def __init__(self, constraints: Constraints) -> None:
        self._constraints = constraints
        self._structures: dict[str, Check] = {}
        self._constrained: set[str] = set()

    def structure_check(self, shape: Shape, unchecked: frozenset[str] = frozenset()) -> Check | None:
        """The predicate of a structure's members, some of them left out."""
        if not self._has_constraints(shape, "", set()):
            return None
        checks: dict[str, Check] = {}
        required: list[str] = []
        check = _structure_check(required, checks)
        if not unchecked:
            known = self._structures.get(shape.name)
            if known is not None:
                return known
            self._structures[shape.name] = check
        for name, member in shape.members.items():
            if name in unchecked:
                continue
            if self._constraints.required(shape, name, member):
                required.append(name)
            inner = self._check(member, f"{shape.name}.{name}")
            if inner is not None:
                checks[name] = inner
        return check

    def _check(self, shape: Shape, owner: str) -> Check | None:
        rules = self._constraints.rules(shape, owner)
        own = rules.check() if rules else None
        inner: Check | None = None
        if shape.type_name == "structure":
            inner = None if shape.is_document_type else self.structure_check(shape)
        elif shape.type_name == "list":
            inner = _list_check(self._check(shape.member, f"{shape.name}.member"))
        elif shape.type_name == "map":
            inner = _map_check(
                self._check(shape.key, f"{shape.name}.key"), self._check(shape.value, f"{shape.name}.value")
            )
        if own is None or inner is None:
            return own or inner
        return lambda value: own(value) and inner(value)

    def _has_constraints(self, shape: Shape, owner: str, seen: set[str]) -> bool:
        if shape.name in self._constrained or self._constraints.rules(shape, owner):
            return True
        if shape.type_name == "list":
            return self._has_constraints(shape.member, f"{shape.name}.member", seen)
        if shape.type_name == "map":
            return self._has_constraints(shape.key, f"{shape.name}.key", seen) or self._has_constraints(
                shape.value, f"{shape.name}.value", seen
            )
        if shape.type_name != "structure" or shape.name in seen:
            return False
        seen.add(shape.name)
        for name, member in shape.members.items():
            if self._constraints.required(shape, name, member) or self._has_constraints(
                member, f"{shape.name}.{name}", seen
            ):
                self._constrained.add(shape.name)
                return True
        return False


def _structure_check(required: list[str], checks: Mapping[str, Check]) -> Check:
    def check(value: Mapping[str, Any]) -> bool:
        for name in required:
            if value.get(name) is None:
                return False
        for name, item in value.items():  # noqa: SIM110 (a generator costs as much again)
            if name in checks and item is not None and not checks[name](item):
                return False
        return True

    return check


def _list_check(element: Check | None) -> Check | None:
    if element is None:
        return None

    def check(value: list[Any]) -> bool:
        for item in value:  # noqa: SIM110 (a generator costs as much again)
            if not element(item):
                return False
        return True

    return check


def _map_check(key: Check | None, element: Check | None) -> Check | None:
    if key is None and element is None:
        return None

    def check(value: Mapping[str, Any]) -> bool:
        for name, item in value.items():
            if (key is not None and not key(name)) or (element is not None and not element(item)):
                return False
        return True

    return check
