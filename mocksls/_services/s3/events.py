"""Events of objects: told to whoever a bucket's notification configuration names.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from .store import NULL, Bucket, Version

KINDS = {
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
}
_SINCE_2_3 = ("ObjectTagging", "ObjectAcl", "Lifecycle")
_DETAIL_TYPES = {
    "ObjectCreated": "Object Created",
    "ObjectRemoved": "Object Deleted",
    "LifecycleExpiration": "Object Deleted",
    "LifecycleTransition": "Object Storage Class Changed",
    "ObjectAcl:Put": "Object ACL Updated",
    "ObjectTagging:Put": "Object Tags Added",
    "ObjectTagging:Delete": "Object Tags Deleted",
    "ObjectRestore:Post": "Object Restore Initiated",
    "ObjectRestore:Completed": "Object Restore Completed",
    "ObjectRestore:Delete": "Object Restore Expired",
}
_REASONS = {
    "ObjectCreated:Put": "PutObject",
    "ObjectCreated:Post": "POST Object",
    "ObjectCreated:Copy": "CopyObject",
    "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "ObjectRemoved:Delete": "DeleteObject",
    "ObjectRemoved:DeleteMarkerCreated": "DeleteObject",
    "LifecycleExpiration:Delete": "Lifecycle Expiration",
    "LifecycleExpiration:DeleteMarkerCreated": "Lifecycle Expiration",
}


def emit(cloud: Cloud, bucket: Bucket, event: str, found: Version, call: Call) -> None:
    """Tell everyone who wants to hear of an event (``ObjectCreated:Put``) of a version."""
    if not bucket.notifications:
        return
    for kind, member in KINDS.items():
        for each in bucket.notifications.get(kind, ()):
            if not wants(each, event, found.key):
                continue
            work = {
                "bucket": bucket.name,
                "target": each[member],
                "record": _record(cloud, bucket, event, found, each["Id"], call),
            }
            cloud.router.send(Task("s3", "deliver", bucket.account_id, bucket.region, work), call)
    if "EventBridgeConfiguration" in bucket.notifications:
        entry = _entry(cloud, bucket, event, found, call)
        work = {"bucket": bucket.name, "entry": entry}
        cloud.router.send(Task("s3", "deliver_to_event_bridge", bucket.account_id, bucket.region, work), call)


def wants(configuration: Mapping[str, Any], event: str, key: str) -> bool:
    """Whether a configuration is for an event of a key."""
    names = [name.removeprefix("s3:") for name in configuration["Events"]]
    heard = any(name == event or (name.endswith("*") and event.startswith(name[:-1])) for name in names)
    return heard and all(
        key.startswith(value) if name == "Prefix" else key.endswith(value) for name, value in rules(configuration)
    )


def rules(configuration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names and values of a configuration's filter rules."""
    for rule in ((configuration.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []:
        yield rule.get("Name", ""), rule.get("Value", "")


def time_text(moment: datetime) -> str:
    """A time as event records show it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _record(cloud: Cloud, bucket: Bucket, event: str, found: Version, name: str, call: Call) -> dict[str, Any]:
    later = event.startswith(_SINCE_2_3)
    record: dict[str, Any] = {
        "eventVersion": "2.3" if later else "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": time_text(cloud.clock.now()),
        "eventName": event,
        "userIdentity": {"principalId": _who(call)},
        "requestParameters": {"sourceIPAddress": _from_where(call)},
        "responseElements": {"x-amz-request-id": call.request_id, "x-amz-id-2": cloud.ids.host_id()},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": name,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": f"A{int(bucket.account_id):X}"},
                "arn": bucket.arn,
            },
            "object": _about(event, found),
        },
    }
    if event.startswith("ObjectRestore:Completed") and found.restored is not None:
        record["glacierEventData"] = {
            "restoreEventData": {
                "lifecycleRestorationExpiryTime": time_text(found.restored[1]),
                "lifecycleRestoreStorageClass": found.storage_class,
            }
        }
    if event == "LifecycleTransition":
        moved = {"destinationStorageClass": found.storage_class}
        record["lifecycleEventData"] = {"transitionEventData": moved}
    return record


def _about(event: str, found: Version) -> dict[str, Any]:
    about: dict[str, Any] = {"key": quote_plus(found.key, safe="/")}
    is_gone = event.startswith(("ObjectRemoved", "LifecycleExpiration"))
    is_change = event.startswith(("ObjectTagging", "ObjectAcl"))
    if not is_gone:
        if not is_change:
            about["size"] = found.size
        about["eTag"] = found.etag.strip('"')
    if found.version_id != NULL:
        about["versionId"] = found.version_id
    if not is_change:
        about["sequencer"] = found.sequencer
    return about


def _who(call: Call) -> str:
    if call.internal and call.principal.kind == "service":
        return call.principal.arn
    return "Anonymous" if call.principal.kind == "anonymous" else f"AWS:{call.principal.user_id}"


def _from_where(call: Call) -> str:
    return call.principal.arn if call.internal and call.principal.kind == "service" else call.source_ip


def _entry(cloud: Cloud, bucket: Bucket, event: str, found: Version, call: Call) -> dict[str, Any]:
    """The event as EventBridge gets it."""
    kind = _DETAIL_TYPES.get(event) or _DETAIL_TYPES[event.partition(":")[0]]
    about: dict[str, Any] = {"key": found.key}
    is_change = event.startswith(("ObjectTagging", "ObjectAcl"))
    is_gone = kind == "Object Deleted"
    if not is_gone:
        if not is_change:
            about["size"] = found.size
        about["etag"] = found.etag.strip('"')
    if found.version_id != NULL:
        about["version-id"] = found.version_id
    if not is_change:
        about["sequencer"] = found.sequencer
    detail: dict[str, Any] = {
        "version": "0",
        "event-version": "1.1",
        "bucket": {"name": bucket.name},
        "object": about,
        "request-id": call.request_id,
        "requester": call.principal.arn if call.internal else call.principal.account_id,
        "source-ip-address": _from_where(call),
    }
    if event in _REASONS:
        detail["reason"] = _REASONS[event]
    if is_gone:
        marked = event.endswith("DeleteMarkerCreated")
        detail["deletion-type"] = "Delete Marker Created" if marked else "Permanently Deleted"
    if event.startswith("ObjectRestore"):
        detail["source-storage-class"] = found.storage_class
        if event.endswith("Completed") and found.restored is not None:
            detail["restore-expiry-time"] = found.restored[1].strftime("%Y-%m-%dT%H:%M:%SZ")
    if event == "LifecycleTransition":
        detail["destination-storage-class"] = found.storage_class
    return {
        "Time": cloud.clock.now(),
        "Source": "aws.s3",
        "Resources": [bucket.arn],
        "DetailType": kind,
        "Detail": detail,
    }
