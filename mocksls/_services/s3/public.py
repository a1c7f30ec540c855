"""When a bucket's policy makes it public.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mocksls._kernel.policy import listed
from mocksls._kernel.policy_documents import parsed, statements_of

_FIXING = frozenset(
    (
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "aws:principalorgid",
        "aws:principalarn",
        "aws:principalaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    )
)
_SAYING = ("stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase", "ipaddress")


@lru_cache(maxsize=256)
def is_public(text: str) -> bool:
    """Whether any statement lets everybody in, without a condition that fixes from where."""
    document = parsed(text)
    return isinstance(document, Mapping) and any(_lets_everybody(each) for each in statements_of(dict(document)))


def _lets_everybody(statement: Any) -> bool:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    return _names_everybody(statement) and not any(_fixes(*each) for each in _conditions(statement))


def _names_everybody(statement: Mapping[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal")
    if principal == "*":
        return True
    return isinstance(principal, Mapping) and any("*" in listed(value) for value in principal.values())


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, values in keys.items():
            yield operator.lower().rpartition(":")[2], key.lower(), listed(values)


def _fixes(operator: str, key: str, values: list[str]) -> bool:
    if operator not in _SAYING:
        return False
    if key == "aws:sourceip":
        return all(map(_is_narrow, values))
    return key in _FIXING and not any("*" in value or "?" in value or "${" in value for value in values if value)


def _is_narrow(text: str) -> bool:
    """Ranges that are as good as everywhere fix nothing."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)
