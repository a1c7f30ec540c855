"""Attributes of subscriptions: which there are, what they may be, what a subscription shows.

https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.errors import AwsError
from mocksls._kernel.patterns import SNS, PatternError, compile_pattern

from . import delivery_policies, errors
from .delivery_policies import json_object
from .store import Subscription, Topic

_NAMES = (
    *("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"),
    *("SubscriptionRoleArn", "ReplayPolicy"),
)
_SCOPES = ("MessageBody", "MessageAttributes")
_PLANS = ("healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy")

Refuse = Callable[[str], AwsError]


def checked(given: Mapping[str, str], before: Mapping[str, str], topic: Topic, refuse: Refuse) -> dict[str, str]:
    """A subscription's attributes after some are set; an empty text removes one.

    ``refuse`` makes the error for a text that says what is wrong: Subscribe and SetSubscriptionAttributes introduce
    it otherwise.

    Raises:
        AwsError: InvalidParameter.
    """
    after = dict(before)
    for name, value in given.items():
        if name not in _NAMES or (name == "ReplayPolicy" and not topic.fifo):
            raise errors.invalid("AttributeName")
        after[name] = _value(name, value, topic, refuse)
    if "FilterPolicy" in given or "FilterPolicyScope" in given:
        _check_filter(after, refuse)
    return {name: value for name, value in after.items() if value != ""}


def _value(name: str, value: str, topic: Topic, refuse: Refuse) -> str:
    if name == "RawMessageDelivery" and value.lower() not in ("true", "false"):
        raise refuse(f"RawMessageDelivery: Invalid value [{value}]. Must be true or false.")
    if name == "RawMessageDelivery":
        return value.lower()
    if name == "FilterPolicyScope" and value not in _SCOPES:
        text = "Please use either MessageBody or MessageAttributes"
        raise refuse(f"FilterPolicyScope: Invalid value [{value}]. {text}")
    if name == "FilterPolicy" and value.strip() == "{}":
        return ""
    if name == "RedrivePolicy" and value:
        _check_redrive(value, topic, refuse)
    if name == "DeliveryPolicy" and value:
        delivery_policies.check_subscriptions(value, refuse)
    if name == "ReplayPolicy" and value:
        replay_points(value, refuse)
    return value


def _check_filter(attributes: Mapping[str, str], refuse: Refuse) -> None:
    policy = attributes.get("FilterPolicy")
    if not policy:
        return
    body = attributes.get("FilterPolicyScope") == "MessageBody"
    try:
        compile_pattern(policy, SNS, body=body)
    except PatternError as error:
        if error.about == "scope":
            raise errors.invalid(error.reason) from None
        raise refuse(f"FilterPolicy: {error.reason}") from None


def _check_redrive(text: str, topic: Topic, refuse: Refuse) -> None:
    target = json_object("RedrivePolicy", text, refuse).get("deadLetterTargetArn")
    arn = Arn.parse(str(target))
    if arn is None or arn.service != "sqs" or not arn.resource:
        raise refuse("RedrivePolicy: deadLetterTargetArn is an invalid arn")
    if topic.fifo and not arn.resource.endswith(".fifo"):
        raise refuse("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
    if not topic.fifo and arn.resource.endswith(".fifo"):
        raise refuse("RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard topic.")


def replay_points(text: str, refuse: Refuse) -> tuple[float, float | None]:
    """From when and until when (epoch seconds) a replay policy wants archived messages.

    Raises:
        AwsError: InvalidParameter.
    """
    policy = json_object("ReplayPolicy", text, refuse)
    if policy.get("PointType", "Timestamp") != "Timestamp":
        raise refuse("ReplayPolicy: PointType must be Timestamp")
    begin, end = _moment(policy.get("StartingPoint")), _moment(policy.get("EndingPoint"))
    if begin is None or ("EndingPoint" in policy and end is None):
        raise refuse("ReplayPolicy: StartingPoint and EndingPoint must be timestamps")
    return begin, end


def _moment(text: Any) -> float | None:
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def differ(subscription: Subscription, given: Mapping[str, str]) -> bool:
    """Whether a subscription has other values of some attributes."""
    kept = {"RawMessageDelivery": "false", **subscription.attributes}
    return any(kept.get(name, "") != value for name, value in given.items())


def dead_letter_queue(subscription: Subscription) -> str | None:
    """The ARN of the queue that takes what could not be delivered."""
    text = subscription.attributes.get("RedrivePolicy")
    found: str | None = json.loads(text)["deadLetterTargetArn"] if text else None
    return found


def effective_policy(subscription: Subscription, topic: Topic | None) -> dict[str, Any]:
    """How deliveries to an HTTP endpoint are made and retried."""
    topics = delivery_policies.of_topic(topic.attributes.get("DeliveryPolicy") if topic else None)
    return delivery_policies.of_subscription(_own(subscription), topics)


def _own(subscription: Subscription) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(subscription.attributes.get("DeliveryPolicy") or "{}")
    healthy = found.get("healthyRetryPolicy")
    if isinstance(healthy, dict):
        found["healthyRetryPolicy"] = {**delivery_policies.HEALTHY, **healthy}
    return found


def shown(subscription: Subscription, topic: Topic | None) -> dict[str, str]:
    """All attributes of a subscription."""
    kept = {name: value for name, value in subscription.attributes.items() if name not in ("FilterPolicyScope",)}
    if "FilterPolicy" in kept:
        kept["FilterPolicyScope"] = subscription.attributes.get("FilterPolicyScope", "MessageAttributes")
    if "DeliveryPolicy" in kept:
        own = _own(subscription)
        kept["DeliveryPolicy"] = json.dumps({**{name: own.get(name) for name in _PLANS}, "guaranteed": False})
    if subscription.protocol in ("http", "https"):
        kept["EffectiveDeliveryPolicy"] = json.dumps(effective_policy(subscription, topic))
    return {
        "SubscriptionArn": subscription.arn,
        "TopicArn": subscription.topic_arn,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "SubscriptionPrincipal": subscription.principal,
        "PendingConfirmation": _word(subscription.pending),
        "ConfirmationWasAuthenticated": _word(subscription.authenticated),
        "RawMessageDelivery": "false",
        **kept,
    }


def _word(value: bool) -> str:
    return "true" if value else "false"
