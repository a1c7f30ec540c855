"""Buckets: made, found, deleted, tagged, versioned.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import decode_token, encode_token

from . import errors, tag_rules
from .grants import of_new_bucket
from .names import check_bucket, owner
from .store import Bucket, Store

_ALL_BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_OWNERSHIPS = ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")


class Buckets:
    """Operations on buckets."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_bucket(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a bucket in the region of the endpoint.

        Raises:
            AwsError: InvalidBucketName, IllegalLocationConstraintException, BucketAlreadyExists,
                BucketAlreadyOwnedByYou, InvalidArgument, InvalidTag.
        """
        name = request["Bucket"]
        check_bucket(name, lenient=self._cloud.options.compat == "moto")
        _check_namespace(name, request, call)
        region = _region(request, call)
        tags = tag_rules.checked((request.get("CreateBucketConfiguration") or {}).get("Tags") or [], tag_rules.NEW)
        existing = self._store.buckets.get(name)
        if existing is not None:
            if existing.account_id != call.account_id:
                raise errors.bucket_exists()
            if region != "us-east-1" or existing.region != region or tags:
                raise errors.bucket_is_yours(name)
        else:
            self._store.buckets[name] = self._made(name, region, tags, request, call)
        location = f"/{name}" if region == "us-east-1" else f"http://{name}.s3.amazonaws.com/"
        return {"Location": location, "BucketArn": self._store.buckets[name].arn}

    def _made(self, name: str, region: str, tags: dict[str, str], request: Mapping[str, Any], call: Call) -> Bucket:
        ownership = request.get("ObjectOwnership")
        if ownership is not None and ownership not in _OWNERSHIPS:
            text = f"Invalid x-amz-object-ownership header: {ownership}"
            raise errors.invalid(text, ArgumentName="x-amz-object-ownership")
        old_ways = self._cloud.options.compat == "moto"
        bucket = Bucket(name, region, call.account_id, self._cloud.clock.now().replace(microsecond=0))
        bucket.tags = tags or None
        bucket.ownership = ownership or (None if old_ways else "BucketOwnerEnforced")
        bucket.public_access = None if old_ways else dict.fromkeys(_ALL_BLOCKED, True)
        bucket.acl = of_new_bucket(bucket, request)
        if request.get("ObjectLockEnabledForBucket"):
            bucket.versioning = "Enabled"
            bucket.lock = {"ObjectLockEnabled": "Enabled"}
        return bucket

    def head_bucket(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether a bucket is there, and where.

        Raises:
            AwsError: 404, 403.
        """
        bucket = find_bucket(self._store, request)
        call.response.headers["content-type"] = "application/xml"
        return {"BucketRegion": bucket.region, "BucketArn": bucket.arn, "AccessPointAlias": False}

    def list_buckets(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The account's buckets, by name.

        Raises:
            AwsError: InvalidArgument.
        """
        prefix, region = request.get("Prefix", ""), request.get("BucketRegion")
        if region is not None and not _is_region(region):
            raise errors.invalid(f"Argument value {region} is not a valid AWS Region", ArgumentName="bucket-region")
        after = ""
        if request.get("ContinuationToken"):
            decoded = decode_token(request["ContinuationToken"])
            if decoded is None:
                raise errors.bad_token()
            after = decoded
        limit = request.get("MaxBuckets", 10_000)
        if not 1 <= limit <= 10_000:
            raise errors.invalid(
                "Argument max-buckets must be an integer between 1 and 10000",
                ArgumentName="max-buckets",
                ArgumentValue=str(limit),
            )
        found = [
            bucket
            for name, bucket in self._sorted()
            if bucket.account_id == call.account_id
            and name.startswith(prefix)
            and name > after
            and region in (None, bucket.region)
        ]
        shown = found[:limit]
        return {
            "Buckets": [_listed(bucket, request) for bucket in shown],
            "Owner": owner(call.account_id),
            "Prefix": request.get("Prefix"),
            "ContinuationToken": encode_token(shown[-1].name) if len(shown) < len(found) else None,
        }

    def _sorted(self) -> list[tuple[str, Bucket]]:
        """By name; suites written for moto rely on the order of creation."""
        items = list(self._store.buckets.items())
        return items if self._cloud.options.compat == "moto" else sorted(items)

    def delete_bucket(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an empty bucket.

        Raises:
            AwsError: NoSuchBucket, BucketNotEmpty.
        """
        bucket = find_bucket(self._store, request)
        if bucket.keys:
            raise errors.bucket_not_empty(bucket.name, bucket.versioning is not None)
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
        """Set the tags of a bucket, in place of all it had.

        Raises:
            AwsError: NoSuchBucket, InvalidTag, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        bucket.tags = tag_rules.checked(request["Tagging"].get("TagSet") or [], tag_rules.BUCKET)
        call.response.status = 204

    def get_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a bucket.

        Raises:
            AwsError: NoSuchTagSet.
        """
        bucket = find_bucket(self._store, request)
        if not bucket.tags:
            raise errors.none_set("NoSuchTagSet", "The TagSet does not exist", bucket.name)
        return {"TagSet": _tags.to_list(bucket.tags)}

    def delete_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove the tags of a bucket."""
        find_bucket(self._store, request).tags = None
        call.response.status = 204

    def put_bucket_versioning(self, request: Mapping[str, Any], call: Call) -> None:
        """Turn versioning on, or suspend it.

        Raises:
            AwsError: NoSuchBucket, IllegalVersioningConfigurationException, MalformedXML, InvalidBucketState.
        """
        bucket = find_bucket(self._store, request)
        given = request["VersioningConfiguration"]
        status = given.get("Status")
        if status is None:
            text = "The Versioning element must be specified"
            raise AwsError("IllegalVersioningConfigurationException", text, status=400)
        if status not in ("Enabled", "Suspended"):
            raise errors.malformed_xml()
        if status == "Suspended" and bucket.lock is not None:
            raise errors.bad_state(
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
            )
        bucket.versioning = status
        bucket.mfa_delete = given.get("MFADelete", bucket.mfa_delete)

    def get_bucket_versioning(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether versioning is on; of a bucket that never had it nothing is said.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        return {"Status": bucket.versioning, "MFADelete": bucket.mfa_delete}


def find_bucket(store: Store, request: Mapping[str, Any], *, source: str | None = None) -> Bucket:
    """The bucket that a request names, whose owner is the one that it expects; ``source``: that of a copy.

    Raises:
        AwsError: NoSuchBucket, AccessDenied.
    """
    name = request["Bucket"] if source is None else source
    bucket = store.buckets.get(name)
    if bucket is None:
        if name.startswith("arn:"):
            raise errors.not_here("access points")
        raise errors.no_bucket(name)
    expected = request.get("ExpectedBucketOwner" if source is None else "ExpectedSourceBucketOwner")
    if expected is not None and expected != bucket.account_id:
        raise errors.access_denied()
    return bucket


def _check_namespace(name: str, request: Mapping[str, Any], call: Call) -> None:
    """A bucket of the account's own namespace in a region is named so."""
    suffix = f"-{call.account_id}-{call.region}-an"
    wanted = request.get("BucketNamespace", "global") == "account-regional"
    if wanted != name.endswith(suffix):
        text = f"The bucket namespace header does not match the bucket's name, which ends in {suffix} or not."
        raise AwsError("InvalidNamespaceHeader", text, status=400)


def _region(request: Mapping[str, Any], call: Call) -> str:
    given = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if given is None:
        if call.region != "us-east-1":
            raise errors.bad_location("unspecified")
        return "us-east-1"
    region = "eu-west-1" if given == "EU" else given
    if region == "us-east-1" and call.region != region:
        raise errors.bad_location(given)
    if region == "us-east-1" or not _is_region(region):
        text = "The specified location-constraint is not valid"
        raise AwsError("InvalidLocationConstraint", text, status=400, members={"LocationConstraint": given})
    if call.region not in ("us-east-1", region):
        raise errors.bad_location(given)
    return str(region)


_PLACES = ["north", "south", "east", "west", "central", "northeast", "southeast", "northwest", "southwest"]
_AREAS = [
    "us",
    "eu",
    "ap",
    "sa",
    "ca",
    "me",
    "af",
    "il",
    "mx",
    "cn",
    "us-gov",
    "us-iso",
    "us-isob",
    "us-isof",
    "eu-isoe",
    "eusc-de",
]


def _is_region(text: str) -> bool:
    area, _, rest = text.rpartition("-")[0].rpartition("-") if text[-1:].isdigit() else ("", "", "")
    if area not in _AREAS or rest not in _PLACES:
        return False
    return area != "eu" or rest not in ("east", "northeast", "southeast", "northwest", "southwest")


def _listed(bucket: Bucket, request: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"Name": bucket.name, "CreationDate": bucket.created}
    if any(name in request for name in ("MaxBuckets", "Prefix", "ContinuationToken", "BucketRegion")):
        shown["BucketRegion"] = bucket.region
        shown["BucketArn"] = bucket.arn
    return shown
