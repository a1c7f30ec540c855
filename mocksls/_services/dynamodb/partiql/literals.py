"""Values in PartiQL text: strings, numbers, lists, tuples (maps) and bags (sets), with parameters left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors, numbers
from mocksls._services.dynamodb.partiql import problems
from mocksls._services.dynamodb.partiql.lexer import END, Reader, Token
from mocksls._services.dynamodb.partiql.nodes import Parameter
from mocksls._services.dynamodb.values import MAX_DEPTH, AttributeValue

_CONSTANTS: dict[str, AttributeValue] = {"TRUE": {"BOOL": True}, "FALSE": {"BOOL": False}, "NULL": {"NULL": True}}
_FIRST = frozenset({"text", "number", "parameter", "[", "{", "<<", "-", "+", *_CONSTANTS})
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]+)$")
_INT_RANGE = 2**31


class Literals:
    """Reads values; counts the parameters on its way."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.parameters = 0
        self._spelled: list[str] = []

    def at_value(self) -> bool:
        """Whether a value comes next."""
        return self._reader.kind in _FIRST

    def value(self, path: str = "root", depth: int = 1) -> Any:
        """A value: an AttributeValue, or a Parameter, or the one with the other inside.

        Raises: ValidationException.
        """
        if depth > MAX_DEPTH:
            raise errors.validation(f"Nesting Levels have exceeded supported limits under {path}")
        token = self._reader.take()
        if token.kind in _CONSTANTS:
            return dict(_CONSTANTS[token.kind])
        if token.kind == "text":
            return {"S": token.text}
        if token.kind in ("number", "-", "+"):
            return {"N": self._number(token.kind, token.text, path)}
        if token.kind == "parameter":
            if path != "root":
                raise problems.at(f"Unsupported data type: Parameter under key {path}", self._reader.place(token))
            self.parameters += 1
            return Parameter(self.parameters - 1)
        return self._container(token, path, depth)

    def _container(self, token: Token, path: str, depth: int) -> Any:
        if token.kind == "[":
            return {"L": self._list("]", path, depth)}
        if token.kind == "<<":
            return self._bag(path, depth)
        if token.kind == "{":
            return {"M": self._tuple(path, depth)}
        if token.kind == "name" and self._reader.kind == "(":
            raise problems.at(f"Unsupported data type: {token.text} under key {path}", self._reader.place(token))
        raise problems.malformed("Unexpected term" if token.kind == END else "Unexpected keyword")

    def _number(self, sign: str, text: str, path: str) -> str:
        if sign in ("-", "+"):
            signs = sign
            while self._reader.kind in ("-", "+"):
                signs += self._reader.take().text
            text = self._reader.expect("number", "Unexpected operator").text
            text = f"-{text}" if signs.count("-") % 2 else text
        self._spelled.append(text)
        exponent = _EXPONENT.search(text)
        if exponent is not None:
            shift = int(exponent.group(1)[:24])
            fraction = len(text[: exponent.start()].partition(".")[2])
            if not -_INT_RANGE <= shift < _INT_RANGE or fraction - shift >= _INT_RANGE:
                raise problems.malformed()
        try:
            return numbers.canonical(text)
        except AwsError as error:
            raise errors.validation(f"{error.message} under {path}") from None

    def _list(self, closing: str, path: str, depth: int) -> list[Any]:
        elements: list[Any] = []
        while not self._reader.takes(closing):
            if elements:
                self._reader.expect(",", f"Expected {'RIGHT_BRACKET' if closing == ']' else 'RIGHT_DOUBLE_ANGLE'}")
            elements.append(self.value(f"{path}[{len(elements)}]", depth + 1))
        return elements

    def _bag(self, path: str, depth: int) -> AttributeValue:
        before = len(self._spelled)
        elements = self._list(">>", path, depth)
        if not elements:
            raise errors.validation("Empty bags are not supported")
        kinds = {next(iter(element)) if isinstance(element, dict) else "?" for element in elements}
        if kinds not in ({"S"}, {"N"}):
            raise errors.validation(
                "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
            )
        kind = kinds.pop()
        if kind == "N" and len({element["N"] for element in elements}) < len(elements):
            shown = ", ".join(self._spelled[before:])
            raise errors.invalid(f"Input collection [{shown}] contains duplicates! under {path}")
        return {f"{kind}S": [element[kind] for element in elements]}

    def _tuple(self, path: str, depth: int) -> dict[str, Any]:
        reader = self._reader
        members: dict[str, Any] = {}
        while not reader.takes("}"):
            if members:
                reader.expect(",", "Expected RIGHT_CURLY")
            if reader.kind not in ("text", "quoted"):
                raise problems.malformed("Unexpected term")
            name = reader.take().text
            reader.expect(":", "Expected COLON")
            if name in members:
                raise errors.validation(f"Duplicate keys in tuple. Key: {name} under {path}")
            # the members of the outermost tuple are attributes: each is a root of its own
            inside = path if depth == 0 else f"{path}.{name}"
            members[name] = self.value(inside, depth + 1)
        return members

    def item(self) -> dict[str, Any]:
        """The tuple of an INSERT.

        Raises: ValidationException.
        """
        if not self._reader.takes("{"):
            raise errors.validation(
                "Unsupported format in item expression. Please use struct format {...} to express item values for "
                "insert statement."
            )
        return self._tuple("root", 0)


def filled(template: Any, parameters: Sequence[AttributeValue]) -> Any:
    """A value with its parameters put in."""
    if isinstance(template, Parameter):
        return parameters[template.position]
    if "M" in template:
        return {"M": {name: filled(element, parameters) for name, element in template["M"].items()}}
    return template
