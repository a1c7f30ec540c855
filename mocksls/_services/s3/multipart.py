"""Multipart uploads.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import checksums, conditions, errors, notifications
from .buckets import find_bucket, owner
from .objects import attributes_of, find_source, lowered, next_sequencer, write
from .store import Bucket, MultipartUpload, Part, Store, StoredObject

_SMALLEST_PART = 5_242_880


class MultipartUploads:
    """Operations on multipart uploads."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_multipart_upload(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Begin an upload.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        upload = MultipartUpload(
            upload_id=self._cloud.ids.text(64, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"),
            key=request["Key"],
            started=self._cloud.clock.now().replace(microsecond=0),
            attributes=attributes_of(request),
            metadata=lowered(request.get("Metadata", {})),
            algorithm=request.get("ChecksumAlgorithm"),
            tags=dict(parse_qsl(request.get("Tagging", ""), keep_blank_values=True)),
        )
        bucket.uploads[upload.upload_id] = upload
        return {
            "Bucket": bucket.name,
            "Key": upload.key,
            "UploadId": upload.upload_id,
            "ServerSideEncryption": upload.attributes["ServerSideEncryption"],
            "ChecksumAlgorithm": upload.algorithm,
            "ChecksumType": "COMPOSITE" if upload.algorithm else None,
        }

    def upload_part(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Upload a part, in place of an older one of its number.

        Raises:
            AwsError: NoSuchUpload, BadDigest, InvalidDigest, InvalidArgument.
        """
        upload = _find(find_bucket(self._store, request), request)
        body = request.get("Body", b"")
        part = self._keep(upload, request, body, checksums.checked(request, body))
        return {"ETag": part.etag, **part.checksums, "ServerSideEncryption": upload.attributes["ServerSideEncryption"]}

    def upload_part_copy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take a part from an object, or from a range of it.

        Raises:
            AwsError: NoSuchUpload, NoSuchKey, InvalidRange, PreconditionFailed.
        """
        upload = _find(find_bucket(self._store, request), request)
        _, source = find_source(self._store, request["CopySource"])
        conditions.check_copy(request, source)
        body = source.body
        if "CopySourceRange" in request:
            first, _, last = request["CopySourceRange"].removeprefix("bytes=").partition("-")
            if not (first.isdigit() and last.isdigit()) or int(first) > int(last) or int(last) >= len(body):
                raise errors.invalid("Range specified is not valid for source object of size: " + str(len(body)))
            body = body[int(first) : int(last) + 1]
        part = self._keep(upload, request, body, checksums.checked({"ChecksumAlgorithm": upload.algorithm}, body))
        return {"CopyPartResult": {"ETag": part.etag, "LastModified": part.modified, **part.checksums}}

    def _keep(self, upload: MultipartUpload, request: Mapping[str, Any], body: bytes, sums: dict[str, str]) -> Part:
        number = request["PartNumber"]
        if not 1 <= number <= 10_000:
            raise errors.invalid(
                "Part number must be an integer between 1 and 10000, inclusive",
                ArgumentName="partNumber",
                ArgumentValue=str(number),
            )
        modified = self._cloud.clock.now().replace(microsecond=0)
        part = Part(number, body, f'"{hashlib.md5(body).hexdigest()}"', modified, sums)
        upload.parts[number] = part
        return part

    def complete_multipart_upload(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Put the parts together.

        Raises:
            AwsError: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML, PreconditionFailed.
        """
        bucket = find_bucket(self._store, request)
        upload = _find(bucket, request)
        parts = _wanted(upload, request)
        conditions.check_write(request, bucket.objects.get(upload.key))
        written = self._assembled(upload, parts)
        write(self._store, bucket, written)
        del bucket.uploads[upload.upload_id]
        notifications.emit(self._cloud, bucket, "ObjectCreated:CompleteMultipartUpload", written, call)
        return {
            "Location": f"https://{bucket.name}.s3.{bucket.region}.amazonaws.com/{upload.key}",
            "Bucket": bucket.name,
            "Key": upload.key,
            "ETag": written.etag,
            **written.checksums,
            "ChecksumType": written.checksum_type if written.checksums else None,
            "ServerSideEncryption": written.attributes["ServerSideEncryption"],
        }

    def _assembled(self, upload: MultipartUpload, parts: list[Part]) -> StoredObject:
        digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
        member = f"Checksum{upload.algorithm}"
        sums: dict[str, str] = {}
        if upload.algorithm and all(member in part.checksums for part in parts):
            composite = checksums.of_parts(upload.algorithm, [part.checksums[member] for part in parts])
            sums = {member: composite} if composite else {}
        return StoredObject(
            key=upload.key,
            body=b"".join(part.body for part in parts),
            etag=f'"{hashlib.md5(digests).hexdigest()}-{len(parts)}"',
            modified=self._cloud.clock.now().replace(microsecond=0),
            sequencer=next_sequencer(self._store),
            attributes=upload.attributes,
            metadata=upload.metadata,
            checksums=sums,
            checksum_type="COMPOSITE",
            part_sizes=tuple(len(part.body) for part in parts),
            tags=upload.tags,
        )

    def abort_multipart_upload(self, request: Mapping[str, Any], call: Call) -> None:
        """Give an upload up.

        Raises:
            AwsError: NoSuchUpload.
        """
        bucket = find_bucket(self._store, request)
        del bucket.uploads[_find(bucket, request).upload_id]
        call.response.status = 204

    def list_parts(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The parts of an upload, by number.

        Raises:
            AwsError: NoSuchUpload.
        """
        bucket = find_bucket(self._store, request)
        upload = _find(bucket, request)
        marker, limit = int(request.get("PartNumberMarker", 0)), request.get("MaxParts", 1000)
        later = [part for number, part in sorted(upload.parts.items()) if number > marker]
        shown = later[:limit]
        return {
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
                    "Size": len(part.body),
                    **part.checksums,
                }
                for part in shown
            ],
            "Initiator": owner(bucket.account_id),
            "Owner": owner(bucket.account_id),
            "StorageClass": upload.attributes.get("StorageClass", "STANDARD"),
            "ChecksumAlgorithm": upload.algorithm,
        }

    def list_multipart_uploads(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The uploads of a bucket that are under way, by key.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        prefix, limit = request.get("Prefix", ""), request.get("MaxUploads", 1000)
        after = (request.get("KeyMarker", ""), request.get("UploadIdMarker", "\U0010ffff"))
        uploads = sorted(bucket.uploads.values(), key=lambda upload: (upload.key, upload.upload_id))
        later = [each for each in uploads if each.key.startswith(prefix) and (each.key, each.upload_id) > after]
        shown = later[:limit]
        truncated = len(later) > len(shown)
        return {
            "Bucket": bucket.name,
            "KeyMarker": request.get("KeyMarker", ""),
            "UploadIdMarker": request.get("UploadIdMarker", ""),
            "NextKeyMarker": shown[-1].key if truncated else None,
            "NextUploadIdMarker": shown[-1].upload_id if truncated else None,
            "Prefix": request.get("Prefix"),
            "MaxUploads": limit,
            "IsTruncated": truncated,
            "Uploads": [
                {
                    "UploadId": each.upload_id,
                    "Key": each.key,
                    "Initiated": each.started,
                    "StorageClass": each.attributes.get("StorageClass", "STANDARD"),
                    "Owner": owner(bucket.account_id),
                    "Initiator": owner(bucket.account_id),
                }
                for each in shown
            ],
        }


def _find(bucket: Bucket, request: Mapping[str, Any]) -> MultipartUpload:
    upload = bucket.uploads.get(request["UploadId"])
    if upload is None or upload.key != request["Key"]:
        raise errors.no_upload(request["UploadId"])
    return upload


def _wanted(upload: MultipartUpload, request: Mapping[str, Any]) -> list[Part]:
    """The parts that are to be put together, checked."""
    asked = (request.get("MultipartUpload") or {}).get("Parts") or []
    if not asked:
        raise errors.malformed_xml()
    numbers = [each.get("PartNumber", 0) for each in asked]
    if numbers != sorted(set(numbers)):
        raise errors.part_order()
    found = []
    for each, number in zip(asked, numbers, strict=True):
        part = upload.parts.get(number)
        etag = str(each.get("ETag", ""))
        if part is None or etag.strip('"') != part.etag.strip('"'):
            raise errors.invalid_part(number, etag, upload.upload_id)
        found.append(part)
    for part in found[:-1]:
        if len(part.body) < _SMALLEST_PART:
            raise errors.part_too_small(part.number, len(part.body), part.etag)
    return found
