"""The policy simulator: the evaluator, asked without making a call.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.pattern_source import Node, PatternError, Source
from mocksls._kernel.policy import Inquiry, Policies, Statement, evaluate, policy_of
from mocksls._kernel.policy_documents import SYNTAX, parsed, problem_of

from . import errors
from .pages import paged
from .store import Entity, Store

_KEY = re.compile(r"\$\{\s*([^,}]+?)\s*[,}]")


class Named(NamedTuple):
    """A policy with the id that answers show."""

    source_id: str
    text: str


class Simulation:
    """Operations of the policy simulator."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def simulate_principal_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What a user, group or role may do, further policies taken in.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, PolicyEvaluation.
        """
        entity = self._entity(request["PolicySourceArn"])
        policies = [*self._policies(entity), *_given(request)]
        boundary = self._store.policies.get(entity.boundary_arn or "")
        texts = request.get("PermissionsBoundaryPolicyInputList", [boundary.document] if boundary else [])
        return self._answer(request, call, policies, texts, entity)

    def simulate_custom_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What policies that are handed over would allow.

        Raises:
            AwsError: InvalidInput, PolicyEvaluation.
        """
        return self._answer(request, call, _given(request), request.get("PermissionsBoundaryPolicyInputList", []), None)

    def get_context_keys_for_custom_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The condition keys that policies ask for.

        Raises:
            AwsError: InvalidInput.
        """
        return {"ContextKeyNames": _keys_of([each.text for each in _given(request)])}

    def get_context_keys_for_principal_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The condition keys that the policies of a user, group or role ask for.

        Raises:
            AwsError: NoSuchEntity, InvalidInput.
        """
        policies = [*self._policies(self._entity(request["PolicySourceArn"])), *_given(request)]
        return {"ContextKeyNames": _keys_of([each.text for each in policies])}

    def _entity(self, arn: str) -> Entity:
        for entity in self._store.entities():
            if entity.arn == arn:
                return entity
        raise errors.no_source(arn)

    def _policies(self, entity: Entity) -> Iterator[Named]:
        groups = self._store.groups_of(entity.name) if entity.kind == "user" else []
        for each in (entity, *groups):
            for name, text in each.inline.items():
                yield Named(f"{each.kind}_{each.name}_{name}", text)
            for arn in each.attached:
                policy = self._store.policies.get(arn)
                if policy is not None:
                    yield Named(policy.name, policy.document)

    def _answer(
        self, request: Mapping[str, Any], call: Call, policies: list[Named], boundary: list[str], entity: Entity | None
    ) -> dict[str, Any]:
        for text in boundary:
            _check(text)
        trial = _Trial(request, _caller(request, call, entity), policies, boundary)
        results = [trial.result(action) for action in request["ActionNames"]]
        places = [f"{place:05d}" for place in range(len(results))]
        ordered = list(zip(places, results, strict=True))
        return paged(request, "EvaluationResults", ordered, lambda each: each[0], lambda each: each[1])


class _Trial:
    """One simulation: everything that is the same for all its actions."""

    def __init__(
        self, request: Mapping[str, Any], principal: Principal, policies: list[Named], boundary: list[str]
    ) -> None:
        self._request = request
        self._principal = principal
        self._policies = policies
        self._boundary = boundary
        self._context = _context(request)
        texts = [*(each.text for each in policies), *boundary]
        wanted = {name.lower(): name for name in _keys_of(texts)}
        self._missing = sorted(shown for name, shown in wanted.items() if name not in self._context)

    def result(self, action: str) -> dict[str, Any]:
        """What comes of one action, on each of the resources."""
        resources = [self._on(action, resource) for resource in self._request.get("ResourceArns") or ["*"]]
        first = resources[0]
        shown: dict[str, Any] = {
            "EvalActionName": action,
            "EvalResourceName": first["EvalResourceName"],
            "EvalDecision": first["EvalResourceDecision"],
            "MatchedStatements": first["MatchedStatements"],
            "MissingContextValues": self._missing,
            "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
            "EvalDecisionDetails": {},
        }
        if self._boundary:
            shown["PermissionsBoundaryDecisionDetail"] = first["PermissionsBoundaryDecisionDetail"]
        if self._request.get("ResourceArns"):
            shown["ResourceSpecificResults"] = resources
        return shown

    def _on(self, action: str, resource: str) -> dict[str, Any]:
        inquiry = Inquiry(self._principal, action, resource, self._context)
        texts = tuple(each.text for each in self._policies)
        boundary = self._boundary[0] if self._boundary else None
        decision = evaluate(inquiry, Policies(texts, self._request.get("ResourcePolicy"), boundary))
        verdict = "allowed" if decision.allowed else "explicitDeny" if decision.explicit else "implicitDeny"
        answer: dict[str, Any] = {
            "EvalResourceName": resource,
            "EvalResourceDecision": verdict,
            "MatchedStatements": self._matched(inquiry, denying=decision.explicit),
            "MissingContextValues": self._missing,
        }
        if boundary is not None:
            allowed = policy_of(boundary).verdict(inquiry).allowed
            answer["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
        return answer

    def _matched(self, inquiry: Inquiry, *, denying: bool) -> list[dict[str, Any]]:
        """The statements that speak of the inquiry with the effect that counts."""
        found = []
        for named in self._policies:
            places = _places(named.text)
            for place, statement in enumerate(policy_of(named.text).statements):
                if statement.allows != denying and _speaks(statement, inquiry):
                    found.append(
                        {
                            "SourcePolicyId": named.source_id,
                            "SourcePolicyType": "IAM Policy",
                            "StartPosition": places[place][0],
                            "EndPosition": places[place][1],
                        }
                    )
        return found


def _speaks(statement: Statement, inquiry: Inquiry) -> bool:
    return statement.names_action(inquiry.action) and bool(statement.applies(inquiry, with_principal=False))


def _caller(request: Mapping[str, Any], call: Call, entity: Entity | None) -> Principal:
    arn = request.get("CallerArn") or (entity.arn if entity else call.principal.arn)
    account = arn.split(":")[4] if arn.count(":") >= 5 else call.account_id
    return Principal("user", arn, account, entity.unique_id if entity else "")


def _context(request: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in request.get("ContextEntries", ()):
        values = entry.get("ContextKeyValues", [])
        several = entry.get("ContextKeyType", "string").endswith("List")
        found[entry.get("ContextKeyName", "").lower()] = tuple(values) if several else (values[0] if values else "")
    return found


def _given(request: Mapping[str, Any]) -> list[Named]:
    policies = []
    for place, text in enumerate(request.get("PolicyInputList", ()), 1):
        _check(text)
        policies.append(Named(f"PolicyInputList.{place}", text))
    return policies


def _check(text: str) -> None:
    problem = problem_of(text, "identity")
    if problem is not None and (problem == SYNTAX or parsed(text) is None):
        raise errors.invalid_input(problem)


def _keys_of(texts: list[str]) -> list[str]:
    """The keys in conditions and variables, each once, in order."""
    found: dict[str, str] = {}
    for text in texts:
        document = parsed(text)
        statements = document.get("Statement", []) if isinstance(document, dict) else []
        for statement in [statements] if isinstance(statements, dict) else statements:
            for keys in (statement.get("Condition") or {}).values():
                for key in keys:
                    found.setdefault(key.lower(), key)
        for name in _KEY.findall(text):
            if name not in ("*", "?", "$"):
                found.setdefault(name.lower(), name)
    return list(found.values())


def _places(text: str) -> list[tuple[dict[str, int], dict[str, int]]]:
    """Where each statement begins and ends, lines and columns counted from one."""
    try:
        root = Source(text).root
    except PatternError:
        return []
    value = next(inner for name, inner in root.members if name == "Statement")
    nodes: tuple[Node, ...] = value.items if value.kind == "array" else (value,)
    return [(_place(text, node.begun - 1), _place(text, node.ended)) for node in nodes]


def _place(text: str, offset: int) -> dict[str, int]:
    line = text.count("\n", 0, offset) + 1
    return {"Line": line, "Column": offset - (text.rfind("\n", 0, offset) + 1) + 1}
