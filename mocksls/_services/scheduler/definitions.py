"""What a schedule may be: its expression, dates, window and target are checked, defaults filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.errors import AwsError
from mocksls._kernel.policy import may_by_resource_policy
from mocksls._kernel.schedules import parse_schedule, zone_of

from . import errors
from .targets import universal

_MEMBERS = ("Description", "EndDate", "FlexibleTimeWindow", "KmsKeyArn", "ScheduleExpression", "StartDate")
_GRACE_S = 300.0
_RETRY_POLICY = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+"
_READ_ONLY = ("get", "describe", "list", "head", "batchGet", "scan", "query")


def checked(request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """The settings of a schedule that a request describes.

    Raises:
        AwsError: ValidationException.
    """
    if call.cloud.options.compat != "moto" or is_expression(request["ScheduleExpression"]):
        parse_schedule(request["ScheduleExpression"], "scheduler")
    zone_of(request.get("ScheduleExpressionTimezone"))
    _check_dates(request, call)
    window = request["FlexibleTimeWindow"]
    if window["Mode"] == "FLEXIBLE" and "MaximumWindowInMinutes" not in window:
        raise errors.invalid("MaximumWindowInMinutes must be provided when the flexible time window mode is FLEXIBLE.")
    if call.cloud.options.compat != "moto":
        check_target(request["Target"], call)
    target = {**request["Target"], "RetryPolicy": {**_RETRY_POLICY, **request["Target"].get("RetryPolicy", {})}}
    return {
        **{member: request[member] for member in _MEMBERS if member in request},
        "ScheduleExpressionTimezone": request.get("ScheduleExpressionTimezone", "UTC"),
        "State": request.get("State", "ENABLED"),
        "ActionAfterCompletion": request.get("ActionAfterCompletion", "NONE"),
        "Target": target,
    }


def is_expression(text: str) -> bool:
    """Whether a text is a schedule expression; suites written for moto have others."""
    try:
        parse_schedule(text, "scheduler")
    except AwsError:
        return False
    return True


def _check_dates(request: Mapping[str, Any], call: Call) -> None:
    start, end, now = request.get("StartDate"), request.get("EndDate"), call.cloud.clock.time()
    if start is not None and start.timestamp() < now - _GRACE_S:
        raise errors.invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
    if end is not None and end.timestamp() < now:
        raise errors.invalid("The EndDate you specify cannot be in the past.")
    if start is not None and end is not None and start >= end:
        raise errors.invalid("The StartDate you specify must come before the EndDate you specify.")


def check_target(target: Mapping[str, Any], call: Call) -> None:
    """Whether a target can be invoked: its ARN, its parameters, its role.

    Raises:
        AwsError: ValidationException.
    """
    if not re.fullmatch(_ROLE, target["RoleArn"]):
        text = f"Value '{target['RoleArn']}' at 'target.roleArn' failed to satisfy constraint: Member must satisfy"
        raise errors.invalid(f"1 validation error detected: {text} regular expression pattern: {_ROLE}")
    arn = Arn.parse(target["Arn"])
    if arn is None:
        raise errors.invalid("Provided Arn is not in correct format.")
    named = universal(arn)
    if arn.service == "scheduler" and named is None:
        raise errors.invalid("Provided Arn is not in correct format.")
    if named is not None and named[1].startswith(_READ_ONLY):
        raise errors.invalid(f"The API action {named[1]} of {named[0]} is not supported as a target.")
    if arn.service == "events" and "EventBridgeParameters" not in target:
        raise errors.invalid("EventBridgeParameters must be provided for an EventBridge target.")
    if arn.service == "sqs" and arn.resource.endswith(".fifo") and "SqsParameters" not in target:
        raise errors.invalid("SqsParameters must be provided for a FIFO queue.")
    if "Input" in target and (named is not None or arn.service in ("lambda", "events")):
        _check_json(target["Input"])
    _check_role(target["RoleArn"], call)


def _check_json(text: str) -> None:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise errors.invalid("The target's Input must be well-formed JSON.") from None


def _check_role(role_arn: str, call: Call) -> None:
    """The role must be there and let Scheduler assume it."""
    role = call.cloud.identities.role(role_arn)
    service = Principal.service("scheduler.amazonaws.com", call.account_id)
    trust = role.trust_policy if role else None
    if trust is None:
        raise errors.no_trust()
    context = {"aws:sourcearn": f"arn:aws:scheduler:{call.region}:{call.account_id}:schedule-group/default"}
    if not may_by_resource_policy(trust, service, "sts:AssumeRole", "*", context):
        raise errors.no_trust()
