"""The Principal element: whom a statement of a resource's policy names, and how closely.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import Any

from .arn import Arn
from .call import Principal

Grade = int
NOT, ACCOUNT, ROLE, DIRECTLY = range(4)
"""Not named; by its account; by its role; itself (user, session, service, or everybody)."""

Named = tuple[tuple[str, str], ...]


def named_principals(value: Any) -> Named:
    """The element as pairs of kind and text."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (("*", value),)
    found: list[tuple[str, str]] = []
    for kind, texts in value.items():
        found += [(kind, text) for text in ([texts] if isinstance(texts, str) else texts)]
    return tuple(found)


def grade_of(named: Named, principal: Principal) -> Grade:
    """How closely a principal is named: the closest of all."""
    return max((_grade(principal, kind, text) for kind, text in named), default=NOT)


def _grade(principal: Principal, kind: str, text: str) -> Grade:
    if text == "*" and kind in ("*", "AWS"):
        return DIRECTLY
    if kind == "Service":
        return DIRECTLY if principal.kind == "service" and principal.arn == text else NOT
    if kind == "Federated":
        provider = principal.session.provider if principal.session else None
        return DIRECTLY if provider is not None and provider == text else NOT
    if principal.kind in ("anonymous", "service"):
        return NOT
    if kind == "CanonicalUser":
        return ACCOUNT if text == canonical_id(principal.account_id) else NOT
    return _grade_of_aws(principal, text) if kind == "AWS" else NOT


def _grade_of_aws(principal: Principal, text: str) -> Grade:
    account = principal.account_id
    if text in (account, f"arn:aws:iam::{account}:root") or (text.endswith(f"::{account}:root")):
        return ACCOUNT
    if text == principal.arn:
        return DIRECTLY
    unique, _, session = principal.user_id.partition(":")
    if unique and text == unique:
        return ROLE if session else DIRECTLY
    return ROLE if text == role_arn(principal) else NOT


def role_arn(principal: Principal) -> str | None:
    """The ARN of the role behind a session (``assumed-role/NAME/SESSION``); ``None`` for others.

    Sessions that do not know their role's path are taken to have none.
    """
    if principal.kind != "assumed-role":
        return None
    if principal.session is not None and principal.session.issuer_arn:
        return principal.session.issuer_arn
    parsed = Arn.parse(principal.arn)
    if parsed is None:
        return None
    name = parsed.resource.split("/")[1]
    return f"arn:{parsed.partition}:iam::{parsed.account_id}:role/{name}"


def canonical_id(account_id: str) -> str:
    """The canonical user id of an account, 64 hexadecimal digits."""
    return f"{int(account_id):064x}" if account_id.isdigit() else ""
