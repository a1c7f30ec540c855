"""The buckets and objects that requests name, and who owns them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from . import errors
from .store import Bucket, Store, StoredObject


def find_bucket(store: Store, request: Mapping[str, Any], member: str = "Bucket") -> Bucket:
    """The bucket of a request.

    Raises:
        AwsError: NoSuchBucket; AccessDenied where another owner is expected.
    """
    name = request[member].removeprefix("arn:aws:s3:::")
    bucket = store.buckets.get(name)
    if bucket is None:
        raise errors.no_bucket(name)
    if request.get("ExpectedBucketOwner", bucket.account_id) != bucket.account_id:
        raise errors.access_denied()
    return bucket


def find_object(bucket: Bucket, request: Mapping[str, Any]) -> StoredObject:
    """The object of a request.

    Raises:
        AwsError: NoSuchKey; InvalidArgument for a version.
    """
    check_version(request.get("VersionId"))
    stored = bucket.objects.get(request["Key"])
    if stored is None:
        raise errors.no_key(request["Key"])
    return stored


def check_version(version_id: str | None) -> None:
    """Objects have the version ``null`` only.

    Raises:
        AwsError: InvalidArgument.
    """
    if version_id not in (None, "null"):
        raise errors.invalid("Invalid version id specified", "versionId", version_id)


def canonical_id(account_id: str) -> str:
    """An account's canonical user id, the same at all times."""
    return hashlib.sha256(f"canonical user {account_id}".encode()).hexdigest()


def owner_principal_id(account_id: str) -> str:
    """An account as events name the owner of a bucket."""
    return "A" + hashlib.sha256(f"customer {account_id}".encode()).hexdigest()[:13].upper()
