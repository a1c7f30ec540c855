"""Reads queries of Logs Insights.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .insights_expressions import BINARY, Aggregate, Computed, Constant, Expression, Field, Item, like, within
from .insights_functions import AGGREGATES, FUNCTIONS, TIMED, truth
from .insights_times import floored, period
from .numerals import number

_BLANKS = re.compile(r"(?:\s|#[^\n]*)*")
_WORD = re.compile(r"[@A-Za-z_$][\w.$@]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)")
_SPAN = re.compile(r"\d+[a-z]+")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/")
_SIGN = re.compile(r"<=|>=|!=|=~|[=<>]")
_INDEX = re.compile(r"\[(\d{1,9})\]")
_KEYS = re.compile(r"\.([\w$@]+)")
_QUOTED_KEY = re.compile(r"\.`([^`]*)`")
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query knows besides its text: times in milliseconds, and the rows of lookup tables."""

    now_ms: int
    since_ms: int = 0
    until_ms: int = 0
    rows_of: Callable[[str], list[dict[str, str]] | None] = field(default=lambda _: None)


class QueryText(Exception):
    """The query cannot be read; the text says where."""


class Scanner:
    """A query's text and how far it has been read."""

    def __init__(self, source: str, asked: Asked) -> None:
        self.source = source
        self.place = 0
        self.asked = asked

    # -- tokens --------------------------------------------------------------------------------------------------

    def skip(self) -> None:
        """Go over blanks and comments."""
        found = _BLANKS.match(self.source, self.place)
        self.place = found.end() if found else self.place

    def at_end(self) -> bool:
        """Whether nothing is left."""
        self.skip()
        return self.place >= len(self.source)

    def take(self, mark: str) -> bool:
        """Go over a mark, if it is there."""
        self.skip()
        if self.source.startswith(mark, self.place):
            self.place += len(mark)
            return True
        return False

    def take_word(self, *words: str) -> str | None:
        """Go over one of some words, if it is there; in lower case."""
        self.skip()
        found = _WORD.match(self.source, self.place)
        if found and found.group().lower() in words:
            self.place = found.end()
            return found.group().lower()
        return None

    def expect(self, mark: str) -> None:
        """Go over a mark. Raises QueryText if it is not there."""
        if not self.take(mark):
            raise self.wrong()

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go over what a pattern matches."""
        self.skip()
        found = pattern.match(self.source, self.place)
        if found:
            self.place = found.end()
        return found

    def wrong(self) -> QueryText:
        """The error of what stands here."""
        token = self.source[self.place : self.place + 20].split("\n")[0] or "end of query"
        return QueryText(f"unexpected symbol found {token} at line 1 and position {self.place + 1}")

    # -- names and texts -----------------------------------------------------------------------------------------

    def name(self) -> str:
        """A field's name, in backticks where it is unusual."""
        if self.take("`"):
            end = self.source.find("`", self.place)
            if end < 0:
                raise self.wrong()
            name, self.place = self.source[self.place : end], end + 1
            return name
        found = self.match(_WORD)
        if found is None:
            raise self.wrong()
        return found.group()

    def names(self) -> list[str]:
        """Names with commas between them."""
        found = [self.name()]
        while self.take(","):
            found.append(self.name())
        return found

    def quoted(self) -> str | None:
        """A quoted text, if there is one here."""
        found = self.match(_QUOTED)
        if found is None:
            return None
        inner = found.group(1) if found.group(1) is not None else found.group(2)
        return re.sub(r"\\(.)", r"\1", inner)

    def regex(self) -> re.Pattern[str] | None:
        """A regular expression between slashes, if there is one here."""
        found = self.match(_REGEX)
        if found is None:
            return None
        try:
            return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", found.group(1).replace("\\/", "/")))
        except re.error:
            raise self.wrong() from None

    def integer(self) -> int:
        """A whole number."""
        found = self.match(_NUMBER)
        if found is None or not found.group().isdecimal() or len(found.group()) > _LONGEST_NUMBER:
            raise self.wrong()
        return int(found.group())

    # -- expressions ---------------------------------------------------------------------------------------------

    def named_expression(self) -> tuple[str, Expression]:
        """An expression with the name of its column: ``as NAME``, else its own text."""
        self.skip()
        start = self.place
        expression = self.expression()
        name = self.source[start : self.place].strip()
        if name.startswith("`") and name.endswith("`"):
            name = name.strip("`")
        if self.take_word("as"):
            name = self.name()
        return name, expression

    def expression(self) -> Expression:
        """An expression."""
        left = self._conjunction()
        while self.take_word("or"):
            left = Computed(BINARY["or"], (left, self._conjunction()))
        return left

    def _conjunction(self) -> Expression:
        left = self._negation()
        while self.take_word("and"):
            left = Computed(BINARY["and"], (left, self._negation()))
        return left

    def _negation(self) -> Expression:
        if self.take_word("not"):
            return Computed(lambda value: not truth(value), (self._negation(),))
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        found = self.match(_SIGN)
        if found is not None and found.group() != "=~":
            return Computed(BINARY[found.group()], (left, self._sum()))
        if found is not None:
            return self._like(left)
        negated = self.take_word("not") is not None
        word = self.take_word("like", "in")
        if word is None:
            if negated:
                raise self.wrong()
            return left
        test = self._like(left) if word == "like" else self._within(left)
        return Computed(lambda value: not value, (test,)) if negated else test

    def _like(self, left: Expression) -> Expression:
        pattern = self.regex() or self.quoted()
        if pattern is None:
            raise self.wrong()
        wanted = pattern
        return Computed(lambda value: like(value, wanted), (left,))

    def _within(self, left: Expression) -> Expression:
        self.expect("[")
        choices = [self._sum()]
        while self.take(","):
            choices.append(self._sum())
        self.expect("]")
        return Computed(within, (left, *choices))

    def _sum(self) -> Expression:
        left = self._product()
        while sign := ("+" if self.take("+") else "-" if self.take("-") else None):
            left = Computed(BINARY[sign], (left, self._product()))
        return left

    def _product(self) -> Expression:
        left = self._factor()
        while sign := next((each for each in "*/%^" if self.take(each)), None):
            left = Computed(BINARY[sign], (left, self._factor()))
        return left

    def _factor(self) -> Expression:
        if self.take("-"):
            return Computed(BINARY["-"], (Constant(0), self._factor()))
        found = self._primary()
        while True:
            index = _INDEX.match(self.source, self.place)
            key = _QUOTED_KEY.match(self.source, self.place)
            key = key or (_KEYS.match(self.source, self.place) if isinstance(found, (Item, Computed)) else None)
            if index is None and key is None:
                return found
            step = index or key
            self.place = step.end() if step else self.place
            found = Item(found, int(index.group(1)) if index else key.group(1) if key else "")

    def _primary(self) -> Expression:
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        quoted = self.quoted()
        if quoted is not None:
            return Constant(quoted)
        found = self.match(_NUMBER)
        if found is not None:
            return Constant(self._number(found.group()))
        return self._named()

    def _number(self, given: str) -> int | float:
        if given.isdecimal() and len(given) <= _LONGEST_NUMBER:
            return int(given)
        value = number(given)
        if value is None:
            raise self.wrong()
        return value

    def _named(self) -> Expression:
        self.skip()
        plain = not self.source.startswith("`", self.place)
        name = self.name()
        if plain and self.source.startswith("(", self.place):
            self.place += 1
            return self._function(name.lower())
        if plain and name in ("true", "false"):
            return Constant(name == "true")
        if plain and name.endswith(".") and self.source.startswith("`", self.place):
            self.place -= 1
            name = name[:-1]
        return Field(name)

    def _function(self, name: str) -> Expression:
        if name in ("bin", "datefloor", "dateceil"):
            return self._floor(name)
        if name in self._constants():
            self.expect(")")
            return Constant(self._constants()[name])
        if name in AGGREGATES or name in TIMED:
            return self._aggregate(name)
        work = FUNCTIONS.get(name)
        if work is None:
            raise QueryText(f"unknown function {name} at line 1 and position {self.place}")
        parts = self._arguments()
        return Computed(_safe(work), tuple(parts))

    def _constants(self) -> dict[str, int]:
        asked = self.asked
        return {
            "now": asked.now_ms // 1000,
            "querystarttime": asked.since_ms,
            "queryendtime": asked.until_ms,
            "querytimerange": asked.until_ms - asked.since_ms,
        }

    def _arguments(self) -> list[Expression]:
        parts: list[Expression] = []
        while not self.take(")"):
            parts.append(self.expression())
            if not self.take(",") and not self.source[self.place :].lstrip().startswith(")"):
                raise self.wrong()
        return parts

    def _aggregate(self, name: str) -> Expression:
        if name == "count" and self.take("*"):
            self.expect(")")
            return Aggregate(name, None)
        parts = self._arguments()
        if name == "count" and not parts:
            return Aggregate(name, None)
        if len(parts) != (2 if name in ("pct", "percentile") else 1):
            raise self.wrong()
        extra = tuple(number(part.of({})) or 0.0 for part in parts[1:])
        return Aggregate(name, parts[0], extra)

    def _floor(self, name: str) -> Expression:
        source: Expression = Field("@timestamp")
        if name != "bin":
            source = self.expression()
            self.expect(",")
        found = self.match(_SPAN)
        wanted = period(found.group()) if found else None
        if wanted is None:
            raise self.wrong()
        self.expect(")")
        return Computed(floored(wanted, up=name == "dateceil"), (source,))


def _safe(work: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose misuse in a row leaves that row without a value."""

    def computed(*values: Any) -> Any:
        try:
            found = work(*values)
        except (TypeError, ValueError, ArithmeticError):
            return None
        return None if isinstance(found, float) and not math.isfinite(found) else found

    return computed
