"""The values of one field of a pattern: checked as AWS checks them, and compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from . import pattern_tests as tests
from .event_fields import comparable
from .pattern_source import Node, PatternError, Source
from .pattern_tests import FieldTest, Test

ALL_TYPES = frozenset(
    ("prefix", "suffix", "equals-ignore-case", "wildcard", "numeric", "anything-but", "exists", "cidr")
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a service's patterns may say: its match types, and those that ``anything-but`` may turn round.

    ``decimals`` is how many digits after a number's point count; ``None`` means all.
    """

    name: str
    types: frozenset[str]
    anything_but: frozenset[str]
    ignore_case_affixes: bool = True
    decimals: int | None = None


def field_test(source: Source, node: Node, dialect: Dialect) -> FieldTest:
    """What a field's list asks.

    Raises:
        PatternError: AWS refuses one of its values.
    """
    if not node.items:
        source.refuse("Empty arrays are not allowed", node.ended)
    found = FieldTest(values=len(node.items))
    expression = _Expression(source, dialect, found)
    for item in node.items:
        if item.kind == "object":
            expression.read(item)
        elif item.kind == "array":
            source.refuse("Match value must be String, number, true, false, or null", item.begun)
        elif item.kind == "string":
            found.strings.add(item.text)
            address = tests.address_of(item.text)
            if address is not None:
                found.addresses.add(address)
        else:
            found.raw.add(item.text)
            number = comparable(item.text, dialect.decimals) if item.kind == "number" else None
            if number is not None:
                found.numbers.add(number)
    return found


class _Expression:
    """Reads match expressions, ``{"prefix": "a"}``, into a field's test."""

    def __init__(self, source: Source, dialect: Dialect, found: FieldTest) -> None:
        self._source = source
        self._refuse = source.refuse
        self._dialect = dialect
        self._found = found

    def read(self, node: Node) -> None:
        if not node.members:
            self._refuse("Match expression name not found", node.ended)
        name, value = node.members[0]
        if name not in self._dialect.types:
            self._refuse(f"Unrecognized match type {name}", value.begun)
        if name == "exists":
            self._exists(value)
        elif name == "numeric":
            self._found.others.append(self._numeric(value))
        elif name == "anything-but":
            self._found.others.append(self._anything_but(value))
        elif name in ("prefix", "suffix"):
            self._found.others.append(self._affix(name, value))
        else:
            self._found.others.append(self._of_string(name, value))
        if len(node.members) > 1:
            several = name in ("numeric", "anything-but")
            reason = (
                "Too many elements in numeric expression" if several else "Only one key allowed in match expression"
            )
            self._refuse(reason, node.members[1][1].begun)

    def _exists(self, value: Node) -> None:
        if value.text not in ("true", "false") or value.kind != "literal":
            self._refuse("exists match pattern must be either true or false.", value.begun)
        if value.text == "true":
            self._found.present = True
        else:
            self._found.absent = True

    def _affix(self, name: str, value: Node) -> Test:
        make: Callable[[str, bool], Test] = tests.prefix if name == "prefix" else tests.suffix
        if value.kind == "object" and self._dialect.ignore_case_affixes:
            if not value.members:
                self._refuse(f"{name.title()} expression name not found", value.ended)
            operator, inner = value.members[0]
            if operator != "equals-ignore-case":
                self._refuse(f"Unsupported {name} pattern: {operator}", inner.begun)
            if inner.kind != "string":
                self._refuse("equals-ignore-case match pattern must be a string", inner.begun)
            self._alone(value)
            return make(inner.text, True)
        if value.kind != "string":
            self._refuse(f"{name} match pattern must be a string", value.begun)
        return make(value.text, False)

    def _alone(self, node: Node) -> None:
        if len(node.members) > 1:
            self._refuse("Only one key allowed in match expression", node.members[1][1].begun)

    def _of_string(self, name: str, value: Node) -> Test:
        if value.kind != "string":
            # AWS speaks of a prefix where an address block is no string
            self._refuse(f"{'prefix' if name == 'cidr' else name} match pattern must be a string", value.begun)
        if name == "equals-ignore-case":
            return tests.equals_ignore_case(value.text)
        try:
            return tests.cidr(value.text) if name == "cidr" else tests.wildcard(value.text)
        except ValueError as error:
            if name == "cidr":
                raise PatternError(str(error)) from None
            self._refuse(str(error), value.ended)

    # -- anything-but ------------------------------------------------------------------------------------------------

    def _anything_but(self, value: Node) -> Test:
        if value.kind == "object":
            if not value.members:
                self._refuse("Anything-But expression name not found", value.ended)
            operator, inner = value.members[0]
            if operator not in self._dialect.anything_but:
                self._refuse(f"Unsupported anything-but pattern: {operator}", inner.begun)
            found = tests.none_of(self._turned_round(operator, inner))
            self._alone(value)
            return found
        if value.kind not in ("array", "string", "number"):
            self._refuse("Value of anything-but must be an array or single string/number value.", value.begun)
        items = value.items if value.kind == "array" else (value,)
        for item in items:
            if item.kind not in ("string", "number"):
                self._refuse("Inside anything but list, start|null|boolean is not supported.", item.begun)
        if len({item.kind for item in items}) != 1:
            text = "Inside anything but list, either all values are number or string, mixed type is not supported"
            self._refuse(text, value.ended)
        strings = frozenset(item.text for item in items if item.kind == "string")
        numbers = frozenset(self._number(item, value.ended) for item in items if item.kind == "number")
        return tests.anything_but(strings, numbers)

    def _turned_round(self, operator: str, value: Node) -> list[Test]:
        if self._dialect.name == "sns" and value.kind != "string" and operator == "prefix":
            self._refuse("prefix match pattern must be a string", value.begun)
        if value.kind not in ("array", "string", "number"):
            self._refuse("Value of anything-but must be an array or single string/number value.", value.begun)
        return [self._one_turned_round(operator, each) for each in (value.items if value.kind == "array" else (value,))]

    def _one_turned_round(self, operator: str, value: Node) -> Test:
        if operator == "equals-ignore-case":
            if value.kind != "string":
                text = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
                self._refuse(text, value.begun)
            return tests.equals_ignore_case(value.text)
        if operator == "wildcard":
            return self._of_string("wildcard", value)
        if value.kind != "string":
            self._refuse("prefix/suffix match pattern must be a string", value.begun)
        if not value.text:
            self._refuse("Null prefix/suffix not allowed", value.ended)
        return tests.prefix(value.text) if operator == "prefix" else tests.suffix(value.text)

    # -- numeric -----------------------------------------------------------------------------------------------------

    def _numeric(self, value: Node) -> Test:
        if value.kind != "array":
            self._refuse("Value of numeric must be an array.", value.begun)
        items = value.items
        if not items or items[0].kind != "string":
            shown, at = (items[0].text, items[0].begun) if items else ("]", value.ended)
            self._refuse(f"Invalid member in numeric match: {shown}", at)
        operator = items[0].text
        if operator not in ("=", "<", "<=", ">", ">="):
            at = items[1].begun if len(items) > 1 else value.ended
            self._refuse(f"Unrecognized numeric range operator: {operator}", at)
        number = self._operand(value, 1, "equals" if operator == "=" else operator)
        if operator in (">", ">=") and len(items) > 2:
            return self._range(value, number)
        if len(items) > 2:
            self._refuse("Too many elements in numeric expression", items[2].begun)
        if operator == "=":
            return tests.numeric(number, number, False, False)
        if operator in ("<", "<="):
            return tests.numeric(None, number, False, operator == "<")
        return tests.numeric(number, None, operator == ">", False)

    def _range(self, value: Node, bottom: Decimal) -> Test:
        items = value.items
        operator = items[2]
        if operator.kind != "string":
            self._refuse(f"Bad value in numeric range: {operator.text}", operator.begun)
        if operator.text not in ("<", "<="):
            self._refuse(f"Bad numeric range operator: {operator.text}", operator.ended)
        top = self._operand(value, 3, operator.text)
        if len(items) > 4:
            self._refuse("Too many terms in numeric range expression", items[4].begun)
        if bottom >= top:
            self._refuse("Bottom must be less than top", value.ended)
        return tests.numeric(bottom, top, items[0].text == ">", operator.text == "<")

    def _operand(self, value: Node, place: int, operator: str) -> Decimal:
        if len(value.items) <= place:
            self._refuse(f"Value of {operator} must be numeric", value.ended)
        item = value.items[place]
        if item.kind != "number":
            self._refuse(f"Value of {operator} must be numeric", item.begun)
        return self._number(item, value.ended)

    def _number(self, item: Node, at: int) -> Decimal:
        number = comparable(item.text, self._dialect.decimals)
        if number is None:
            self._refuse(f"Cannot compare number : {item.text}", at)
        return number
