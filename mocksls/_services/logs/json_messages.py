"""JSON in log events and in their fields."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 256
"""What is nested deeper counts as no JSON."""


def parsed(text: str) -> Any:
    """A text that is JSON.

    Raises:
        ValueError: it is none, or nested too deeply.
    """
    return _checked(text, json.loads)


def parsed_start(text: str) -> Any:
    """A text that starts as JSON; what comes after it is left.

    Raises:
        ValueError: it does not, or is nested too deeply.
    """
    return _checked(text, lambda given: json.JSONDecoder().raw_decode(given)[0])


def _checked(text: str, read: Any) -> Any:
    try:
        found = read(text)
    except RecursionError:
        raise ValueError("the text is nested too deeply") from None
    if text.count("{") + text.count("[") > DEEPEST and _is_too_deep(found):
        raise ValueError("the text is nested too deeply")
    return found


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)
