"""Event notifications: configured, filtered, delivered.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Task

from . import errors
from .buckets import find_bucket
from .store import Bucket, Store, StoredObject

_KINDS = {
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "lambda", "CloudFunction", "LAMBDA_ARN"),
    "QueueConfigurations": ("QueueArn", "sqs", "Queue", "SQS_ARN"),
    "TopicConfigurations": ("TopicArn", "sns", "Topic", "SNS_ARN"),
}
_SINCE_2_3 = ("ObjectTagging", "ObjectAcl")


class Notifications:
    """Operations on a bucket's notification configuration."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_notification_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Say who hears of what, in place of what was said before.

        Raises:
            AwsError: NoSuchBucket, InvalidArgument.

        Differs: EventBridge is not told of anything yet.
        """
        bucket = find_bucket(self._store, request)
        given = request["NotificationConfiguration"]
        made = {kind: [self._named(each) for each in given[kind]] for kind in _KINDS if given.get(kind)}
        for kind, configurations in made.items():
            for each in configurations:
                _check_destination(kind, each)
                _check_filter(each)
                if not request.get("SkipDestinationValidation"):
                    self._check_permission(kind, each, bucket, call)
        bucket.notifications = made

    def get_bucket_notification_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who hears of what.

        Raises:
            AwsError: NoSuchBucket.
        """
        return dict(find_bucket(self._store, request).notifications)

    def _named(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        named = {**configuration, "Id": configuration.get("Id") or self._cloud.ids.uuid()}
        rules = ((configuration.get("Filter") or {}).get("Key") or {}).get("FilterRules")
        if rules:
            spelled = [{**rule, "Name": str(rule.get("Name", "")).capitalize()} for rule in rules]
            named["Filter"] = {"Key": {"FilterRules": spelled}}
        return named

    def _check_permission(self, kind: str, configuration: Mapping[str, Any], bucket: Bucket, call: Call) -> None:
        """AWS tries whether it may deliver before it takes a configuration."""
        member, service, _, label = _KINDS[kind]
        if service != "lambda":
            return
        arn = configuration[member]
        try:
            _invoke(call, bucket, arn, b"{}", "DryRun")
        except AwsError:
            raise errors.invalid(
                "Unable to validate the following destination configurations",
                ArgumentName1=f"{label}, null",
                ArgumentValue1=f"Not authorized to invoke function [{arn}]",
            ) from None


def _check_destination(kind: str, configuration: Mapping[str, Any]) -> None:
    member, service, name, _ = _KINDS[kind]
    parsed = Arn.parse(configuration[member])
    if parsed is None or parsed.service != service:
        raise errors.invalid("The ARN could not be parsed", ArgumentName=name, ArgumentValue=str(configuration[member]))


def _check_filter(configuration: Mapping[str, Any]) -> None:
    for name, _ in _rules(configuration):
        if name not in ("Prefix", "Suffix"):
            raise errors.invalid("filter rule name must be either prefix or suffix", ArgumentName="FilterRule.Name")


def _rules(configuration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for rule in ((configuration.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []:
        yield rule.get("Name", ""), rule.get("Value", "")


def emit(
    cloud: Cloud, bucket: Bucket, event: str, found: StoredObject, call: Call, sequencer: str | None = None
) -> None:
    """Tell everyone who wants to hear of an event (``ObjectCreated:Put``) of an object."""
    for kind, configurations in bucket.notifications.items():
        for each in configurations:
            if not _wants(each, event, found.key):
                continue
            record = _record(cloud, bucket, event, found, each["Id"], call, sequencer or found.sequencer)
            work = {"bucket": bucket.name, "target": each[_KINDS[kind][0]], "record": record}
            cloud.router.send(Task("s3", "deliver", bucket.account_id, bucket.region, work), call)


def _wants(configuration: Mapping[str, Any], event: str, key: str) -> bool:
    names = [name.removeprefix("s3:") for name in configuration["Events"]]
    heard = any(name == event or (name.endswith("*") and event.startswith(name[:-1])) for name in names)
    return heard and all(
        key.startswith(value) if name == "Prefix" else key.endswith(value) for name, value in _rules(configuration)
    )


def _record(
    cloud: Cloud, bucket: Bucket, event: str, found: StoredObject, name: str, call: Call, sequencer: str
) -> dict[str, Any]:
    now = cloud.clock.now()
    later = event.startswith(_SINCE_2_3)
    about: dict[str, Any] = {"key": quote_plus(found.key, safe="/")}
    if not event.startswith("ObjectRemoved"):
        about |= {"eTag": found.etag.strip('"')} if later else {"size": len(found.body), "eTag": found.etag.strip('"')}
    if not later:
        about["sequencer"] = sequencer
    return {
        "eventVersion": "2.3" if later else "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z",
        "eventName": event,
        "userIdentity": {"principalId": f"AWS:{call.principal.user_id}"},
        "requestParameters": {"sourceIPAddress": call.source_ip},
        "responseElements": {"x-amz-request-id": call.request_id, "x-amz-id-2": cloud.ids.host_id()},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": name,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": f"A{int(bucket.account_id):X}"},
                "arn": f"arn:aws:s3:::{bucket.name}",
            },
            "object": about,
        },
    }


class EventDelivery:
    """The task that carries events to their destinations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def deliver(self, payload: dict[str, Any], call: Call) -> None:
        """Hand one event to a function, a queue or a topic."""
        bucket = self._store.buckets.get(payload["bucket"])
        if bucket is None:
            return
        target, body = payload["target"], json.dumps({"Records": [payload["record"]]}, separators=(",", ":"))
        parsed = Arn.parse(target)
        if parsed is None or parsed.service == "lambda":
            _invoke(call, bucket, target, body.encode(), "Event")
            return
        by = Principal.service("s3.amazonaws.com", bucket.account_id, f"arn:aws:s3:::{bucket.name}")
        if parsed.service == "sqs":
            url = f"https://sqs.{parsed.region}.amazonaws.com/{parsed.account_id}/{parsed.resource}"
            params: dict[str, Any] = {"QueueUrl": url, "MessageBody": body}
            call.request("sqs", "SendMessage", params, principal=by, region=parsed.region)
        else:
            params = {"TopicArn": target, "Subject": "Amazon S3 Notification", "Message": body}
            call.request("sns", "Publish", params, principal=by, region=parsed.region)


def _invoke(call: Call, bucket: Bucket, arn: str, payload: bytes, kind: str) -> None:
    parsed = Arn.parse(arn)
    by = Principal.service("s3.amazonaws.com", bucket.account_id, f"arn:aws:s3:::{bucket.name}")
    params = {"FunctionName": arn, "InvocationType": kind, "Payload": payload}
    call.request("lambda", "Invoke", params, principal=by, region=parsed.region if parsed else call.region)
