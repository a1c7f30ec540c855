"""Maps and lists in rows of Logs Insights: what ``jsonParse`` and ``split`` make, and how queries reach into them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .json_messages import parsed

Structure = dict[str, Any] | list[Any]


def is_structure(value: Any) -> bool:
    """Whether a value is a map or a list."""
    return isinstance(value, (dict, list))


def item(value: Any, key: str | int) -> Any:
    """An item of a map by its key, of a list by its place; ``None`` where there is none."""
    if isinstance(value, dict):
        return value.get(str(key))
    if isinstance(value, list) and str(key).isdecimal():
        return value[int(key)] if int(key) < len(value) else None
    return None


def field(row: dict[str, Any], name: str) -> Any:
    """A field of a row by its name, or what a dotted name reaches in one of its structures."""
    if name in row or "." not in name:
        return row.get(name)
    place = name.find(".")
    while place > 0:
        head = row.get(name[:place])
        if is_structure(head):
            for part in name[place + 1 :].split("."):
                head = item(head, part)
            return head
        place = name.find(".", place + 1)
    return None


def written(value: Any) -> str:
    """A structure as JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _json_parse(value: Any) -> Structure | None:
    if is_structure(value):
        found: Structure = value
        return found
    try:
        made = parsed(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return made if isinstance(made, (dict, list)) else None


def _array(value: Any) -> list[Any]:
    made = _json_parse(value)
    return made if isinstance(made, list) else []


def _array_size(value: Any) -> int | None:
    made = _json_parse(value)
    return len(made) if isinstance(made, list) else None


def _array_contains(value: Any, wanted: Any) -> bool:
    return any(each == wanted or (isinstance(each, str) and each == str(wanted)) for each in _array(value))


def _split(value: Any, delimiter: Any) -> list[str] | None:
    if is_structure(value) or value is None:
        return None
    return str(value).split(str(delimiter))


OF_STRUCTURES: dict[str, Callable[..., Any]] = {
    "jsonparse": _json_parse,
    "jsonstringify": lambda value: written(value) if is_structure(value) else None,
    "jsonarraysize": _array_size,
    "jsonarraycontains": _array_contains,
    "split": _split,
    "ispresent": lambda value: value is not None,
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
}
"""Functions that take structures, or make them, by name in lower case; to all others structures are nothing."""
