"""Which subscriptions hear of a message: confirmed ones whose filter policies agree; the rest is the router's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.event_fields import Fields
from mocksls._kernel.patterns import SNS, Pattern, attribute_fields, body_fields, compile_pattern
from mocksls._kernel.service import Task

from . import measures
from .bodies import text_for
from .store import Subscription, Topic

_FILTERED = "NumberOfNotificationsFilteredOut"


class FanOut:
    """One message on its way to a topic's subscriptions."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        self._message = message
        self._of_attributes: Fields | None = None
        self._of_bodies: dict[str, Fields | None] = {}

    def wants(self, subscription: Subscription) -> bool:
        """Whether a subscription's filter policy lets the message through."""
        policy = subscription.attributes.get("FilterPolicy")
        if policy is None:
            return True
        body = subscription.attributes.get("FilterPolicyScope") == "MessageBody"
        fields = self._body(subscription.protocol) if body else self._attributes()
        return fields is not None and _pattern(policy, body).matches_fields(fields)

    def reason(self, subscription: Subscription) -> str:
        """What a subscription that does not want the message missed it by, as metrics name it."""
        if subscription.attributes.get("FilterPolicyScope") == "MessageBody":
            return "InvalidMessageBody" if self._body(subscription.protocol) is None else "MessageBody"
        return "MessageAttributes" if self._message["attributes"] else "NoMessageAttributes"

    def _attributes(self) -> Fields:
        if self._of_attributes is None:
            self._of_attributes = attribute_fields(self._message["attributes"])
        return self._of_attributes

    def _body(self, protocol: str) -> Fields | None:
        """The fields of a body; ``None`` for one that is no JSON object: no policy lets it through."""
        text = text_for(self._message, protocol)
        if text not in self._of_bodies:
            self._of_bodies[text] = _parsed(text)
        return self._of_bodies[text]


@lru_cache(maxsize=4096)
def _pattern(policy: str, body: bool) -> Pattern:
    return compile_pattern(policy, SNS, body=body)


def _parsed(text: str) -> Fields | None:
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return body_fields(found) if isinstance(found, dict) else None


def fan_out(cloud: Cloud, topic: Topic, message: dict[str, Any], call: Call) -> None:
    """Queue a message for every subscription that is to hear of it; the trace tells which are not."""
    fanned, pending, differing = FanOut(message), list[str](), list[str]()
    left_out: dict[str, int] = {}
    for subscription in topic.subscriptions.values():
        if subscription.pending:
            pending.append(subscription.endpoint)
        elif fanned.wants(subscription):
            _queue(cloud, subscription, topic, message, call)
        else:
            differing.append(subscription.endpoint)
            left_out[fanned.reason(subscription)] = left_out.get(fanned.reason(subscription), 0) + 1
    if differing:
        measures.add(topic.arn, _FILTERED, 1.0, call, len(differing))
        for reason, count in left_out.items():
            measures.add(topic.arn, f"{_FILTERED}-{reason}", 1.0, call, count)
    for endpoints, why in ((pending, "not confirmed"), (differing, "the filter policy does not agree")):
        if endpoints:
            text = f"{message['message_id']} not to {', '.join(endpoints)}: {why}"
            cloud.note("skipped", "sns", topic.name, text, parent=call.trace_id)


def deliver_later(cloud: Cloud, subscription: Subscription, topic: Topic, message: dict[str, Any], call: Call) -> None:
    """Queue a message for one subscription, if its filter policy agrees."""
    if FanOut(message).wants(subscription):
        _queue(cloud, subscription, topic, message, call)


def _queue(cloud: Cloud, subscription: Subscription, topic: Topic, message: dict[str, Any], call: Call) -> None:
    payload = {"subscription": subscription.arn, "message": message, "attempt": 1}
    cloud.router.send(Task("sns", "deliver_notification", topic.owner, call.region, payload), call)
