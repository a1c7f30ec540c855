"""The resource policies of a function, its versions and aliases: who may invoke them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.policy import may_by_resource_policy

from . import errors
from .names import LATEST, FunctionName, Target, arn_of, function_named, parse_name, target_of
from .store import Function, Policy, Store

_ALIAS = re.compile(r"^(?!\d+$)[a-zA-Z0-9_-]+$")


class Permissions:
    """Operations on functions' resource policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def add_permission(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Let a service or account invoke a function, a version or an alias.

        Raises:
            AwsError: ResourceNotFoundException, ResourceConflictException, PreconditionFailedException,
                InvalidParameterValueException.
        """
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        if named.qualifier == LATEST:
            raise errors.invalid("We currently do not support adding policies for $LATEST.")
        principal = _principal(request["Principal"], call)
        function = function_named(self._store, named, call)
        target = target_of(function, named.qualifier) if function else None
        if target is None:
            arn = arn_of(named, call)
            raise _no_qualifier(f"{arn}:{named.qualifier}") if named.qualifier else errors.no_function(arn)
        policy = target.function.policies.get(named.qualifier or "") or Policy()
        _check_revision(target, policy, request)
        name = request["StatementId"]
        if name in policy.statements:
            raise errors.statement_exists(name)
        statement = _statement(request, principal, target.arn)
        policy.statements[name] = statement
        policy.revision_id = self._cloud.ids.uuid()
        target.function.policies[named.qualifier or ""] = policy
        return {"Statement": json.dumps(statement, separators=(",", ":"))}

    def remove_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a permission back.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException.
        """
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        function = function_named(self._store, named, call)
        if function is None:
            raise errors.no_policy_found(arn_of(named, call))
        target = target_of(function, named.qualifier)
        if target is None:
            raise _no_qualifier(f"{function.arn}:{named.qualifier}")
        policy = function.policies.get(_key(named))
        if policy is None or not policy.statements:
            raise errors.no_policy_associated()
        if request["StatementId"] not in policy.statements:
            raise errors.no_statement(request["StatementId"])
        _check_revision(target, policy, request)
        del policy.statements[request["StatementId"]]
        policy.revision_id = self._cloud.ids.uuid()

    def get_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The resource policy of a function, a version or an alias.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        function = function_named(self._store, named, call)
        policy = function.policies.get(_key(named)) if function else None
        if policy is None or not policy.statements:
            raise errors.nothing_there()
        return {"Policy": json.dumps(document(policy), separators=(",", ":")), "RevisionId": policy.revision_id}


def _key(named: FunctionName) -> str:
    return "" if named.qualifier in (None, LATEST) else str(named.qualifier)


def document(policy: Policy) -> dict[str, Any]:
    """A resource policy as a document."""
    return {**policy.head, "Statement": list(policy.statements.values())}


def policy_of(function: Function, qualifier: str | None) -> dict[str, Any] | None:
    """The resource policy that bears on a function called by a qualifier; None if there is none."""
    policy = function.policies.get("" if qualifier in (None, LATEST) else str(qualifier))
    return document(policy) if policy is not None and policy.statements else None


def check_service_may_invoke(target: Target, call: Call) -> None:
    """A service that acts for a resource needs the function's permission; others are judged by the pipeline.

    Raises:
        AwsError: AccessDeniedException; the trace says what is missing.
    """
    if call.principal.kind != "service" or call.principal.arn == "lambda.amazonaws.com":
        return
    action, arn = "lambda:InvokeFunction", target.arn.removesuffix(f":{LATEST}")
    policy = policy_of(target.function, target.qualifier)
    if policy is None or not may_by_resource_policy(policy, call.principal, action, arn):
        _tell(call, arn)
        raise errors.access_denied(call.principal.arn, action, arn)


def _tell(call: Call, arn: str) -> None:
    """Leave in the trace the statement that a trigger lacks."""
    missing: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": call.principal.arn},
        "Action": "lambda:InvokeFunction",
        "Resource": arn,
    }
    if call.principal.source_arn:
        missing["Condition"] = {"ArnLike": {"AWS:SourceArn": call.principal.source_arn}}
    text = f"missing in the resource-based policy (AddPermission): {json.dumps(missing)}"
    call.cloud.note("refusal", "lambda", "Invoke", text, parent=call.trace_id)


def _no_qualifier(arn: str) -> Exception:
    return errors.no_alias(arn) if _ALIAS.match(arn.rsplit(":", 1)[-1]) else errors.no_function(arn)


def _check_revision(target: Target, policy: Policy, request: Mapping[str, Any]) -> None:
    given = request.get("RevisionId")
    thing = target.alias or target.version
    if given is not None and given not in (policy.revision_id, thing.revision_id):
        raise errors.revision_differs("GetPolicy" if target.alias else "GetFunction/GetAlias")


def _statement(request: Mapping[str, Any], principal: Any, arn: str) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": principal,
        "Action": request["Action"],
        "Resource": arn,
    }
    conditions = _conditions(request)
    if conditions:
        statement["Condition"] = conditions
    return statement


def _conditions(request: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    equal = {
        key: request[member]
        for member, key in (
            ("SourceAccount", "AWS:SourceAccount"),
            ("FunctionUrlAuthType", "lambda:FunctionUrlAuthType"),
            ("EventSourceToken", "lambda:EventSourceToken"),
            ("PrincipalOrgID", "aws:PrincipalOrgID"),
        )
        if member in request
    }
    conditions: dict[str, dict[str, str]] = {"StringEquals": equal} if equal else {}
    if "InvokedViaFunctionUrl" in request:
        conditions["Bool"] = {"lambda:InvokedViaFunctionUrl": "true" if request["InvokedViaFunctionUrl"] else "false"}
    if "SourceArn" in request:
        conditions["ArnLike"] = {"AWS:SourceArn": request["SourceArn"]}
    return conditions


def _principal(text: str, call: Call) -> Any:
    if text == "*":
        return "*"
    if text.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return {"Service": text}
    if text.isdigit() and len(text) == 12:
        return {"AWS": f"arn:{partition_of(call.region)}:iam::{text}:root"}
    if text.startswith("arn:"):
        return {"AWS": text}
    raise errors.invalid("The provided principal was invalid. Please check the principal and try again.")
