"""What SEARCH finds: metrics of a schema, whose names and dimensions hold certain words.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .expressions import ExpressionError
from .store import Metric, Store

_TOKEN = re.compile(
    r"\s*(?:(\{[^}]*\})|(\(|\))|([A-Za-z0-9_:./-]+=(?=\())|([A-Za-z0-9_:./-]*=)?(\"[^\"]*\"|'[^']*'|[^\s()={}]+))"
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_MOST = 100

_Test = Callable[[Metric], bool]


def found(store: Store, text: str) -> list[Metric]:
    """The metrics that a search text agrees with, by name; at most a hundred.

    Raises:
        ExpressionError: it is no search.
    """
    test = _Search(text).test()
    return [metric for _, metric in sorted(store.metrics.items()) if test(metric)][:_MOST]


class _Search:
    """Reads a search text: ``{Namespace,Dim} word AND (Key="value" OR NOT word)``."""

    def __init__(self, text: str) -> None:
        self._tokens = list(self._read(text))
        self._place = 0
        self._key = ""

    @staticmethod
    def _read(text: str) -> Iterator[tuple[str, str, str]]:
        place, text = 0, text.strip()
        while place < len(text):
            token = _TOKEN.match(text, place)
            if token is None:
                raise ExpressionError(f"the search has an unexpected character at position {place}")
            schema, mark, around, key, word = token.groups()
            if schema:
                yield "schema", "", schema[1:-1]
            elif around:
                yield "key", around[:-1], ""
            elif mark:
                yield "mark", "", mark
            else:
                yield "word", (key or "").rstrip("="), word
            place = token.end()

    def test(self) -> _Test:
        """What a metric must fulfil."""
        if not self._tokens:
            raise ExpressionError("the search is empty")
        test = self._either()
        if self._place < len(self._tokens):
            raise ExpressionError("the search has too many parentheses")
        return test

    def _peek(self) -> tuple[str, str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "", "")

    def _either(self) -> _Test:
        tests = [self._all()]
        while self._peek() == ("word", "", "OR"):
            self._place += 1
            tests.append(self._all())
        return lambda metric: any(test(metric) for test in tests)

    def _all(self) -> _Test:
        tests = [self._single()]
        while self._peek()[0] != "end" and self._peek() not in (("word", "", "OR"), ("mark", "", ")")):
            if self._peek() == ("word", "", "AND"):
                self._place += 1
            tests.append(self._single())
        return lambda metric: all(test(metric) for test in tests)

    def _single(self) -> _Test:
        kind, key, word = self._peek()
        self._place += 1
        if kind == "schema":
            return _schema(word)
        if kind == "key":
            return self._of_key(key)
        if (kind, word) == ("mark", "("):
            test = self._either()
            if self._peek() != ("mark", "", ")"):
                raise ExpressionError("the search lacks a parenthesis")
            self._place += 1
            return test
        if (kind, key, word) == ("word", "", "NOT"):
            inner = self._single()
            return lambda metric: not inner(metric)
        if kind != "word":
            raise ExpressionError("the search ends too soon")
        return _word(key or self._key, word)

    def _of_key(self, key: str) -> _Test:
        """Several words of one dimension, in parentheses."""
        before, self._key = self._key, key
        test = self._single()
        self._key = before
        return test


def _schema(text: str) -> _Test:
    namespace, *names = [part.strip().strip("\"'") for part in text.split(",")]
    wanted = set(names)
    if not namespace:
        return lambda metric: True
    if not names:
        return lambda metric: metric.namespace == namespace
    return lambda metric: metric.namespace == namespace and {name for name, _ in metric.dimensions} == wanted


def _word(key: str, word: str) -> _Test:
    exact = word[:1] in "\"'"
    bare = word.strip("\"'")
    if key:
        return lambda metric: any(_agrees(text, bare, exact) for text in _texts_of(metric, key))
    return lambda metric: any(_agrees(text, bare, exact) for text in _texts(metric))


def _texts_of(metric: Metric, key: str) -> list[str]:
    if key == "MetricName":
        return [metric.name]
    if key in ("Namespace", ":aws.Namespace"):
        return [metric.namespace]
    return [value for name, value in metric.dimensions if name == key]


def _texts(metric: Metric) -> Iterator[str]:
    yield from (metric.namespace, metric.name)
    for name, value in metric.dimensions:
        yield from (name, value)


def _agrees(text: str, word: str, exact: bool) -> bool:
    """Quoted words must be the whole text, others its words in their order, whatever their case."""
    if exact:
        return text == word
    have, wanted = _split(text), _split(word)
    return any(have[place : place + len(wanted)] == wanted for place in range(len(have) - len(wanted) + 1))


def _split(text: str) -> list[str]:
    return [part.lower() for part in _WORDS.findall(text)]
