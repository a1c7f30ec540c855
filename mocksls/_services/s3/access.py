"""What lets callers in besides their own policies: bucket policies and access control lists, as one policy.

A grant of a list is the same as a statement that allows its grantee some actions, so both are judged as one.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.policy_documents import parsed, statements_of

from . import public
from .grants import ALL_USERS, AUTHENTICATED, Acl
from .names import account_of, canonical_id
from .store import Bucket, Grant, Version

_OF_BUCKETS: dict[str, tuple[str, ...]] = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": (
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:AbortMultipartUpload",
    ),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_OF_OBJECTS: dict[str, tuple[str, ...]] = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
_TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "object": _OF_OBJECTS,
    "bucket": _OF_BUCKETS,
    # who may list a bucket is told that a key is not there
    "missing object": {**_OF_BUCKETS, "READ": (*_OF_BUCKETS["READ"], *_OF_OBJECTS["READ"])},
}
_READING = frozenset(action for actions in _OF_OBJECTS.values() for action in actions)


def policy_for(bucket: Bucket, action: str, found: Version | None, call: Call) -> tuple[str, str | None]:
    """Who owns what an action is about (an account), and the policy that bears on it."""
    of_object = action in _READING and found is not None
    owner = found.owner if of_object and found is not None else bucket.account_id
    account = call.principal.account_id
    if account == owner and call.cloud.options.iam != "enforce":
        return owner, bucket.policy
    text = bucket.policy
    if text is not None and account != bucket.account_id and _is_restricted(bucket, text):
        text = _denials(text)
    acl = (found.acl if of_object and found is not None else bucket.acl) or ()
    if bucket.ownership == "BucketOwnerEnforced":
        acl = ()
    if bucket.public_access and bucket.public_access["IgnorePublicAcls"]:
        acl = tuple(grant for grant in acl if not grant.is_group)
    if owner != bucket.account_id and text is not None:
        text = _denials(text)  # an object that others own is theirs to share
    if not acl:
        return owner, text
    about = "object" if of_object else "missing object" if action in _READING else "bucket"
    return owner, _joined(text, acl, canonical_id(owner), about)


def _is_restricted(bucket: Bucket, text: str) -> bool:
    return bool(bucket.public_access and bucket.public_access["RestrictPublicBuckets"]) and public.is_public(text)


def _statements(text: str) -> list[Any]:
    document = parsed(text)
    return list(statements_of(document)) if isinstance(document, dict) else []


@lru_cache(maxsize=256)
def _denials(text: str) -> str:
    kept = [each for each in _statements(text) if each.get("Effect") == "Deny"]
    return json.dumps({"Version": "2012-10-17", "Statement": kept})


@lru_cache(maxsize=256)
def _joined(text: str | None, acl: Acl, owner: str, about: str) -> str:
    statements = _statements(text) if text is not None else []
    table = _TABLES[about]
    for grant in acl:
        principal = _principal(grant)
        if grant.grantee == owner or principal is None:
            continue
        everything = [action for actions in table.values() for action in actions]
        actions = everything if grant.permission == "FULL_CONTROL" else list(table.get(grant.permission, ()))
        if actions:
            statements.append({"Effect": "Allow", **principal, "Action": actions, "Resource": "*"})
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _principal(grant: Grant) -> dict[str, Any] | None:
    if grant.grantee == ALL_USERS:
        return {"Principal": "*"}
    if grant.grantee == AUTHENTICATED:
        known = {"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}
        return {"Principal": "*", "Condition": known}
    account = None if grant.is_group else account_of(grant.grantee)
    return None if account is None else {"Principal": {"AWS": account}}
