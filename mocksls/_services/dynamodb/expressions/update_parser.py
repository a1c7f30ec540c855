"""Update expression text into a list of actions."""

from __future__ import annotations

from functools import lru_cache

from mocksls._services.dynamodb.expressions import operands
from mocksls._services.dynamodb.expressions.lexer import END, Tokens, update_tokens
from mocksls._services.dynamodb.expressions.nodes import Action, Arithmetic, Function, Operand, Path, Remarks, Value
from mocksls._services.dynamodb.expressions.problems import ExpressionError

_SECTIONS = frozenset({"SET", "REMOVE", "ADD", "DELETE"})


class _Frame:
    """What is open: a function with its operands, an arithmetic operator with its left side, or a parenthesis."""

    __slots__ = ("left", "name", "operands", "operator")

    def __init__(self, name: str = "", left: Operand | None = None, operator: str = "") -> None:
        self.name = name
        self.operands: list[Operand] = []
        self.left = left
        self.operator = operator


@lru_cache(maxsize=2048)
def parse_update(text: str) -> tuple[Action, ...]:
    """The actions of an update, in order.

    Raises:
        ExpressionError: the text is no update.
    """
    tokens = update_tokens(text)
    remarks = Remarks()
    actions: list[Action] = []
    seen: set[str] = set()
    twice = ""
    while True:
        section = tokens.kind
        if section not in _SECTIONS:
            raise tokens.unexpected()
        tokens.take()
        twice = twice or (section if section in seen else "")
        seen.add(section)
        actions.extend(_parse_section(section, tokens, remarks))
        if tokens.kind == END:
            break
    if twice:
        remarks.unknown.append(
            ExpressionError(f'The "{twice}" section can only be used once in an update expression;', listed=True)
        )
    remarks.raise_first()
    return tuple(actions)


def _parse_section(section: str, tokens: Tokens, remarks: Remarks) -> list[Action]:
    actions = [_parse_action(section, tokens, remarks)]
    while tokens.kind == ",":
        tokens.take()
        actions.append(_parse_action(section, tokens, remarks))
    return actions


def _parse_action(section: str, tokens: Tokens, remarks: Remarks) -> Action:
    path = operands.parse_path(tokens, remarks)
    if section == "REMOVE":
        return Action(section, path)
    if section == "SET":
        tokens.expect("=")
        return Action(section, path, _ValueParser(tokens, remarks).parse())
    if tokens.kind != "value":
        raise tokens.unexpected()
    return Action(section, path, Value(tokens.take()))


class _ValueParser:
    """Parses what stands right of ``=``, on an explicit stack of open brackets."""

    def __init__(self, tokens: Tokens, remarks: Remarks) -> None:
        self.tokens = tokens
        self.remarks = remarks
        self.frames: list[_Frame] = []
        self.wrapped = False

    def parse(self) -> Operand | Arithmetic:
        while True:
            self._open_brackets()
            done = self._complete(operands.parse_simple(self.tokens, self.remarks))
            if done is not None:
                return done

    def _open_brackets(self) -> None:
        self.wrapped = False
        while True:
            if self.tokens.kind == "(":
                self.tokens.take()
                self.frames.append(_Frame())
            elif operands.at_function(self.tokens):
                name = self.tokens.take()
                operands.note_function(name, self.remarks, operands.UPDATE_FUNCTIONS, "an update")
                self.tokens.take()
                self.frames.append(_Frame(name))
            else:
                return

    def _complete(self, node: Operand | Arithmetic) -> Operand | Arithmetic | None:
        """Close what the next tokens close; None when another operand must come."""
        self.wrapped = False
        while True:
            if self.tokens.kind in ("+", "-") and self._may_calculate(node):
                self._begin_arithmetic(node)
                return None
            if not self.frames:
                return node
            frame = self.frames[-1]
            if frame.operator:
                self.frames.pop()
                node = Arithmetic(frame.operator, _plain(frame.left), _plain(node))
                self.wrapped = False
            elif not frame.name:
                node = self._close_parenthesis(node)
            elif self._take_argument(frame, node):
                node = Function(frame.name, tuple(frame.operands))
                self.wrapped = False
            else:
                return None

    def _may_calculate(self, node: Operand | Arithmetic) -> bool:
        return not isinstance(node, Arithmetic) and not any(frame.name or frame.operator for frame in self.frames)

    def _begin_arithmetic(self, node: Operand | Arithmetic) -> None:
        self.remarks.operators += 1
        self.frames.append(_Frame(left=_plain(node), operator=self.tokens.take()))

    def _take_argument(self, frame: _Frame, node: Operand | Arithmetic) -> bool:
        """Enter an operand of a function; true when the function is complete."""
        frame.operands.append(_plain(node))
        if self.tokens.kind == ",":
            self.tokens.take()
            return False
        self.tokens.expect(")")
        self.frames.pop()
        return True

    def _close_parenthesis(self, node: Operand | Arithmetic) -> Operand | Arithmetic:
        self.tokens.expect(")")
        self.frames.pop()
        if self.wrapped:
            self.remarks.redundant_parentheses = True
        self.wrapped = True
        return node


def _plain(node: Operand | Arithmetic | None) -> Operand:
    if isinstance(node, Path | Value | Function):
        return node
    raise AssertionError("arithmetic is kept out of operand places")  # pragma: no cover
