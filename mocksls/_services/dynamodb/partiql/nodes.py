"""What the PartiQL parser makes of a statement: plain trees, with constants and parameters by placeholder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mocksls._services.dynamodb.expressions.nodes import Action, Condition, Path


class Parameter(NamedTuple):
    """A ``?`` inside a literal, by its position in the request's Parameters."""

    position: int


class Order(NamedTuple):
    """One key of ORDER BY."""

    name: str
    descending: bool


@dataclass(slots=True, eq=False)
class Select:
    """``paths`` is None for ``*``."""

    table: str
    index: str | None
    paths: tuple[Path, ...] | None
    where: Condition | None
    order: tuple[Order, ...] = ()


class Insert(NamedTuple):
    """``item`` is a literal with parameters left open."""

    table: str
    item: Any


class Update(NamedTuple):
    """``returning`` is a ReturnValues of UpdateItem."""

    table: str
    actions: tuple[Action, ...]
    where: Condition
    returning: str = "NONE"


class Delete(NamedTuple):
    """``returning`` is a ReturnValues of DeleteItem."""

    table: str
    where: Condition
    returning: str = "NONE"


class Exists(NamedTuple):
    """The condition check of a transaction."""

    select: Select


Statement = Select | Insert | Update | Delete | Exists


@dataclass(slots=True, eq=False)
class Parsed:
    """A statement with what stands behind its placeholders: names, and literals with parameters left open."""

    statement: Statement
    names: dict[str, str] = field(default_factory=dict)
    literals: dict[str, Any] = field(default_factory=dict)
    parameters: int = 0
