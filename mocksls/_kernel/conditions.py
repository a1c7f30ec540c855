"""Condition operators of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

Values = tuple[str, ...]
Context = Mapping[str, "str | Sequence[str]"]
Test = Callable[[str, str], bool]


@lru_cache(maxsize=4096)
def wildcard(pattern: str, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern with ``*`` and ``?`` as a regular expression."""
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(f"(?:{text})\\Z", re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def like(value: str, pattern: str) -> bool:
    """Whether a value agrees with a pattern of ``*`` and ``?``."""
    return pattern in ("*", value) or wildcard(pattern).match(value) is not None


def arn_like(value: str, pattern: str) -> bool:
    """Whether an ARN agrees with a pattern, each of its six parts for itself."""
    ours, theirs = value.split(":", 5), pattern.split(":", 5)
    if len(theirs) < 6:
        return like(value, pattern)
    return len(ours) == 6 and all(like(part, wanted) for part, wanted in zip(ours, theirs, strict=True))


def _number(test: Callable[[float, float], bool]) -> Test:
    def compare(value: str, wanted: str) -> bool:
        try:
            return test(float(value), float(wanted))
        except ValueError:
            return False

    return compare


def _date(test: Callable[[float, float], bool]) -> Test:
    def compare(value: str, wanted: str) -> bool:
        ours, theirs = _moment(value), _moment(wanted)
        return ours is not None and theirs is not None and test(ours, theirs)

    return compare


def _moment(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def _in_network(value: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _same_bytes(value: str, wanted: str) -> bool:
    try:
        return base64.b64decode(value, validate=True) == base64.b64decode(wanted, validate=True)
    except ValueError:
        return False


_TESTS: dict[str, Test] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": like,
    "NumericEquals": _number(lambda a, b: a == b),
    "NumericLessThan": _number(lambda a, b: a < b),
    "NumericLessThanEquals": _number(lambda a, b: a <= b),
    "NumericGreaterThan": _number(lambda a, b: a > b),
    "NumericGreaterThanEquals": _number(lambda a, b: a >= b),
    "DateEquals": _date(lambda a, b: a == b),
    "DateLessThan": _date(lambda a, b: a < b),
    "DateLessThanEquals": _date(lambda a, b: a <= b),
    "DateGreaterThan": _date(lambda a, b: a > b),
    "DateGreaterThanEquals": _date(lambda a, b: a >= b),
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "BinaryEquals": _same_bytes,
    "IpAddress": _in_network,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
OPERATORS = frozenset(name.lower() for name in (*_TESTS, *_NEGATED, "Null"))
_BY_LOWER = {name.lower(): name for name in (*_TESTS, *_NEGATED, "Null")}


class Condition:
    """One operator with one key: compiled, asked with a context."""

    def __init__(self, operator: str, key: str, wanted: Any) -> None:
        quantifier, _, name = operator.rpartition(":")
        self._every = quantifier.lower() == "forallvalues"
        self._any = quantifier.lower() == "foranyvalue"
        self._if_exists = name.lower().endswith("ifexists")
        bare = name[: -len("IfExists")] if self._if_exists else name
        self._name = _BY_LOWER.get(bare.lower(), bare)
        self._negated = self._name in _NEGATED
        self._test = _TESTS.get(_NEGATED.get(self._name, self._name))
        self.key = key.lower()
        self._wanted = tuple(_text(each) for each in (wanted if isinstance(wanted, list) else [wanted]))

    @staticmethod
    def knows(operator: str) -> bool:
        """Whether there is such an operator."""
        quantifier, _, name = operator.rpartition(":")
        bare = name.lower().removesuffix("ifexists")
        return bare in OPERATORS and quantifier.lower() in ("", "forallvalues", "foranyvalue")

    def holds(self, context: Context, fill: Callable[[str], str]) -> bool:
        """Whether the condition is met; ``fill`` puts policy variables into the wanted values."""
        found = context.get(self.key)
        if self._name == "Null":
            return (found is None or found == ()) == (self._wanted[0].lower() == "true")
        if found is None or (not isinstance(found, str) and not found):
            return self._if_exists or self._every or (self._negated and not self._any)
        values = (found,) if isinstance(found, str) else tuple(found)
        wanted = tuple(fill(each) for each in self._wanted)
        results = [self._agrees(value, wanted) for value in values]
        return any(results) if self._any else all(results)

    def _agrees(self, value: str, wanted: Values) -> bool:
        if self._test is None:
            return False
        return any(self._test(value, each) for each in wanted) != self._negated


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
