"""Attributes of messages: AWS's rules, and how many bytes they count for.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from . import errors

Attributes = Mapping[str, Mapping[str, Any]]
_BAD = re.compile(r"[^A-Za-z0-9_.-]")
_TYPES = ("String", "Number", "Binary")


def check(attributes: Attributes) -> None:
    """Whether attributes may be published.

    Raises:
        AwsError: ParameterValueInvalid.
    """
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute)


def _check_name(name: str) -> None:
    if not name:
        raise errors.invalid_value("The message attribute name cannot be empty.")
    if len(name) > 256:
        raise errors.invalid_value("Length of message attribute name must be less than 256 bytes.")
    bad = _BAD.search(name)
    if bad:
        text = f"Invalid non-alphanumeric character '#x{ord(bad.group()):X}' was found in the message attribute name."
        raise errors.invalid_value(f"{text} Can only include alphanumeric characters, hyphens, underscores, or dots.")
    if name.startswith("."):
        raise errors.invalid_value("Invalid message attribute name starting with character '.' was found.")
    if name.endswith("."):
        raise errors.invalid_value("Invalid message attribute name ending with character '.' was found.")
    if ".." in name:
        raise errors.invalid_value("Message attribute name can not have successive '.' character.")


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    kind = attribute.get("DataType", "")
    base = kind.partition(".")[0]
    if base not in _TYPES:
        raise errors.invalid_value(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes "
            "is Binary, Number, and String."
        )
    member, other = ("BinaryValue", "StringValue") if base == "Binary" else ("StringValue", "BinaryValue")
    if other in attribute and member not in attribute:
        field = "Binary" if base == "Binary" else "String"
        raise errors.invalid_value(f"The message attribute '{name}' with type '{kind}' must use field '{field}'.")
    value = attribute.get(member)
    if not value:
        raise errors.invalid_value(
            f"The message attribute '{name}' must contain non-empty message attribute value for message attribute type "
            f"'{kind}'."
        )
    if base == "Number":
        _check_number(name, value)
    elif kind == "String.Array":
        _check_array(name, value)


def _check_number(name: str, value: str) -> None:
    try:
        float(value)
    except ValueError:
        text = f"Could not cast message attribute '{name}' value to number."
        raise errors.invalid_value(text) from None


def _check_array(name: str, value: str) -> None:
    """An array of strings, numbers, truth values and nulls; AWS takes a plain text, too, as the one element."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return
    if isinstance(found, list) and any(isinstance(each, (dict, list)) for each in found):
        raise errors.invalid_value(f"The message attribute '{name}' with type 'String.Array' has an invalid value.")


def size(attributes: Attributes) -> int:
    """The bytes that attributes count for: names, types and values."""
    total = 0
    for name, attribute in attributes.items():
        value = attribute.get("BinaryValue") or attribute.get("StringValue", "").encode()
        total += len(name.encode()) + len(attribute.get("DataType", "").encode()) + len(value)
    return total
