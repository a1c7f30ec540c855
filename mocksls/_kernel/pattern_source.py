"""The JSON text of a pattern as a tree that knows where each value stands: AWS's refusals name line and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import decoder
from typing import Literal, NamedTuple, NoReturn

Kind = Literal["object", "array", "string", "number", "literal"]

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z0-9_$]+")
_DEEPEST = 200
_scan: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
_WORDS = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_SHOWN = 500


class PatternError(Exception):
    """A pattern that AWS refuses.

    ``reason`` is its text, with line and column where it gives them. ``about`` says what is wrong: the text is no
    JSON, the pattern is none, or SNS's scope does not allow it (SNS introduces that text otherwise).
    """

    def __init__(self, reason: str, *, about: Literal["json", "pattern", "scope"] = "pattern") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


class Node(NamedTuple):
    """A value.

    ``text`` is a string's content, else what was written. ``begun`` is the offset at which AWS's reader stands when
    it has just met the value (a string: behind its first quote), ``ended`` the offset behind it.
    """

    kind: Kind
    text: str
    begun: int
    ended: int
    items: tuple[Node, ...] = ()
    members: tuple[tuple[str, Node], ...] = ()


class Source:
    """A pattern's text, read once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root, end = self._value(self._skip(0), 0)
        rest = self._skip(end)
        if rest < len(text):
            self._unexpected(rest, f"was expecting {_WORDS}")

    def refuse(self, reason: str, offset: int) -> NoReturn:
        """Refuse the pattern because of what stands at an offset.

        Raises:
            PatternError: always.
        """
        cut = f"[truncated {len(self.text) - _SHOWN} chars]" if len(self.text) > _SHOWN else ""
        raise PatternError(f'{reason}\n at [Source: (String)"{self.text[:_SHOWN]}"{cut}; {self._place(offset)}]')

    def _place(self, offset: int) -> str:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - (self.text.rfind("\n", 0, offset) + 1) + 1
        return f"line: {line}, column: {column}"

    def _not_json(self, problem: str, offset: int) -> NoReturn:
        hidden = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"
        raise PatternError(f"{problem}\n at [Source: {hidden}; {self._place(offset)}]", about="json")

    def _unexpected(self, at: int, wanted: str) -> NoReturn:
        if at >= len(self.text):
            self._not_json("Unexpected end-of-input", at)
        char = self.text[at]
        self._not_json(f"Unexpected character ('{char}' (code {ord(char)})): {wanted}", at)

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> tuple[Node, int]:
        if depth > _DEEPEST:
            self._not_json(f"Document nesting depth ({depth}) exceeds the maximum allowed", at)
        first = self.text[at : at + 1]
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._array(at, depth)
        if first == '"':
            text, end = self._string(at)
            return Node("string", text, at + 1, end), end
        number = _NUMBER.match(self.text, at)
        if number is not None:
            return Node("number", number.group(), number.end(), number.end()), number.end()
        word = _WORD.match(self.text, at)
        if word is None:
            self._unexpected(at, f"expected a valid value {_WORDS}")
        if word.group() not in ("true", "false", "null"):
            self._not_json(f"Unrecognized token '{word.group()}': was expecting {_WORDS}", word.end())
        return Node("literal", word.group(), word.end(), word.end()), word.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = _scan(self.text, at + 1, True)
        except ValueError:
            self._not_json("Unexpected end-of-input in VALUE_STRING", len(self.text))
        return text, end

    def _array(self, at: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        place = self._skip(at + 1)
        while self.text[place : place + 1] != "]":
            if items:
                place = self._comma(place, "Array")
            item, place = self._value(place, depth + 1)
            items.append(item)
            place = self._skip(place)
        return Node("array", "[", at + 1, place + 1, items=tuple(items)), place + 1

    def _object(self, at: int, depth: int) -> tuple[Node, int]:
        members: list[tuple[str, Node]] = []
        place = self._skip(at + 1)
        while self.text[place : place + 1] != "}":
            if members:
                place = self._comma(place, "Object")
            if self.text[place : place + 1] != '"':
                self._unexpected(place, "was expecting double-quote to start field name")
            name, place = self._string(place)
            place = self._skip(place)
            if self.text[place : place + 1] != ":":
                self._unexpected(place, "was expecting a colon to separate field name and value")
            value, place = self._value(self._skip(place + 1), depth + 1)
            members.append((name, value))
            place = self._skip(place)
        return Node("object", "{", at + 1, place + 1, members=tuple(members)), place + 1

    def _comma(self, place: int, inside: str) -> int:
        if self.text[place : place + 1] != ",":
            self._unexpected(place, f"was expecting comma to separate {inside} entries")
        return self._skip(place + 1)
