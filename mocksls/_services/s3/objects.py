"""Objects: put, copied, deleted, tagged."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import checksums, conditions, errors, notifications
from .authorisation import bucket_arn
from .buckets import find_bucket
from .store import Bucket, Store, StoredObject

ATTRIBUTES = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "StorageClass",
    "WebsiteRedirectLocation",
    "ServerSideEncryption",
    "SSEKMSKeyId",
    "BucketKeyEnabled",
)


class Objects:
    """Operations that write objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Write an object.

        Raises:
            AwsError: NoSuchBucket, BadDigest, InvalidDigest, PreconditionFailed.
        """
        bucket = find_bucket(self._store, request)
        body = request.get("Body", b"")
        conditions.check_write(request, bucket.objects.get(request["Key"]))
        written = self._made(request["Key"], body, checksums.checked(request, body), request)
        write(self._store, bucket, written)
        notifications.emit(self._cloud, bucket, "ObjectCreated:Put", written, call)
        return {
            "ETag": written.etag,
            **written.checksums,
            "ChecksumType": written.checksum_type if written.checksums else None,
            "ServerSideEncryption": written.attributes["ServerSideEncryption"],
            "SSEKMSKeyId": written.attributes.get("SSEKMSKeyId"),
        }

    def _made(self, key: str, body: bytes, sums: dict[str, str], request: Mapping[str, Any]) -> StoredObject:
        return StoredObject(
            key=key,
            body=body,
            etag=f'"{hashlib.md5(body).hexdigest()}"',
            modified=self._cloud.clock.now().replace(microsecond=0),
            sequencer=next_sequencer(self._store),
            attributes=attributes_of(request),
            metadata=lowered(request.get("Metadata", {})),
            checksums=sums,
            tags=dict(parse_qsl(request.get("Tagging", ""), keep_blank_values=True)),
        )

    def copy_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Copy an object, with its metadata or with new ones.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, PreconditionFailed, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        source_bucket, source = find_source(self._store, request["CopySource"])
        conditions.check_copy(request, source)
        replaces = request.get("MetadataDirective") == "REPLACE"
        to_itself = source_bucket is bucket and source.key == request["Key"]
        changes = ("StorageClass", "ServerSideEncryption", "WebsiteRedirectLocation")
        if to_itself and not replaces and not any(name in request for name in changes):
            raise errors.copy_to_itself()
        kept = {**source.attributes, **{name: request[name] for name in changes if name in request}}
        sums = checksums.checked({"ChecksumAlgorithm": request.get("ChecksumAlgorithm")}, source.body)
        new_tags = request.get("TaggingDirective") == "REPLACE"
        written = StoredObject(
            key=request["Key"],
            body=source.body,
            etag=f'"{hashlib.md5(source.body).hexdigest()}"',
            modified=self._cloud.clock.now().replace(microsecond=0),
            sequencer=next_sequencer(self._store),
            attributes=attributes_of(request) if replaces else kept,
            metadata=lowered(request.get("Metadata", {})) if replaces else source.metadata,
            checksums=sums or source.checksums,
            tags=dict(parse_qsl(request.get("Tagging", ""), keep_blank_values=True)) if new_tags else source.tags,
        )
        write(self._store, bucket, written)
        notifications.emit(self._cloud, bucket, "ObjectCreated:Copy", written, call)
        result = {"ETag": written.etag, "LastModified": written.modified, **written.checksums}
        return {"CopyObjectResult": result, "ServerSideEncryption": written.attributes["ServerSideEncryption"]}

    def delete_object(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an object; one that is not there is deleted, too.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        self._delete(bucket, request["Key"], call)
        call.response.status = 204

    def delete_objects(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete up to 1,000 objects; unknown keys count as deleted.

        Raises:
            AwsError: NoSuchBucket, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        wanted = request["Delete"]["Objects"]
        if not wanted or len(wanted) > 1000:
            raise errors.malformed_xml()
        denied = dict(_denied(bucket, wanted, call))
        gone = [each["Key"] for each in wanted if each["Key"] not in denied]
        for key in gone:
            self._delete(bucket, key, call)
        shown = [] if request["Delete"].get("Quiet") else [{"Key": key} for key in gone]
        problems = [{"Key": key, "Code": error.code, "Message": error.message} for key, error in denied.items()]
        return {"Deleted": shown or None, "Errors": problems or None}

    def _delete(self, bucket: Bucket, key: str, call: Call) -> None:
        gone = bucket.objects.pop(key, None)
        if gone is None:
            return
        del bucket.keys[bisect_left(bucket.keys, key.encode(), key=str.encode)]
        notifications.emit(self._cloud, bucket, "ObjectRemoved:Delete", gone, call, next_sequencer(self._store))

    def put_object_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the tags of an object, in place of all it had.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey.
        """
        bucket = find_bucket(self._store, request)
        found = find_object(bucket, request["Key"])
        _retag(bucket, found, _tags.from_list(request["Tagging"]["TagSet"]))
        notifications.emit(self._cloud, bucket, "ObjectTagging:Put", found, call)

    def get_object_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of an object.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey.
        """
        return {"TagSet": _tags.to_list(find_object(find_bucket(self._store, request), request["Key"]).tags)}

    def delete_object_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove the tags of an object.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey.
        """
        bucket = find_bucket(self._store, request)
        found = find_object(bucket, request["Key"])
        _retag(bucket, found, {})
        notifications.emit(self._cloud, bucket, "ObjectTagging:Delete", found, call)
        call.response.status = 204


def _denied(bucket: Bucket, wanted: list[dict[str, Any]], call: Call) -> Iterator[tuple[str, AwsError]]:
    """The keys that the caller may not delete, each answered for itself."""
    for each in wanted:
        error = call.refusals.get(bucket_arn(bucket.name, bucket.region, each["Key"]))
        if error is not None:
            yield each["Key"], error


def _retag(bucket: Bucket, found: StoredObject, tags: dict[str, str]) -> None:
    bucket.objects[found.key] = replace(found, tags=tags)


def write(store: Store, bucket: Bucket, written: StoredObject) -> None:
    """Put an object in its bucket, in place of an older one."""
    if written.key not in bucket.objects:
        insort(bucket.keys, written.key, key=str.encode)
    bucket.objects[written.key] = written


def next_sequencer(store: Store) -> str:
    """A number that grows with each write, as event records show it."""
    store.writes += 1
    return f"{0x0055AED6DCD90281 + store.writes:016X}E5"


def attributes_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a write that later answers echo."""
    given = {name: request[name] for name in ATTRIBUTES if name in request}
    return {"ContentType": "binary/octet-stream", "ServerSideEncryption": "AES256", **given}


def lowered(metadata: Mapping[str, str]) -> dict[str, str]:
    """Metadata as headers carry them."""
    return {name.lower(): value for name, value in metadata.items()}


def find_object(bucket: Bucket, key: str) -> StoredObject:
    """An object of a bucket.

    Raises:
        AwsError: NoSuchKey.
    """
    found = bucket.objects.get(key)
    if found is None:
        raise errors.no_key(key)
    return found


def find_source(store: Store, source: str) -> tuple[Bucket, StoredObject]:
    """What ``CopySource`` names: ``bucket/key``, percent-encoded.

    Raises:
        AwsError: InvalidArgument, NoSuchBucket, NoSuchKey.
    """
    name, _, key = unquote(source.partition("?")[0]).lstrip("/").partition("/")
    if not key:
        raise errors.invalid(
            "Invalid copy source object key", ArgumentName="x-amz-copy-source", ArgumentValue="x-amz-copy-source"
        )
    bucket = find_bucket(store, {"Bucket": name})
    return bucket, find_object(bucket, key)
