"""Paths and conditions in PartiQL text, read into the trees of the expression language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.expressions.nodes import (
    MAX_LIST_INDEX,
    Between,
    Comparison,
    Condition,
    Function,
    In,
    Junction,
    Not,
    Operand,
    Path,
    Value,
)
from mocksls._services.dynamodb.partiql import problems
from mocksls._services.dynamodb.partiql.lexer import KEYWORDS, Reader, Token
from mocksls._services.dynamodb.partiql.literals import Literals

_COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_TESTS = frozenset({"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"})
_FUNCTIONS = _TESTS | {"size"}
_TYPES = {
    "NULL": "NULL",
    "BOOL": "BOOL",
    "BOOLEAN": "BOOL",
    "BLOB": "B",
    "STRING": "S",
    "NUMERIC": "N",
    "STRUCT": "M",
    "TUPLE": "M",
    "LIST": "L",
}
_MAX_DEPTH = 100
_T = TypeVar("_T")


class Conditions:
    """Reads paths, operands and conditions; keeps what stands behind their placeholders.

    ``names`` are attribute names that begin with ``#``, ``literals`` values with parameters left open.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.values = Literals(reader)
        self.names: dict[str, str] = {}
        self.literals: dict[str, Any] = {}
        self._depth = 0

    # -- paths and operands ------------------------------------------------------------------------------------------

    def path(self) -> Path:
        """A document path.

        Raises: ValidationException.
        """
        parts: list[str | int] = [self._name()]
        while True:
            if self.reader.takes("."):
                if self.reader.kind not in ("name", "quoted"):
                    raise problems.malformed("Invalid path dot component")
                parts.append(self._name())
            elif self.reader.takes("["):
                parts.append(self._index())
            else:
                return Path(tuple(parts))

    def _name(self) -> str:
        token = self.reader.take()
        if token.kind not in ("name", "quoted"):
            raise problems.malformed("Unexpected keyword" if token.kind in KEYWORDS else "Unexpected term")
        if not token.text:
            raise errors.validation("Path component cannot be an empty string")
        if token.text[0] != "#":
            return token.text
        self.names["#" + token.text] = token.text
        return "#" + token.text

    def _index(self) -> int:
        sign = self.reader.take().text if self.reader.kind == "-" else ""
        token = self.reader.take()
        text = sign + token.text
        if token.kind == "number" and token.text.isdecimal():
            self.reader.expect("]", "Expected RIGHT_BRACKET")
            if len(text) <= 10 and 0 <= int(text) <= MAX_LIST_INDEX:
                return int(text)
        raise problems.at(f"List index is not within the allowable range; index: [{text}]", self.reader.place(token))

    def constant(self) -> Value:
        """A value, by a placeholder of its own.

        Raises: ValidationException.
        """
        name = f":{len(self.literals)}"
        self.literals[name] = self.values.value()
        return Value(name)

    def operand(self) -> Operand:
        """A value, a path or a function.

        Raises: ValidationException.
        """
        if self.values.at_value():
            return self.constant()
        if self.reader.kind == "name" and self.reader.kind_ahead() == "(":
            return self._function()
        return self.path()

    def _function(self) -> Function:
        token = self.reader.take()
        name = token.text.lower()
        if name not in _FUNCTIONS:
            raise problems.at(f"Unrecognized function: {name}", self.reader.place(token))
        return Function(name, tuple(self.arguments()))

    def arguments(self) -> list[Operand]:
        """The operands of a function, brackets included.

        Raises: ValidationException.
        """
        self.reader.expect("(", "Expected LEFT_PAREN")
        found: list[Operand] = []
        while not self.reader.takes(")"):
            if found:
                self.reader.expect(",", "Expected RIGHT_PAREN")
            found.append(self._nested(self.operand))
        return found

    # -- conditions --------------------------------------------------------------------------------------------------

    def condition(self) -> Condition:
        """A condition, up to what does not belong to it any more.

        Raises: ValidationException.
        """
        return self._junction("OR", self._conjunction)

    def _conjunction(self) -> Condition:
        return self._junction("AND", self._negation)

    def _junction(self, operator: str, part: Callable[[], Condition]) -> Condition:
        conditions = [part()]
        while self.reader.takes(operator):
            conditions.append(part())
        return conditions[0] if len(conditions) == 1 else Junction(operator, tuple(conditions))

    def _negation(self) -> Condition:
        if self.reader.takes("NOT"):
            return Not(self._nested(self._negation))
        return self._nested(self._predicate)

    def _nested(self, part: Callable[[], _T]) -> _T:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise errors.validation(
                "Nesting Levels have exceeded supported limits: the statement is nested beyond supported limit"
            )
        made = part()
        self._depth -= 1
        return made

    def _predicate(self) -> Condition:
        if self.reader.takes("("):
            inside = self.condition()
            self.reader.expect(")", "Expected RIGHT_PAREN")
            return inside
        token = self.reader.token
        if token.kind == "name" and token.text.upper() == "EXISTS" and self.reader.kind_ahead() == "(":
            raise problems.at("Unrecognized function: exists", self.reader.place(token))
        return self._behind(self.operand(), token)

    def _behind(self, left: Operand, first: Token) -> Condition:
        kind = self.reader.kind
        if kind in _COMPARATORS:
            return self._comparison(left, self.reader.take().kind)
        if kind == "BETWEEN":
            return self._between(left)
        if kind == "NOT" and self.reader.kind_ahead() in ("BETWEEN", "IN"):
            self.reader.take()
            return Not(self._between(left) if self.reader.kind == "BETWEEN" else self._in(left))
        if kind == "IN":
            return self._in(left)
        if kind == "IS":
            return self._is(left)
        if isinstance(left, Function) and left.name in _TESTS:
            return left
        if kind == "LIKE":
            raise problems.at("Unsupported operation: like", self.reader.place(self.reader.token))
        raise errors.validation("WHERE clause must contain an expression that resolves to a boolean")

    def _comparison(self, left: Operand, operator: str) -> Condition:
        right = self.operand()
        if isinstance(left, Function) and left.name in _TESTS and operator in ("=", "<>"):
            wanted = self._truth(right)
            return left if wanted == (operator == "=") else Not(left)
        return Comparison(operator, left, right)

    def _truth(self, operand: Operand) -> bool:
        value = self.literals.get(operand.name) if isinstance(operand, Value) else None
        if not isinstance(value, dict) or "BOOL" not in value:
            raise errors.validation("The arguments to AND/OR must be Expressions")
        return bool(value["BOOL"])

    def _between(self, tested: Operand) -> Condition:
        self.reader.take()
        low = self.operand()
        self.reader.expect("AND", "Expected AND after BETWEEN")
        return Between(tested, low, self.operand())

    def _in(self, tested: Operand) -> Condition:
        self.reader.take()
        closing = {"[": "]", "(": ")", "<<": ">>"}.get(self.reader.take().kind)
        if closing is None:
            raise errors.validation(
                "IN operator must have a left hand argument of type Variable Reference and right hand argument of "
                "type Seq with at least one member"
            )
        choices: list[Operand] = []
        while not self.reader.takes(closing):
            if choices:
                self.reader.expect(",", "Expected RIGHT_BRACKET" if closing == "]" else "Expected RIGHT_PAREN")
            choices.append(self.operand())
        if not choices:
            raise errors.validation(
                "IN operator must have a left hand argument of type Variable Reference and right hand argument of "
                "type Seq with at least one member"
            )
        return In(tested, tuple(choices))

    def _is(self, tested: Operand) -> Condition:
        self.reader.take()
        turned = self.reader.takes("NOT")
        token = self.reader.take()
        if token.kind == "MISSING":
            return Function("attribute_exists" if turned else "attribute_not_exists", (tested,))
        kind = _TYPES.get(token.text.upper())
        if kind is None:
            raise errors.validation(
                f"Unsupported data type for IS operator: {token.text.lower()}. Supported data types are [MISSING, "
                "NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]"
            )
        name = f":{len(self.literals)}"
        self.literals[name] = {"S": kind}
        found = Function("attribute_type", (tested, Value(name)))
        return Not(found) if turned else found
