"""Which constraints a request violates, in AWS's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.model import OperationModel, Shape

from . import timestamps
from .constraints import WORDING, Constraints, Rules
from .overlay import Wire


def camel(name: str) -> str:
    """A member's name as AWS's messages have it."""
    return name[:1].lower() + name[1:]


def java_text(shape: Shape, value: Any) -> str:
    """A value as Java prints it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return timestamps.to_iso(value)
    if isinstance(value, bytes):
        return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    if shape.type_name in ("float", "double"):
        return str(float(value))
    if shape.type_name == "list":
        return f"[{', '.join(java_text(shape.member, item) for item in value)}]"
    if shape.type_name == "map":
        pairs = (f"{key}={java_text(shape.value, item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if shape.type_name == "structure" and not shape.is_document_type:
        members = (f"{camel(name)}={java_text(member, value.get(name))}" for name, member in shape.members.items())
        return f"{shape.name}({', '.join(members)})"
    return str(value)


class Violations:
    """Walks through a request and collects what is wrong with it."""

    def __init__(self, constraints: Constraints, wire: Wire) -> None:
        self._constraints = constraints
        self._wire = wire
        self._words = {**WORDING, **wire.wording}
        self._found: list[str] = []

    def of(self, operation: OperationModel, request: Mapping[str, Any], unchecked: frozenset[str]) -> list[str]:
        """The violations, in the model's order."""
        shape = operation.input_shape
        prefix = self._wire.path_prefix.format(operation=camel(operation.name))
        for name, member in shape.members.items():
            if name not in unchecked:
                in_body = not member.serialization.get("location")
                self._member(shape, name, member, request.get(name), f"{prefix if in_body else ''}{camel(name)}")
        return self._found

    def _member(self, shape: Shape, name: str, member: Shape, value: Any, path: str) -> None:
        if value is not None:
            self._value(member, f"{shape.name}.{name}", value, path)
        elif self._constraints.required(shape, name, member):
            self._found.append(self._words["null"].format(path=path, constraint=self._words["required"]))

    def _value(self, shape: Shape, owner: str, value: Any, path: str) -> None:
        rules = self._constraints.rules(shape, owner)
        for text in self._broken(rules, shape, value):
            self._add(shape, value, path, text)
        self._inside(shape, value, path)

    def _inside(self, shape: Shape, value: Any, path: str) -> None:
        if shape.type_name == "structure" and not shape.is_document_type:
            for name, member in shape.members.items():
                self._member(shape, name, member, value.get(name), f"{path}.{camel(name)}")
        elif shape.type_name == "list":
            self._elements(shape, shape.member, f"{shape.name}.member", value, value, "elements", path)
            for number, item in enumerate(value, 1):
                self._inside(shape.member, item, f"{path}.{number}.member")
        elif shape.type_name == "map":
            self._elements(shape, shape.key, f"{shape.name}.key", value, list(value), "keys", path)
            items = list(value.values())
            self._elements(shape, shape.value, f"{shape.name}.value", value, items, "values", path)
            for key, item in value.items():
                self._inside(shape.value, item, f"{path}.{key}.member")

    def _elements(
        self, shape: Shape, element: Shape, owner: str, value: Any, items: list[Any], kind: str, path: str
    ) -> None:
        """AWS tells once for the whole list or map, and names all constraints that its elements have."""
        rules = self._constraints.rules(element, owner)
        if rules and not all(map(rules.check(), items)):
            texts = self._texts(rules, element)
            if shape.name in self._wire.not_null_elements and kind != "keys":
                texts.append(self._words["required"])
            self._add(shape, value, path, self._words[kind].format(constraints=", ".join(texts)))

    def _broken(self, rules: Rules, shape: Shape, value: Any) -> list[str]:
        """The texts of the rules that a value violates: pattern, limits, enum."""
        broken = []
        if rules.pattern is not None and not rules.pattern.matches(value):
            broken.append(self._words["pattern"].format(limit=rules.pattern.source))
        size = len(value) if rules.by_length and (rules.minimum, rules.maximum) != (None, None) else value
        if rules.maximum is not None and not size <= rules.maximum:
            broken.append(self._limit("max", rules, shape))
        if rules.minimum is not None and not size >= rules.minimum:
            broken.append(self._limit("min", rules, shape))
        if rules.enum and value not in rules.enum:
            broken.append(self._words["enum"].format(limit=", ".join(rules.enum)))
        return broken

    def _texts(self, rules: Rules, shape: Shape) -> list[str]:
        """The texts of all rules: limits, pattern, enum."""
        texts = []
        if rules.maximum is not None:
            texts.append(self._limit("max", rules, shape))
        if rules.minimum is not None:
            texts.append(self._limit("min", rules, shape))
        if rules.pattern is not None:
            texts.append(self._words["pattern"].format(limit=rules.pattern.source))
        if rules.enum:
            texts.append(self._words["enum"].format(limit=", ".join(rules.enum)))
        return texts

    def _limit(self, kind: str, rules: Rules, shape: Shape) -> str:
        limit = rules.maximum if kind == "max" else rules.minimum
        if shape.type_name in ("float", "double") and limit is not None:
            limit = float(limit)
        return self._words[f"{kind}_length" if rules.by_length else kind].format(limit=limit)

    def _add(self, shape: Shape, value: Any, path: str, constraint: str) -> None:
        if self._sensitive(shape):
            self._found.append(self._words["hidden"].format(path=path, constraint=constraint))
        else:
            text = java_text(shape, value)
            self._found.append(self._words["value"].format(value=text, path=path, constraint=constraint))

    def _sensitive(self, shape: Shape) -> bool:
        if shape.metadata.get("sensitive") or shape.name in self._wire.hidden:
            return True
        if shape.type_name == "list":
            return self._sensitive(shape.member)
        return shape.type_name == "map" and (self._sensitive(shape.key) or self._sensitive(shape.value))
