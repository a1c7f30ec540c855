"""What the PartiQL parser makes of a statement: plain trees, with constants and parameters by placeholder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mocksls._services.dynamodb.expressions.nodes import Action, Condition, Path


@dataclass(frozen=True, slots=True)
class Parameter:
    """A ``?`` inside a literal, by its position in the request's Parameters."""

    position: int


@dataclass(frozen=True, slots=True)
class Order:
    """One key of ORDER BY."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Select:
    """``paths`` is None for ``*``."""

    table: str
    index: str | None
    paths: tuple[Path, ...] | None
    where: Condition | None
    order: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Insert:
    """``item`` is a literal with parameters left open."""

    table: str
    item: Any


@dataclass(frozen=True, slots=True)
class Update:
    """``returning`` is a ReturnValues of UpdateItem."""

    table: str
    actions: tuple[Action, ...]
    where: Condition
    returning: str = "NONE"


@dataclass(frozen=True, slots=True)
class Delete:
    """``returning`` is a ReturnValues of DeleteItem."""

    table: str
    where: Condition
    returning: str = "NONE"


@dataclass(frozen=True, slots=True)
class Exists:
    """The condition check of a transaction."""

    select: Select


Statement = Select | Insert | Update | Delete | Exists


@dataclass(frozen=True, slots=True)
class Parsed:
    """A statement with what stands behind its placeholders: names, and literals with parameters left open."""

    statement: Statement
    names: dict[str, str] = field(default_factory=dict)
    literals: dict[str, Any] = field(default_factory=dict)
    parameters: int = 0
