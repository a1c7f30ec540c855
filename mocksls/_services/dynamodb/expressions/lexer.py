"""Expression text into tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from mocksls._services.dynamodb.expressions.problems import ExpressionError

MAX_BYTES = 4096

_TOKEN = (
    r"(?P<blank>[ \t\r\n\f]+)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<name>\#[A-Za-z0-9_]+)"
    r"|(?P<value>:[A-Za-z0-9_]+)"
    r"|(?P<number>[0-9]+)"
    r"|(?P<symbol><>|<=|>=|[=<>(),.\[\]+-])"
    r"""|(?P<text>"[^"]*"|'[^']*')"""
    r"|(?P<stray>.)"
)
_CONDITION_WORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
_UPDATE_WORDS = frozenset({"SET", "REMOVE", "ADD", "DELETE"})

END = "<EOF>"


class Token(NamedTuple):
    """A token: ``kind`` is word, name (#n), value (:v), number, end, or the symbol or keyword itself."""

    kind: str
    text: str
    start: int
    end: int


class Tokens:
    """The tokens of a text, and a place in them."""

    def __init__(self, text: str, keywords: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.at = 0
        self._tokens = _tokens(text, keywords)

    @property
    def kind(self) -> str:
        """The kind of the token that comes next."""
        return self._tokens[self.at].kind

    def second_kind(self) -> str:
        """The kind of the token after the next one."""
        return self._tokens[min(self.at + 1, len(self._tokens) - 1)].kind

    def take(self) -> str:
        """The text of the next token; goes on to the one behind it."""
        token = self._tokens[self.at]
        self.at += 1
        return token.text

    def expect(self, kind: str) -> str:
        """The text of the next token, which must be of a kind."""
        if self.kind != kind:
            raise self.unexpected()
        return self.take()

    def unexpected(self) -> ExpressionError:
        """The error that the next token is out of place, as AWS words it: with its neighbours."""
        token = self._tokens[self.at]
        after = self._tokens[min(self.at + 1, len(self._tokens) - 1)]
        start = self._tokens[self.at - 1].start if self.at else 0
        return ExpressionError(f'Syntax error; token: "{token.text}", near: "{self.text[start : after.end]}"')


def condition_tokens(text: str) -> Tokens:
    """The tokens of a condition, filter or key condition."""
    return Tokens(text, _CONDITION_WORDS)


def update_tokens(text: str) -> Tokens:
    """The tokens of an update."""
    return Tokens(text, _UPDATE_WORDS)


def projection_tokens(text: str) -> Tokens:
    """The tokens of a projection."""
    return Tokens(text)


def _tokens(text: str, keywords: frozenset[str]) -> list[Token]:
    if not text:
        raise ExpressionError("The expression can not be empty;", listed=True)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise ExpressionError(f"Expression size has exceeded the maximum allowed size; expression size: {size}")
    found = []
    for match in re.finditer(_TOKEN, text, re.DOTALL):
        kind = match.lastgroup or "stray"
        if kind == "blank":
            continue
        token = match.group()
        if kind == "symbol":
            kind = token
        elif kind == "word" and token.upper() in keywords:
            kind = token.upper()
        found.append(Token(kind, token, match.start(), match.end()))
    found.append(Token(END, END, len(text), len(text)))
    return found
