"""Expressions of Logs Insights: values of a row, and of a group of rows."""

from __future__ import annotations

import math
import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .insights_events import Row
from .insights_functions import AGGREGATES, TIMED, at_end, truth
from .insights_strings import text
from .insights_structures import field, is_structure, item
from .numerals import number

Rows = Sequence[Row]


class Expression(ABC):
    """Something that has a value."""

    aggregates = False

    @abstractmethod
    def of(self, row: Row) -> Any:
        """Its value in a row."""

    def of_group(self, rows: Rows) -> Any:
        """Its value for a group: of a function of groups, else of the group's first row."""
        return self.of(rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number or a text."""

    value: Any

    def of(self, row: Row) -> Any:
        """The value."""
        return self.value

    def of_group(self, rows: Rows) -> Any:
        """The value, whatever the group is."""
        return self.value


@dataclass(frozen=True, slots=True)
class Field(Expression):
    """A field by its name."""

    name: str

    def of(self, row: Row) -> Any:
        """The field's value; ``None`` where the row has none."""
        return field(row, self.name)


@dataclass(frozen=True, slots=True)
class Item(Expression):
    """An item of a structure."""

    inner: Expression
    key: str | int

    def of(self, row: Row) -> Any:
        """The item; ``None`` where there is none."""
        return item(self.inner.of(row), self.key)

    def of_group(self, rows: Rows) -> Any:
        """The item of what the structure is for the group."""
        return item(self.inner.of_group(rows), self.key)


@dataclass(frozen=True, slots=True)
class Computed(Expression):
    """A function of other values."""

    work: Callable[..., Any]
    parts: tuple[Expression, ...]

    def of(self, row: Row) -> Any:
        """The function of the parts' values in the row."""
        return self.work(*(part.of(row) for part in self.parts))

    def of_group(self, rows: Rows) -> Any:
        """The function of the parts' values for the group."""
        return self.work(*(part.of_group(rows) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Aggregate(Expression):
    """A function of a group's values; ``*`` counts rows."""

    name: str
    inner: Expression | None
    extra: tuple[float, ...] = ()

    def of(self, row: Row) -> Any:
        """Its value for a group of one."""
        return self.of_group([row])

    def of_group(self, rows: Rows) -> Any:
        """Its value for the group."""
        inner = self.inner
        if inner is None:
            return len(rows)
        values = [None if is_structure(value := inner.of(row)) else value for row in rows]
        if self.name in TIMED:
            return at_end(self.name, rows, values)
        return _finite(AGGREGATES[self.name], values, *self.extra)


def _finite(work: Callable[..., Any], *values: Any) -> Any:
    """What a function of numbers makes; nothing where it grows out of bounds."""
    try:
        found = work(*values)
    except ArithmeticError:
        return None
    return None if isinstance(found, float) and not math.isfinite(found) else found


def _arithmetic(work: Callable[[float, float], Any]) -> Callable[[Any, Any], Any]:
    def computed(left: Any, right: Any) -> float | None:
        first, second = number(left), number(right)
        if first is None or second is None:
            return None
        try:
            found = work(first, second)
        except (ZeroDivisionError, OverflowError, ValueError):
            return None
        return found if isinstance(found, float) and math.isfinite(found) else None

    return computed


def _compared(work: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        if left is None or right is None or is_structure(left) or is_structure(right):
            return False
        first, second = number(left), number(right)
        if first is not None and second is not None:
            return work(first, second)
        return work(text(left), text(right))

    return compared


def differs(left: Any, right: Any) -> bool:
    """``!=``, which also holds for a field that is not there."""
    return not (is_structure(left) or is_structure(right) or _compared(operator.eq)(left, right))


def like(value: Any, pattern: str | re.Pattern[str]) -> bool:
    """``like``: part of a text, or a regular expression."""
    if value is None or is_structure(value):
        return False
    return pattern in text(value) if isinstance(pattern, str) else pattern.search(text(value)) is not None


def within(value: Any, *choices: Any) -> bool:
    """``in``: one of several values."""
    equal = _compared(operator.eq)
    return any(equal(value, choice) for choice in choices)


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(operator.truediv),
    "%": _arithmetic(math.fmod),
    "^": _arithmetic(operator.pow),
    "=": _compared(operator.eq),
    "!=": differs,
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    "and": lambda left, right: truth(left) and truth(right),
    "or": lambda left, right: truth(left) or truth(right),
}
