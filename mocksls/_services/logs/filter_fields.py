"""Space-delimited patterns: ``[ip, user, ..., status = 4*, bytes > 1000]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .filter_conditions import ConditionParser, PatternText, comparison

_FIELD = re.compile(r"\[([^\]]*)\]|\"([^\"]*)\"|(\S+)")
_NAME = re.compile(r"^[A-Za-z_]\w*$")
_UNNAMED = "..."

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class FieldPattern:
    """Names of fields with their tests; ``ellipsis`` is the place of ``...``, which stands for any number of them."""

    names: tuple[str, ...]
    tests: tuple[Test | None, ...]
    ellipsis: int | None

    def named(self, fields: Sequence[str]) -> dict[str, str] | None:
        """The fields of a message by name; None if it does not agree."""
        aligned = self._aligned(fields)
        if aligned is None:
            return None
        for value, test in zip(aligned, self.tests, strict=True):
            if test is not None and not test(value):
                return None
        return dict(zip(self.names, aligned, strict=True))

    def _aligned(self, fields: Sequence[str]) -> Sequence[str] | None:
        if self.ellipsis is None:
            return fields if len(fields) == len(self.names) else None
        behind = len(self.names) - self.ellipsis
        if len(fields) < len(self.names):
            return None
        return [*fields[: self.ellipsis], *(fields[len(fields) - behind :] if behind else [])]


def split_fields(message: str) -> list[str]:
    """A message's fields: words, and what stands in brackets or quotes."""
    return [bracketed or quoted or word for bracketed, quoted, word in _FIELD.findall(message)]


def parse_fields(text: str) -> FieldPattern:
    """Read a pattern of fields.

    Raises:
        PatternText: it cannot be read.
    """
    if not text.endswith("]"):
        raise PatternText
    names: list[str] = []
    tests: list[Test | None] = []
    ellipsis: int | None = None
    for place, part in enumerate(_parts(text[1:-1])):
        if part == _UNNAMED:
            if ellipsis is not None:
                raise PatternText
            ellipsis = len(names)
        elif _NAME.match(part):
            names.append(part)
            tests.append(None)
        elif not part:
            names.append(str(place + 1))
            tests.append(None)
        else:
            name, test = _test(part)
            names.append(name)
            tests.append(test)
    return FieldPattern(tuple(names), tuple(tests), ellipsis)


def _parts(text: str) -> list[str]:
    """The parts between the commas that stand in no quotes."""
    parts, current, quote = [], "", ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in '"%':
            quote = character
        if character == "," and not quote:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]


def _test(text: str) -> tuple[str, Test]:
    """A field with conditions: ``status = 4* || status = 5*``."""
    parser = ConditionParser(text, [])
    name = parser.text
    test = _alternatives(parser, name)
    if parser.kind is not None:
        raise PatternText
    return name, test


def _alternatives(parser: ConditionParser, name: str) -> Test:
    parts = [_conjunction(parser, name)]
    while parser.text == "||":
        parser.advance()
        parts.append(_conjunction(parser, name))
    return lambda value: any(part(value) for part in parts)


def _conjunction(parser: ConditionParser, name: str) -> Test:
    parts = [_comparison(parser, name)]
    while parser.text == "&&":
        parser.advance()
        parts.append(_comparison(parser, name))
    return lambda value: all(part(value) for part in parts)


def _comparison(parser: ConditionParser, name: str) -> Test:
    if parser.kind != "word" or parser.advance() != name or parser.kind != "op":
        raise PatternText
    sign = parser.advance()
    return comparison(sign, *parser.literal())
