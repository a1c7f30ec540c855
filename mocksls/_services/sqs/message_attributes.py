"""Message attributes: their rules, their size, and the MD5 that senders check.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from hashlib import md5
from typing import Any

from . import errors

_NAME = re.compile(r"[A-Za-z0-9_\-.]{1,256}\Z")
_BAD_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST = 10


def check_body(body: str) -> None:
    """Whether a text may be sent.

    Raises:
        AwsError: MissingParameter, InvalidMessageContents.
    """
    if not body:
        raise errors.missing("MessageBody")
    bad = _BAD_CHARACTER.search(body)
    if bad:
        raise errors.bad_characters(bad.group())


def check_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether attributes may be sent.

    Raises:
        AwsError: InvalidParameterValue.
    """
    if len(attributes) > _MOST:
        text = f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{_MOST}]."
        raise errors.invalid_value(text)
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute)


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise errors.invalid_value(
            f"The message attribute name '{name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore "
            "(_), hyphen (-), and period (.) characters."
        )
    if name.lower().startswith(("aws.", "amazon.")):
        raise errors.invalid_value(f"The message attribute name '{name}' is invalid because of its reserved prefix.")
    if name.startswith(".") or name.endswith(".") or ".." in name:
        text = f"The message attribute name '{name}' is invalid. Periods may neither lead, trail nor follow each other."
        raise errors.invalid_value(text)


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    kind = attribute.get("DataType", "")
    if not kind:
        raise errors.invalid_value(f"The message attribute '{name}' must contain non-empty message attribute type.")
    base = kind.partition(".")[0]
    if base not in ("String", "Number", "Binary"):
        raise errors.invalid_value(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes "
            "is Binary, Number, and String."
        )
    member = "BinaryValue" if base == "Binary" else "StringValue"
    value = attribute.get(member)
    if not value:
        text = f"Message (user) attribute '{name}' must contain a non-empty value of type '{base}'."
        raise errors.invalid_value(text)
    if base == "Number":
        _check_number(name, value)
    elif base == "String" and _BAD_CHARACTER.search(value):
        raise errors.invalid_value(f"Invalid characters found in the value of message attribute '{name}'.")


def _check_number(name: str, value: str) -> None:
    try:
        float(value)
    except ValueError:
        text = f"Can't cast the value of message (user) attribute '{name}' to a number."
        raise errors.invalid_value(text) from None


def size(attributes: Mapping[str, Mapping[str, Any]]) -> int:
    """The bytes that attributes count for: names, types and values."""
    total = 0
    for name, attribute in attributes.items():
        total += len(name.encode()) + len(attribute["DataType"].encode()) + len(_value(attribute))
    return total


def _value(attribute: Mapping[str, Any]) -> bytes:
    if attribute["DataType"].startswith("Binary"):
        return bytes(attribute["BinaryValue"])
    text: str = attribute["StringValue"]
    return text.encode()


def attributes_md5(attributes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The MD5 of attributes; ``None`` without any."""
    if not attributes:
        return None
    told = bytearray()
    for name in sorted(attributes):
        attribute = attributes[name]
        for text in (name, attribute["DataType"]):
            told += struct.pack(">I", len(text.encode())) + text.encode()
        value = _value(attribute)
        told += b"\x02" if attribute["DataType"].startswith("Binary") else b"\x01"
        told += struct.pack(">I", len(value)) + value
    return md5(told, usedforsecurity=False).hexdigest()


def body_md5(body: str) -> str:
    """The MD5 of a body."""
    return md5(body.encode(), usedforsecurity=False).hexdigest()


def selected(attributes: Mapping[str, dict[str, Any]], names: list[str]) -> dict[str, dict[str, Any]]:
    """The attributes that a receiver asks for: by name, by prefix (``prefix.*``), or all (``All``, ``.*``)."""
    if not names or not attributes:
        return {}
    if "All" in names or ".*" in names or "*" in names:
        return dict(attributes)
    prefixes = tuple(name[:-2] for name in names if name.endswith(".*"))
    return {
        name: value
        for name, value in attributes.items()
        if name in names or any(name.startswith(prefix) for prefix in prefixes)
    }
