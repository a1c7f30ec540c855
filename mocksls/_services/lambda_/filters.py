"""Filter criteria of event source mappings: which records a function is invoked with.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.patterns import LAMBDA, Pattern, PatternError, compile_pattern

from . import errors


def check_criteria(criteria: Mapping[str, Any] | None) -> None:
    """Whether every filter can be read.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    for text in _patterns(criteria):
        _compiled(text)


def matches(criteria: Mapping[str, Any] | None, record: Mapping[str, Any]) -> bool:
    """Whether a record agrees with one of the filters, or there are none."""
    patterns = _patterns(criteria)
    return not patterns or any(_matches(text, record) for text in patterns)


def _patterns(criteria: Mapping[str, Any] | None) -> Sequence[str]:
    return [each.get("Pattern") or "{}" for each in (criteria or {}).get("Filters") or []]


def _compiled(text: str) -> Pattern:
    try:
        return compile_pattern(text, LAMBDA)
    except PatternError:
        raise errors.invalid("Invalid filter pattern definition.") from None


def _matches(text: str, record: Mapping[str, Any]) -> bool:
    body = json.loads(text).get("body")
    if body is None or not isinstance(record.get("body"), str):
        return _compiled(text).matches(record)
    parsed = _parsed(record["body"])
    structured = isinstance(parsed, (dict, list))
    if structured != isinstance(body, dict):
        return False  # a pattern of JSON and a body of plain text, or the other way round
    return _compiled(text).matches({**record, "body": parsed if structured else record["body"]})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
