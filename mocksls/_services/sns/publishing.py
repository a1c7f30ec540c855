"""Publishing: to topics, one message or ten, to devices and to phone numbers.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.policy import may_by_resource_policy

from . import arns, errors, measures, message_attributes, push, replays
from .fan_out import fan_out
from .sms import check_number, text_number
from .store import Published, Store, Topic
from .topic_attributes import LONGEST_BYTES, default_policy

_DEDUPLICATION_S = 300.0
_FIRST_SEQUENCE = 10_000_000_000_000_000_000
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]+\Z")
_TOKEN = re.compile(rf"[A-Za-z0-9{re.escape(string.punctuation)}]{{1,128}}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TARGETS = ("TopicArn", "TargetArn", "PhoneNumber")


class Publishing:
    """Operations that publish."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def publish(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Publish one message to a topic, a device or a phone number.

        Raises:
            AwsError: InvalidParameter, ParameterValueInvalid, NotFound, EndpointDisabled,
                PlatformApplicationDisabled, AuthorizationError.
        """
        given = [name for name in _TARGETS if name in request]
        if len(given) != 1:
            what = "no value for required parameter" if not given else "give only one of them"
            raise errors.invalid(f"TopicArn or TargetArn Reason: {what}")
        if "PhoneNumber" in request:
            return self._to_phone(request, call)
        arn = request[given[0]]
        if ":endpoint/" in arn:
            return self._to_device(request, arn, call)
        topic = self._topic(arn, given[0], call)
        texts, size = _checked(topic, request), _size(request)
        if size > _limit(topic):
            raise errors.invalid("Message too long")
        answer = self._to_topic(topic, request, texts, call)
        _measure(topic, size, call)
        return answer

    def publish_batch(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Publish up to ten messages, together no longer than one may be.

        https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html

        Raises:
            AwsError: InvalidParameter, ParameterValueInvalid, NotFound, EmptyBatchRequest,
                TooManyEntriesInBatchRequest, BatchEntryIdsNotDistinct, InvalidBatchEntryId, BatchRequestTooLong.
        """
        topic = self._topic(request["TopicArn"], "TopicArn", call)
        entries = request["PublishBatchRequestEntries"]
        _check_entries(entries)
        if sum(_size(entry) for entry in entries) > _limit(topic):
            raise errors.batch_too_long()
        texts = [_checked(topic, entry) for entry in entries]
        sent = [
            {"Id": entry["Id"], **self._to_topic(topic, entry, each, call)}
            for entry, each in zip(entries, texts, strict=True)
        ]
        for entry in entries:
            _measure(topic, _size(entry), call)
        return {"Successful": sent, "Failed": []}

    def _topic(self, arn: str, parameter: str, call: Call) -> Topic:
        topic = arns.find_topic(self._store, {parameter: arn}, call, parameter)
        self._check_service(topic, call)
        return topic

    def _check_service(self, topic: Topic, call: Call) -> None:
        """A service that acts for a resource needs the topic's permission; others are judged by the pipeline.

        Lambda publishes as the function's role. Suites written for moto give no topic a policy.

        Raises:
            AwsError: AuthorizationError.
        """
        by = call.principal
        if by.kind != "service" or call.internal or by.arn == "lambda.amazonaws.com":
            return
        if self._cloud.options.compat == "moto" and topic.policy == default_policy(topic):
            return
        owners = {"aws:sourceowner": by.account_id} if by.arn == "cloudwatch.amazonaws.com" else {}
        if not may_by_resource_policy(topic.policy, by, "sns:Publish", topic.arn, owners):
            text = f"User: {by.arn} is not authorized to perform: SNS:Publish on resource: {topic.arn} because no "
            raise errors.not_authorized(f"{text}resource-based policy allows the SNS:Publish action")

    def _to_topic(
        self, topic: Topic, request: Mapping[str, Any], texts: Mapping[str, str], call: Call
    ) -> dict[str, Any]:
        now = self._cloud.clock.time()
        key = _deduplication_key(topic, request)
        while topic.published and next(iter(topic.published.values())).until <= now:
            del topic.published[next(iter(topic.published))]
        if key in topic.published:
            return topic.published[key].answer
        answer = {"MessageId": self._cloud.ids.uuid()}
        if topic.fifo:
            topic.sequence += 1
            answer["SequenceNumber"] = str(_FIRST_SEQUENCE + topic.sequence * 1000)
            topic.published[key] = Published(now + _DEDUPLICATION_S, answer)
        message = {
            "message_id": answer["MessageId"],
            "sequence_number": answer.get("SequenceNumber"),
            "topic": topic.arn,
            "subject": request.get("Subject"),
            "texts": texts,
            "attributes": request.get("MessageAttributes", {}),
            "group_id": request.get("MessageGroupId"),
            "deduplication_id": _deduplication_id(request) if topic.fifo else None,
            "trace_header": call.headers.get("x-amzn-trace-id"),
            "time": now,
            "signature_version": topic.attributes.get("SignatureVersion", "1"),
        }
        replays.keep(topic, message, now)
        fan_out(self._cloud, topic, message, call)
        return answer

    def _to_phone(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        number = request["PhoneNumber"]
        check_number(number)
        texts = _texts(request)
        message_attributes.check(request.get("MessageAttributes", {}))
        measures.add_text("NumberOfMessagesPublished", call)
        text_number(self._cloud, number, texts.get("sms", texts["default"]), call)
        return {"MessageId": self._cloud.ids.uuid()}

    def _to_device(self, request: Mapping[str, Any], arn: str, call: Call) -> dict[str, Any]:
        found = arns.find_endpoint(self._store, arn)
        if found is None:
            raise errors.invalid("TargetArn Reason: No endpoint found for the target arn specified")
        push.check_enabled(*found)
        texts = _texts(request)
        message_attributes.check(request.get("MessageAttributes", {}))
        if _size(request) > LONGEST_BYTES:
            raise errors.invalid("Message too long")
        push.deliver(self._cloud, *found, {"texts": texts, "subject": request.get("Subject")})
        return {"MessageId": self._cloud.ids.uuid()}


def _measure(topic: Topic, size: int, call: Call) -> None:
    measures.add(topic.arn, "NumberOfMessagesPublished", 1.0, call)
    measures.add(topic.arn, "PublishSize", size, call)


def _checked(topic: Topic, request: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a message that a topic takes, by protocol.

    Raises:
        AwsError: InvalidParameter, ParameterValueInvalid.
    """
    texts = _texts(request)
    subject = request.get("Subject")
    if subject is not None and (not 1 <= len(subject) <= 100 or _CONTROL.search(subject) or subject[0].isspace()):
        raise errors.invalid("Subject")
    message_attributes.check(request.get("MessageAttributes", {}))
    if topic.fifo:
        _check_fifo(topic, request)
    else:
        _check_standard(request)
    return texts


def _texts(request: Mapping[str, Any]) -> dict[str, str]:
    text = request["Message"]
    if not text:
        raise errors.invalid("Empty message")
    structure = request.get("MessageStructure")
    if structure is None:
        return {"default": text}
    if structure != "json":
        raise errors.invalid("MessageStructure")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise errors.invalid("Message Structure - JSON message body failed to parse")
    texts = {name: each for name, each in found.items() if isinstance(each, str)}
    if "default" not in texts:
        raise errors.invalid("Message Structure - No default entry in JSON message body")
    return texts


def _check_fifo(topic: Topic, request: Mapping[str, Any]) -> None:
    if request.get("MessageGroupId") is None:
        raise errors.invalid("The MessageGroupId parameter is required for FIFO topics")
    by_content = topic.attributes.get("ContentBasedDeduplication") == "true"
    if request.get("MessageDeduplicationId") is None and not by_content:
        text = "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided"
        raise errors.invalid(f"{text} explicitly")
    for name in ("MessageGroupId", "MessageDeduplicationId"):
        _check_token(name, request)


def _check_standard(request: Mapping[str, Any]) -> None:
    """A standard topic takes a message group (for fair queues), and no deduplication id."""
    if request.get("MessageDeduplicationId") is not None:
        text = "The request includes MessageDeduplicationId parameter that is not valid for this topic type"
        raise errors.invalid(f"MessageDeduplicationId Reason: {text}")
    _check_token("MessageGroupId", request)


def _check_token(name: str, request: Mapping[str, Any]) -> None:
    value = request.get(name)
    if value is not None and not _TOKEN.match(value):
        text = f"{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
        raise errors.invalid(f"{name} Reason: {text}")


def _deduplication_id(request: Mapping[str, Any]) -> str:
    given: str | None = request.get("MessageDeduplicationId")
    return given if given is not None else sha256(request["Message"].encode()).hexdigest()


def _deduplication_key(topic: Topic, request: Mapping[str, Any]) -> tuple[str, ...]:
    if not topic.fifo:
        return ()
    if topic.attributes.get("FifoThroughputScope") == "MessageGroup":
        return (_deduplication_id(request), request["MessageGroupId"])
    return (_deduplication_id(request),)


def _limit(topic: Topic) -> int:
    return int(topic.attributes.get("MaximumMessageSize", LONGEST_BYTES))


def _size(request: Mapping[str, Any]) -> int:
    body = len(request["Message"].encode("utf-8", "replace"))
    return body + message_attributes.size(request.get("MessageAttributes", {}))


def _check_entries(entries: Sequence[Mapping[str, Any]]) -> None:
    if not entries:
        raise errors.empty_batch()
    if len(entries) > 10:
        raise errors.too_many_entries()
    ids = [entry["Id"] for entry in entries]
    if len(set(ids)) != len(ids):
        raise errors.repeated_entry_id()
    for entry_id in ids:
        if len(entry_id) > 80:
            raise errors.bad_entry_id(entry_id, too_long=True)
        if not _ENTRY_ID.match(entry_id):
            raise errors.bad_entry_id(entry_id, too_long=False)
