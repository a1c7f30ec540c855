"""The policy evaluator: may this principal do this to that?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from .call import Principal
from .conditions import Condition
from .principal_elements import DIRECTLY, NOT, ROLE, Grade, grade_of, named_principals
from .templates import Context, Template, Unresolved, wildcard

PolicyKind = Literal["identity-based policy", "resource-based policy", "permissions boundary", "session policy"]


class Inquiry(NamedTuple):
    """What is asked: who, which action, on which resource; ``context`` holds condition keys in lower case."""

    principal: Principal
    action: str
    resource: str
    context: Context = {}


class Decision(NamedTuple):
    """The verdict.

    ``statement`` decided it, in a policy of ``kind``. Not allowed without ``explicit`` means that nothing of that
    kind allowed it.
    """

    allowed: bool
    explicit: bool = False
    statement: Statement | None = None
    kind: PolicyKind = "identity-based policy"
    grade: Grade = NOT


_KEPT = 512
_SILENT = Decision(False)


class Statement:
    """A statement of a policy, compiled."""

    def __init__(self, document: Mapping[str, Any], *, variables: bool = True) -> None:
        self.document = document
        self.sid: str = document.get("Sid", "")
        self.allows = document.get("Effect") == "Allow"
        self._not_action = "NotAction" in document
        self._actions = [wildcard(text, True) for text in listed(document.get("Action", document.get("NotAction")))]
        self._not_resource = "NotResource" in document
        self._resources = [
            Template(text, variables=variables)
            for text in listed(document.get("Resource", document.get("NotResource", "*")))
        ]
        self._fixed = all(template.fixed for template in self._resources)
        self._seen: dict[str, bool] = {}
        self._not_principal = "NotPrincipal" in document
        self._principals = named_principals(document.get("Principal", document.get("NotPrincipal")))
        self._conditions = [
            Condition(operator, key, wanted, variables=variables)
            for operator, keys in (document.get("Condition") or {}).items()
            for key, wanted in keys.items()
        ]

    def names_action(self, action: str) -> bool:
        """Whether the statement speaks of an action."""
        return any(pattern.match(action) for pattern in self._actions) != self._not_action

    def applies(self, inquiry: Inquiry, *, with_principal: bool) -> Grade:
        """How closely the statement, which names the action, speaks of what is asked (``NOT``: not at all)."""
        grade = DIRECTLY
        if with_principal:
            grade = grade_of(self._principals, inquiry.principal)
            if self._not_principal:
                grade = NOT if grade else DIRECTLY
            if not grade:
                return NOT
        try:
            if not self._names_resource(inquiry.resource, inquiry.context):
                return NOT
            for condition in self._conditions:
                if not condition.holds(inquiry.context):
                    return NOT
        except Unresolved:
            return NOT
        return grade

    def _names_resource(self, resource: str, context: Context) -> bool:
        if not self._fixed:
            return any(template.agrees(resource, context) for template in self._resources) != self._not_resource
        # without variables the same resource always gets the same answer
        known = self._seen.get(resource)
        if known is None:
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            named = any(template.agrees(resource, context) for template in self._resources)
            known = self._seen[resource] = named != self._not_resource
        return known


def listed(value: Any) -> list[str]:
    """An element that may be one text or a list of them."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


class Policy:
    """A policy document, compiled. Which statements speak of an action is remembered."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        found = document.get("Statement", [])
        variables = document.get("Version", "2012-10-17") == "2012-10-17"
        self.statements = [
            Statement(each, variables=variables) for each in ([found] if isinstance(found, Mapping) else found)
        ]
        self._by_action: dict[str, tuple[Statement, ...]] = {}

    def verdict(
        self, inquiry: Inquiry, *, with_principal: bool = False, kind: PolicyKind = "identity-based policy"
    ) -> Decision:
        """What this document alone says: an explicit Deny wins over every Allow."""
        best = Decision(False, kind=kind)
        for statement in self._about(inquiry.action):
            grade = statement.applies(inquiry, with_principal=with_principal)
            if not grade:
                continue
            if not statement.allows:
                return Decision(False, True, statement, kind)
            if grade > best.grade:
                best = Decision(True, False, statement, kind, grade)
        return best

    def _about(self, action: str) -> tuple[Statement, ...]:
        known = self._by_action.get(action)
        if known is None:
            known = tuple(statement for statement in self.statements if statement.names_action(action))
            self._by_action[action] = known
        return known


@lru_cache(maxsize=1024)
def policy_of(text: str) -> Policy:
    """A policy's text, compiled.

    Raises:
        ValueError: it is no policy.
    """
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("a policy is a JSON object")
    try:
        return Policy(document)
    except (AttributeError, TypeError, KeyError):
        raise ValueError("a policy has statements") from None


@lru_cache(maxsize=1024)
def _kept(text: str) -> Policy | None:
    """A policy's text, compiled; texts that are no policies (``compat="moto"`` keeps such) say nothing."""
    try:
        return policy_of(text)
    except (ValueError, RecursionError):
        return None


class Policies(NamedTuple):
    """The texts that bear on one inquiry, by their kind; ``boundary`` and ``session`` only ever narrow.

    ``resource_account`` owns the resource; ``None``: the caller's account. ``both``: the resource's policy must allow
    even within the account (a role's trust policy).
    """

    identity: tuple[str, ...] = ()
    resource: str | None = None
    boundary: str | None = None
    session: tuple[str, ...] = ()
    resource_account: str | None = None
    both: bool = False


def evaluate(inquiry: Inquiry, policies: Policies) -> Decision:
    """AWS's evaluation: an explicit Deny anywhere ends it; across accounts both sides must allow."""
    identity = _joined(policies.identity, inquiry, "identity-based policy")
    resource = _of_resource(policies.resource, inquiry)
    limits = [_joined(texts, inquiry, kind) for texts, kind in _limits(policies)]
    for decision in (identity, resource, *limits):
        if decision.explicit:
            return decision
    principal = inquiry.principal
    if principal.kind in ("service", "anonymous"):
        return resource
    own = _own_side(principal, identity, limits)
    if policies.both and not resource.allowed:
        return resource
    if policies.resource_account not in (None, principal.account_id):
        return resource if own.allowed else own
    if own.allowed:
        return own
    return _granted_by_resource(resource, own, limits)


def _limits(policies: Policies) -> list[tuple[tuple[str, ...], PolicyKind]]:
    found: list[tuple[tuple[str, ...], PolicyKind]] = []
    if policies.boundary is not None:
        found.append(((policies.boundary,), "permissions boundary"))
    if policies.session:
        found.append((policies.session, "session policy"))
    return found


def _own_side(principal: Principal, identity: Decision, limits: list[Decision]) -> Decision:
    """What the caller's own policies say; the account's root and administrators need none."""
    if principal.administrator or principal.kind == "root":
        identity = Decision(True)
    if not identity.allowed:
        return identity
    return next((limit for limit in limits if not limit.allowed), identity)


def _granted_by_resource(resource: Decision, own: Decision, limits: list[Decision]) -> Decision:
    """Within one account a resource's policy may allow by itself, depending on whom it names.

    Naming the account leaves it to the caller's policies. Naming a role leaves boundary and session policy in force.
    Naming the user, the session, or everybody, grants directly.
    """
    if not resource.allowed or resource.grade < ROLE:
        return own
    if resource.grade == DIRECTLY:
        return resource
    return next((limit for limit in limits if not limit.allowed), resource)


def _of_resource(text: str | None, inquiry: Inquiry) -> Decision:
    policy = _kept(text) if text else None
    kind: PolicyKind = "resource-based policy"
    return policy.verdict(inquiry, with_principal=True, kind=kind) if policy else Decision(False, kind=kind)


def _joined(texts: Iterable[str], inquiry: Inquiry, kind: PolicyKind) -> Decision:
    best = Decision(False, kind=kind)
    for text in texts:
        policy = _kept(text)
        decision = policy.verdict(inquiry, kind=kind) if policy else _SILENT
        if decision.explicit:
            return decision
        if decision.allowed and not best.allowed:
            best = decision
    return best


def may_by_resource_policy(
    document: Mapping[str, Any] | str,
    principal: Principal,
    action: str,
    resource: str,
    context: Context | None = None,
) -> bool:
    """Whether a resource's own policy lets a principal do something, its source taken into account.

    A policy that is given as text is compiled once.
    """
    inquiry = Inquiry(principal, action, resource, {**source_keys(principal), **(context or {})})
    policy = _kept(document) if isinstance(document, str) else Policy(document)
    return policy is not None and policy.verdict(inquiry, with_principal=True).allowed


def source_keys(principal: Principal) -> dict[str, str]:
    """The condition keys that tell for whom a service acts."""
    keys = {}
    if principal.source_arn:
        keys["aws:sourcearn"] = principal.source_arn
    if principal.source_account:
        keys["aws:sourceaccount"] = principal.source_account
    return keys
