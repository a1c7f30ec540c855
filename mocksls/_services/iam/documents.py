"""Policy documents as they are handed over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from mocksls._kernel.cloud import Cloud

from . import errors


def checked(text: str, cloud: Cloud) -> str:
    """A document that is a policy, as it was given.

    Raises:
        AwsError: MalformedPolicyDocument.
    """
    if cloud.options.compat == "moto":
        return text
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise errors.bad_document() from None
    if not isinstance(document, dict) or not _statements_are_sound(document.get("Statement")):
        raise errors.syntax_errors()
    return text


def _statements_are_sound(statements: Any) -> bool:
    listed = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        return False
    return all(
        isinstance(each, Mapping)
        and each.get("Effect") in ("Allow", "Deny")
        and ("Action" in each) != ("NotAction" in each)
        for each in listed
    )


def on_the_wire(text: str) -> str:
    """A document as answers carry it: percent-encoded; what clients cannot decode, as no JSON, goes as it is."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return quote(text, safe="")
