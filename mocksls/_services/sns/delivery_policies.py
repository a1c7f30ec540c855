"""Delivery policies of topics and of their HTTP subscriptions: what AWS takes, and what they amount to.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html#creating-delivery-policy
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._kernel.pattern_source import PatternError, Source

HEALTHY: dict[str, Any] = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
_CONTENT_TYPE = "text/plain; charset=UTF-8"
_LIMITS = {
    "minDelayTarget": (1, 3600),
    "maxDelayTarget": (1, 3600),
    "numRetries": (0, 100),
    "numMaxDelayRetries": (0, 100),
    "numNoDelayRetries": (0, 100),
    "numMinDelayRetries": (0, 100),
}
_BACK_OFFS = ("arithmetic", "exponential", "geometric", "linear")
_OF_TOPICS = {
    "defaultHealthyRetryPolicy": "retries",
    "defaultSicklyRetryPolicy": "retries",
    "defaultThrottlePolicy": "throttle",
    "defaultRequestPolicy": "request",
    "disableSubscriptionOverrides": "truth",
}
_OF_SUBSCRIPTIONS = {
    "healthyRetryPolicy": "retries",
    "sicklyRetryPolicy": "retries",
    "throttlePolicy": "throttle",
    "requestPolicy": "request",
    "guaranteed": "truth",
}

Refuse = Callable[[str], AwsError]


def json_object(name: str, text: str, refuse: Refuse) -> dict[str, Any]:
    """The JSON object that an attribute is.

    Raises:
        AwsError: InvalidParameter.
    """
    try:
        Source(text)
        found = json.loads(text)
    except PatternError as error:
        raise refuse(f"{name}: failed to parse JSON. {error.reason}") from None
    except (ValueError, RecursionError):
        raise refuse(f"{name}: failed to parse JSON.") from None
    if not isinstance(found, dict):
        raise refuse(f"{name}: must be a JSON object")
    return found


def check_topics(text: str, refuse: Refuse) -> None:
    """Whether a text may be a topic's delivery policy.

    Raises:
        AwsError: InvalidParameter.
    """
    policy = json_object("DeliveryPolicy", text, refuse)
    http = policy.get("http")
    if policy.keys() - {"http"} or not isinstance(http, (dict, type(None))):
        raise refuse("DeliveryPolicy: must have http only")
    _check(http or {}, _OF_TOPICS, refuse)


def check_subscriptions(text: str, refuse: Refuse) -> None:
    """Whether a text may be a subscription's delivery policy.

    Raises:
        AwsError: InvalidParameter.
    """
    _check(json_object("DeliveryPolicy", text, refuse), _OF_SUBSCRIPTIONS, refuse)


def _check(policy: Mapping[str, Any], known: Mapping[str, str], refuse: Refuse) -> None:
    for name, value in policy.items():
        if name not in known:
            raise refuse(f"DeliveryPolicy: Unrecognized field {name}")
        if value is not None and not _IS[known[name]](value):
            raise refuse(f"DeliveryPolicy: Invalid value of {name}")


def _is_number(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _are_retries(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() - {*_LIMITS, "backoffFunction"}:
        return False
    if value.get("backoffFunction", "linear") not in _BACK_OFFS:
        return False
    sound = all(_is_number(value[name], *_LIMITS[name]) for name in value.keys() & _LIMITS.keys())
    filled = {**HEALTHY, **value}
    return sound and (
        filled["minDelayTarget"] <= filled["maxDelayTarget"] or not {"minDelayTarget", "maxDelayTarget"} <= value.keys()
    )


def _is_throttle(value: Any) -> bool:
    return isinstance(value, dict) and _is_number(value.get("maxReceivesPerSecond"), 1, 2**31)


def _is_request(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("headerContentType", ""), str)


_IS: dict[str, Callable[[Any], bool]] = {
    "retries": _are_retries,
    "throttle": _is_throttle,
    "request": _is_request,
    "truth": lambda value: isinstance(value, bool),
}


def stored(text: str) -> str:
    """A topic's policy as it is kept: without what it says nothing of."""
    http = json.loads(text).get("http") if text else None
    if not isinstance(http, dict):
        return ""
    kept = {key: each for key, each in http.items() if each not in (None, {})}
    kept.setdefault("disableSubscriptionOverrides", False)
    return json.dumps({"http": kept}, separators=(",", ":"))


def of_topic(text: str | None) -> dict[str, Any]:
    """How deliveries to HTTP endpoints are made and retried: the topic's own policy over AWS's defaults."""
    given = json.loads(text)["http"] if text else {}
    effective: dict[str, Any] = {
        "defaultHealthyRetryPolicy": {**HEALTHY, **given.get("defaultHealthyRetryPolicy", {})},
        "disableSubscriptionOverrides": given.get("disableSubscriptionOverrides", False),
    }
    if "defaultThrottlePolicy" in given:
        effective["defaultThrottlePolicy"] = given["defaultThrottlePolicy"]
    effective["defaultRequestPolicy"] = {"headerContentType": _CONTENT_TYPE, **given.get("defaultRequestPolicy", {})}
    return {"http": effective}


def of_subscription(own: Mapping[str, Any], topics: Mapping[str, Any]) -> dict[str, Any]:
    """The same for one endpoint: the subscription's own policy over its topic's, unless that forbids it."""
    http = topics["http"]
    own = {} if http["disableSubscriptionOverrides"] else own
    return {
        "healthyRetryPolicy": own.get("healthyRetryPolicy") or http["defaultHealthyRetryPolicy"],
        "sicklyRetryPolicy": None,
        "throttlePolicy": own.get("throttlePolicy") or http.get("defaultThrottlePolicy"),
        "requestPolicy": own.get("requestPolicy") or http["defaultRequestPolicy"],
        "guaranteed": False,
    }
