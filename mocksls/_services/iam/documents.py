"""Policy documents as they are handed over."""

from __future__ import annotations

import json
from urllib.parse import quote

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.policy_documents import NOT_JSON, SYNTAX, Purpose, problem_of

from . import errors


def checked(text: str, cloud: Cloud, purpose: Purpose = "identity") -> str:
    """A document that is a policy, as it was given.

    Raises:
        AwsError: MalformedPolicyDocument.
    """
    problem = problem_of(text, purpose)
    if problem is not None:
        if cloud.options.compat == "moto" and problem == NOT_JSON:
            problem = SYNTAX
        raise errors.malformed(problem)
    return text


def new_trust(text: str, cloud: Cloud) -> str:
    """The trust policy of a new role; ``compat="moto"`` takes any text.

    Raises:
        AwsError: MalformedPolicyDocument.
    """
    return text if cloud.options.compat == "moto" else checked(text, cloud, "trust")


def on_the_wire(text: str) -> str:
    """A document as answers carry it: percent-encoded; what clients cannot decode, as no JSON, goes as it is."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return quote(text, safe="")
