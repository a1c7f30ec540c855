"""How each kind of target is reached, and in whose name.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from __future__ import annotations

import json
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.authorise import role_may
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.policy import may_by_resource_policy
from mocksls._kernel.principals import in_role

from . import http_targets, publishing
from .names import known_bus, store_of
from .outcomes import Undeliverable
from .store import Store

_LOOP = 16
_LONGEST_MS = 1e15


def send_to(cloud: Cloud, store: Store, work: dict[str, Any], text: str, call: Call) -> None:
    """Hand a text (a target's input) to a target.

    Raises:
        Undeliverable, AwsError, TransportFault, UnmockedServiceError: it was not taken.
    """
    target = work["target"]
    arn = Arn.parse(target["Arn"])
    if arn is None:
        raise Undeliverable("INVALID_PARAMETER", f"{target['Arn']} is no ARN")
    if arn.service == "events" and arn.resource.startswith("event-bus/"):
        _to_bus(cloud, work, arn, call)
    elif arn.service == "events" and arn.resource.startswith("api-destination/"):
        http_targets.send(cloud, store, target, text, call)
    elif arn.service in _REQUESTS:
        service, operation, params = _REQUESTS[arn.service](arn, target, text)
        by = _sender(cloud, work, call)
        call.request(service, operation, params, principal=by, region=arn.region or call.region)
    elif arn.service == "logs":
        _to_logs(work, arn, text, call)
    else:
        raise Undeliverable("ERROR_FROM_TARGET", f"mocksls does not deliver events to targets of {arn.service}")


def _sender(cloud: Cloud, work: dict[str, Any], call: Call) -> Principal:
    """EventBridge in the rule's name, or the target's role."""
    role_arn = work["target"].get("RoleArn")
    if not role_arn:
        return Principal.service("events.amazonaws.com", call.account_id, work["rule"])
    return assumed(cloud, role_arn, call)


def assumed(cloud: Cloud, role_arn: str, call: Call) -> Principal:
    """A role as EventBridge has assumed it.

    Raises:
        Undeliverable: there is no such role; suites written for moto make none.
    """
    if cloud.identities.role(role_arn) is None and cloud.options.compat != "moto":
        raise Undeliverable("FAILED_TO_ASSUME_ROLE", f"EventBridge could not assume {role_arn}")
    return in_role(cloud, role_arn, cloud.ids.hex(32))


def _invoke(arn: Arn, target: dict[str, Any], text: str) -> tuple[str, str, dict[str, Any]]:
    params = {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": text.encode()}
    return "lambda", "Invoke", params


def _send_message(arn: Arn, target: dict[str, Any], text: str) -> tuple[str, str, dict[str, Any]]:
    url = f"https://sqs.{arn.region}.amazonaws.com/{arn.account_id}/{arn.resource}"
    params = {"QueueUrl": url, "MessageBody": text}
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    if group:
        params["MessageGroupId"] = group
    return "sqs", "SendMessage", params


def _publish(arn: Arn, target: dict[str, Any], text: str) -> tuple[str, str, dict[str, Any]]:
    return "sns", "Publish", {"TopicArn": target["Arn"], "Message": text}


_REQUESTS = {"lambda": _invoke, "sqs": _send_message, "sns": _publish}


def _to_logs(work: dict[str, Any], arn: Arn, text: str, call: Call) -> None:
    """Write an event into a log group; a template may give time and message of the line itself."""
    group = arn.resource.removeprefix("log-group:").removesuffix(":*")
    moment, message = call.cloud.clock.time() * 1000, text
    if "InputTransformer" in work["target"]:
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            given = None
        if isinstance(given, dict) and set(given) == {"timestamp", "message"}:
            message = given["message"] if isinstance(given["message"], str) else json.dumps(given["message"])
            told = given["timestamp"]
            moment = told if isinstance(told, (int, float)) and 0 <= told < _LONGEST_MS else moment
    stream = call.cloud.ids.uuid()
    by = Principal.service("events.amazonaws.com", call.account_id, work["rule"])
    for operation, params in (
        ("CreateLogStream", {"logGroupName": group, "logStreamName": stream}),
        (
            "PutLogEvents",
            {
                "logGroupName": group,
                "logStreamName": stream,
                "logEvents": [{"timestamp": int(moment), "message": message}],
            },
        ),
    ):
        call.request("logs", operation, params, principal=by, region=arn.region)


def _to_bus(cloud: Cloud, work: dict[str, Any], arn: Arn, call: Call) -> None:
    """Let an event come to another bus as it is, if that bus's policy or the target's role allows it."""
    path = work["path"]
    accounts = {bus.split(":")[4] for bus in path} | {arn.account_id}
    if len(accounts) > 2:
        raise Undeliverable("THIRD_ACCOUNT_HOP_DETECTED", "an event may go from one account to one other")
    if len(path) >= _LOOP:
        raise Undeliverable("ERROR_FROM_TARGET", f"the event passed {_LOOP} buses in a loop")
    name = arn.resource.removeprefix("event-bus/")
    bus = known_bus(store_of(cloud, arn.account_id, arn.region), cloud, arn.account_id, arn.region, name)
    if bus is None:
        raise Undeliverable("NO_RESOURCE", f"Event bus {name} does not exist.")
    role_arn = work["target"].get("RoleArn")
    if role_arn:
        assumed(cloud, role_arn, call)
        if cloud.options.compat != "moto" and not role_may(cloud, role_arn, "events:PutEvents", bus.arn):
            raise Undeliverable("NO_PERMISSIONS", f"{role_arn} may not put events on {bus.arn}")
    if arn.account_id != call.account_id:
        sender = Principal("root", f"arn:aws:iam::{call.account_id}:root", call.account_id)
        if bus.policy is None or not may_by_resource_policy(bus.policy, sender, "events:PutEvents", bus.arn):
            raise AwsError("AccessDeniedException", f"the policy of {bus.arn} does not allow {call.account_id}")
    publishing.publish(cloud, arn.account_id, arn.region, name, work["event"], call, path)
