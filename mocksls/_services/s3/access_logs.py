"""Access logs: what was asked of a bucket, written to another bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.policy import Inquiry, Policies, evaluate
from mocksls._kernel.service import Task

from .grants import LOG_DELIVERY
from .names import canonical_id
from .store import Bucket, Content, Store
from .writing import USUAL_TYPE, md5, put_version

_VERBS = {
    "Get": "GET",
    "Head": "HEAD",
    "Put": "PUT",
    "CreateMultipart": "POST",
    "Create": "PUT",
    "Copy": "PUT",
    "Upload": "PUT",
    "Delete": "DELETE",
    "Abort": "DELETE",
    "Complete": "POST",
    "Restore": "POST",
    "Select": "POST",
    "List": "GET",
}
_RESOURCES = {
    "Acl": "ACL",
    "Tagging": "OBJECT_TAGGING",
    "Policy": "BUCKETPOLICY",
    "Versioning": "VERSIONING",
    "Location": "LOCATION",
    "Website": "WEBSITE",
    "Lifecycle": "LIFECYCLE",
    "Cors": "CORS",
    "Logging": "LOGGING_STATUS",
    "Notification": "NOTIFICATION",
    "Encryption": "ENCRYPTION",
    "Multipart": "UPLOADS",
    "Part": "PART",
}


def check_target(store: Store, bucket: Bucket, enabled: Mapping[str, Any], call: Call) -> None:
    """Hold a target against what S3 asks of it: its owner and region, and that it lets the log service write.

    Raises:
        AwsError: InvalidTargetBucketForLogging.
    """
    name = enabled["TargetBucket"]
    target = store.buckets.get(name)
    if target is None:
        raise _bad_target("The target bucket for logging does not exist", name)
    if target.account_id != bucket.account_id:
        text = "The owner for the bucket to be logged and the target bucket must be the same."
        raise _bad_target(text, name)
    if target.region != bucket.region:
        raise AwsError(
            "CrossLocationLoggingProhibited",
            "Cross S3 location logging not allowed.",
            status=403,
            members={"TargetBucketLocation": target.region},
        )
    if not _may_log(bucket, target, enabled.get("TargetPrefix", "")):
        raise _bad_target(
            "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket", name
        )


def _bad_target(text: str, name: str) -> AwsError:
    return AwsError("InvalidTargetBucketForLogging", text, status=400, members={"TargetBucket": name})


def _may_log(bucket: Bucket, target: Bucket, prefix: str) -> bool:
    """Buckets without ACLs let the log service in by their policy; others by a grant, too."""
    if target.ownership != "BucketOwnerEnforced" and target.acl is not None:
        given = {grant.permission for grant in target.acl if grant.grantee == LOG_DELIVERY}
        if "FULL_CONTROL" in given or {"WRITE", "READ_ACP"} <= given:
            return True
    by = Principal.service("logging.s3.amazonaws.com", bucket.account_id, bucket.arn)
    context = {"aws:sourcearn": bucket.arn, "aws:sourceaccount": bucket.account_id}
    inquiry = Inquiry(by, "s3:PutObject", f"{target.arn}/{prefix}", context)
    return evaluate(inquiry, Policies((), target.policy, None, (), target.account_id, True)).allowed


def note(cloud: Cloud, bucket: Bucket, request: Mapping[str, Any], call: Call, error: AwsError | None) -> None:
    """Have a request logged, if the bucket asks for it."""
    enabled = bucket.settings["Logging"]
    work = {"bucket": bucket.name, "enabled": enabled, "line": _line(cloud, bucket, request, call, error)}
    cloud.router.send(Task("s3", "log_access", bucket.account_id, bucket.region, work), call)


class AccessLogs:
    """The task that writes access logs."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def log_access(self, payload: dict[str, Any], call: Call) -> None:
        """Write one request as a log object of its own."""
        bucket = self._store.buckets.get(payload["bucket"])
        enabled = payload["enabled"]
        target = self._store.buckets.get(enabled["TargetBucket"])
        if bucket is None or target is None:
            return
        prefix = enabled.get("TargetPrefix", "")
        if not _may_log(bucket, target, prefix):
            self._cloud.note("skipped", "s3", "log_access", f"{target.name} lets no logs in", parent=call.trace_id)
            return
        body = payload["line"].encode()
        now = self._cloud.clock.now()
        name = f"{now:%Y-%m-%d-%H-%M-%S}-{self._cloud.ids.upper(16)}"
        if "PartitionedPrefix" in (enabled.get("TargetObjectKeyFormat") or {}):
            name = f"{bucket.account_id}/{bucket.region}/{bucket.name}/{now:%Y/%m/%d}/{name}"
        fields = {
            "owner": target.account_id,
            "attributes": {"ContentType": USUAL_TYPE},
            "encryption": {"ServerSideEncryption": "AES256"},
        }
        put_version(self._store, self._cloud, target, prefix + name, Content.of(body), md5(body), fields)


def verb_of(operation: str) -> str:
    """The HTTP method of an operation."""
    if operation == "DeleteObjects":
        return "POST"
    return next((verb for start, verb in _VERBS.items() if operation.startswith(start)), "PUT")


def _line(cloud: Cloud, bucket: Bucket, request: Mapping[str, Any], call: Call, error: AwsError | None) -> str:
    now = cloud.clock.now()
    verb = verb_of(call.operation)
    key = request.get("Key")
    kind = next((kind for word, kind in _RESOURCES.items() if word in call.operation), None)
    kind = kind or ("BUCKET" if key is None else "OBJECT")
    principal = call.principal
    who = (
        "-"
        if principal.kind == "anonymous"
        else principal.arn
        if principal.kind != "root"
        else canonical_id(principal.account_id)
    )
    parts = urlsplit(call.url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    status = (error.status or 400) if error else call.response.status or 200
    shown_key = "-" if key is None else quote(str(key), safe="/-_.~!'()*")
    return (
        f"{canonical_id(bucket.account_id)} {bucket.name} [{now:%d/%b/%Y:%H:%M:%S +0000}] {call.source_ip} {who} "
        f'{call.request_id} REST.{verb}.{kind} {shown_key} "{verb} {path} HTTP/1.1" {status} '
        f'{error.code if error else "-"} - - 1 1 "-" "{call.headers.get("user-agent", "-")}" '
        f"{request.get('VersionId', '-')} - SigV4 - AuthHeader {parts.hostname or '-'} TLSv1.3 - -\n"
    )
