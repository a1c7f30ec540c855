"""Access: lists of buckets and objects, who owns objects, what is blocked of public access.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import errors, events, grants, public
from .buckets import find_bucket
from .names import owner
from .store import Bucket, Store, Version
from .versions import find_to_change, replaced, shown_id

_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class AccessControl:
    """Operations on who may do what, but for policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_bucket_acl(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A bucket's list.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        return {"Owner": owner(bucket.account_id), "Grants": grants.shown(acl_of_bucket(bucket))}

    def put_bucket_acl(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a bucket a list, in place of the one it had.

        Raises:
            AwsError: NoSuchBucket, AccessControlListNotSupported, AccessDenied, InvalidArgument, MalformedACLError,
                MissingSecurityHeader.
        """
        bucket = find_bucket(self._store, request)
        acl = self._given(request, bucket, bucket.account_id)
        grants.check_supported(bucket, acl, request.get("ACL"))
        grants.check_public(bucket, acl)
        bucket.acl = acl

    def _given(self, request: Mapping[str, Any], bucket: Bucket, whose: str) -> grants.Acl:
        acl = grants.asked(request, whose, bucket.account_id)
        document = request.get("AccessControlPolicy")
        if document is None:
            if acl is None:
                text = "Your request was missing a required header"
                members = {"MissingHeaderName": "x-amz-acl"}
                raise AwsError("MissingSecurityHeader", text, status=400, members=members)
            return acl
        if acl is not None:
            raise AwsError("UnexpectedContent", "This request does not support content", status=400)
        lenient = self._cloud.options.compat == "moto"
        return grants.of_document(document, whose, lenient=lenient)

    def get_object_acl(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A version's list.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion.
        """
        bucket = find_bucket(self._store, request)
        found = find_to_change(bucket, request, "GET")
        return {"Owner": owner(found.owner), "Grants": grants.shown(acl_of(bucket, found))}

    def put_object_acl(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a version a list, in place of the one it had.

        Raises:
            AwsError: as for buckets; NoSuchKey, NoSuchVersion, MethodNotAllowed.
        """
        bucket = find_bucket(self._store, request)
        found = find_to_change(bucket, request, "PUT")
        acl = self._given(request, bucket, found.owner)
        grants.check_supported(bucket, acl, request.get("ACL"))
        grants.check_public(bucket, acl)
        changed = replace(found, acl=acl)
        replaced(bucket, found, changed)
        events.emit(self._cloud, bucket, "ObjectAcl:Put", changed, call)
        if shown_id(bucket, found) is not None:
            call.response.headers["x-amz-version-id"] = found.version_id

    def put_bucket_ownership_controls(self, request: Mapping[str, Any], call: Call) -> None:
        """Say who owns new objects.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidBucketAclWithObjectOwnership.
        """
        bucket = find_bucket(self._store, request)
        rules = request["OwnershipControls"].get("Rules") or []
        if len(rules) != 1:
            raise errors.malformed_xml()
        wanted = rules[0]["ObjectOwnership"]
        if wanted == "BucketOwnerEnforced" and bucket.acl not in (None, grants.private(bucket.account_id)):
            text = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
            raise AwsError("InvalidBucketAclWithObjectOwnership", text, status=400)
        bucket.ownership = wanted

    def get_bucket_ownership_controls(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who owns new objects.

        Raises:
            AwsError: NoSuchBucket, OwnershipControlsNotFoundError.
        """
        bucket = find_bucket(self._store, request)
        if bucket.ownership is None:
            text = "The bucket ownership controls were not found"
            raise errors.none_set("OwnershipControlsNotFoundError", text, bucket.name)
        return {"OwnershipControls": {"Rules": [{"ObjectOwnership": bucket.ownership}]}}

    def delete_bucket_ownership_controls(self, request: Mapping[str, Any], call: Call) -> None:
        """Say nothing of it: then writers own their objects.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).ownership = None
        call.response.status = 204

    def put_public_access_block(self, request: Mapping[str, Any], call: Call) -> None:
        """Set what is blocked; what is not named is not.

        Raises:
            AwsError: NoSuchBucket.
        """
        given = request["PublicAccessBlockConfiguration"]
        find_bucket(self._store, request).public_access = {name: bool(given.get(name)) for name in _BLOCKS}

    def get_public_access_block(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What is blocked.

        Raises:
            AwsError: NoSuchBucket, NoSuchPublicAccessBlockConfiguration.
        """
        bucket = find_bucket(self._store, request)
        if bucket.public_access is None:
            text = "The public access block configuration was not found"
            raise errors.none_set("NoSuchPublicAccessBlockConfiguration", text, bucket.name)
        return {"PublicAccessBlockConfiguration": bucket.public_access}

    def delete_public_access_block(self, request: Mapping[str, Any], call: Call) -> None:
        """Block nothing.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).public_access = None
        call.response.status = 204

    def get_bucket_policy_status(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether a bucket is public by its policy.

        Raises:
            AwsError: NoSuchBucket, NoSuchBucketPolicy.
        """
        bucket = find_bucket(self._store, request)
        if bucket.policy is None:
            raise errors.no_bucket_policy(bucket.name)
        return {"PolicyStatus": {"IsPublic": public.is_public(bucket.policy)}}


def acl_of_bucket(bucket: Bucket) -> grants.Acl:
    """The list of a bucket that counts."""
    if bucket.acl is None or bucket.ownership == "BucketOwnerEnforced":
        return grants.private(bucket.account_id)
    return bucket.acl


def acl_of(bucket: Bucket, found: Version) -> grants.Acl:
    """The list of a version that counts."""
    if found.acl is None or bucket.ownership == "BucketOwnerEnforced":
        return grants.private(found.owner)
    return found.acl
