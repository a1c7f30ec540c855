"""Filter patterns: terms, JSON, space-delimited fields, regular expressions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

from . import errors, json_messages
from .filter_conditions import Condition, PatternText, parse_condition, selected
from .filter_fields import FieldPattern, parse_fields, split_fields
from .filter_terms import Terms, parse_terms


class FilterPattern(ABC):
    """A compiled pattern."""

    @abstractmethod
    def matches(self, message: str) -> bool:
        """Whether a message agrees."""

    def extracted(self, message: str) -> dict[str, str]:
        """What the pattern names of a message that agrees (``$.field``, ``$field``)."""
        return {}

    def value(self, message: str, reference: str) -> str | None:
        """What a reference (``$.field``, ``$field``) means in a message."""
        return None


class _OfTerms(FilterPattern):
    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def matches(self, message: str) -> bool:
        return self._terms.match(message)


class _OfJson(FilterPattern):
    def __init__(self, condition: Condition, selectors: list[str]) -> None:
        self._condition = condition
        self._selectors = selectors

    def matches(self, message: str) -> bool:
        parsed = _parsed(message)
        return parsed is not None and self._condition(parsed)

    def extracted(self, message: str) -> dict[str, str]:
        found = {selector: self.value(message, selector) for selector in self._selectors}
        return {selector: value for selector, value in found.items() if value is not None}

    def value(self, message: str, reference: str) -> str | None:
        values = [value for value in selected(_parsed(message), reference) if not isinstance(value, (dict, list))]
        if not values or values[0] is None:
            return None
        return values[0] if isinstance(values[0], str) else json.dumps(values[0])


class _OfFields(FilterPattern):
    def __init__(self, pattern: FieldPattern) -> None:
        self._pattern = pattern

    def matches(self, message: str) -> bool:
        return self._pattern.named(split_fields(message)) is not None

    def extracted(self, message: str) -> dict[str, str]:
        return {f"${name}": value for name, value in (self._pattern.named(split_fields(message)) or {}).items()}

    def value(self, message: str, reference: str) -> str | None:
        named = self._pattern.named(split_fields(message)) or {}
        return named.get(reference.removeprefix("$"))


@lru_cache(maxsize=256)
def compile_filter(pattern: str) -> FilterPattern:
    """A pattern, compiled.

    Raises:
        AwsError: InvalidParameterException for a pattern that cannot be read.
    """
    text = pattern.strip()
    try:
        if text.startswith("{"):
            if not text.endswith("}"):
                raise PatternText
            selectors: list[str] = []
            return _OfJson(parse_condition(text[1:-1], selectors), selectors)
        if text.startswith("["):
            return _OfFields(parse_fields(text))
        return _OfTerms(parse_terms(text))
    except PatternText:
        raise errors.invalid("Invalid filter pattern") from None


def _parsed(message: str) -> Any:
    start = message.lstrip()[:1]
    if start not in ("{", "["):
        return None
    try:
        return json_messages.parsed(message)
    except ValueError:
        return None
