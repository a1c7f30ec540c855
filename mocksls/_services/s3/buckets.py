"""Buckets: made, found, deleted, tagged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import errors
from .store import Bucket, Store

_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
_ADDRESS = re.compile(r"^\d+\.\d+\.\d+\.\d+$")


class Buckets:
    """Operations on buckets."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_bucket(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a bucket in the region of the endpoint.

        Raises:
            AwsError: InvalidBucketName, IllegalLocationConstraintException, BucketAlreadyExists,
                BucketAlreadyOwnedByYou.
        """
        name = request["Bucket"]
        _check_name(name)
        region = _region(request, call)
        existing = self._store.buckets.get(name)
        if existing is not None:
            if existing.account_id != call.account_id:
                raise errors.bucket_exists()
            if region != "us-east-1" or existing.region != region:
                raise errors.bucket_is_yours(name)
        else:
            created = self._cloud.clock.now().replace(microsecond=0)
            self._store.buckets[name] = Bucket(name, region, call.account_id, created)
        location = f"/{name}" if region == "us-east-1" else f"http://{name}.s3.amazonaws.com/"
        return {"Location": location, "BucketArn": f"arn:aws:s3:::{name}"}

    def head_bucket(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether a bucket is there, and where.

        Raises:
            AwsError: 404.
        """
        bucket = self._store.buckets.get(request["Bucket"])
        if bucket is None:
            raise errors.head_missing()
        return {"BucketRegion": bucket.region, "BucketArn": f"arn:aws:s3:::{bucket.name}", "AccessPointAlias": False}

    def list_buckets(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The account's buckets, by name."""
        prefix, region = request.get("Prefix", ""), request.get("BucketRegion")
        found = [
            bucket
            for name, bucket in sorted(self._store.buckets.items())
            if bucket.account_id == call.account_id
            and name.startswith(prefix)
            and name > request.get("ContinuationToken", "")
            and region in (None, bucket.region)
        ]
        shown = found[: request.get("MaxBuckets", len(found))]
        return {
            "Buckets": [_listed(bucket, request) for bucket in shown],
            "Owner": owner(call.account_id),
            "Prefix": request.get("Prefix"),
            "ContinuationToken": shown[-1].name if shown and len(shown) < len(found) else None,
        }

    def delete_bucket(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an empty bucket.

        Raises:
            AwsError: NoSuchBucket, BucketNotEmpty.
        """
        bucket = find_bucket(self._store, request)
        if bucket.objects:
            raise errors.bucket_not_empty(bucket.name)
        del self._store.buckets[bucket.name]
        call.response.status = 204

    def get_bucket_location(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Where a bucket is; us-east-1 has no name here.

        Raises:
            AwsError: NoSuchBucket.
        """
        region = find_bucket(self._store, request).region
        return {"LocationConstraint": None if region == "us-east-1" else region}

    def put_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the tags of a bucket, in place of all it had."""
        bucket = find_bucket(self._store, request)
        tag_set = request["Tagging"]["TagSet"]
        tags = _tags.from_list(tag_set)
        if len(tags) != len(tag_set):
            raise AwsError("InvalidTag", "Cannot provide multiple Tags with the same key", status=400)
        bucket.tags = tags
        call.response.status = 204

    def get_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a bucket.

        Raises:
            AwsError: NoSuchTagSet.
        """
        bucket = find_bucket(self._store, request)
        if not bucket.tags:
            raise errors.no_tags(bucket.name)
        return {"TagSet": _tags.to_list(bucket.tags)}

    def delete_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove the tags of a bucket."""
        find_bucket(self._store, request).tags = None
        call.response.status = 204


def find_bucket(store: Store, request: Mapping[str, Any]) -> Bucket:
    """The bucket that a request names.

    Raises:
        AwsError: NoSuchBucket.
    """
    bucket = store.buckets.get(request["Bucket"])
    if bucket is None:
        raise errors.no_bucket(request["Bucket"])
    return bucket


def owner(account_id: str) -> dict[str, str]:
    """The canonical user of an account."""
    return {"ID": f"{int(account_id):064x}"}


def _check_name(name: str) -> None:
    if not _NAME.match(name) or ".." in name or _ADDRESS.match(name) or name.startswith("xn--"):
        raise errors.bad_bucket_name(name)


def _region(request: Mapping[str, Any], call: Call) -> str:
    given = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if given is None:
        if call.region != "us-east-1":
            raise errors.bad_location("unspecified")
        return "us-east-1"
    region = "eu-west-1" if given == "EU" else given
    if region == "us-east-1":
        text = "The specified location-constraint is not valid"
        raise AwsError("InvalidLocationConstraint", text, status=400, members={"LocationConstraint": given})
    if call.region not in ("us-east-1", region):
        raise errors.bad_location(given)
    return str(region)


def _listed(bucket: Bucket, request: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"Name": bucket.name, "CreationDate": bucket.created}
    if any(name in request for name in ("MaxBuckets", "Prefix", "ContinuationToken", "BucketRegion")):
        shown["BucketRegion"] = bucket.region
    return shown
