"""What the PartiQL parser makes of a statement: plain trees, with constants and parameters by placeholder."""

from __future__ import annotations

from typing import Any

from mocksls._kernel.records import field, record
from mocksls._services.dynamodb.expressions.nodes import Action, Condition, Path


@record(frozen=True)
class Parameter:
    """A ``?`` inside a literal, by its position in the request's Parameters."""

    position: int


@record(frozen=True)
class Order:
    """One key of ORDER BY."""

    name: str
    descending: bool


@record(frozen=True)
class Select:
    """``paths`` is None for ``*``."""

    table: str
    index: str | None
    paths: tuple[Path, ...] | None
    where: Condition | None
    order: tuple[Order, ...] = ()


@record(frozen=True)
class Insert:
    """``item`` is a literal with parameters left open."""

    table: str
    item: Any


@record(frozen=True)
class Update:
    """``returning`` is a ReturnValues of UpdateItem."""

    table: str
    actions: tuple[Action, ...]
    where: Condition
    returning: str = "NONE"


@record(frozen=True)
class Delete:
    """``returning`` is a ReturnValues of DeleteItem."""

    table: str
    where: Condition
    returning: str = "NONE"


@record(frozen=True)
class Exists:
    """The condition check of a transaction."""

    select: Select


Statement = Select | Insert | Update | Delete | Exists


@record(frozen=True)
class Parsed:
    """A statement with what stands behind its placeholders: names, and literals with parameters left open."""

    statement: Statement
    names: dict[str, str] = field(default_factory=dict)
    literals: dict[str, Any] = field(default_factory=dict)
    parameters: int = 0
