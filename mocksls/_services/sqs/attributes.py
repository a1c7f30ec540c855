"""Attributes of queues: which there are, what they may be, what a queue shows.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.policy_documents import is_resource_policy

from . import contents, errors
from .store import Queue, Store

RANGES = {
    "DelaySeconds": (0, 900),
    "MaximumMessageSize": (1024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
}
DEFAULTS = {
    "VisibilityTimeout": "30",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "DelaySeconds": "0",
    "ReceiveMessageWaitTimeSeconds": "0",
}
_FIFO_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
}
_CHOICES = {
    "FifoQueue": ("true",),
    "ContentBasedDeduplication": ("true", "false"),
    "DeduplicationScope": ("messageGroup", "queue"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
    "SqsManagedSseEnabled": ("true", "false"),
}
_TEXTS = ("Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId")
_EMPTY_REMOVES = (*_TEXTS, "KmsDataKeyReusePeriodSeconds")
_SHOWN = (
    *DEFAULTS,
    *_FIFO_DEFAULTS,
    *_TEXTS,
    "FifoQueue",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
)


def checked(given: Mapping[str, str], fifo: bool) -> dict[str, str]:
    """Attributes as they may be set.

    Raises:
        AwsError: InvalidAttributeName, InvalidAttributeValue.
    """
    for name, value in given.items():
        _check_name(name, fifo)
        _check_value(name, value)
    return dict(given)


def _check_name(name: str, fifo: bool) -> None:
    if name not in RANGES and name not in _CHOICES and name not in _TEXTS:
        raise errors.unknown_attribute(name)
    if fifo or name not in (*_FIFO_DEFAULTS, "FifoQueue"):
        return
    if name in ("DeduplicationScope", "FifoThroughputLimit"):
        raise errors.invalid_attribute_name(f"You can specify the {name} only when FifoQueue is set to true.")
    raise errors.unknown_attribute(name)


def _check_value(name: str, value: str) -> None:
    if value == "" and name in _EMPTY_REMOVES:
        return
    if name in RANGES:
        low, high = RANGES[name]
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and low <= int(value) <= high):
            raise errors.invalid_attribute_value(name)
    elif (name in _CHOICES and value not in _CHOICES[name]) or (name == "Policy" and not is_resource_policy(value)):
        raise errors.invalid_attribute_value(name)


def merged(queue: Queue, given: Mapping[str, str], store: Store) -> dict[str, str]:
    """A queue's attributes after a change; an empty text removes one.

    Raises:
        AwsError: InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue.
    """
    attributes = {**queue.attributes, **checked(given, queue.fifo)}
    for name in _EMPTY_REMOVES:
        if attributes.get(name) == "":
            del attributes[name]
    if given.get("KmsMasterKeyId") and given.get("SqsManagedSseEnabled") == "true":
        text = "You can use one type of server-side encryption (SSE) at one time."
        text = f"{text} You can either enable KMS SSE or SQS SSE."
        raise errors.invalid_attribute_name(text)
    if given.get("KmsMasterKeyId"):
        attributes["SqsManagedSseEnabled"] = "false"
    elif given.get("SqsManagedSseEnabled") == "true":
        attributes.pop("KmsMasterKeyId", None)
        attributes.pop("KmsDataKeyReusePeriodSeconds", None)
    if given.get("RedrivePolicy"):
        attributes["RedrivePolicy"] = _checked_redrive(queue, given["RedrivePolicy"], store)
    if given.get("RedriveAllowPolicy"):
        _check_allow(given["RedriveAllowPolicy"])
    per_group = attributes.get("FifoThroughputLimit") == "perMessageGroupId"
    if per_group and attributes.get("DeduplicationScope", "queue") != "messageGroup":
        reason = "The value perMessageGroupId needs DeduplicationScope messageGroup."
        raise errors.invalid_attribute_value("FifoThroughputLimit", reason)
    return attributes


def redrive(queue: Queue) -> tuple[str, int] | None:
    """The dead-letter queue's ARN, and how often a message may be received before it goes there."""
    text = queue.attributes.get("RedrivePolicy")
    if not text:
        return None
    policy = json.loads(text)
    return policy["deadLetterTargetArn"], int(policy["maxReceiveCount"])


def _checked_redrive(queue: Queue, text: str, store: Store) -> str:
    """A redrive policy that names a fitting queue which lets itself be named; its count is a number."""

    def wrong(reason: str) -> Exception:
        return errors.invalid(text, "RedrivePolicy", reason)

    policy = _json(text)
    if not isinstance(policy, dict):
        raise wrong("Redrive policy is not a valid JSON map.")
    for name in ("deadLetterTargetArn", "maxReceiveCount"):
        if name not in policy:
            raise wrong(f"Redrive policy does not contain mandatory attribute: {name}.")
    count = str(policy["maxReceiveCount"])
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 1000):
        raise wrong(f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive.")
    arn = Arn.parse(str(policy["deadLetterTargetArn"]))
    if arn is None or arn.service != "sqs":
        raise wrong("Invalid value for deadLetterTargetArn.")
    target = store.queues.get(arn.resource)
    if target is None or target.arn != str(policy["deadLetterTargetArn"]):
        raise wrong("Dead letter target does not exist.")
    if target.fifo != queue.fifo:
        raise wrong("Dead-letter queue must be same type of queue as the source.")
    if not _allows(target, queue):
        raise wrong("Queue does not have permission to be used as a source of the dead-letter queue.")
    return json.dumps({**policy, "maxReceiveCount": int(count)}) if isinstance(policy["maxReceiveCount"], str) else text


def _allows(target: Queue, source: Queue) -> bool:
    policy = _json(target.attributes.get("RedriveAllowPolicy", "{}"))
    permission = policy.get("redrivePermission", "allowAll")
    return bool(permission == "allowAll" or source.arn in policy.get("sourceQueueArns", ()))


def _check_allow(text: str) -> None:
    def wrong(reason: str) -> Exception:
        return errors.invalid(text, "RedriveAllowPolicy", reason)

    policy = _json(text)
    if not isinstance(policy, dict) or policy.get("redrivePermission") not in ("allowAll", "denyAll", "byQueue"):
        raise wrong("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.")
    sources = policy.get("sourceQueueArns")
    if (policy["redrivePermission"] == "byQueue") != bool(sources):
        raise wrong("Amazon SQS can't create the redrive allow policy. Specify the sourceQueueArns for byQueue only.")
    if sources and (not isinstance(sources, list) or len(sources) > 10):
        raise wrong("Amazon SQS can't create the redrive allow policy. Specify from 1 to 10 source queue ARNs.")


def shown(queue: Queue, names: list[str], now: float) -> dict[str, str]:
    """The attributes of a queue that were asked for.

    Raises:
        AwsError: InvalidAttributeName.
    """
    for name in names:
        if name != "All" and name not in _SHOWN:
            raise errors.unknown_attribute(name)
    every = _all(queue, now)
    return every if "All" in names else {name: every[name] for name in names if name in every}


def _all(queue: Queue, now: float) -> dict[str, str]:
    contents.expire(queue, now)
    visible, in_flight, delayed = contents.counts(queue, now)
    return {
        "QueueArn": queue.arn,
        "ApproximateNumberOfMessages": str(visible),
        "ApproximateNumberOfMessagesNotVisible": str(in_flight),
        "ApproximateNumberOfMessagesDelayed": str(delayed),
        "CreatedTimestamp": str(queue.created),
        "LastModifiedTimestamp": str(queue.modified),
        **DEFAULTS,
        **(_FIFO_DEFAULTS if queue.fifo else {}),
        "SqsManagedSseEnabled": "true",
        **queue.attributes,
    }


def difference(queue: Queue, given: Mapping[str, str]) -> str | None:
    """The first of some attributes in which a queue differs."""
    every = {**DEFAULTS, **(_FIFO_DEFAULTS if queue.fifo else {}), "SqsManagedSseEnabled": "true", **queue.attributes}
    return next((name for name, value in given.items() if every.get(name, "") != value), None)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
