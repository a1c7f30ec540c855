"""What a call to S3 must be allowed: buckets and objects, their owners, policies and lists, condition keys.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from mocksls._kernel.arn import partition_of
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.templates import Context

from . import errors
from .access import policy_for
from .store import Bucket, Store, Version
from .versions import source_of

_READS = ("GetObject", "HeadObject", "GetObjectAttributes", "GetObjectTagging", "GetObjectAcl", "SelectObjectContent")
_WRITES = ("PutObject", "CopyObject", "CreateMultipartUpload")
_OF_VERSIONS = {
    f"s3:{name}": f"s3:{with_version}"
    for name, with_version in (
        ("GetObject", "GetObjectVersion"),
        ("GetObjectAttributes", "GetObjectVersionAttributes"),
        ("DeleteObject", "DeleteObjectVersion"),
        ("PutObjectTagging", "PutObjectVersionTagging"),
        ("GetObjectTagging", "GetObjectVersionTagging"),
        ("DeleteObjectTagging", "DeleteObjectVersionTagging"),
        ("PutObjectAcl", "PutObjectVersionAcl"),
        ("GetObjectAcl", "GetObjectVersionAcl"),
    )
}
_POLICY_ACTIONS = ("s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy")


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. A bucket that does not exist is for the operation to miss.

    Raises:
        AwsError: AccessDenied, where requesters pay and the caller does not say that it will.
    """
    action, word = entry
    if word == "*":
        yield Need(action)
    elif word.startswith("new bucket"):
        if _is_meant(word, request):
            yield Need(action, bucket_arn(request["Bucket"], call.region), keys=partial(_keys, request, None, call))
    elif word.startswith("source"):
        yield from _source(entry, request, call, store)
    else:
        bucket = store.buckets.get(request["Bucket"])
        if bucket is not None and _is_meant(word, request):
            _check_payer(bucket, request, call)
            yield from _of_bucket(entry, bucket, request, call)


def is_owners(bucket: Bucket, call: Call) -> bool:
    """Whether nothing can stand against a call: the owner's, where no policy and no other owner of objects does."""
    return (
        bucket.policy is None
        and bucket.ownership == "BucketOwnerEnforced"
        and call.principal.account_id == bucket.account_id
        and call.cloud.options.iam != "enforce"
    )


def _of_bucket(entry: ActionEntry, bucket: Bucket, request: Mapping[str, Any], call: Call) -> Iterator[Need]:
    action, word = entry
    if is_owners(bucket, call):
        return
    if word == "bucket":
        by_owner = call.principal.kind == "root" and call.principal.account_id == bucket.account_id
        if by_owner and action in _POLICY_ACTIONS:
            return  # so that a policy that locks everybody out can be mended
        yield _need(action, bucket, bucket_arn(bucket.name, bucket.region), request, call)
    elif word.startswith("each key"):
        for each in request.get("Delete", {}).get("Objects", ()):
            own = _OF_VERSIONS.get(action, action) if "VersionId" in each else action
            yield _need(own, bucket, bucket_arn(bucket.name, bucket.region, each["Key"]), {**each}, call, partial_=True)
    else:
        own = _OF_VERSIONS.get(action, action) if "VersionId" in request else action
        found = None if call.operation in _WRITES else _version(bucket, request)
        yield _need(own, bucket, bucket_arn(bucket.name, bucket.region, request["Key"]), request, call, found)
        if found is None and call.operation in _READS and action == "s3:GetObject":
            yield _need("s3:ListBucket", bucket, bucket_arn(bucket.name, bucket.region), {}, call)


_BROUGHT = {
    "object with tags": ("Tagging",),
    "object with retention": ("ObjectLockMode", "ObjectLockRetainUntilDate"),
    "object with hold": ("ObjectLockLegalHoldStatus",),
    "object bypassed": ("BypassGovernanceRetention",),
    "each key bypassed": ("BypassGovernanceRetention",),
    "new bucket with lock": ("ObjectLockEnabledForBucket",),
    "new bucket with ownership": ("ObjectOwnership",),
}


def _is_meant(word: str, request: Mapping[str, Any]) -> bool:
    """Further permissions are needed for what a write brings with it."""
    if word.endswith("with acl"):
        return any(name == "ACL" or name.startswith("Grant") for name in request)
    if word == "new bucket with tags":
        return bool((request.get("CreateBucketConfiguration") or {}).get("Tags"))
    return word not in _BROUGHT or any(request.get(name) for name in _BROUGHT[word])


def _source(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    action, word = entry
    try:
        name, key, version_id = source_of(request["CopySource"])
    except AwsError:
        return
    bucket = store.buckets.get(name)
    if bucket is None:
        return
    asked = (
        {"Bucket": name, "Key": key} if version_id is None else {"Bucket": name, "Key": key, "VersionId": version_id}
    )
    found = _version(bucket, asked)
    if word == "source with tags" and (found is None or not found.tags or request.get("TaggingDirective") == "REPLACE"):
        return
    own = action if version_id is None else _OF_VERSIONS.get(action, action)
    yield _need(own, bucket, bucket_arn(name, bucket.region, key), asked, call, found)
    if found is None:
        yield _need("s3:ListBucket", bucket, bucket_arn(name, bucket.region), {}, call)


def _version(bucket: Bucket, request: Mapping[str, Any]) -> Version | None:
    version_id = request.get("VersionId")
    if version_id is None:
        return bucket.newest(request["Key"])
    history = bucket.versions.get(request["Key"], ())
    return next((each for each in history if each.version_id == version_id), None)


def _need(
    action: str,
    bucket: Bucket,
    arn: str,
    request: Mapping[str, Any],
    call: Call,
    found: Version | None = None,
    *,
    partial_: bool = False,
) -> Need:
    owner, policy = policy_for(bucket, action, found, call)
    return Need(action, arn, policy, owner, partial(_keys, request, bucket, call), partial=partial_)


def _check_payer(bucket: Bucket, request: Mapping[str, Any], call: Call) -> None:
    if bucket.settings.get("RequestPayment") != "Requester" or call.principal.account_id == bucket.account_id:
        return
    if request.get("RequestPayer") != "requester":
        raise errors.access_denied()


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
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "ObjectLockRetainUntilDate": "s3:object-lock-retain-until-date",
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
}


def _keys(request: Mapping[str, Any], bucket: Bucket | None, call: Call) -> Context:
    keys: dict[str, Any] = {
        key: str(request[member]) for member, key in _FROM_MEMBERS.items() if request.get(member) is not None
    }
    in_query = "X-Amz-Signature=" in call.url or "Signature=" in call.url
    keys["s3:authtype"] = "REST-QUERY-STRING" if in_query else "REST-HEADER"
    location = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if location is not None:
        keys["s3:locationconstraint"] = str(location)
    tags = _request_tags(request)
    keys |= {f"s3:requestobjecttag/{name.lower()}": value for name, value in tags.items()}
    if tags:
        keys["s3:requestobjecttagkeys"] = tuple(tags)
    if bucket is not None:
        keys |= _about_bucket(bucket, request)
    return keys


def _request_tags(request: Mapping[str, Any]) -> dict[str, str]:
    given = request.get("Tagging")
    if isinstance(given, Mapping):
        return {tag.get("Key", ""): tag.get("Value", "") for tag in given.get("TagSet") or ()}
    return dict(parse_qsl(given, keep_blank_values=True)) if isinstance(given, str) else {}


def _about_bucket(bucket: Bucket, request: Mapping[str, Any]) -> dict[str, str]:
    keys = {"s3:resourceaccount": bucket.account_id, "aws:resourceaccount": bucket.account_id}
    key = request.get("Key")
    if isinstance(key, str):
        found = _version(bucket, request)
        tags = found.tags if found is not None else {}
        keys |= {f"s3:existingobjecttag/{name.lower()}": value for name, value in tags.items()}
    elif bucket.tags and bucket.settings.get("Abac") != "Disabled":
        keys |= {f"aws:resourcetag/{name.lower()}": value for name, value in bucket.tags.items()}
    return keys
