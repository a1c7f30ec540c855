"""The task behind notifications: tells one destination of one event.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_plus

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud

from .lookup import owner_principal_id
from .store import Store

SUBJECT = "Amazon S3 Notification"
_OLDER, _NEWER = "2.1", "2.3"


class Deliveries:
    """Delivers events."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store

    def notify(self, payload: dict[str, Any], call: Call) -> None:
        """Send an event to a function, a queue or a topic."""
        event = json.dumps({"Records": [_record(payload, call)]}, separators=(",", ":"))
        arn = f"arn:aws:s3:::{payload['bucket']}"
        tell(call, payload["kind"], payload["target"], event, arn)


def tell(call: Call, kind: str, target: str, text: str, bucket_arn: str) -> None:
    """Hand a text to a destination, as S3 does for a bucket.

    Raises:
        AwsError: as the destination's service answers.
    """
    arn = Arn.parse(target)
    if arn is None:
        return
    by = {"principal": service_principal(call.account_id, bucket_arn), "region": arn.region}
    if kind == "LambdaFunctionConfigurations":
        event = {"FunctionName": target, "InvocationType": "Event", "Payload": text.encode()}
        call.request("lambda", "Invoke", event, account_id=arn.account_id, **by)
    elif kind == "QueueConfigurations":
        url = f"https://sqs.{arn.region}.amazonaws.com/{arn.account_id}/{arn.resource}"
        call.request("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": text}, account_id=arn.account_id, **by)
    else:
        message = {"TopicArn": target, "Message": text, "Subject": SUBJECT}
        call.request("sns", "Publish", message, account_id=arn.account_id, **by)


def service_principal(account_id: str, bucket_arn: str) -> Principal:
    """S3 as it acts for a bucket."""
    return Principal.service("s3.amazonaws.com", account_id, source_arn=bucket_arn)


def _record(payload: dict[str, Any], call: Call) -> dict[str, Any]:
    name: str = payload["event"]
    newer = name.startswith("ObjectTagging:")
    return {
        "eventVersion": _NEWER if newer else _OLDER,
        "eventSource": "aws:s3",
        "awsRegion": call.region,
        "eventTime": payload["time"],
        "eventName": name,
        "userIdentity": {"principalId": payload["principal"]},
        "requestParameters": {"sourceIPAddress": payload["source_ip"]},
        "responseElements": {"x-amz-request-id": payload["request_id"], "x-amz-id-2": payload["host_id"]},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": payload["id"],
            "bucket": {
                "name": payload["bucket"],
                "ownerIdentity": {"principalId": owner_principal_id(call.account_id)},
                "arn": f"arn:aws:s3:::{payload['bucket']}",
            },
            "object": _object(payload, newer),
        },
    }


def _object(payload: dict[str, Any], newer: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"key": quote_plus(payload["key"], safe="/", errors="replace")}
    if payload["size"] is not None and not newer:
        shown["size"] = payload["size"]
    if payload["etag"] is not None:
        shown["eTag"] = payload["etag"]
    if not newer:
        shown["sequencer"] = payload["sequencer"]
    return shown
