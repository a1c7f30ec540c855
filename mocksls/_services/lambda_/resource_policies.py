"""Whole resource policies of functions, versions and aliases: the same ones that AddPermission builds up.

https://docs.aws.amazon.com/lambda/latest/dg/API_PutResourcePolicy.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.policy_documents import is_resource_policy, statements_of

from . import errors
from .names import LATEST, Target, find_target
from .permissions import document
from .store import Policy, Store

_UNNAMED = "\0"


class ResourcePolicies:
    """Operations on whole policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_resource_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace the policy, permissions that were added one by one included.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException, PreconditionFailedException.
        """
        target = self._target(request, call)
        if target.qualifier == LATEST:
            raise errors.invalid("We currently do not support adding policies for $LATEST.")
        text = request["Policy"]
        if not is_resource_policy(text):
            raise errors.invalid("The policy document is not a valid resource-based policy.")
        _check_revision(self._policy(target), request)
        given = json.loads(text)
        statements = {
            each.get("Sid") or f"{_UNNAMED}{number}": dict(each) for number, each in enumerate(statements_of(given))
        }
        policy = Policy(
            revision_id=self._cloud.ids.uuid(),
            statements=statements,
            head={name: value for name, value in given.items() if name != "Statement"},
        )
        target.function.policies[target.qualifier or ""] = policy
        return _shown(policy)

    def get_resource_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policy.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return _shown(self._existing(request, call)[1])

    def delete_resource_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take away the whole policy.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException.
        """
        target, policy = self._existing(request, call)
        _check_revision(policy, request)
        del target.function.policies[_key(target)]

    def _target(self, request: Mapping[str, Any], call: Call) -> Target:
        return find_target(self._store, request["ResourceArn"], call)

    def _policy(self, target: Target) -> Policy | None:
        policy = target.function.policies.get(_key(target))
        return policy if policy is not None and policy.statements else None

    def _existing(self, request: Mapping[str, Any], call: Call) -> tuple[Target, Policy]:
        target = self._target(request, call)
        policy = self._policy(target)
        if policy is None:
            raise errors.nothing_there()
        return target, policy


def _key(target: Target) -> str:
    return "" if target.qualifier in (None, LATEST) else str(target.qualifier)


def _check_revision(policy: Policy | None, request: Mapping[str, Any]) -> None:
    given = request.get("RevisionId")
    if given is not None and (policy is None or given != policy.revision_id):
        raise errors.revision_differs("GetResourcePolicy")


def _shown(policy: Policy) -> dict[str, Any]:
    return {"Policy": json.dumps(document(policy), separators=(",", ":")), "RevisionId": policy.revision_id}
