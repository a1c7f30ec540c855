"""Versions, delete markers, uploads and their parts listed.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .buckets import find_bucket
from .lifecycle_rules import abort_of
from .listings import Encoder, beyond, check_number, encoder, entry_of, limit_of, start_of
from .multipart import find_upload
from .names import is_version_id, owner, version_number
from .store import NULL, Bucket, MultipartUpload, Store, Version

_Step = tuple[str, "Version | MultipartUpload | None"]
"""A key with one of its entries, or a common prefix with ``None``."""


class VersionListings:
    """Operations that list what has more than one entry a key, and parts."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def list_object_versions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All versions and delete markers, by key, the newest first.

        Raises:
            AwsError: NoSuchBucket, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        encode = encoder(request)
        limit = limit_of(request, "MaxKeys", "max-keys")
        key, version_id = request.get("KeyMarker", ""), request.get("VersionIdMarker", "")
        if version_id and not key:
            text = "A version-id marker cannot be specified without a key marker."
            raise errors.invalid(text, ArgumentName="version-id-marker", ArgumentValue=version_id)
        if version_id and not is_version_id(version_id):
            raise errors.invalid(
                "Invalid version id specified", ArgumentName="version-id-marker", ArgumentValue=version_id
            )
        shown, more = _taken(_versions(bucket, request, key, version_id), limit)
        last_key, last = shown[-1] if more and shown else (None, None)
        return {
            **_named(request, encode, "Name", "MaxKeys", limit),
            "VersionIdMarker": version_id,
            "IsTruncated": more,
            "NextKeyMarker": None if last_key is None else encode(last_key),
            "NextVersionIdMarker": last.version_id if isinstance(last, Version) else None,
            "Versions": [_version(bucket, each, encode) for _, each in shown if _is_kept(each)],
            "DeleteMarkers": [
                _marker(bucket, each, encode) for _, each in shown if isinstance(each, Version) and each.marker
            ],
            "CommonPrefixes": [{"Prefix": encode(name)} for name, each in shown if each is None],
        }

    def list_multipart_uploads(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The uploads that are under way, by key, the oldest first.

        Raises:
            AwsError: NoSuchBucket, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        encode = encoder(request)
        limit = limit_of(request, "MaxUploads", "max-uploads")
        key = request.get("KeyMarker", "")
        upload_id = request.get("UploadIdMarker", "") if key else ""
        uploads = sorted(bucket.uploads.values(), key=lambda upload: (upload.key, upload.number))
        after = next((each for each in uploads if each.upload_id == upload_id and each.key == key), None)
        if upload_id and after is None:
            text = "Invalid uploadId marker"
            raise errors.invalid(text, ArgumentName="upload-id-marker", ArgumentValue=upload_id)
        number = after.number if after else None
        shown, more = _taken(_uploads(uploads, request, key, number), limit)
        last = shown[-1][1] if shown else None
        is_upload = isinstance(last, MultipartUpload)
        return {
            **_named(request, encode, "Bucket", "MaxUploads", limit),
            "Prefix": encode(request["Prefix"]) if request.get("Prefix") else None,
            "UploadIdMarker": upload_id,
            "IsTruncated": more,
            "NextKeyMarker": encode(shown[-1][0]) if is_upload else "",
            "NextUploadIdMarker": last.upload_id if isinstance(last, MultipartUpload) else "",
            "Uploads": [_upload(each, encode) for _, each in shown if isinstance(each, MultipartUpload)],
            "CommonPrefixes": [{"Prefix": encode(name)} for name, each in shown if each is None],
        }

    def list_parts(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The parts of an upload, by number.

        Raises:
            AwsError: NoSuchUpload, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        upload = find_upload(bucket, request)
        marker, limit = int(request.get("PartNumberMarker") or 0), limit_of(request, "MaxParts", "max-parts")
        check_number(marker, "part-number-marker")
        later = [part for number, part in sorted(upload.parts.items()) if number > marker]
        shown = later[:limit]
        rule = abort_of(bucket, upload)
        return {
            "AbortDate": rule[0] if rule else None,
            "AbortRuleId": rule[1] if rule else None,
            "Bucket": bucket.name,
            "Key": upload.key,
            "UploadId": upload.upload_id,
            "PartNumberMarker": marker,
            "NextPartNumberMarker": shown[-1].number if shown else 0,
            "MaxParts": limit,
            "IsTruncated": len(later) > len(shown),
            "Parts": [
                {
                    "PartNumber": part.number,
                    "LastModified": part.modified,
                    "ETag": part.etag,
                    "Size": part.content.size,
                    **part.checksums,
                }
                for part in shown
            ],
            "Initiator": upload.initiator,
            "Owner": owner(upload.made["owner"]),
            "StorageClass": upload.made["attributes"].get("StorageClass", "STANDARD"),
            "ChecksumAlgorithm": upload.algorithm,
            "ChecksumType": upload.checksum_type,
        }


def _named(request: Mapping[str, Any], encode: Encoder, name: str, most: str, limit: int) -> dict[str, Any]:
    return {
        name: request["Bucket"],
        "Prefix": encode(request.get("Prefix", "")),
        "Delimiter": encode(request["Delimiter"]) if request.get("Delimiter") else None,
        "KeyMarker": encode(request.get("KeyMarker", "")),
        most: limit,
        "EncodingType": request.get("EncodingType"),
    }


def _taken(steps: Iterator[_Step], limit: int) -> tuple[list[_Step], bool]:
    """The first steps, and whether more follow."""
    shown: list[_Step] = []
    for step in steps:
        if len(shown) == limit:
            return shown, limit > 0
        shown.append(step)
    return shown, False


def _versions(bucket: Bucket, request: Mapping[str, Any], key: str, version_id: str) -> Iterator[_Step]:
    prefix, delimiter = request.get("Prefix", ""), request.get("Delimiter", "")
    if version_id and key.startswith(prefix) and not (delimiter and delimiter in key[len(prefix) :]):
        yield from ((key, each) for each in _older(bucket.versions.get(key, ()), version_id))
    place = start_of(bucket.keys, prefix, delimiter, key)
    while place < len(bucket.keys) and bucket.keys[place].startswith(prefix):
        name = bucket.keys[place]
        cut = name.find(delimiter, len(prefix)) if delimiter else -1
        if cut >= 0:
            common = name[: cut + len(delimiter)]
            yield common, None
            place = start_of(bucket.keys, prefix, delimiter, common)
        else:
            yield from ((name, each) for each in bucket.versions[name])
            place += 1


def _older(history: tuple[Version, ...], version_id: str) -> Iterator[Version]:
    """The versions behind one, which may be gone by now."""
    at = next((at for at, each in enumerate(history) if each.version_id == version_id), None)
    if at is not None:
        yield from history[at + 1 :]
    elif version_id != NULL:
        number = version_number(version_id)
        yield from (each for each in history if each.version_id == NULL or version_number(each.version_id) < number)


def _uploads(
    uploads: list[MultipartUpload], request: Mapping[str, Any], key: str, number: int | None
) -> Iterator[_Step]:
    prefix, delimiter = request.get("Prefix", ""), request.get("Delimiter", "")
    passed = ""
    if delimiter and key.startswith(prefix) and (cut := key.find(delimiter, len(prefix))) >= 0:
        passed = beyond(key[: cut + len(delimiter)])
    for each in uploads:
        is_later = each.key > key or (number is not None and each.key == key and each.number > number)
        if not is_later or each.key < passed or not each.key.startswith(prefix):
            continue
        cut = each.key.find(delimiter, len(prefix)) if delimiter else -1
        if cut >= 0:
            common = each.key[: cut + len(delimiter)]
            passed = beyond(common)
            yield common, None
        else:
            yield each.key, each


def _is_kept(each: Any) -> bool:
    return isinstance(each, Version) and not each.marker


def _version(bucket: Bucket, each: Any, encode: Encoder) -> dict[str, Any]:
    return {**entry_of(each, encode), **_in_history(bucket, each)}


def _marker(bucket: Bucket, each: Version, encode: Encoder) -> dict[str, Any]:
    return {"Key": encode(each.key), "LastModified": each.modified, **_in_history(bucket, each)}


def _in_history(bucket: Bucket, each: Version) -> dict[str, Any]:
    newest = bucket.versions[each.key][0]
    return {"VersionId": each.version_id, "IsLatest": newest is each, "Owner": owner(each.owner)}


def _upload(each: MultipartUpload, encode: Encoder) -> dict[str, Any]:
    return {
        "UploadId": each.upload_id,
        "Key": encode(each.key),
        "Initiated": each.started,
        "StorageClass": each.made["attributes"].get("StorageClass", "STANDARD"),
        "Owner": owner(each.made["owner"]),
        "Initiator": each.initiator,
        "ChecksumAlgorithm": each.algorithm,
        "ChecksumType": each.checksum_type,
    }
