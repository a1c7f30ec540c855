"""Subscriptions: made, confirmed, described, changed, ended.

https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task

from . import arns, errors, protocols, replays, subscription_attributes
from .store import Store, Subscription, Topic

_PAGE = 100
_TOKEN_LENGTH = 288
_TOLD = 272
"""How much of a token counts: AWS takes tokens with another end, too."""
_HEX = re.compile(r"[0-9a-f]*\Z")


class Subscriptions:
    """Operations on subscriptions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def subscribe(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Subscribe an endpoint; people and their servers are asked to confirm first.

        https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        topic = arns.find_topic(self._store, request, call)
        protocol, endpoint, given = request["Protocol"], request.get("Endpoint", ""), request.get("Attributes", {})
        protocols.check_endpoint(protocol, endpoint, fifo=topic.fifo)
        attributes = subscription_attributes.checked(
            given, {}, topic, lambda text: errors.invalid(f"Attributes Reason: {text}")
        )
        known = next(
            (each for each in topic.subscriptions.values() if (each.protocol, each.endpoint) == (protocol, endpoint)),
            None,
        )
        if known is not None:
            if subscription_attributes.differ(known, given):
                raise errors.invalid("Attributes Reason: Subscription already exists with different attributes")
            subscription = known
        else:
            subscription = self._made(topic, protocol, endpoint, attributes, call)
        if subscription.pending:
            self._ask(subscription, topic, call)
        replays.start(self._cloud, topic, subscription, given, call)
        if subscription.pending and not request.get("ReturnSubscriptionArn"):
            return {"SubscriptionArn": "pending confirmation"}
        return {"SubscriptionArn": subscription.arn}

    def _made(self, topic: Topic, protocol: str, endpoint: str, attributes: dict[str, str], call: Call) -> Subscription:
        asked = self._is_asked(protocol, endpoint, call)
        subscription = Subscription(
            arn=f"{topic.arn}:{self._cloud.ids.uuid()}",
            topic_arn=topic.arn,
            protocol=protocol,
            endpoint=endpoint,
            owner=call.principal.account_id or topic.owner,
            principal=call.principal.arn,
            pending=asked,
            authenticated=not asked,
            token=self._cloud.ids.hex(_TOKEN_LENGTH),
            attributes=attributes,
        )
        topic.subscriptions[subscription.arn] = subscription
        arns.store_of(self._store, topic.arn, call).subscriptions[subscription.arn] = subscription
        return subscription

    def _is_asked(self, protocol: str, endpoint: str, call: Call) -> bool:
        """Whether an endpoint must agree first; suites written for moto take every subscription as confirmed."""
        if self._cloud.options.compat == "moto":
            return False
        theirs = protocol == "sqs" and endpoint.split(":")[4] != call.principal.account_id
        return theirs or protocol in protocols.OF_PEOPLE

    def _ask(self, subscription: Subscription, topic: Topic, call: Call) -> None:
        self._tell("SubscriptionConfirmation", subscription, topic.owner, call)

    def _tell(self, kind: str, subscription: Subscription, owner: str, call: Call) -> None:
        """Have the endpoint told that it may confirm (or restore) its subscription."""
        payload = {
            "kind": kind,
            "subscription": subscription.arn,
            "topic": subscription.topic_arn,
            "protocol": subscription.protocol,
            "endpoint": subscription.endpoint,
            "token": subscription.token,
            "message_id": self._cloud.ids.uuid(),
            "time": self._cloud.clock.time(),
            "attempt": 1,
        }
        self._cloud.router.send(Task("sns", "ask_endpoint", owner, call.region, payload), call)

    def confirm_subscription(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Confirm a subscription by its token; again is fine.

        Raises:
            AwsError: InvalidParameter.
        """
        arn, token = request["TopicArn"], request["Token"]
        if not _HEX.match(token):
            raise errors.invalid_plain("Invalid token")
        store = self._store if len(arn.split(":")) < 6 else arns.store_of(self._store, arn, call)
        found = next((each for each in store.subscriptions.values() if each.token[:_TOLD] == token[:_TOLD]), None)
        if found is None:
            raise errors.invalid("Token")
        if found.topic_arn != arn:
            raise errors.invalid("Topic")
        topic = store.topics.get(found.topic_arn)
        if topic is None:
            raise errors.no_topic()
        topic.subscriptions[found.arn] = found
        found.pending = False
        found.authenticated = request.get("AuthenticateOnUnsubscribe", "false").lower() == "true"
        return {"SubscriptionArn": found.arn}

    def unsubscribe(self, request: Mapping[str, Any], call: Call) -> None:
        """End a subscription; one that is not there is fine. An HTTP endpoint is told how to restore it.

        Raises:
            AwsError: InvalidParameter, AuthorizationError.
        """
        found = arns.find_subscription(self._store, request["SubscriptionArn"], call)
        if found is None:
            return
        if call.principal.kind == "anonymous" and found.authenticated:
            raise errors.not_authorized("Unsubscribe requires authentication for this subscription")
        store = arns.store_of(self._store, found.topic_arn, call)
        topic = store.topics.get(found.topic_arn)
        restorable = found.protocol in ("http", "https") or call.principal.kind == "anonymous"
        told = topic is not None and restorable and not found.pending
        if not told:
            store.subscriptions.pop(found.arn, None)
        if topic is not None and topic.subscriptions.pop(found.arn, None) is not None:
            topic.deleted_subscriptions += 1
            if told:
                self._tell("UnsubscribeConfirmation", found, topic.owner, call)
        found.pending = True

    def get_subscription_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The attributes of a subscription.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        found, topic = self._found(request, call)
        return {"Attributes": subscription_attributes.shown(found, topic)}

    def set_subscription_attributes(self, request: Mapping[str, Any], call: Call) -> None:
        """Change an attribute of a subscription.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        found, topic = self._found(request, call)
        given = {request["AttributeName"]: request.get("AttributeValue", "")}
        of = topic or Topic("", "", "")
        found.attributes = subscription_attributes.checked(given, found.attributes, of, errors.invalid)
        replays.start(self._cloud, of, found, given, call)

    def _found(self, request: Mapping[str, Any], call: Call) -> tuple[Subscription, Topic | None]:
        found = arns.find_subscription(self._store, request["SubscriptionArn"], call)
        if found is None:
            raise errors.no_subscription()
        topic = arns.store_of(self._store, found.topic_arn, call).topics.get(found.topic_arn)
        if topic is not None and found.arn not in topic.subscriptions:
            raise errors.no_subscription()
        return found, topic

    def list_subscriptions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The caller's subscriptions, a hundred a page.

        Raises:
            AwsError: InvalidParameter.
        """
        found = []
        for (_, region), store in self._cloud.stores("sns").items():
            if region == call.region:
                found += [
                    each
                    for each in store.subscriptions.values()
                    if each.owner == call.account_id and _is_listed(each, store)
                ]
        return _listed(found, request)

    def list_subscriptions_by_topic(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The subscriptions of a topic, a hundred a page.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        return _listed(arns.find_topic(self._store, request, call).subscriptions.values(), request)


def _is_listed(subscription: Subscription, store: Store) -> bool:
    """Those of deleted topics are gone from lists; ended ones are kept only so that they may be restored."""
    topic = store.topics.get(subscription.topic_arn)
    return topic is not None and subscription.arn in topic.subscriptions


def _listed(found: Iterable[Subscription], request: Mapping[str, Any]) -> dict[str, Any]:
    ordered = sorted(found, key=lambda each: each.arn)
    shown, token = page(
        ordered, _PAGE, request.get("NextToken"), lambda each: each.arn, lambda: errors.invalid("NextToken")
    )
    return {"Subscriptions": [_summary(each) for each in shown], "NextToken": token}


def _summary(subscription: Subscription) -> dict[str, Any]:
    return {
        "SubscriptionArn": "PendingConfirmation" if subscription.pending else subscription.arn,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic_arn,
    }
