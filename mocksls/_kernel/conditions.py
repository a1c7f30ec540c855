"""Condition operators of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .templates import Context, Template, wildcard

Test = Callable[[str, str], bool]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)


def like(value: str, pattern: str) -> bool:
    """Whether a value agrees with a pattern of ``*`` and ``?``."""
    return pattern in ("*", value) or wildcard(pattern).match(value) is not None


def arn_like(value: str, pattern: str) -> bool:
    """Whether an ARN agrees with a pattern, each of its six parts for itself."""
    ours, theirs = value.split(":", 5), pattern.split(":", 5)
    if len(theirs) < 6:
        return like(value, pattern)
    return len(ours) == 6 and all(like(part, wanted) for part, wanted in zip(ours, theirs, strict=True))


def _number(test: Callable[[Decimal, Decimal], bool]) -> Test:
    def compare(value: str, wanted: str) -> bool:
        if not (_NUMBER.fullmatch(value) and _NUMBER.fullmatch(wanted)):
            return False
        return test(Decimal(value), Decimal(wanted))

    return compare


def _date(test: Callable[[float, float], bool]) -> Test:
    def compare(value: str, wanted: str) -> bool:
        ours, theirs = moment(value), moment(wanted)
        return ours is not None and theirs is not None and test(ours, theirs)

    return compare


@lru_cache(maxsize=1024)
def moment(text: str) -> float | None:
    """A date (ISO 8601, or epoch seconds) in epoch seconds; ``None``: it is none."""
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


@lru_cache(maxsize=1024)
def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _in_network(value: str, wanted: str) -> bool:
    network = _network(wanted)
    try:
        return network is not None and ipaddress.ip_address(value) in network
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
_WILD = frozenset(("StringLike", "ArnEquals", "ArnLike"))
_KEPT = 512
_BY_LOWER = {name.lower(): name for name in (*_TESTS, *_NEGATED, "Null")}


class Condition:
    """One operator with one key: compiled, asked with a context."""

    def __init__(self, operator: str, key: str, wanted: Any, *, variables: bool = True) -> None:
        quantifier, _, name = operator.rpartition(":")
        self._every = quantifier.lower() == "forallvalues"
        self._any = quantifier.lower() == "foranyvalue"
        self._if_exists = name.lower().endswith("ifexists")
        bare = name[: -len("IfExists")] if self._if_exists else name
        self._name = _BY_LOWER.get(bare.lower(), bare)
        self._negated = self._name in _NEGATED
        positive = _NEGATED.get(self._name, self._name)
        self._test = _TESTS.get(positive)
        self._wild = positive in _WILD
        self.key = key.lower()
        listed = wanted if isinstance(wanted, list) else [wanted]
        self._wanted = tuple(Template(_text(each), variables=variables) for each in listed)
        self._fixed = all(template.fixed for template in self._wanted)
        self._seen: dict[str, bool] = {}

    @staticmethod
    def knows(operator: str) -> bool:
        """Whether there is such an operator."""
        quantifier, _, name = operator.rpartition(":")
        bare = name.lower().removesuffix("ifexists")
        return bare in _BY_LOWER and quantifier.lower() in ("", "forallvalues", "foranyvalue")

    def holds(self, context: Context) -> bool:
        """Whether the condition is met.

        Raises:
            Unresolved: a policy variable in it has no value.
        """
        found = context.get(self.key)
        missing = found is None or (not isinstance(found, str) and not found)
        if self._name == "Null":
            return any((template.text.lower() == "true") == missing for template in self._wanted)
        if found is None or missing:
            return self._if_exists or self._every or (self._negated and not self._any)
        if isinstance(found, str):
            return self._agrees(found, context)
        results = (self._agrees(value, context) for value in found)
        return any(results) if self._any else all(results)

    def _agrees(self, value: str, context: Context) -> bool:
        if not self._fixed:
            return self._compared(value, context)
        # without variables the same value always gets the same answer
        known = self._seen.get(value)
        if known is None:
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            known = self._seen[value] = self._compared(value, context)
        return known

    def _compared(self, value: str, context: Context) -> bool:
        if self._test is None:
            return False
        return any(self._is(value, wanted, context) for wanted in self._wanted) != self._negated

    def _is(self, value: str, wanted: Template, context: Context) -> bool:
        assert self._test is not None
        if self._wild and not wanted.fixed:
            return wanted.agrees(value, context)
        return self._test(value, wanted.value(context))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
