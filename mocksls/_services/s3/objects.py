"""Objects: put, renamed, deleted.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/uploading-downloading-objects.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import conditions, errors, events, locks, replication
from .authorisation import bucket_arn
from .buckets import find_bucket
from .lifecycle_rules import wake
from .names import check_key
from .store import Bucket, Content, Store, Version
from .versions import new_id, next_sequencer, remove, source_of, version_of, write
from .writing import described, md5, put_version, sums_of, told, touch

_MOST_DELETED = 1000


class Objects:
    """Operations that write objects and take them away."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Write an object.

        Raises:
            AwsError: NoSuchBucket, BadDigest, InvalidDigest, PreconditionFailed, NotImplemented (appending), and
                those of ``writing.described``.
        """
        bucket, made = put(self._store, self._cloud, request, call, "ObjectCreated:Put")
        return told(bucket, made)

    def rename_object(self, request: Mapping[str, Any], call: Call) -> None:
        """Renaming is for directory buckets.

        Raises:
            AwsError: NoSuchBucket, NotImplemented.
        """
        find_bucket(self._store, request)
        source_of(request["RenameSource"])
        text = "A header you provided implies functionality that is not implemented"
        raise AwsError("NotImplemented", text, status=501, members={"Header": "x-amz-rename-source"})

    def delete_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete an object, or a version; where versions are kept the first leaves a marker.

        Raises:
            AwsError: NoSuchBucket, InvalidArgument, PreconditionFailed, AccessDenied (locked), NotImplemented.
        """
        bucket = find_bucket(self._store, request)
        _check_bypass(bucket, request)
        for member, header in (
            ("IfMatchLastModifiedTime", "x-amz-if-match-last-modified-time"),
            ("IfMatchSize", "x-amz-if-match-size"),
        ):
            if member in request:
                text = "A header you provided implies functionality that is not implemented"
                raise AwsError("NotImplemented", text, status=501, members={"Header": header})
        done = self._delete(bucket, request, call, bypass=bool(request.get("BypassGovernanceRetention")))
        call.response.status = 204
        return {"DeleteMarker": done.get("DeleteMarker"), "VersionId": done.get("Shown")}

    def delete_objects(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete up to 1,000 objects or versions, each answered for itself; unknown keys count as deleted.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidArgument.
        """
        wanted = request["Delete"]["Objects"]
        if not wanted or len(wanted) > _MOST_DELETED:
            raise errors.malformed_xml()
        bucket = find_bucket(self._store, request)
        _check_bypass(bucket, request)
        is_plain = bucket.versioning is None and not (call.refusals or bucket.notifications or bucket.uploads)
        if is_plain and max(map(len, wanted)) == 1:  # bare keys, nothing to be said against any, and nobody hears of it
            self._store.writes += bucket.forget([each["Key"] for each in wanted])
            deleted, problems = list(wanted), list[dict[str, Any]]()
        else:
            bypass = bool(request.get("BypassGovernanceRetention"))
            deleted, problems = self._delete_each(bucket, wanted, call, bypass)
        if request["Delete"].get("Quiet"):
            deleted = []
        return {"Deleted": deleted or None, "Errors": problems or None}

    def _delete_each(
        self, bucket: Bucket, wanted: list[dict[str, Any]], call: Call, bypass: bool
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Delete one after the other: what is gone, and what stays for which reason."""
        deleted: list[dict[str, Any]] = []
        problems: list[dict[str, Any]] = []
        for each in wanted:
            try:
                deleted.append(self._delete_one(bucket, each, call, bypass))
            except AwsError as error:  # noqa: PERF203  # each key is answered for itself
                problem = {"Key": each["Key"], "Code": error.code, "Message": error.message}
                problems.append({**problem, "VersionId": each.get("VersionId")})
        return deleted, problems

    def _delete_one(self, bucket: Bucket, each: Mapping[str, Any], call: Call, bypass: bool) -> dict[str, Any]:
        refused = call.refusals.get(bucket_arn(bucket.name, bucket.region, each["Key"])) if call.refusals else None
        if refused is not None:
            raise refused
        try:
            asked = {**each, "IfMatch": each["ETag"]} if "ETag" in each else each
            done = self._delete(bucket, asked, call, bypass=bypass)
        except AwsError as error:
            if error.code == "InvalidArgument":
                raise errors.no_version(each["Key"], each["VersionId"]) from None
            raise
        answer = {"Key": each["Key"]}
        if "VersionId" in each:
            answer["VersionId"] = each["VersionId"]
        if done.get("DeleteMarker"):
            answer |= {"DeleteMarker": True, "DeleteMarkerVersionId": done["Shown"]}
        return answer

    def _delete(self, bucket: Bucket, request: Mapping[str, Any], call: Call, *, bypass: bool) -> dict[str, Any]:
        """Delete one key or version: ``DeleteMarker`` and the version id to show."""
        key, wanted = request["Key"], request.get("VersionId")
        if "IfMatch" in request:
            current = bucket.newest(key) if wanted is None else version_of(bucket, key, wanted)
            if current is None:
                raise errors.no_key(key)
            if not conditions.same(request["IfMatch"], current.etag):
                raise errors.precondition_failed("If-Match")
        if wanted is None:
            return self._delete_newest(bucket, key, call)
        found = version_of(bucket, key, wanted)
        shown = None if bucket.versioning is None else wanted
        if found is None:
            return {"Shown": shown}
        locks.check_delete(found, call, self._cloud.clock.now(), bypass=bypass)
        self._remove(bucket, found, call)
        return {"DeleteMarker": True if found.marker else None, "Shown": shown}

    def _delete_newest(self, bucket: Bucket, key: str, call: Call) -> dict[str, Any]:
        if bucket.versioning is not None:
            marker = mark_deleted(self._store, self._cloud, bucket, key, call)
            return {"DeleteMarker": True, "Shown": marker.version_id}
        found = bucket.current(key)
        if found is not None:
            self._remove(bucket, found, call)
        return {}

    def _remove(self, bucket: Bucket, found: Version, call: Call) -> None:
        remove(bucket, found)
        sequencer = next_sequencer(self._store)
        touch(self._store, bucket, found.key)
        if bucket.notifications:
            events.emit(self._cloud, bucket, "ObjectRemoved:Delete", replace(found, sequencer=sequencer), call)


def put(store: Store, cloud: Cloud, request: Mapping[str, Any], call: Call, event: str) -> tuple[Bucket, Version]:
    """Write an object, and tell of it as the event says.

    Raises:
        AwsError: as PutObject.
    """
    bucket = find_bucket(store, request)
    if "WriteOffsetBytes" in request:
        raise errors.not_implemented("x-amz-write-offset-bytes", "Appending is for directory buckets")
    body = request.get("Body", b"")
    sums = sums_of(request, body)
    locks.check_integrity(request, sums)
    fields = described(request, bucket, call, cloud)
    conditions.check_write(request, bucket.newest(request["Key"]))
    made = put_version(
        store, cloud, bucket, request["Key"], Content((body,), len(body)), md5(body), {**fields, "checksums": sums}
    )
    events.emit(cloud, bucket, event, made, call)
    replication.send(cloud, bucket, made, call)
    return bucket, made


def mark_deleted(store: Store, cloud: Cloud, bucket: Bucket, key: str, call: Call) -> Version:
    """Put a delete marker on top of a key's history."""
    check_key(key)
    marker = Version(
        key=key,
        version_id=new_id(store, bucket, cloud),
        modified=cloud.clock.now().replace(microsecond=0),
        sequencer=next_sequencer(store),
        owner=bucket.account_id,
        marker=True,
    )
    write(bucket, marker)
    touch(store, bucket, key)
    wake(cloud, bucket)
    events.emit(cloud, bucket, "ObjectRemoved:DeleteMarkerCreated", marker, call)
    replication.send(cloud, bucket, marker, call)
    return marker


def _check_bypass(bucket: Bucket, request: Mapping[str, Any]) -> None:
    if "BypassGovernanceRetention" in request and bucket.lock is None:
        raise errors.invalid(
            "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
            ArgumentName="x-amz-bypass-governance-retention",
        )
