"""What a call to SNS must be allowed: topics with their policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.templates import Context

from .arns import find_subscription, find_topic
from .store import Store, Topic


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. A resource that does not exist is for the operation to miss."""
    action, word = entry
    if word == "*":
        yield Need(action, account_id=call.account_id)
    elif word == "new topic":
        arn = make_arn("sns", call.region, call.account_id, request["Name"])
        tags = {each["Key"]: each.get("Value", "") for each in request.get("Tags", ())}
        yield Need(action, arn, account_id=call.account_id, keys=partial(_tags, tags, "aws:requesttag"))
    elif word == "confirmed":
        yield from _by_token(action, request, call, store)
    elif word == "subscription":
        yield from _on_subscription(action, request, call, store)
    else:
        yield from _on_target(action, request, call, store)


def _on_target(action: str, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    if "PhoneNumber" in request:
        yield Need(action, account_id=call.account_id)
        return
    parameter = next((name for name in ("TopicArn", "TargetArn", "ResourceArn") if name in request), None)
    if parameter is None:
        return
    if ":endpoint/" in request[parameter]:
        yield Need(action, request[parameter], account_id=call.account_id)
        return
    try:
        topic = find_topic(store, request, call, parameter)
    except AwsError:
        return
    yield _need(action, topic, request)


def _by_token(action: str, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """Confirming needs the token and ending what nobody signed for needs nothing, for callers without keys."""
    if call.principal.kind == "anonymous":
        return
    if "TopicArn" in request:
        yield from _on_target(action, request, call, store)
    else:
        yield from _on_subscription(action, request, call, store)


def _on_subscription(action: str, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """Subscriptions are their owner's: the topic's policy has no say."""
    try:
        found = find_subscription(store, request["SubscriptionArn"], call)
    except AwsError:
        return
    if found is not None:
        yield Need(action, found.topic_arn, account_id=found.owner)


def _need(action: str, topic: Topic, request: Mapping[str, Any]) -> Need:
    return Need(action, topic.arn, topic.policy, topic.owner, partial(_keys, topic, request))


def _keys(topic: Topic, request: Mapping[str, Any]) -> Context:
    keys: dict[str, Any] = dict(_tags(topic.tags, "aws:resourcetag"))
    if "Protocol" in request:
        keys["sns:protocol"] = request["Protocol"]
        keys["sns:endpoint"] = request.get("Endpoint", "")
    return keys


def _tags(tags: Mapping[str, str], key: str) -> Context:
    return {f"{key}/{name.lower()}": value for name, value in tags.items()}
