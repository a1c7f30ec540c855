"""Texts of policies with wildcards and variables: compiled once, filled per request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

Context = Mapping[str, "str | Sequence[str]"]

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_WILD = re.compile(r"[*?]")


class Unresolved(Exception):
    """A variable has neither value nor default: its statement applies to nothing."""


@lru_cache(maxsize=4096)
def wildcard(pattern: str, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern with ``*`` and ``?`` as a regular expression."""
    return re.compile(_wild(pattern) + r"\Z", re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _wild(text: str) -> str:
    # runs of * would only make matching slow
    return re.sub(r"(?:\\\*)+", ".*", re.escape(text)).replace(r"\?", ".")


@lru_cache(maxsize=1024)
def _regex(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)


def matcher(pattern: str) -> Callable[[str], object]:
    """A test for one pattern of ``*`` and ``?``; the common forms without a regular expression."""
    first = _WILD.search(pattern)
    if first is None:
        return pattern.__eq__
    if pattern == "*":
        return lambda value: True
    if pattern[first.start() :] == "*":
        prefix = pattern[:-1]
        return lambda value: value.startswith(prefix)
    return wildcard(pattern).match


class Template:
    """A text of a policy that may hold variables (``${aws:username, 'nobody'}``).

    What a variable brings in, and ``${*}``, ``${?}``, ``${$}``, are never wildcards.
    """

    def __init__(self, text: str, *, variables: bool = True) -> None:
        parts = _VARIABLE.split(text) if variables else [text]
        self.fixed = len(parts) == 1
        self.text = text
        self._literals = parts[0::2]
        self._patterns = [_wild(part) for part in parts[0::2]]
        self._variables = [_variable(name) for name in parts[1::2]]
        self._test = matcher(text) if self.fixed else None

    def agrees(self, value: str, context: Context) -> bool:
        """Whether a value is what the text says, wildcards and variables taken into account.

        Raises:
            Unresolved: a variable has no value.
        """
        if self._test is not None:
            return bool(self._test(value))
        return _regex(self._filled(context, self._patterns, re.escape)).fullmatch(value) is not None

    def value(self, context: Context) -> str:
        """The text with its variables put in.

        Raises:
            Unresolved: a variable has no value.
        """
        return self.text if self.fixed else self._filled(context, self._literals, str)

    def _filled(self, context: Context, literals: list[str], of_value: Callable[[str], str]) -> str:
        filled = literals[0]
        for (name, default), literal in zip(self._variables, literals[1:], strict=True):
            filled += of_value(_resolved(name, default, context)) + literal
        return filled


def _variable(text: str) -> tuple[str, str | None]:
    name, comma, default = text.partition(",")
    quoted = default.strip()
    if comma and len(quoted) >= 2 and quoted[0] == quoted[-1] == "'":
        quoted = quoted[1:-1]
    return name.strip(), quoted if comma else None


def _resolved(name: str, default: str | None, context: Context) -> str:
    if name in ("*", "?", "$"):
        return name
    value = context.get(name.lower())
    if isinstance(value, str):
        return value
    if default is None:
        raise Unresolved
    return default
