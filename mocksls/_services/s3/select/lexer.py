"""A query's tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from .faults import fault

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+) |
    '(?P<text>(?:[^']|'')*)' |
    "(?P<quoted>(?:[^"]|"")*)" |
    (?P<name>[A-Za-z_][A-Za-z0-9_]*) |
    (?P<symbol><>|!=|<=|>=|\|\||[-+*/%=<>(),.\[\];])
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A token; ``kind`` is ``number``, ``text``, ``quoted`` (a name), ``name``, ``symbol`` or ``end``."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """A name as keywords are written; empty for anything else."""
        return self.text.upper() if self.kind == "name" else ""


def tokens_of(query: str) -> list[Token]:
    """Take a query apart.

    Raises:
        AwsError: LexerInvalidChar.
    """
    found, at = [], 0
    rest = len(query.rstrip())
    while at < rest:
        match = _TOKEN.match(query, at)
        if match is None or match.lastgroup is None:
            raise fault("LexerInvalidChar", f"The SQL expression contains an invalid character at {at + 1}.")
        kind = match.lastgroup
        text = match.group(kind)
        found.append(Token(kind, text.replace("''", "'") if kind == "text" else text.replace('""', '"')))
        at = match.end()
    return [*found, Token("end", "")]
