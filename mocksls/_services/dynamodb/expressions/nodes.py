"""What the parsers make of a text: plain, hashable trees without any placeholder resolved."""

from __future__ import annotations

from mocksls._kernel.records import field, record
from mocksls._services.dynamodb.expressions.problems import ExpressionError

MAX_OPERATORS = 300
MAX_PATH_LEVELS = 32
MAX_LIST_INDEX = 2**31 - 1


@record(frozen=True)
class Path:
    """A document path as written: names (``#n`` ones too) and list positions."""

    parts: tuple[str | int, ...]


@record(frozen=True)
class Value:
    """A constant, by its placeholder."""

    name: str


@record(frozen=True)
class Function:
    """A function with its operands."""

    name: str
    operands: tuple[Operand, ...]


Operand = Path | Value | Function


@record(frozen=True)
class Comparison:
    """``left`` =, <>, <, <=, > or >= ``right``."""

    operator: str
    left: Operand
    right: Operand


@record(frozen=True)
class Between:
    """``operand`` BETWEEN ``low`` AND ``high``."""

    operand: Operand
    low: Operand
    high: Operand


@record(frozen=True)
class In:
    """``operand`` IN (``choices``)."""

    operand: Operand
    choices: tuple[Operand, ...]


@record(frozen=True)
class Junction:
    """Conditions joined by AND or OR."""

    operator: str
    conditions: tuple[Condition, ...]


@record(frozen=True)
class Not:
    """A condition turned round."""

    condition: Condition


Condition = Comparison | Between | In | Junction | Not | Function


@record(frozen=True)
class Arithmetic:
    """``left`` + or - ``right``."""

    operator: str
    left: Operand
    right: Operand


@record(frozen=True)
class Action:
    """One action of an update: SET, REMOVE, ADD or DELETE on a path."""

    section: str
    path: Path
    value: Operand | Arithmetic | None = None


@record
class Remarks:
    """What a parser notes on its way, to be told only when the whole text is known to be well formed."""

    operators: int = 0
    redundant_parentheses: bool = False
    reserved_words_allowed: bool = False
    unknown: list[ExpressionError] = field(default_factory=list)

    def raise_first(self) -> None:
        """Raise what AWS complains of first."""
        if self.redundant_parentheses:
            raise ExpressionError("The expression has redundant parentheses;")
        if self.unknown:
            raise self.unknown[0]
        if self.operators > MAX_OPERATORS:
            raise ExpressionError(f"The expression contains too many operators; operator count: {MAX_OPERATORS + 1}")
