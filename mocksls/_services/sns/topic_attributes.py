"""Attributes of topics: which there are, what they may be, what a topic shows.

https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._kernel.policy_documents import is_resource_policy, statements_of

from . import delivery_policies, errors
from .store import Topic

LONGEST_BYTES = 262_144
_LARGEST = 1_048_576
_OF_ALL = ("DisplayName", "DeliveryPolicy", "Policy", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")
_OF_FIFO = ("ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy")
_FEEDBACK = tuple(
    f"{protocol}{kind}"
    for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
)
_SETTABLE = frozenset((*_OF_ALL, *_OF_FIFO, *_FEEDBACK, "MaximumMessageSize"))
_CHOICES = {
    "SignatureVersion": ("1", "2"),
    "TracingConfig": ("PassThrough", "Active"),
    "ContentBasedDeduplication": ("true", "false"),
    "FifoThroughputScope": ("Topic", "MessageGroup"),
    "FifoTopic": ("true", "false"),
}
ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)

Refuse = Callable[[str], AwsError]


def check_created(given: Mapping[str, str], fifo: bool) -> None:
    """Whether a topic may be made with some attributes.

    Raises:
        AwsError: InvalidParameter.
    """

    def refuse(text: str) -> AwsError:
        return errors.invalid(f"Attributes Reason: {text}")

    for name, value in given.items():
        if name != "FifoTopic" and (name not in _SETTABLE or (name in _OF_FIFO and not fifo)):
            raise refuse(f"Unknown attribute {name}")
        check_value(name, value, refuse)


def check_set(name: str, value: str, topic: Topic) -> None:
    """Whether an attribute of a topic may be set.

    Raises:
        AwsError: InvalidParameter.
    """
    if name not in _SETTABLE or (name in _OF_FIFO and not topic.fifo):
        raise errors.invalid("AttributeName")
    check_value(name, value, errors.invalid)


def check_value(name: str, value: str, refuse: Refuse) -> None:
    """Whether an attribute may have a value.

    Raises:
        AwsError: InvalidParameter.
    """
    if name in _CHOICES and value not in _CHOICES[name]:
        choices = " or ".join(_CHOICES[name])
        raise refuse(f"{name}: Invalid value [{value}]. Must be {choices}.")
    if name == "MaximumMessageSize" and not (value.isascii() and value.isdigit() and 1024 <= int(value) <= _LARGEST):
        raise refuse(f"MaximumMessageSize Reason: must be between 1024 and {_LARGEST}")
    if name.endswith("SampleRate") and not (value.isascii() and value.isdigit() and 0 <= int(value) <= 100):
        raise refuse(f"{name}: Invalid value [{value}]. Must be between 0 and 100.")
    if name == "DisplayName" and len(value) > 100:
        raise refuse("DisplayName")
    if name == "Policy":
        _check_policy(value, refuse)
    if name == "DeliveryPolicy" and value:
        delivery_policies.check_topics(value, refuse)
    if name == "ArchivePolicy" and value:
        _check_archive_policy(value, refuse)


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _check_policy(text: str, refuse: Refuse) -> None:
    if text == "":
        return
    if not is_resource_policy(text):
        raise refuse("Policy Error: null")
    for statement in statements_of(json.loads(text)):
        actions = statement.get("Action", statement.get("NotAction", []))
        for action in [actions] if isinstance(actions, str) else actions:
            if action != "*" and not action.lower().startswith("sns:"):
                raise refuse("Policy statement action out of service scope!")


def _check_archive_policy(text: str, refuse: Refuse) -> None:
    policy = _object(text)
    if policy == {}:
        return
    days = (policy or {}).get("MessageRetentionPeriod")
    if not (str(days).isascii() and str(days).isdigit() and 1 <= int(str(days)) <= 365):
        raise refuse("ArchivePolicy: MessageRetentionPeriod must be between 1 and 365 days")


def default_policy(topic: Topic) -> str:
    """The policy that a topic has as long as nobody says otherwise."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in ACTIONS],
        "Resource": topic.arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": topic.owner}},
    }
    document = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    return json.dumps(document, separators=(",", ":"))


def shown(topic: Topic) -> dict[str, str]:
    """All attributes of a topic."""
    subscriptions = topic.subscriptions.values()
    effective = delivery_policies.of_topic(topic.attributes.get("DeliveryPolicy"))
    pending = sum(each.pending for each in subscriptions)
    fifo = {"ContentBasedDeduplication": "false", "FifoTopic": "true"} if topic.fifo else {}
    own = {name: value for name, value in topic.attributes.items() if name != "FifoTopic" and value != ""}
    return {
        "TopicArn": topic.arn,
        "Owner": topic.owner,
        "Policy": topic.policy,
        "DisplayName": "",
        "SubscriptionsPending": str(pending),
        "SubscriptionsConfirmed": str(len(subscriptions) - pending),
        "SubscriptionsDeleted": str(topic.deleted_subscriptions),
        "EffectiveDeliveryPolicy": json.dumps(effective, separators=(",", ":")),
        **fifo,
        **own,
    }


def stored(name: str, value: str) -> str:
    """A value as it is kept."""
    return delivery_policies.stored(value) if name == "DeliveryPolicy" else value
