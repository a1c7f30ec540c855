"""Patterns of terms: all plain ones, none of the ``-`` ones, at least one of the ``?`` ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .filter_conditions import PatternText, compiled_regex

_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s"]+))(?=\s|$)')

Term = str | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms, case-sensitive; where there are plain ones, the ``?`` ones do not count."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]
    either: tuple[Term, ...]

    def match(self, message: str) -> bool:
        """Whether a message has them."""
        if any(_in(term, message) for term in self.unwanted):
            return False
        if self.wanted:
            return all(_in(term, message) for term in self.wanted)
        return not self.either or any(_in(term, message) for term in self.either)


def _in(term: Term, message: str) -> bool:
    return term in message if isinstance(term, str) else term.search(message) is not None


def parse_terms(text: str) -> Terms:
    """Read a pattern of terms.

    Raises:
        PatternText: a quote is not closed.
    """
    found: dict[str, list[Term]] = {"": [], "-": [], "?": []}
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        term = _TERM.match(text, place)
        if term is None:
            raise PatternText
        mark, quoted, expression, word = term.groups()
        if expression is not None:
            found[mark].append(compiled_regex(expression))
        else:
            found[mark].append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else word)
        place = term.end()
    return Terms(tuple(found[""]), tuple(found["-"]), tuple(found["?"]))
