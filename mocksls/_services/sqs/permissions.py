"""Permissions of a queue: statements of its policy, by label."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.policy import may_by_resource_policy

from . import errors
from .queues import find_queue
from .store import Queue, Store

_ACTIONS = (
    "*",
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
)
_OF_OWNER_ONLY = ("AddPermission", "RemovePermission", "CreateQueue", "DeleteQueue", "ListQueues", "SetQueueAttributes")
_MOST_ACTIONS = 7
_ACCOUNT = re.compile(r"\d{12}\Z")


class Permissions:
    """Operations on permissions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def add_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Add a statement that lets accounts use the queue.

        Raises:
            AwsError: QueueDoesNotExist, InvalidParameterValue, MissingParameter.
        """
        queue, label = find_queue(self._store, request, call), request["Label"]
        accounts, actions = request["AWSAccountIds"], request["Actions"]
        if not actions:
            raise errors.missing("Actions")
        if len(actions) > _MOST_ACTIONS:
            raise errors.too_many_actions(len(actions), _MOST_ACTIONS)
        _check(accounts, actions)
        policy = _policy(queue.attributes.get("Policy"), f"{queue.arn}/SQSDefaultPolicy")
        if any(statement.get("Sid") == label for statement in policy["Statement"]):
            raise errors.invalid(label, "Label", "Already exists.")
        statement = {
            "Sid": label,
            "Effect": "Allow",
            "Principal": {"AWS": _one_or_many([f"arn:aws:iam::{account}:root" for account in accounts])},
            "Action": _one_or_many([f"SQS:{action}" for action in actions]),
            "Resource": queue.arn,
        }
        policy["Statement"].append(statement)
        queue.attributes["Policy"] = json.dumps(policy, separators=(",", ":"))

    def remove_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a statement back; with the last one the policy goes.

        Raises:
            AwsError: QueueDoesNotExist, InvalidParameterValue.
        """
        queue, label = find_queue(self._store, request, call), request["Label"]
        policy = _policy(queue.attributes.get("Policy"), "")
        kept = [statement for statement in policy["Statement"] if statement.get("Sid") != label]
        if len(kept) == len(policy["Statement"]):
            where = " on existing policy" if policy["Statement"] else ""
            raise errors.invalid(label, "Label", f"can't find label{where}.")
        if kept:
            queue.attributes["Policy"] = json.dumps({**policy, "Statement": kept}, separators=(",", ":"))
        else:
            del queue.attributes["Policy"]


def check_service_may_send(queue: Queue, call: Call) -> None:
    """A service that acts for a resource (a topic, a bucket) needs the queue's permission.

    Lambda sends as the function's role; others are judged by the pipeline. Suites written for moto give no queue a
    policy.

    Raises:
        AwsError: AccessDeniedException.
    """
    by = call.principal
    if by.kind != "service" or call.internal or by.arn == "lambda.amazonaws.com":
        return
    text = queue.attributes.get("Policy")
    if text is None and call.cloud.options.compat == "moto":
        return
    if text is None or not may_by_resource_policy(text, by, "sqs:SendMessage", queue.arn):
        raise errors.access_denied(by.arn, "sqs:SendMessage", queue.arn)


def _check(accounts: list[str], actions: list[str]) -> None:
    for account in accounts or [""]:
        if not _ACCOUNT.match(account):
            text = f"Value {json.dumps(accounts)} for parameter PrincipalId is invalid. Reason: Unable to verify."
            raise errors.invalid_value(text)
    for action in actions:
        if action in _OF_OWNER_ONLY:
            reason = "Only the queue owner is allowed to invoke this action."
            raise errors.invalid(f"SQS:{action}", "ActionName", reason)
        if action not in _ACTIONS:
            reason = "Please refer to the appropriate WSDL for a list of valid actions."
            raise errors.invalid(f"SQS:{action}", "ActionName", reason)


def _policy(text: str | None, policy_id: str) -> dict[str, Any]:
    if not text:
        return {"Version": "2008-10-17", "Id": policy_id, "Statement": []}
    policy: dict[str, Any] = json.loads(text)
    statements = policy.get("Statement", [])
    return {**policy, "Statement": [statements] if isinstance(statements, dict) else list(statements)}


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
