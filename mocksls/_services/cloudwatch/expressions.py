"""Metric maths read: the tree of an expression.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>==|!=|<=|>=|&&|\|\||[-+*/^<>(),\[\]]))"
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("OR", "||"),
    ("AND", "&&"),
    ("==", "!=", "<", ">", "<=", ">="),
    ("+", "-"),
    ("*", "/"),
)


class ExpressionError(Exception):
    """A text that is no expression, or one that cannot be evaluated."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """The id of another query, or a word such as ``LINEAR``."""

    value: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator between two nodes."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Function:
    """A function of nodes."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Several nodes in brackets."""

    items: tuple[Node, ...]


Node = Number | Text | Name | Operation | Function | Listed


@lru_cache(maxsize=512)
def parse(text: str) -> Node:
    """Read an expression.

    Raises:
        ExpressionError: it is none.
    """
    try:
        return _Parser(text).whole()
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None


class _Parser:
    """Reads by precedence: OR, AND, comparisons, sums, products, powers, signs."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place, text = 0, text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise ExpressionError(f"unexpected character at position {place}")
            kind = found.lastgroup or ""
            self._tokens.append((kind, found.group(kind)))
            place = found.end()
        self._place = 0

    def whole(self) -> Node:
        """The expression up to the end of the text."""
        node = self._level(0)
        if self._place < len(self._tokens):
            raise ExpressionError(f"unexpected {self._tokens[self._place][1]}")
        return node

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _take(self, mark: str) -> None:
        if self._peek() != ("mark", mark):
            raise ExpressionError(f"expected {mark}")
        self._place += 1

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._power()
        node = self._level(level + 1)
        while self._peek()[1] in _LEVELS[level] and self._peek()[0] in ("mark", "name"):
            sign = self._peek()[1]
            self._place += 1
            node = Operation({"||": "OR", "&&": "AND"}.get(sign, sign), node, self._level(level + 1))
        return node

    def _power(self) -> Node:
        if self._peek() == ("mark", "-"):
            self._place += 1
            return Operation("-", Number(0.0), self._power())
        node = self._single()
        if self._peek() == ("mark", "^"):
            self._place += 1
            return Operation("^", node, self._power())
        return node

    def _single(self) -> Node:
        kind, text = self._peek()
        self._place += 1
        if kind == "number":
            return Number(float(text))
        if kind == "text":
            return Text(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "name":
            if self._peek() == ("mark", "("):
                self._place += 1
                return Function(text.upper(), self._items(")"))
            return Name(text)
        if text == "(":
            node = self._level(0)
            self._take(")")
            return node
        if text == "[":
            return Listed(self._items("]"))
        raise ExpressionError(f"unexpected {text}" if text else "unexpected end")

    def _items(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        if self._peek() != ("mark", closing):
            found.append(self._level(0))
            while self._peek() == ("mark", ","):
                self._place += 1
                found.append(self._level(0))
        self._take(closing)
        return tuple(found)
