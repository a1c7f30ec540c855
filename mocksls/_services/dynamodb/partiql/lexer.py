"""PartiQL text into tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from mocksls._services.dynamodb.partiql import problems

KEYWORDS = frozenset(
    [
        "ALL",
        "AND",
        "AS",
        "AT",
        "BETWEEN",
        "BY",
        "CASE",
        "CROSS",
        "DELETE",
        "DISTINCT",
        "ELSE",
        "END",
        "EXCEPT",
        "FALSE",
        "FROM",
        "FULL",
        "GROUP",
        "HAVING",
        "IN",
        "INNER",
        "INSERT",
        "INTERSECT",
        "INTO",
        "IS",
        "JOIN",
        "LEFT",
        "LIKE",
        "LIMIT",
        "MISSING",
        "NOT",
        "NULL",
        "OFFSET",
        "ON",
        "OR",
        "ORDER",
        "OUTER",
        "PIVOT",
        "REMOVE",
        "RETURNING",
        "RIGHT",
        "SELECT",
        "SET",
        "THEN",
        "TRUE",
        "UNION",
        "UNPIVOT",
        "UPDATE",
        "VALUE",
        "VALUES",
        "WHEN",
        "WHERE",
    ]
)
_TOKEN = re.compile(
    r"(?P<blank>\s+|--[^\n]*|/\*.*?\*/)"
    r"|(?P<text>'(?:[^']|'')*')"
    r'|(?P<quoted>"(?:[^"]|"")*")'
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)"
    r"|(?P<parameter>\?)"
    r"|(?P<symbol><<|>>|<>|!=|<=|>=|[=<>(),.\[\]{}:*+\-;])",
    re.DOTALL,
)
END = "<EOF>"


class Token(NamedTuple):
    """``kind`` is name, quoted, text, number, parameter, the end, or the keyword or symbol itself."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a statement, an end token last.

    Raises: ValidationException for what is no token.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise problems.malformed()
        at = match.end()
        kind = match.lastgroup or ""
        if kind != "blank":
            found.append(_token(kind, match.group(), match.start(), at))
    found.append(Token(END, END, len(text), len(text)))
    return found


def _token(kind: str, text: str, start: int, end: int) -> Token:
    if kind == "symbol":
        return Token("<>" if text == "!=" else text, text, start, end)
    if kind == "name" and text.upper() in KEYWORDS:
        return Token(text.upper(), text, start, end)
    if kind in ("text", "quoted"):
        quote = text[0]
        return Token(kind, text[1:-1].replace(quote * 2, quote), start, end)
    return Token(kind, text, start, end)


class Reader:
    """The tokens of a statement, and a place in them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self.at = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self.at]

    @property
    def kind(self) -> str:
        """The kind of the token that comes next."""
        return self._tokens[self.at].kind

    def kind_ahead(self, distance: int = 1) -> str:
        """The kind of a token behind the next one."""
        return self._tokens[min(self.at + distance, len(self._tokens) - 1)].kind

    def take(self) -> Token:
        """The next token; goes on to the one behind it."""
        token = self._tokens[self.at]
        if token.kind != END:
            self.at += 1
        return token

    def takes(self, kind: str) -> bool:
        """Whether the next token is of a kind; goes on behind it if so."""
        if self.kind != kind:
            return False
        self.at += 1
        return True

    def expect(self, kind: str, detail: str) -> Token:
        """The next token, which must be of a kind.

        Raises: ValidationException with what was expected.
        """
        if self.kind != kind:
            raise problems.malformed(detail)
        return self.take()

    def is_word(self, word: str) -> bool:
        """Whether the next token is an unquoted name, in any case."""
        return self.kind == "name" and self.token.text.upper() == word

    def place(self, token: Token) -> str:
        """Where a token stands: line, column and length, as AWS's messages say it."""
        line = self._text.count("\n", 0, token.start) + 1
        column = token.start - (self._text.rfind("\n", 0, token.start) + 1) + 1
        return f"{line}:{column}:{token.end - token.start}"
