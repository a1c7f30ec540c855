"""The policy of a bus: who may put events on it.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import errors
from .names import find_bus
from .store import Bus, Store

_MOST_BYTES = 10_240
_ACCOUNT = re.compile(r"\d{12}\Z")


class Permissions:
    """Operations on permissions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Let an account put events, or give the bus a whole policy.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException, PolicyLengthExceededException.
        """
        bus = find_bus(self._store, call, request.get("EventBusName"))
        policy = _document(request["Policy"]) if "Policy" in request else _extended(bus, request)
        if len(json.dumps(policy)) > _MOST_BYTES:
            text = "The policy on the event bus exceeds the size limit."
            raise AwsError("PolicyLengthExceededException", text, status=400)
        bus.policy = policy
        bus.modified = self._cloud.clock.time()

    def remove_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Take back a statement by its id, or all of them.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        bus = find_bus(self._store, call, request.get("EventBusName"))
        if request.get("RemoveAllPermissions"):
            bus.policy = None
            return
        if bus.policy is None:
            raise errors.not_found("EventBus does not have a policy.")
        statements = _statements(bus.policy)
        kept = [each for each in statements if each.get("Sid") != request.get("StatementId")]
        if len(kept) == len(statements):
            raise errors.not_found("Statement with the provided id does not exist.")
        bus.policy = {**bus.policy, "Statement": kept} if kept else None
        bus.modified = self._cloud.clock.time()


def _statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = policy.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("Statement", {}), (dict, list)):
        raise errors.invalid("This policy contains invalid Json")
    if not all(isinstance(each, dict) for each in _statements(found)):
        raise errors.invalid("This policy contains invalid Json")
    return {**found, "Statement": _statements(found)}


def _extended(bus: Bus, request: Mapping[str, Any]) -> dict[str, Any]:
    """The bus's policy with one more statement, or another one in place of that of the same id."""
    action, principal, name = request.get("Action"), request.get("Principal"), request.get("StatementId")
    if action is None or principal is None or name is None:
        raise errors.invalid("Parameters Action, Principal and StatementId must be specified.")
    if action != "events:PutEvents":
        raise errors.invalid("Provided value in parameter 'action' is not supported.")
    if principal != "*" and not _ACCOUNT.match(principal):
        raise errors.invalid("Provided value in parameter 'principal' is not valid.")
    statement = {
        "Sid": name,
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {"AWS": f"arn:aws:iam::{principal}:root"},
        "Action": action,
        "Resource": bus.arn,
    }
    condition = request.get("Condition")
    if condition is not None:
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    old = bus.policy or {"Version": "2012-10-17", "Statement": []}
    kept = [each for each in _statements(old) if each.get("Sid") != name]
    return {**old, "Statement": [*kept, statement]}
