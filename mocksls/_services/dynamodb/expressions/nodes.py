"""What the parsers make of a text: plain, hashable trees without any placeholder resolved."""

from __future__ import annotations

from typing import NamedTuple

from mocksls._services.dynamodb.expressions.problems import ExpressionError

MAX_OPERATORS = 300
MAX_PATH_LEVELS = 32
MAX_LIST_INDEX = 2**31 - 1


class Path(NamedTuple):
    """A document path as written: names (``#n`` ones too) and list positions."""

    parts: tuple[str | int, ...]


class Value(NamedTuple):
    """A constant, by its placeholder."""

    name: str


class Function(NamedTuple):
    """A function with its operands."""

    name: str
    operands: tuple[Operand, ...]


Operand = Path | Value | Function


class Comparison(NamedTuple):
    """``left`` =, <>, <, <=, > or >= ``right``."""

    operator: str
    left: Operand
    right: Operand


class Between(NamedTuple):
    """``operand`` BETWEEN ``low`` AND ``high``."""

    operand: Operand
    low: Operand
    high: Operand


class In(NamedTuple):
    """``operand`` IN (``choices``)."""

    operand: Operand
    choices: tuple[Operand, ...]


class Junction(NamedTuple):
    """Conditions joined by AND or OR."""

    operator: str
    conditions: tuple[Condition, ...]


class Not(NamedTuple):
    """A condition turned round."""

    condition: Condition


Condition = Comparison | Between | In | Junction | Not | Function


class Arithmetic(NamedTuple):
    """``left`` + or - ``right``."""

    operator: str
    left: Operand
    right: Operand


class Action(NamedTuple):
    """One action of an update: SET, REMOVE, ADD or DELETE on a path."""

    section: str
    path: Path
    value: Operand | Arithmetic | None = None


class Remarks:
    """What a parser notes on its way, to be told only when the whole text is known to be well formed."""

    def __init__(self, *, reserved_words_allowed: bool = False) -> None:
        self.operators = 0
        self.redundant_parentheses = False
        self.reserved_words_allowed = reserved_words_allowed
        self.unknown: list[ExpressionError] = []

    def raise_first(self) -> None:
        """Raise what AWS complains of first."""
        if self.redundant_parentheses:
            raise ExpressionError("The expression has redundant parentheses;")
        if self.unknown:
            raise self.unknown[0]
        if self.operators > MAX_OPERATORS:
            raise ExpressionError(f"The expression contains too many operators; operator count: {MAX_OPERATORS + 1}")
