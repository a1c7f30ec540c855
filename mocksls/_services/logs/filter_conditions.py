"""Conditions of filter patterns: comparisons of JSON properties or named fields, joined by ``&&`` and ``||``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import numerals

Condition = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<quoted>"(?:[^"\\]|\\.)*")|(?P<regex>%[^%]*%)|(?P<joint>&&|\|\|)|(?P<paren>[()])|(?P<op><=|>=|!=|=|<|>)
    |(?P<selector>\$(?:\.?[\w\-*]+|\.?\[(?:\d+|\*|'[^']*'|"[^"]*")\]|\.)*)|(?P<word>[^\s()=<>!&|"]+)
    )""",
    re.VERBOSE,
)
_STEP = re.compile(r"\.?\[(\d+|\*)\]|\.?\[['\"]([^'\"]*)['\"]\]|\.?([^.\[\]]+)")
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class PatternText(Exception):
    """The pattern cannot be read."""


def compiled_regex(text: str) -> re.Pattern[str]:
    """A regular expression of a pattern.

    Raises:
        PatternText: it is none.
    """
    try:
        return re.compile(text)
    except re.error:
        raise PatternText from None


def selected(value: Any, selector: str) -> list[Any]:
    """The values that a selector (``$.a.b[0]``, ``*`` for any) leads to."""
    found = [value]
    for index, quoted, name in _STEP.findall(selector.removeprefix("$")):
        found = [each for one in found for each in _step(one, index, quoted or name)]
    return found


def _step(value: Any, index: str, name: str) -> Iterator[Any]:
    if isinstance(value, Mapping) and name == "*":
        yield from value.values()
    elif isinstance(value, Mapping) and name in value:
        yield value[name]
    elif isinstance(value, list) and (index == "*" or name == "*"):
        yield from value
    elif isinstance(value, list) and index and int(index) < len(value):
        yield value[int(index)]


def parse_condition(text: str, selectors: list[str]) -> Condition:
    """Read a condition on JSON; the selectors that it names are added to ``selectors``.

    Raises:
        PatternText: it cannot be read.
    """
    parser = ConditionParser(text, selectors)
    condition = parser.alternatives()
    if parser.kind is not None:
        raise PatternText
    return condition


class ConditionParser:
    """Reads conditions by recursive descent; ``kind`` and ``text`` are the token at hand (``None`` at the end)."""

    def __init__(self, text: str, selectors: list[str]) -> None:
        self._rest = text
        self._selectors = selectors
        self.kind: str | None = None
        self.text = ""
        self.advance()

    def advance(self) -> str:
        """Go on to the next token; the text of the one before."""
        before = self.text
        if not self._rest.strip():
            self.kind, self.text = None, ""
            return before
        found = _TOKEN.match(self._rest)
        if found is None or found.lastgroup is None:
            raise PatternText
        self.kind, self.text = found.lastgroup, found.group(found.lastgroup)
        self._rest = self._rest[found.end() :]
        return before

    def alternatives(self) -> Condition:
        """Conditions joined by ``||``."""
        parts = [self._conjunction()]
        while self.text == "||":
            self.advance()
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else lambda value: any(part(value) for part in parts)

    def _conjunction(self) -> Condition:
        parts = [self._primary()]
        while self.text == "&&":
            self.advance()
            parts.append(self._primary())
        return parts[0] if len(parts) == 1 else lambda value: all(part(value) for part in parts)

    def _primary(self) -> Condition:
        if self.text == "(" and self.kind == "paren":
            self.advance()
            inner = self.alternatives()
            if self.text != ")":
                raise PatternText
            self.advance()
            return inner
        if self.kind != "selector":
            raise PatternText
        selector = self.advance()
        self._selectors.append(selector)
        return self._about(selector)

    def _about(self, selector: str) -> Condition:
        if self.kind == "word":
            return self._state(selector)
        if self.kind != "op":
            raise PatternText
        sign = self.advance()
        test = comparison(sign, *self.literal())
        return lambda value: any(test(each) for each in selected(value, selector))

    def _state(self, selector: str) -> Condition:
        """``IS NULL``, ``IS TRUE``, ``IS FALSE``, ``NOT EXISTS``, ``EXISTS``."""
        words = self.advance().upper()
        if words in ("IS", "NOT"):
            words = f"{words} {self.advance().upper()}"
        if words == "IS NULL":
            return lambda value: any(each is None for each in selected(value, selector))
        if words in ("IS TRUE", "IS FALSE"):
            wanted = words == "IS TRUE"
            return lambda value: any(each is wanted for each in selected(value, selector))
        if words == "NOT EXISTS":
            return lambda value: not selected(value, selector)
        if words == "EXISTS":
            return lambda value: bool(selected(value, selector))
        raise PatternText

    def literal(self) -> tuple[str, str]:
        """What is compared with: its kind (``quoted``, ``regex``, ``word``), and its text."""
        if self.kind not in ("quoted", "regex", "word", "selector"):
            raise PatternText
        kind = str(self.kind)
        text = self.advance()
        if kind == "quoted":
            return kind, re.sub(r"\\(.)", r"\1", text[1:-1])
        return (kind, text[1:-1]) if kind == "regex" else ("word", text)


def comparison(sign: str, kind: str, literal: str) -> Callable[[Any], bool]:
    """A test of one value.

    Raises:
        PatternText: an order is asked of something that is no number.
    """
    if sign in _ORDER:
        limit = number(literal)
        if limit is None:
            raise PatternText
        order = _ORDER[sign]
        return lambda value: (given := number(value)) is not None and order(given, limit)
    equal = _equality(kind, literal)
    return equal if sign == "=" else lambda value: not equal(value)


def _equality(kind: str, literal: str) -> Callable[[Any], bool]:
    if kind == "regex":
        expression = compiled_regex(literal)
        return lambda value: isinstance(value, (str, int, float)) and expression.search(str(value)) is not None
    wanted = number(literal) if kind == "word" else None
    if wanted is not None:
        return lambda value: number(value) == wanted
    if "*" in literal:
        wild = re.compile(".*".join(map(re.escape, literal.split("*"))), re.DOTALL)
        return lambda value: (
            isinstance(value, (str, int, float)) and not isinstance(value, bool) and bool(wild.fullmatch(str(value)))
        )
    return lambda value: isinstance(value, str) and value == literal


def number(value: Any) -> float | None:
    """A value as a number, if it is one."""
    return None if isinstance(value, bool) else numerals.number(value)
