"""What queries compute: each kind of expression knows its value for a record.

Unknown values follow SQL: NULL and MISSING (here both ``None`` but for ``IS MISSING``) make comparisons unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from .faults import fault


class _Missing:
    def __bool__(self) -> bool:
        return False


MISSING = _Missing()
AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX")


class Record(NamedTuple):
    """One record of the input: its value, and the name that the query calls it by."""

    value: Any
    alias: str | None = None


class Expression(Protocol):
    """Something with a value for a record."""

    def value_of(self, record: Record) -> Any:
        """The value; ``MISSING`` where there is none."""


class Step(NamedTuple):
    """A step of a path: a name (``exact`` in quotes), an index, or ``*``."""

    key: str | int
    exact: bool = False


class Literal(NamedTuple):
    value: Any

    def value_of(self, record: Record) -> Any:
        return self.value


class Path(NamedTuple):
    """A column, or a path into it; it may begin with the record's alias."""

    steps: Sequence[Step]

    def value_of(self, record: Record) -> Any:
        steps = self.steps
        first = str(steps[0].key)
        names = ("s3object",) if record.alias is None else (record.alias.lower(), "s3object")
        if first.lower() in names and (len(steps) > 1 or look_up(record.value, steps[0]) is MISSING):
            steps = steps[1:]
        value = record.value
        for step in steps:
            value = look_up(value, step)
        return value


def look_up(value: Any, step: Step) -> Any:
    """What a step leads to."""
    if step.key == "*":
        return value
    if isinstance(step.key, int):
        return value[step.key] if isinstance(value, list) and step.key < len(value) else MISSING
    if not isinstance(value, Mapping):
        return MISSING
    if step.key in value:
        return value[step.key]
    if isinstance(value, Row) and step.key.startswith("_") and step.key[1:].isdigit():
        at = int(step.key[1:]) - 1
        cells = list(value.values())
        return cells[at] if 0 <= at < len(cells) else MISSING
    if not step.exact:
        return next((item for name, item in value.items() if str(name).lower() == step.key.lower()), MISSING)
    return MISSING


class Row(dict[str, Any]):
    """A line of a CSV file: cells by name; by position, too."""


def is_unknown(value: Any) -> bool:
    """Whether a value is NULL or MISSING."""
    return value is None or value is MISSING


class Is(NamedTuple):
    operand: Expression
    word: str

    def value_of(self, record: Record) -> bool:
        value = self.operand.value_of(record)
        return value is MISSING if self.word == "MISSING" else is_unknown(value)


class Not(NamedTuple):
    operand: Expression

    def value_of(self, record: Record) -> Any:
        value = self.operand.value_of(record)
        return None if is_unknown(value) else not value


class Binary(NamedTuple):
    operator: str
    left: Expression
    right: Expression

    def value_of(self, record: Record) -> Any:
        left, right = self.left.value_of(record), self.right.value_of(record)
        if self.operator in ("AND", "OR"):
            return _logical(self.operator, left, right)
        if is_unknown(left) or is_unknown(right):
            return None
        if self.operator == "||":
            return f"{text_of(left)}{text_of(right)}"
        left, right = _alike(left, right)
        if self.operator in _COMPARISONS:
            try:
                return _COMPARISONS[self.operator](left, right)
            except TypeError:
                return self.operator == "!="
        return _computed(self.operator, left, right)


def _logical(operator: str, left: Any, right: Any) -> Any:
    decisive = operator == "OR"
    for value in (left, right):
        if not is_unknown(value) and bool(value) == decisive:
            return decisive
    return None if is_unknown(left) or is_unknown(right) else not decisive


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """A number and a text that spells one are compared as numbers: all cells of CSV files are texts."""
    if isinstance(left, str) != isinstance(right, str):
        return _number_or_same(left), _number_or_same(right)
    return left, right


def _number_or_same(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = number_of(value)
    return value if found is None else found


def number_of(value: Any) -> Any:
    """A value as a number; ``None``: it is none."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text) if text else None
    except ValueError:
        return None


def _computed(operator: str, left: Any, right: Any) -> Any:
    one, two = number_of(left), number_of(right)
    if one is None or two is None:
        raise fault("InvalidDataType", "The SQL expression contains an invalid data type.")
    if operator in ("/", "%") and two == 0:
        raise fault("EvaluatorInvalidArguments", "Division by zero in the SQL expression.")
    if operator == "/":
        whole = isinstance(one, int) and isinstance(two, int)
        return int(one / two) if whole else one / two
    if operator == "%":
        return one - two * int(one / two)
    return {"+": one + two, "-": one - two, "*": one * two}[operator]


class Like(NamedTuple):
    operand: Expression
    pattern: Expression
    escape: Expression | None

    def value_of(self, record: Record) -> Any:
        value, pattern = self.operand.value_of(record), self.pattern.value_of(record)
        if is_unknown(value) or is_unknown(pattern):
            return None
        escape = self.escape.value_of(record) if self.escape else None
        return re.fullmatch(_like(str(pattern), escape), text_of(value), re.DOTALL) is not None


def _like(pattern: str, escape: Any) -> str:
    out, at = [], 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == escape and at + 1 < len(pattern):
            at += 1
            out.append(re.escape(pattern[at]))
        else:
            out.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
        at += 1
    return "".join(out)


class Between(NamedTuple):
    operand: Expression
    low: Expression
    high: Expression

    def value_of(self, record: Record) -> Any:
        above = Binary(">=", self.operand, self.low).value_of(record)
        return _logical("AND", above, Binary("<=", self.operand, self.high).value_of(record))


class In(NamedTuple):
    operand: Expression
    choices: list[Expression]

    def value_of(self, record: Record) -> Any:
        found: Any = False
        for choice in self.choices:
            found = _logical("OR", found, Binary("=", self.operand, choice).value_of(record))
        return found


class Case(NamedTuple):
    branches: list[tuple[Expression, Expression]]
    otherwise: Expression

    def value_of(self, record: Record) -> Any:
        for condition, value in self.branches:
            if condition.value_of(record) is True:
                return value.value_of(record)
        return self.otherwise.value_of(record)


_TYPES = {
    "INT": "int",
    "INTEGER": "int",
    "FLOAT": "float",
    "DECIMAL": "float",
    "NUMERIC": "float",
    "STRING": "text",
    "CHAR": "text",
    "CHARACTER": "text",
    "VARCHAR": "text",
    "BOOL": "bool",
    "BOOLEAN": "bool",
    "TIMESTAMP": "text",
}


def check_type(name: str) -> str:
    """The kind of a type.

    Raises:
        AwsError: ParseExpectedTypeName.
    """
    kind = _TYPES.get(name.upper())
    if kind is None:
        raise fault("ParseExpectedTypeName", "Did not find the expected type name in the SQL expression.")
    return kind


class Cast(NamedTuple):
    operand: Expression
    kind: str

    def value_of(self, record: Record) -> Any:
        value = self.operand.value_of(record)
        if is_unknown(value):
            return value
        if self.kind == "text":
            return text_of(value)
        if self.kind == "bool":
            return value if isinstance(value, bool) else str(value).strip().lower() == "true"
        found = number_of(value)
        if found is None:
            text = f"Attempt to convert from one data type to another using CAST failed in the SQL expression: {value}"
            raise fault("CastFailed", text)
        return int(found) if self.kind == "int" else float(found)


def _substring(text: Any, start: Any, length: Any = None) -> str:
    first = int(start) - 1
    end = None if length is None else max(first + int(length), 0)
    return str(text)[max(first, 0) : end]


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "LOWER": lambda text: str(text).lower(),
    "UPPER": lambda text: str(text).upper(),
    "CHAR_LENGTH": lambda text: len(str(text)),
    "CHARACTER_LENGTH": lambda text: len(str(text)),
    "SUBSTRING": _substring,
    "TRIM BOTH": lambda text, letters: str(text).strip(letters),
    "TRIM LEADING": lambda text, letters: str(text).lstrip(letters),
    "TRIM TRAILING": lambda text, letters: str(text).rstrip(letters),
}


def check_function(name: str) -> None:
    """Refuse functions that are not there.

    Raises:
        AwsError: UnsupportedFunction.
    """
    if name not in _FUNCTIONS and name not in ("COALESCE", "NULLIF"):
        raise fault("UnsupportedFunction", f"Encountered an unsupported SQL function: {name}.")


class Function(NamedTuple):
    name: str
    arguments: list[Expression]

    def value_of(self, record: Record) -> Any:
        values = [argument.value_of(record) for argument in self.arguments]
        if self.name == "COALESCE":
            return next((value for value in values if not is_unknown(value)), None)
        if self.name == "NULLIF":
            same = len(values) == 2 and Binary("=", Literal(values[0]), Literal(values[1])).value_of(record)
            return None if same else values[0]
        if any(map(is_unknown, values)):
            return None
        try:
            return _FUNCTIONS[self.name](*values)
        except (TypeError, ValueError):
            raise fault("EvaluatorInvalidArguments", "Incorrect number of arguments in the function call.") from None


@dataclass(slots=True, eq=False)
class Aggregate:
    """A value over all records; it takes one after the other."""

    word: str
    operand: Expression | None
    seen: list[Any] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """Count a record in."""
        if self.operand is None:
            self.seen.append(1)
            return
        value = self.operand.value_of(record)
        if not is_unknown(value):
            self.seen.append(value)

    def value_of(self, record: Record) -> Any:
        if self.word == "COUNT":
            return len(self.seen)
        if not self.seen:
            return None
        if self.word in ("MIN", "MAX"):
            chosen = min if self.word == "MIN" else max
            return chosen(map(_number_or_same, self.seen))
        numbers = [number_of(value) for value in self.seen]
        if None in numbers:
            raise fault("InvalidDataType", "The SQL expression contains an invalid data type.")
        total = sum(numbers)
        return total if self.word == "SUM" else total / len(numbers)


def text_of(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
