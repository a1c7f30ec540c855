"""Topics: made, described, changed, deleted; their permissions and data protection policies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import arns, errors, tags, topic_attributes
from .store import Store, Topic

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
_PAGE = 100
_TRUTHS = ("FifoTopic", "ContentBasedDeduplication")


class Topics:
    """Operations on topics."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_topic(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a topic; one that exists with the same attributes and tags is answered.

        https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html

        Raises:
            AwsError: InvalidParameter, TagLimitExceeded.
        """
        name, given = request["Name"], _lower(request.get("Attributes", {}))
        fifo = given.get("FifoTopic") == "true"
        _check_name(name, fifo)
        topic_attributes.check_created(given, fifo)
        wanted = tags.checked(request.get("Tags", []), {})
        arn = make_arn("sns", call.region, call.account_id, name)
        known = self._store.topics.get(arn)
        if known is not None:
            _check_same(known, given, wanted)
            return {"TopicArn": arn}
        topic = Topic(name, arn, call.account_id, tags=wanted, data_protection=request.get("DataProtectionPolicy"))
        topic.policy = topic_attributes.default_policy(topic)
        for attribute, value in given.items():
            self._set(topic, attribute, value)
        self._store.topics[arn] = topic
        return {"TopicArn": arn}

    def _set(self, topic: Topic, name: str, value: str) -> None:
        if name == "Policy":
            topic.policy = value or topic_attributes.default_policy(topic)
            return
        topic.attributes[name] = topic_attributes.stored(name, value)
        if name == "ArchivePolicy":
            keeps = value not in ("", "{}")
            topic.archived_since = (topic.archived_since or self._cloud.clock.time()) if keeps else None
            topic.archive = topic.archive if keeps else []

    def get_topic_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The attributes of a topic.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        return {"Attributes": topic_attributes.shown(arns.find_topic(self._store, request, call))}

    def set_topic_attributes(self, request: Mapping[str, Any], call: Call) -> None:
        """Change an attribute of a topic.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        name, value = request["AttributeName"], request.get("AttributeValue", "")
        value = _lower({name: value})[name]
        topic = arns.find_topic(self._store, request, call)
        topic_attributes.check_set(name, value, topic)
        self._set(topic, name, value)

    def delete_topic(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a topic; one that is not there is fine. Its subscriptions stay for AWS to clear away.

        Raises:
            AwsError: InvalidParameter, InvalidState.
        """
        arn = request["TopicArn"]
        arns.check_topic_arn(arn, call)
        topics = arns.store_of(self._store, arn, call).topics
        if arn in topics and topics[arn].archived_since is not None:
            raise errors.archived()
        topics.pop(arn, None)

    def list_topics(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The ARNs of topics, a hundred a page.

        Raises:
            AwsError: InvalidParameter.
        """
        names = sorted(self._store.topics)
        found, token = page(names, _PAGE, request.get("NextToken"), str, lambda: errors.invalid("NextToken"))
        return {"Topics": [{"TopicArn": arn} for arn in found], "NextToken": token}

    def add_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Add a statement to a topic's policy that lets accounts use it.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        topic = arns.find_topic(self._store, request, call)
        actions = request["ActionName"]
        known = [*topic_attributes.ACTIONS, "Receive", "PutDataProtectionPolicy", "GetDataProtectionPolicy"]
        if any(action not in known for action in actions):
            raise errors.invalid("Policy statement action out of service scope!")
        policy = json.loads(topic.policy)
        if any(statement.get("Sid") == request["Label"] for statement in _statements(policy)):
            raise errors.invalid("Statement already exists")
        statement = {
            "Sid": request["Label"],
            "Effect": "Allow",
            "Principal": {"AWS": _one_or_many([f"arn:aws:iam::{each}:root" for each in request["AWSAccountId"]])},
            "Action": _one_or_many([f"SNS:{action}" for action in actions]),
            "Resource": topic.arn,
        }
        topic.policy = _text({**policy, "Statement": [*_statements(policy), statement]})

    def remove_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a statement of a topic's policy back; a label that is not there changes nothing.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        topic = arns.find_topic(self._store, request, call)
        policy = json.loads(topic.policy)
        kept = [statement for statement in _statements(policy) if statement.get("Sid") != request["Label"]]
        topic.policy = _text({**policy, "Statement": kept})

    def put_data_protection_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Store a topic's data protection policy; an empty one removes it.

        Raises:
            AwsError: InvalidParameter, NotFound.

        Differs: messages are not audited, masked or refused by it.
        """
        topic, text = arns.find_topic(self._store, request, call, "ResourceArn"), request["DataProtectionPolicy"]
        if text and not _is_object(text):
            raise errors.invalid("DataProtectionPolicy Reason: failed to parse JSON.")
        topic.data_protection = text or None

    def get_data_protection_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A topic's data protection policy.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        topic = arns.find_topic(self._store, request, call, "ResourceArn")
        return {"DataProtectionPolicy": topic.data_protection or ""}


def _lower(attributes: Mapping[str, str]) -> dict[str, str]:
    """Truth values are read in either case."""
    return {name: value.lower() if name in _TRUTHS else value for name, value in attributes.items()}


def _check_name(name: str, fifo: bool) -> None:
    bare = name.removesuffix(".fifo") if fifo else name
    if len(name) > 256 or not _NAME.match(bare) or (fifo and bare == name):
        raise errors.invalid("Topic Name")


def _check_same(topic: Topic, given: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for name, value in given.items():
        kept = topic.policy if name == "Policy" else topic.attributes.get(name)
        if topic_attributes.stored(name, value) != kept and not (name == "FifoTopic" and value == "false"):
            raise errors.invalid("Attributes Reason: Topic already exists with different attributes")
    if wanted and wanted != topic.tags:
        raise errors.invalid("Tags Reason: Topic already exists with different tags")


def _statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = policy.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _text(policy: Mapping[str, Any]) -> str:
    return json.dumps(policy, separators=(",", ":"))


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
