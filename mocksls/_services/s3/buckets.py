"""Buckets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .lookup import canonical_id, find_bucket
from .store import Bucket, Store
from .tagging import check_tags

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]\Z")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+\Z")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d\Z")
_RESERVED = (("xn--", "sthree-"), ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"))
_FIRST = "us-east-1"


class Buckets:
    """Operations on buckets."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_bucket(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a bucket; in us-east-1 one's own may be made again.

        Differs: ACLs and ownership are not looked at; object lock is not there.

        Raises:
            AwsError: InvalidBucketName, IllegalLocationConstraintException, InvalidLocationConstraint,
                BucketAlreadyExists, BucketAlreadyOwnedByYou.
        """
        name, configuration = request["Bucket"], request.get("CreateBucketConfiguration") or {}
        if request.get("ObjectLockEnabledForBucket"):
            raise errors.not_there("x-amz-bucket-object-lock-enabled")
        check_bucket_name(name)
        location = configuration.get("LocationConstraint")
        region = _region(location, call.region)
        tags = check_tags(configuration.get("Tags"), 50) or None
        taken = self._store.buckets.get(name)
        if taken is not None:
            self._check_taken(taken, region, call)
        else:
            now = self._cloud.clock.now().replace(microsecond=0)
            self._store.buckets[name] = Bucket(name, call.account_id, region, now, tags=tags)
        shown = f"/{name}" if location is None else f"http://{name}.s3.amazonaws.com/"
        return {"Location": shown, "BucketArn": f"arn:aws:s3:::{name}"}

    def _check_taken(self, taken: Bucket, region: str, call: Call) -> None:
        if taken.account_id != call.account_id:
            raise errors.bucket_exists(taken.name)
        if (taken.region, region) != (_FIRST, _FIRST):
            raise errors.bucket_yours(taken.name)

    def head_bucket(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether there is a bucket.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        return {"BucketArn": bucket.arn, "BucketRegion": bucket.region, "AccessPointAlias": False}

    def get_bucket_location(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A bucket's region; none for us-east-1.

        Raises:
            AwsError: NoSuchBucket.
        """
        region = find_bucket(self._store, request).region
        return {"LocationConstraint": None if region == _FIRST else region}

    def list_buckets(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The caller's buckets, by name.

        Raises:
            AwsError: InvalidArgument for a token that is none.
        """
        prefix, region = request.get("Prefix", ""), request.get("BucketRegion")
        mine = [
            bucket
            for name, bucket in sorted(self._store.buckets.items())
            if bucket.account_id == call.account_id
            and name.startswith(prefix)
            and region in (None, bucket.region)
        ]
        limit = request.get("MaxBuckets", 10_000)
        token = request.get("ContinuationToken")
        shown, following = page(mine, limit, token, lambda bucket: bucket.name, bad_token)
        with_region = not {"MaxBuckets", "Prefix", "BucketRegion", "ContinuationToken"}.isdisjoint(request)
        return {
            "Buckets": [_listed(bucket, with_region) for bucket in shown],
            "Owner": {"ID": canonical_id(call.account_id)},
            "ContinuationToken": following,
            "Prefix": request.get("Prefix"),
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


def check_bucket_name(name: str) -> None:
    """Whether a bucket may have that name.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html

    Raises:
        AwsError: InvalidBucketName.
    """
    prefixes, suffixes = _RESERVED
    fits = _NAME.match(name) and ".." not in name and not _ADDRESS.match(name)
    if not fits or name.startswith(prefixes) or name.endswith(suffixes):
        raise errors.bad_bucket_name(name)


def bad_token() -> Exception:
    """A continuation token that is none."""
    return errors.invalid("The continuation token provided is incorrect", "continuation-token")


def _region(location: str | None, endpoint: str) -> str:
    if location is None:
        if endpoint != _FIRST:
            raise errors.wrong_location("unspecified")
        return _FIRST
    if endpoint == _FIRST:
        if location == _FIRST or not (location == "EU" or _REGION.match(location)):
            raise errors.bad_location(location)
    elif location != endpoint and not (location == "EU" and endpoint == "eu-west-1"):
        raise errors.wrong_location(location)
    return "eu-west-1" if location == "EU" else location


def _listed(bucket: Bucket, with_region: bool) -> dict[str, Any]:
    region = bucket.region if with_region else None
    return {"Name": bucket.name, "CreationDate": bucket.created, "BucketRegion": region, "BucketArn": bucket.arn}
