"""The resource policy of a function: who may invoke it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.policy import may_by_resource_policy

from . import errors
from .names import find_function
from .store import Function, Store


class Permissions:
    """Operations on functions' resource policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def add_permission(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Let a service or account invoke a function.

        Raises:
            AwsError: ResourceNotFoundException, ResourceConflictException, PreconditionFailedException,
                InvalidParameterValueException.
        """
        if request.get("Qualifier") == "$LATEST":
            raise errors.invalid("We currently do not support adding policies for $LATEST.")
        function = find_function(self._store, request["FunctionName"], call, request.get("Qualifier"))
        _check_revision(function, request)
        name = request["StatementId"]
        if name in function.statements:
            raise errors.statement_exists(name)
        statement = _statement(request, function, call)
        function.statements[name] = statement
        function.policy_revision_id = self._cloud.ids.uuid()
        return {"Statement": json.dumps(statement, separators=(",", ":"))}

    def remove_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a permission back.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException.
        """
        function = find_function(self._store, request["FunctionName"], call, request.get("Qualifier"))
        if not function.statements:
            raise errors.no_policy()
        if request["StatementId"] not in function.statements:
            raise errors.no_statement(request["StatementId"])
        _check_revision(function, request)
        del function.statements[request["StatementId"]]
        function.policy_revision_id = self._cloud.ids.uuid()

    def get_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's resource policy.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_function(self._store, request["FunctionName"], call, request.get("Qualifier"))
        if not function.statements:
            raise errors.no_policy()
        return {
            "Policy": json.dumps(policy_of(function), separators=(",", ":")),
            "RevisionId": function.policy_revision_id,
        }


def policy_of(function: Function) -> dict[str, Any]:
    """A function's resource policy as a document."""
    return {"Version": "2012-10-17", "Id": "default", "Statement": list(function.statements.values())}


def check_service_may_invoke(function: Function, call: Call) -> None:
    """A service that acts for a resource needs the function's permission; others are judged by the pipeline.

    Raises:
        AwsError: AccessDeniedException.
    """
    if call.principal.kind != "service" or call.principal.arn == "lambda.amazonaws.com":
        return
    action = "lambda:InvokeFunction"
    if not may_by_resource_policy(policy_of(function), call.principal, action, function.arn):
        raise errors.access_denied(call.principal.arn, action, function.arn)


def _check_revision(function: Function, request: Mapping[str, Any]) -> None:
    if request.get("RevisionId", function.policy_revision_id) != function.policy_revision_id:
        raise errors.revision_differs("GetPolicy")


def _statement(request: Mapping[str, Any], function: Function, call: Call) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(request["Principal"]),
        "Action": request["Action"],
        "Resource": function.arn,
    }
    conditions: dict[str, dict[str, str]] = {}
    if "SourceAccount" in request:
        conditions.setdefault("StringEquals", {})["AWS:SourceAccount"] = request["SourceAccount"]
    if "PrincipalOrgID" in request:
        conditions.setdefault("StringEquals", {})["aws:PrincipalOrgID"] = request["PrincipalOrgID"]
    if "FunctionUrlAuthType" in request:
        conditions.setdefault("StringEquals", {})["lambda:FunctionUrlAuthType"] = request["FunctionUrlAuthType"]
    if "EventSourceToken" in request:
        conditions.setdefault("StringEquals", {})["lambda:EventSourceToken"] = request["EventSourceToken"]
    if "SourceArn" in request:
        conditions["ArnLike"] = {"AWS:SourceArn": request["SourceArn"]}
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principal(text: str) -> Any:
    if text == "*":
        return "*"
    if text.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return {"Service": text}
    if text.isdigit() and len(text) == 12:
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if text.startswith("arn:"):
        return {"AWS": text}
    raise errors.invalid("The provided principal was invalid. Please check the principal and try again.")
