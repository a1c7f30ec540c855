"""Condition, filter and key condition text into a tree.

Precedence climbing on explicit stacks: text may nest as deep as its length allows without deep Python calls.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mocksls._services.dynamodb.expressions import operands
from mocksls._services.dynamodb.expressions.lexer import END, Tokens, condition_tokens
from mocksls._services.dynamodb.expressions.nodes import (
    Between,
    Comparison,
    Condition,
    Function,
    In,
    Junction,
    Not,
    Operand,
    Path,
    Remarks,
    Value,
)

_COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_BRACKETS = frozenset({"(", "function", "IN"})
_TIGHTER = {"AND": ("NOT", "AND"), "OR": ("NOT", "AND", "OR")}
_ALLOWED = operands.CONDITION_FUNCTIONS | operands.VALUE_FUNCTIONS

Node = Operand | Condition


class _Pending:
    """An operator or bracket that waits for what stands to its right."""

    __slots__ = ("conditions_allowed", "kind", "name", "since")

    def __init__(self, kind: str, conditions_allowed: bool = True, name: str = "", since: int = 0) -> None:
        self.kind = kind
        self.conditions_allowed = conditions_allowed
        self.name = name
        self.since = since


class _Entry(NamedTuple):
    """Something parsed; functions count as operands and as conditions until their place tells."""

    node: Node
    is_condition: bool = False
    in_parentheses: bool = False

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, Function)


@lru_cache(maxsize=2048)
def parse_condition(text: str) -> Condition:
    """The tree of a condition.

    Raises:
        ExpressionError: the text is no condition.
    """
    return _ConditionParser(condition_tokens(text)).parse()


class _ConditionParser:
    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.remarks = Remarks()
        self.entries: list[_Entry] = []
        self.pending: list[_Pending] = []

    def parse(self) -> Condition:
        while True:
            self._prefixes_and_operand()
            if self._after_operand():
                break
        entry = self.entries[0]
        self.remarks.raise_first()
        return _as_condition(entry.node)

    # -- where an operand or a condition may begin -------------------------------------------------------------------

    def _prefixes_and_operand(self) -> None:
        tokens = self.tokens
        while True:
            if tokens.kind == "NOT" and self._conditions_allowed():
                self.remarks.operators += 1
                self._open(_Pending("NOT"))
            elif tokens.kind == "(":
                self._open(_Pending("(", self._conditions_allowed()))
            elif operands.at_function(tokens):
                name = tokens.take()
                operands.note_function(name, self.remarks, _ALLOWED, "a condition")
                self._open(_Pending("function", False, name, len(self.entries)))
            else:
                break
        self._complete(_Entry(operands.parse_simple(tokens, self.remarks)))

    def _open(self, pending: _Pending) -> None:
        self.tokens.take()
        self.pending.append(pending)

    def _conditions_allowed(self) -> bool:
        if not self.pending:
            return True
        top = self.pending[-1]
        return top.kind in ("NOT", "AND", "OR") or (top.kind == "(" and top.conditions_allowed)

    # -- behind an operand or a condition ----------------------------------------------------------------------------

    def _after_operand(self) -> bool:
        """Take what follows; true at the end of the text."""
        while True:
            kind = self.tokens.kind
            if kind in _COMPARATORS or kind in ("BETWEEN", "IN"):
                self._begin_comparison(kind)
                return False
            if kind in ("AND", "OR"):
                self._junction(kind)
                return False
            if kind == ",":
                self._comma()
                return False
            if kind == ")":
                self._close()
                continue
            if kind == END:
                self._finish()
                return True
            raise self.tokens.unexpected()

    def _begin_comparison(self, kind: str) -> None:
        if self.entries[-1].is_condition or not self._conditions_allowed():
            raise self.tokens.unexpected()
        self.remarks.operators += 1
        self._open(_Pending(kind, False, since=len(self.entries)))
        if kind == "IN":
            self.tokens.expect("(")

    def _junction(self, kind: str) -> None:
        if kind == "AND" and self.pending and self.pending[-1].kind == "BETWEEN":
            self.pending[-1].kind = "BETWEEN AND"
            self.tokens.take()
            return
        self._reduce(_TIGHTER[kind])
        self._check_condition()
        if not self._conditions_allowed():
            raise self.tokens.unexpected()
        self.remarks.operators += 1
        self._open(_Pending(kind))

    def _comma(self) -> None:
        if not self.pending or self.pending[-1].kind not in ("function", "IN"):
            raise self.tokens.unexpected()
        self.tokens.take()

    def _close(self) -> None:
        self._reduce(_TIGHTER["OR"])
        if not self.pending or self.pending[-1].kind not in _BRACKETS:
            raise self.tokens.unexpected()
        self.tokens.take()
        bracket = self.pending.pop()
        if bracket.kind == "(":
            self._close_parenthesis()
        elif bracket.kind == "function":
            nodes = self._operands_since(bracket.since)
            self._complete(_Entry(Function(bracket.name, nodes)))
        else:
            choices = self._operands_since(bracket.since)
            self._complete(_Entry(In(_operand(self.entries.pop()), choices), is_condition=True))

    def _close_parenthesis(self) -> None:
        entry = self.entries.pop()
        if entry.in_parentheses:
            self.remarks.redundant_parentheses = True
        self._complete(_Entry(entry.node, entry.is_condition, in_parentheses=True))

    def _operands_since(self, start: int) -> tuple[Operand, ...]:
        nodes = tuple(_operand(entry) for entry in self.entries[start:])
        del self.entries[start:]
        return nodes

    def _finish(self) -> None:
        self._reduce(_TIGHTER["OR"])
        if self.pending:
            raise self.tokens.unexpected()
        self._check_condition()

    # -- putting together --------------------------------------------------------------------------------------------

    def _complete(self, entry: _Entry) -> None:
        """Enter an operand or condition; comparisons that waited for it are made at once."""
        self.entries.append(entry)
        top = self.pending[-1].kind if self.pending else ""
        if top in _COMPARATORS:
            right, left = self.entries.pop(), self.entries.pop()
            self._made(Comparison(top, _operand(left), _operand(right)))
        elif top == "BETWEEN AND":
            high, low, tested = self.entries.pop(), self.entries.pop(), self.entries.pop()
            self._made(Between(_operand(tested), _operand(low), _operand(high)))

    def _made(self, condition: Condition) -> None:
        self.pending.pop()
        self.entries.append(_Entry(condition, is_condition=True))

    def _reduce(self, kinds: tuple[str, ...]) -> None:
        while self.pending and self.pending[-1].kind in kinds:
            self._check_condition()
            kind = self.pending.pop().kind
            right = _as_condition(self.entries.pop().node)
            if kind == "NOT":
                made: Condition = right.condition if isinstance(right, Not) else Not(right)
            else:
                left = self.entries.pop()
                made = _joined(kind, left, right)
            self.entries.append(_Entry(made, is_condition=True))

    def _check_condition(self) -> None:
        entry = self.entries[-1]
        if not entry.is_condition and not entry.is_function:
            raise self.tokens.unexpected()


def _joined(kind: str, left: _Entry, right: Condition) -> Condition:
    first = _as_condition(left.node)
    if isinstance(first, Junction) and first.operator == kind and not left.in_parentheses:
        return Junction(kind, (*first.conditions, right))
    return Junction(kind, (first, right))


def _operand(entry: _Entry) -> Operand:
    node = entry.node
    if isinstance(node, Path | Value | Function):
        return node
    raise AssertionError("conditions are kept out of operand places")  # pragma: no cover


def _as_condition(node: Node) -> Condition:
    if isinstance(node, Path | Value):
        raise AssertionError("operands are kept out of condition places")  # pragma: no cover
    return node
