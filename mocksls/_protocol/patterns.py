"""The models' regular expressions, which are Java's, in Python's.

Properties such as ``\\p{L}`` are spelled out for ASCII and for the letters that the value at hand has: that is all a
match can ask, and classes of a hundred thousand letters would cost more than the tests that meet them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

_ASCII = "".join(map(chr, range(128)))
_DOT = r"[^\n\r\x85\u2028\u2029]"
_BLANKS = r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_LINE_BREAK = r"(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])"
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "a": 7, "e": 27}
_CATEGORIES = {"L", "M", "N", "P", "S", "Z", "C"}
_POSIX: dict[str, Callable[[str], bool]] = {
    "Lower": str.islower,
    "Upper": str.isupper,
    "ASCII": str.isascii,
    "Alpha": str.isalpha,
    "Digit": str.isdigit,
    "Alnum": str.isalnum,
    "Punct": lambda letter: letter in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "Graph": lambda letter: "!" <= letter <= "~",
    "Print": lambda letter: " " <= letter <= "~",
    "Blank": lambda letter: letter in " \t",
    "Cntrl": lambda letter: letter < " " or letter == "\x7f",
    "XDigit": lambda letter: letter in "0123456789abcdefABCDEF",
    "Space": lambda letter: letter in " \t\n\x0b\f\r",
}
_UNICODE: dict[str, Callable[[str], bool]] = {
    "IsAlphabetic": str.isalpha,
    "IsLetter": str.isalpha,
    "IsDigit": str.isdigit,
    "LD": lambda letter: unicodedata.category(letter)[0] == "L" or unicodedata.category(letter) == "Nd",
}


class UntranslatablePattern(ValueError):
    """A pattern that has no counterpart in Python's ``re``."""


class JavaPattern:
    """A model's pattern; ``source`` is what error messages show."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._properties = "\\p" in source or "\\P" in source
        self._compiled: re.Pattern[str] | None = None
        self._checked = True

    def matches(self, value: str) -> bool:
        """Whether the whole value matches; anything does if the pattern cannot be translated."""
        if self._compiled is None:
            self._compile()
        if not self._checked or self._compiled is None:
            return True
        if self._properties and not value.isascii():
            letters = "".join(sorted({letter for letter in value if not letter.isascii()}))
            return re.compile(translate(self.source, letters), re.ASCII).fullmatch(value) is not None
        return self._compiled.fullmatch(value) is not None

    def _compile(self) -> None:
        try:
            self._compiled = re.compile(translate(self.source), re.ASCII)
        except (re.error, UntranslatablePattern, OverflowError, RecursionError):
            self._checked = False


def translate(source: str, letters: str = "") -> str:
    """A Java pattern as Python's, for values whose letters beyond ASCII are among those given.

    Raises:
        UntranslatablePattern: Python has nothing alike.
    """
    return _Translation(source, _ASCII + letters).pattern()


class _Item(NamedTuple):
    """Part of a character class: ``code`` is set where it is a single character."""

    text: str
    code: int | None = None


def _literal(code: int) -> str:
    letter = chr(code)
    if letter.isascii() and (letter.isalnum() or letter == "_"):
        return letter
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Translation:
    def __init__(self, source: str, alphabet: str) -> None:
        self._source = source
        self._alphabet = alphabet
        self._at = 0

    def pattern(self) -> str:
        out = []
        while self._at < len(self._source):
            out.append(self._next())
        return "".join(out)

    def _next(self) -> str:
        letter = self._take()
        if letter == "\\":
            return self._escape()
        if letter == "[":
            return self._class()
        if letter == ".":
            return _DOT
        if letter == "(" and re.match(r"\?<[A-Za-z]", self._source[self._at :]):
            self._at += 2
            return "(?P<"
        if letter in "*+?}" and self._peek() == "+":
            self._at += 1
        return letter

    def _take(self) -> str:
        if self._at >= len(self._source):
            raise UntranslatablePattern(self._source)
        self._at += 1
        return self._source[self._at - 1]

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _escape(self) -> str:
        """What follows a backslash outside a class."""
        letter = self._peek()
        special = {"z": r"\Z", "Z": r"(?=\n?\Z)", "R": _LINE_BREAK, "h": f"[{_BLANKS}]", "A": r"\A"}
        if letter in special:
            self._at += 1
            return special[letter]
        if letter == "Q":
            end = self._source.find("\\E", self._at)
            quoted = self._source[self._at + 1 : end if end >= 0 else None]
            self._at = end + 2 if end >= 0 else len(self._source)
            return re.escape(quoted)
        if letter and letter in "bB123456789":
            self._at += 1
            return f"\\{letter}"
        item = self._escaped_item()
        return item.text if item.code is not None or item.text[1:] in "dDwWsS" else f"[{item.text}]"

    def _escaped_item(self) -> _Item:
        """What follows a backslash, in a class or outside."""
        letter = self._take()
        if letter in "dDwWsS":
            return _Item(f"\\{letter}")
        if letter in "pP":
            return _Item(self._property(negated=letter == "P"))
        if letter == "h":
            return _Item(_BLANKS)
        if letter in "ux":
            return self._numbered(letter)
        if letter in _CONTROLS:
            return _Item(_literal(_CONTROLS[letter]), _CONTROLS[letter])
        if letter.isascii() and letter.isalnum():
            raise UntranslatablePattern(self._source)
        return _Item(_literal(ord(letter)), ord(letter))

    def _numbered(self, kind: str) -> _Item:
        found = re.compile(r"\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2})" if kind == "x" else r"([0-9A-Fa-f]{4})").match(
            self._source, self._at
        )
        if found is None:
            raise UntranslatablePattern(self._source)
        self._at = found.end()
        code = int(next(filter(None, found.groups())), 16)
        low = re.compile(r"\\u([dD][c-fC-F][0-9A-Fa-f]{2})").match(self._source, self._at)
        if 0xD800 <= code < 0xDC00 and low:
            self._at = low.end()
            code = 0x10000 + ((code - 0xD800) << 10) + int(low.group(1), 16) - 0xDC00
        return _Item(_literal(code), code)

    def _property(self, negated: bool) -> str:
        found = re.compile(r"\{(\w+)\}|([A-Z])").match(self._source, self._at)
        if found is None:
            raise UntranslatablePattern(self._source)
        self._at = found.end()
        has = self._predicate(found.group(1) or found.group(2))
        return "".join(_literal(ord(letter)) for letter in self._alphabet if has(letter) != negated)

    def _predicate(self, name: str) -> Callable[[str], bool]:
        if name in _POSIX:
            posix = _POSIX[name]
            return lambda letter: letter.isascii() and posix(letter)
        if name in _UNICODE:
            return _UNICODE[name]
        category = name[2:] if name.startswith("Is") else name
        if category[:1] in _CATEGORIES and len(category) <= 2:
            return lambda letter: unicodedata.category(letter).startswith(category)
        raise UntranslatablePattern(self._source)

    def _class(self) -> str:
        negated = self._peek() == "^"
        self._at += negated
        items = self._items()
        if not items:
            return _anything() if negated else "(?!)"
        return f"[{'^' if negated else ''}{items}]"

    def _items(self) -> str:
        """The items of a class up to its closing bracket; unions of classes are made one."""
        out: list[str] = []
        while True:
            letter = self._take()
            if letter == "]":
                return "".join(out)
            if letter == "[":
                if self._peek() == "^":
                    raise UntranslatablePattern(self._source)
                out.append(self._items())
            elif letter == "&" and self._peek() == "&":
                raise UntranslatablePattern(self._source)
            else:
                out.append(self._range(self._item(letter)))

    def _item(self, letter: str) -> _Item:
        return self._escaped_item() if letter == "\\" else _Item(_literal(ord(letter)), ord(letter))

    def _range(self, first: _Item) -> str:
        if first.code is None or self._peek() != "-" or self._source[self._at + 1 : self._at + 2] in ("]", "[", ""):
            return first.text
        self._at += 1
        last = self._item(self._take())
        if last.code is None:
            return f"{first.text}\\-{last.text}"
        if last.code < first.code:
            raise UntranslatablePattern(self._source)
        return f"{first.text}-{last.text}"


def _anything() -> str:
    return r"[\s\S]"
