"""The policy evaluator: may this principal do this to that?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .arn import Arn
from .call import Principal
from .conditions import Condition, Context, like, wildcard

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked: who, which action, on which resource; ``context`` holds condition keys in lower case."""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """A text with its policy variables put in; one without value and default agrees with nothing."""
        return text if "${" not in text else _VARIABLE.sub(self._value, text)

    def _value(self, found: re.Match[str]) -> str:
        name, _, default = found.group(1).partition(",")
        if name.strip() in ("*", "?", "$"):
            return name.strip()
        value = self.context.get(name.strip().lower())
        if isinstance(value, str):
            return value
        return default.strip().strip("'") if default else "\0"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict. ``statement`` decided it; without one nothing allowed it. ``explicit`` means a Deny did."""

    allowed: bool
    explicit: bool = False
    statement: Statement | None = None


class Statement:
    """A statement of a policy, compiled."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.sid: str = document.get("Sid", "")
        self.allows = document.get("Effect") == "Allow"
        self._not_action = "NotAction" in document
        self._actions = [wildcard(text, True) for text in _listed(document.get("Action", document.get("NotAction")))]
        self._not_resource = "NotResource" in document
        self._resources = _listed(document.get("Resource", document.get("NotResource", "*")))
        self._not_principal = "NotPrincipal" in document
        self._principals = _principals(document.get("Principal", document.get("NotPrincipal")))
        self._conditions = [
            Condition(operator, key, wanted)
            for operator, keys in (document.get("Condition") or {}).items()
            for key, wanted in keys.items()
        ]

    def applies(self, inquiry: Inquiry, *, with_principal: bool) -> bool:
        """Whether the statement speaks of what is asked."""
        if any(pattern.match(inquiry.action) for pattern in self._actions) == self._not_action:
            return False
        resources = (inquiry.filled(text) for text in self._resources)
        if any(like(inquiry.resource, text) for text in resources) == self._not_resource:
            return False
        if with_principal and self._names(inquiry.principal) == self._not_principal:
            return False
        return all(condition.holds(inquiry.context, inquiry.filled) for condition in self._conditions)

    def _names(self, principal: Principal) -> bool:
        return any(_is_named(principal, kind, text) for kind, text in self._principals)


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _principals(value: Any) -> list[tuple[str, str]]:
    if value is None:
        return []
    if isinstance(value, str):
        return [("*", value)]
    return [(kind, text) for kind, texts in value.items() for text in _listed(texts)]


def _is_named(principal: Principal, kind: str, text: str) -> bool:
    if text == "*" and kind in ("*", "AWS"):
        return True
    if kind == "Service":
        return principal.kind == "service" and principal.arn == text
    if kind != "AWS" or principal.kind == "anonymous":
        return False
    if text in (principal.account_id, f"arn:aws:iam::{principal.account_id}:root"):
        return principal.kind != "service"
    return text in (principal.arn, role_arn(principal))


def role_arn(principal: Principal) -> str | None:
    """The ARN of the role behind a session (``assumed-role/NAME/SESSION``), without its path."""
    if principal.kind != "assumed-role":
        return None
    parsed = Arn.parse(principal.arn)
    if parsed is None:
        return None
    name = parsed.resource.split("/")[1]
    return f"arn:{parsed.partition}:iam::{parsed.account_id}:role/{name}"


class Policy:
    """A policy document, compiled."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        statements = document.get("Statement", [])
        listed = [statements] if isinstance(statements, Mapping) else statements
        self.statements = [Statement(each) for each in listed]

    def verdict(self, inquiry: Inquiry, *, with_principal: bool = False) -> Decision:
        """What this document alone says: an explicit Deny wins over every Allow."""
        allowing: Statement | None = None
        for statement in self.statements:
            if statement.applies(inquiry, with_principal=with_principal):
                if not statement.allows:
                    return Decision(False, True, statement)
                allowing = allowing or statement
        return Decision(allowing is not None, False, allowing)


@lru_cache(maxsize=1024)
def policy_of(text: str) -> Policy:
    """A policy's text, compiled.

    Raises:
        ValueError: it is no JSON object.
    """
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("a policy is a JSON object")
    return Policy(document)


@dataclass(frozen=True, slots=True)
class Policies:
    """The texts that bear on one inquiry, by their kind; ``boundary`` and ``session`` only ever narrow."""

    identity: tuple[str, ...] = ()
    resource: str | None = None
    boundary: str | None = None
    session: tuple[str, ...] = ()
    resource_account: str | None = None


def evaluate(inquiry: Inquiry, policies: Policies) -> Decision:
    """AWS's evaluation: an explicit Deny anywhere ends it; across accounts both sides must allow."""
    identity = _joined([policy_of(text).verdict(inquiry) for text in policies.identity])
    resource = (
        policy_of(policies.resource).verdict(inquiry, with_principal=True) if policies.resource else Decision(False)
    )
    boundary = policy_of(policies.boundary).verdict(inquiry) if policies.boundary else None
    session = _joined([policy_of(text).verdict(inquiry) for text in policies.session]) if policies.session else None
    for decision in (identity, resource, boundary, session):
        if decision is not None and decision.explicit:
            return decision
    return _combined(inquiry, policies, identity, resource, (boundary, session))


def _combined(
    inquiry: Inquiry,
    policies: Policies,
    identity: Decision,
    resource: Decision,
    limits: tuple[Decision | None, Decision | None],
) -> Decision:
    principal = inquiry.principal
    if principal.kind in ("service", "anonymous"):
        return resource
    by_identity = identity if all(limit is None or limit.allowed for limit in limits) else Decision(False)
    if principal.administrator or principal.kind == "root":
        by_identity = Decision(True)
    if policies.resource_account not in (None, principal.account_id):
        return resource if by_identity.allowed else by_identity
    return by_identity if by_identity.allowed else resource


def _joined(decisions: Iterable[Decision]) -> Decision:
    allowing = Decision(False)
    for decision in decisions:
        if decision.explicit:
            return decision
        if decision.allowed and not allowing.allowed:
            allowing = decision
    return allowing


def may_by_resource_policy(
    document: Mapping[str, Any], principal: Principal, action: str, resource: str, context: Context | None = None
) -> bool:
    """Whether a resource's own policy lets a principal do something, its source taken into account."""
    inquiry = Inquiry(principal, action, resource, {**source_keys(principal), **(context or {})})
    return Policy(document).verdict(inquiry, with_principal=True).allowed


def source_keys(principal: Principal) -> dict[str, str]:
    """The condition keys that tell for whom a service acts."""
    keys = {}
    if principal.source_arn:
        keys["aws:sourcearn"] = principal.source_arn
    if principal.source_account:
        keys["aws:sourceaccount"] = principal.source_account
    return keys
