"""What AWS says about requests that are no requests: broken bodies and values of the wrong type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mocksls._kernel.errors import AwsError

MAX_DEPTH = 200
"""How deep containers may nest; beyond AWS's own limits, well within Python's."""

XML_MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema"

_JAVA_CLASSES = {
    bool: "java.lang.Boolean",
    int: "com.amazon.coral.value.json.numbers.TruncatingBigNumber",
    float: "com.amazon.coral.value.json.numbers.TruncatingBigNumber",
    str: "java.lang.String",
    list: "java.util.ArrayList",
    dict: "java.util.HashMap",
}

WrongType = Callable[[Any, str], AwsError]


def serialization(message: str = "") -> AwsError:
    """A body that does not fit the operation's input."""
    return AwsError("SerializationException", message, status=400)


def too_deep() -> AwsError:
    """Containers nested beyond the limit."""
    return serialization("Nesting Levels have exceeded supported limits")


def malformed_xml() -> AwsError:
    """XML that is broken, or not the XML of this operation."""
    return AwsError("MalformedXML", XML_MALFORMED, status=400)


def malformed_input(text: str) -> AwsError:
    """A form value that is none of its type."""
    return AwsError("MalformedInput", f"Malformed value: {text[:100]}", status=400)


def wrong_type(value: Any, expected: str) -> AwsError:
    """A JSON value of the wrong type, in the words of AWS's JSON services."""
    if expected in ("Structure", "Map", "List"):
        return serialization(_misplaced(value))
    if isinstance(value, list):
        return serialization("Start of list found where not expected")
    if isinstance(value, dict):
        return serialization("Start of structure or map found where not expected")
    if expected == "Blob":
        return serialization("only base-64-encoded strings are convertible to bytes")
    return serialization(f"{_token(value)} cannot be converted to {expected}")


def wrong_class(value: Any, expected: str) -> AwsError:
    """A JSON value of the wrong type, in the words of services that name Java's classes."""
    if value is None:
        return serialization("Unexpected null")
    found = _JAVA_CLASSES.get(type(value), "java.lang.Object")
    return serialization(f"class {found} can not be converted to an {expected}")


def _misplaced(value: Any) -> str:
    if isinstance(value, list):
        return "Start of list found where not expected"
    if isinstance(value, dict):
        return "Start of structure or map found where not expected"
    return "Unexpected field type"


def _token(value: Any) -> str:
    if value is None:
        return "NULL_VALUE"
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, int):
        return "NUMBER_VALUE"
    return "DECIMAL_VALUE" if isinstance(value, float) else "STRING_VALUE"


WORDS: dict[str, WrongType] = {"token": wrong_type, "class": wrong_class}
