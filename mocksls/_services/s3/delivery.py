"""Events carried to functions, queues, topics and EventBridge, where these let S3 in."""

from __future__ import annotations

import json
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, UnmockedServiceError

from .events import time_text
from .store import Bucket, Store

_SUBJECT = "Amazon S3 Notification"
_ABSENT = ("QueueDoesNotExist", "NotFoundException")


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
            _send(call, bucket, target, body)
        except AwsError as error:
            self._skipped(call, target, f"{_reason(target, error)} ({error})")
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
    return Principal.service("s3.amazonaws.com", bucket.account_id, bucket.arn)


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


def _reason(target: str, error: AwsError) -> str:
    """Why a destination did not take an event, as S3 tells it."""
    parsed = Arn.parse(target)
    if parsed is None or parsed.service == "lambda":
        return f"Not authorized to invoke function [{target}]"
    word = "queue" if parsed.service == "sqs" else "topic"
    if error.code in _ABSENT:
        return f"The destination {word} does not exist"
    return f"Permissions on the destination {word} do not allow S3 to publish notifications from this bucket"


def try_out(cloud: Cloud, call: Call, bucket: Bucket, target: str) -> str | None:
    """Send the test event that queues and topics get, and try whether a function may be invoked; what went wrong."""
    parsed = Arn.parse(target)
    try:
        if parsed is None or parsed.service == "lambda":
            _send(call, bucket, target, "{}", "DryRun")
        else:
            _send(call, bucket, target, json.dumps(_test_event(cloud, call, bucket)))
    except AwsError as error:
        return _reason(target, error)
    except UnmockedServiceError as error:
        cloud.note("skipped", "s3", "deliver", f"{target}: {error}", parent=call.trace_id)
    return None


def _test_event(cloud: Cloud, call: Call, bucket: Bucket) -> dict[str, str]:
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": time_text(cloud.clock.now()),
        "Bucket": bucket.name,
        "RequestId": call.request_id,
        "HostId": cloud.ids.host_id(),
    }
