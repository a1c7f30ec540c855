"""What a target is asked: templated targets by the service of their ARN, universal ones by name of service and action.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError

_SDK_NAMES = {
    "eventbridge": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "cognitoidentity": "cognito-identity",
    "applicationautoscaling": "application-autoscaling",
    "apigatewaymanagementapi": "apigatewaymanagementapi",
}


class Request(NamedTuple):
    """A call to make."""

    service: str
    operation: str
    params: dict[str, Any]


def universal(arn: Arn) -> tuple[str, str] | None:
    """Service and action of a universal target's ARN (``arn:aws:scheduler:::aws-sdk:sqs:sendMessage``)."""
    parts = arn.resource.split(":")
    if arn.service != "scheduler" or len(parts) != 3 or parts[0] != "aws-sdk" or not parts[2]:
        return None
    return parts[1], parts[2]


def request_of(call: Call, target: Mapping[str, Any], text: str) -> Request:
    """The call that a target asks for, with its input.

    Raises:
        AwsError: the target cannot be invoked. UnmockedServiceError: it is of a service that is not there.
    """
    arn = Arn.parse(target["Arn"])
    named = universal(arn) if arn else None
    if arn is None:
        raise AwsError("ValidationException", f"{target['Arn']} is no ARN", status=400)
    if named is not None:
        return _universal(call, *named, text)
    if arn.service not in _TEMPLATES:
        raise AwsError("NotImplemented", f"mocksls does not invoke targets of {arn.service}", status=501)
    return _TEMPLATES[arn.service](arn, target, text)


def _universal(call: Call, service: str, action: str, text: str) -> Request:
    try:
        params = json.loads(text)
    except (ValueError, RecursionError):
        params = None
    if not isinstance(params, dict):
        raise AwsError("ValidationException", "the input of a universal target is a JSON object", status=400)
    service, operation = _SDK_NAMES.get(service, service), action[:1].upper() + action[1:]
    call.cloud.service(service, call.account_id, call.region)
    read = call.cloud.read_parameters
    if read is not None:
        params = read(service, operation, params)
    return Request(service, operation, params)


def _invoke(arn: Arn, target: Mapping[str, Any], text: str) -> Request:
    params = {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": text.encode()}
    return Request("lambda", "Invoke", params)


def _send_message(arn: Arn, target: Mapping[str, Any], text: str) -> Request:
    url = f"https://sqs.{arn.region}.amazonaws.com/{arn.account_id}/{arn.resource}"
    return Request("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": text, **target.get("SqsParameters", {})})


def _publish(arn: Arn, target: Mapping[str, Any], text: str) -> Request:
    return Request("sns", "Publish", {"TopicArn": target["Arn"], "Message": text})


def _put_events(arn: Arn, target: Mapping[str, Any], text: str) -> Request:
    given = target.get("EventBridgeParameters", {})
    entry = {
        "Source": given.get("Source"),
        "DetailType": given.get("DetailType"),
        "Detail": text,
        "EventBusName": target["Arn"],
    }
    return Request("events", "PutEvents", {"Entries": [entry]})


_TEMPLATES = {"lambda": _invoke, "sqs": _send_message, "sns": _publish, "events": _put_events}
