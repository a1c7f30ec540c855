"""Events carried to functions, queues, topics and EventBridge, where these let S3 in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, UnmockedServiceError
from mocksls._kernel.policy import Inquiry, Policies, evaluate

from .events import time_text
from .store import Bucket, Store

_SUBJECT = "Amazon S3 Notification"


class EventDelivery:
    """The tasks that carry events to their destinations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def deliver(self, payload: dict[str, Any], call: Call) -> None:
        """Hand one event to a function, a queue or a topic; what does not let S3 in does not get it."""
        bucket = self._store.buckets.get(payload["bucket"])
        if bucket is None:
            return
        target, body = payload["target"], json.dumps({"Records": [payload["record"]]}, separators=(",", ":"))
        try:
            problem = _refusal(self._cloud, call, bucket, target)
            if problem is not None and self._cloud.options.compat != "moto":
                self._skipped(call, target, problem)
                return
            _send(call, bucket, target, body)
        except UnmockedServiceError as error:
            self._skipped(call, target, str(error))

    def deliver_to_event_bridge(self, payload: dict[str, Any], call: Call) -> None:
        """Put one event on the account's default bus."""
        bucket = self._store.buckets.get(payload["bucket"])
        if bucket is None:
            return
        entry = {**payload["entry"], "Detail": json.dumps(payload["entry"]["Detail"], separators=(",", ":"))}
        try:
            by = principal_of(bucket)
            call.request("events", "PutEvents", {"Entries": [entry]}, principal=by, region=bucket.region, internal=True)
        except UnmockedServiceError as error:
            self._skipped(call, "EventBridge", str(error))

    def _skipped(self, call: Call, target: str, text: str) -> None:
        self._cloud.note("skipped", "s3", "deliver", f"{target}: {text}", parent=call.trace_id)


def principal_of(bucket: Bucket) -> Principal:
    """S3, acting for a bucket."""
    return Principal.service("s3.amazonaws.com", bucket.account_id, f"arn:aws:s3:::{bucket.name}")


def _send(call: Call, bucket: Bucket, target: str, body: str, kind: str = "Event") -> None:
    parsed = Arn.parse(target)
    region = parsed.region if parsed else bucket.region
    by = principal_of(bucket)
    if parsed is None or parsed.service == "lambda":
        params: dict[str, Any] = {"FunctionName": target, "InvocationType": kind, "Payload": body.encode()}
        call.request("lambda", "Invoke", params, principal=by, region=region)
    elif parsed.service == "sqs":
        params = {"QueueUrl": _url(parsed), "MessageBody": body}
        call.request("sqs", "SendMessage", params, principal=by, region=region, account_id=parsed.account_id)
    else:
        params = {"TopicArn": target, "Subject": _SUBJECT, "Message": body}
        call.request("sns", "Publish", params, principal=by, region=region, account_id=parsed.account_id)


def _url(queue: Arn) -> str:
    return f"https://sqs.{queue.region}.amazonaws.com/{queue.account_id}/{queue.resource}"


def _refusal(cloud: Cloud, call: Call, bucket: Bucket, target: str) -> str | None:
    """Why a queue or topic does not let S3 in; functions judge it themselves."""
    parsed = Arn.parse(target)
    if parsed is None or parsed.service == "lambda":
        return None
    is_queue = parsed.service == "sqs"
    word = "queue" if is_queue else "topic"
    try:
        attributes = _attributes(call, bucket, parsed)
    except AwsError:
        return f"The destination {word} does not exist"
    context = {
        "aws:sourcearn": f"arn:aws:s3:::{bucket.name}",
        "aws:sourceaccount": bucket.account_id,
        "aws:principalservicename": "s3.amazonaws.com",
        "aws:principaltype": "Service",
        "aws:securetransport": "true",
    }
    action = "sqs:SendMessage" if is_queue else "sns:Publish"
    policies = Policies((), attributes.get("Policy") or None, None, (), parsed.account_id, True)
    if evaluate(Inquiry(principal_of(bucket), action, target, context), policies).allowed:
        return None
    return f"Permissions on the destination {word} do not allow S3 to publish notifications from this bucket"


def _attributes(call: Call, bucket: Bucket, parsed: Arn) -> Mapping[str, str]:
    """What a queue or topic is set to, as its owner sees it."""
    owner = Principal("root", f"arn:aws:iam::{parsed.account_id}:root", parsed.account_id, administrator=True)
    about = {"principal": owner, "region": parsed.region, "account_id": parsed.account_id, "internal": True}
    if parsed.service == "sqs":
        params: dict[str, Any] = {"QueueUrl": _url(parsed), "AttributeNames": ["Policy"]}
        answer = call.request("sqs", "GetQueueAttributes", params, **about)
    else:
        arn = f"arn:aws:sns:{parsed.region}:{parsed.account_id}:{parsed.resource}"
        answer = call.request("sns", "GetTopicAttributes", {"TopicArn": arn}, **about)
    found: Mapping[str, str] = answer.get("Attributes") or {}
    return found


def try_out(cloud: Cloud, call: Call, bucket: Bucket, target: str) -> str | None:
    """Send the test event that queues and topics get, and try whether a function may be invoked; what went wrong."""
    parsed = Arn.parse(target)
    try:
        if parsed is None or parsed.service == "lambda":
            _send(call, bucket, target, "{}", "DryRun")
            return None
        problem = _refusal(cloud, call, bucket, target)
        if problem is None or cloud.options.compat == "moto":
            _send(call, bucket, target, json.dumps(_test_event(cloud, call, bucket)))
    except AwsError:
        return f"Not authorized to invoke function [{target}]"
    except UnmockedServiceError as error:
        cloud.note("skipped", "s3", "deliver", f"{target}: {error}", parent=call.trace_id)
        return None
    return problem


def _test_event(cloud: Cloud, call: Call, bucket: Bucket) -> dict[str, str]:
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": time_text(cloud.clock.now()),
        "Bucket": bucket.name,
        "RequestId": call.request_id,
        "HostId": cloud.ids.host_id(),
    }
