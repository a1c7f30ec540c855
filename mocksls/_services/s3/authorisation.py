"""What a call to S3 must be allowed: buckets and objects, their owners, bucket policies, condition keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote

from mocksls._kernel.arn import partition_of
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .store import Bucket, Store

_READS = ("GetObject", "HeadObject")


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. A bucket that does not exist is for the operation to miss."""
    action, word = entry
    if word == "*":
        yield Need(action)
        return
    if word == "new bucket":
        yield Need(action, bucket_arn(request["Bucket"], call.region), keys=partial(_keys, request, None))
        return
    if word == "source":
        yield from _source(action, request, call, store)
        return
    bucket = store.buckets.get(request["Bucket"])
    if bucket is None or not _is_meant(word, request):
        return
    if word == "bucket":
        yield _need(action, bucket, bucket_arn(bucket.name, bucket.region), request)
    elif word == "each key":
        for each in request.get("Delete", {}).get("Objects", ()):
            yield _need(action, bucket, bucket_arn(bucket.name, bucket.region, each["Key"]), request, partial_=True)
    else:
        yield _need(action, bucket, bucket_arn(bucket.name, bucket.region, request["Key"]), request)
        if call.operation in _READS and request["Key"] not in bucket.objects:
            yield _need("s3:ListBucket", bucket, bucket_arn(bucket.name, bucket.region), {})


def _is_meant(word: str, request: Mapping[str, Any]) -> bool:
    """Further permissions are needed where a write brings tags or an ACL with it."""
    if word == "object with tags":
        return bool(request.get("Tagging"))
    if word == "object with acl":
        return any(name == "ACL" or name.startswith("Grant") for name in request)
    return True


def _source(action: str, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    name, _, key = unquote(request["CopySource"].partition("?")[0]).lstrip("/").partition("/")
    bucket = store.buckets.get(name)
    if bucket is None or not key:
        return
    yield _need(action, bucket, bucket_arn(name, bucket.region, key), {"Bucket": name, "Key": key})
    if key not in bucket.objects:
        yield _need("s3:ListBucket", bucket, bucket_arn(name, bucket.region), {})


def _need(action: str, bucket: Bucket, arn: str, request: Mapping[str, Any], *, partial_: bool = False) -> Need:
    keys = partial(_keys, request, bucket)
    return Need(action, arn, bucket.policy, bucket.account_id, keys, partial=partial_)


def bucket_arn(bucket: str, region: str, key: str | None = None) -> str:
    """The ARN of a bucket, or of an object in it."""
    arn = f"arn:{partition_of(region)}:s3:::{bucket}"
    return arn if key is None else f"{arn}/{key}"


_FROM_MEMBERS = {
    "Prefix": "s3:prefix",
    "Delimiter": "s3:delimiter",
    "MaxKeys": "s3:max-keys",
    "ACL": "s3:x-amz-acl",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "CopySource": "s3:x-amz-copy-source",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "StorageClass": "s3:x-amz-storage-class",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "VersionId": "s3:versionid",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectOwnership": "s3:x-amz-object-ownership",
}


def _keys(request: Mapping[str, Any], bucket: Bucket | None) -> Context:
    keys: dict[str, Any] = {
        key: str(request[member]) for member, key in _FROM_MEMBERS.items() if request.get(member) is not None
    }
    location = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if location is not None:
        keys["s3:locationconstraint"] = str(location)
    tags = dict(parse_qsl(request.get("Tagging", ""), keep_blank_values=True)) if _is_text_of_tags(request) else {}
    if isinstance(request.get("Tagging"), Mapping):
        tags = {tag["Key"]: tag["Value"] for tag in request["Tagging"].get("TagSet", ())}
    keys |= {f"s3:requestobjecttag/{name.lower()}": value for name, value in tags.items()}
    if tags:
        keys["s3:requestobjecttagkeys"] = tuple(tags)
    if bucket is not None:
        keys |= _of_bucket(bucket, request.get("Key"))
    return keys


def _is_text_of_tags(request: Mapping[str, Any]) -> bool:
    return isinstance(request.get("Tagging"), str)


def _of_bucket(bucket: Bucket, key: Any) -> dict[str, str]:
    keys = {"s3:resourceaccount": bucket.account_id, "aws:resourceaccount": bucket.account_id}
    found = bucket.objects.get(key) if isinstance(key, str) else None
    if found is not None:
        keys |= {f"s3:existingobjecttag/{name.lower()}": value for name, value in found.tags.items()}
    elif key is None:
        keys |= {f"aws:resourcetag/{name.lower()}": value for name, value in (bucket.tags or {}).items()}
    return keys
