"""Objects read: whole, in ranges, by part, by their head, by their attributes.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import checksums, conditions, encryption, errors, locks
from .buckets import find_bucket
from .lifecycle_rules import expiration
from .store import Bucket, Store, Version
from .versions import find, shown_id

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
    "ResponseExpires": "Expires",
}
_ARCHIVED = ("GLACIER", "DEEP_ARCHIVE")
_ATTRIBUTES = ("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize")
_MOST_PARTS = 1000


class Reads:
    """Operations that read objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An object, or a range or part of it.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed, PreconditionFailed, 304, InvalidRange,
                InvalidPartNumber, InvalidRequest, InvalidObjectState.
        """
        bucket, found = self._found(request, call)
        if is_archived(found, self._cloud):
            raise errors.object_state(found.storage_class)
        answer = self._described(bucket, found, request, call)
        start, end = answer.pop("span")
        answer["Body"] = found.content.span(start, end)
        return answer

    def head_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What there is to know of an object, without its body.

        Raises:
            AwsError: those of GetObject, told by their status alone.
        """
        bucket, found = self._found(request, call)
        answer = self._described(bucket, found, request, call)
        del answer["span"]
        return answer

    def get_object_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Chosen attributes of an object.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidArgument, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        found = find(bucket, request, "GET")
        encryption.check_read(request, found, call)
        wanted = request["ObjectAttributes"]
        if not wanted or any(name not in _ATTRIBUTES for name in wanted):
            raise errors.invalid("Invalid attribute name specified.", ArgumentName="x-amz-object-attributes")
        answer: dict[str, Any] = {"LastModified": found.modified, "VersionId": shown_id(bucket, found)}
        if "ETag" in wanted:
            answer["ETag"] = found.etag.strip('"')
        if "Checksum" in wanted:
            answer["Checksum"] = _without_count(checksums.shown(found))
        if "ObjectParts" in wanted and found.parts:
            answer["ObjectParts"] = _parts(found, request)
        if "StorageClass" in wanted:
            answer["StorageClass"] = found.storage_class
        if "ObjectSize" in wanted:
            answer["ObjectSize"] = found.size
        return answer

    def _found(self, request: Mapping[str, Any], call: Call) -> tuple[Bucket, Version]:
        bucket = find_bucket(self._store, request)
        if call.principal.kind == "anonymous" and any(name in request for name in _OVERRIDES):
            raise errors.invalid_request("Request specific response headers cannot be used for anonymous GET requests.")
        found = find(bucket, request, "HEAD" if call.operation == "HeadObject" else "GET")
        encryption.check_read(request, found, call)
        conditions.check_read(request, found)
        return bucket, found

    def _described(self, bucket: Bucket, found: Version, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        start, end, parts, is_partial = _span(request, found)
        if is_partial:
            call.response.status = 206
        answer: dict[str, Any] = {
            "span": (start, end),
            "AcceptRanges": "bytes",
            "LastModified": found.modified,
            "ContentLength": end - start,
            "ETag": found.etag,
            **found.attributes,
            **encryption.shown(found.encryption),
            "Metadata": found.metadata,
            "VersionId": shown_id(bucket, found),
            "PartsCount": parts,
            "TagCount": len(found.tags) or None,
            **locks.shown(found),
            "ReplicationStatus": found.replication,
            "Restore": restore_header(found, self._cloud),
        }
        for name, member in _OVERRIDES.items():
            if name in request:
                answer[member] = request[name]
        if bucket.lifecycle:
            answer["Expiration"] = expiration(bucket, found)
        if is_partial:
            answer["ContentRange"] = f"bytes {start}-{end - 1}/{found.size}"
        if request.get("ChecksumMode") == "ENABLED" and end - start == found.size:
            answer |= checksums.shown(found, in_passing=call.operation == "GetObject")
        if request.get("RequestPayer") and bucket.settings.get("RequestPayment") == "Requester":
            answer["RequestCharged"] = "requester"
        return answer


def is_archived(found: Version, cloud: Cloud) -> bool:
    """Whether an object must be restored before it can be read."""
    if found.storage_class not in _ARCHIVED:
        return False
    return found.restored is None or not found.restored[0] <= cloud.clock.now() < found.restored[1]


def restore_header(found: Version, cloud: Cloud) -> str | None:
    """What ``x-amz-restore`` says of an archived object: being restored, or restored until when."""
    if found.restored is None:
        return None
    done, ends = found.restored
    now = cloud.clock.now()
    if now < done:
        return 'ongoing-request="true"'
    return f'ongoing-request="false", expiry-date="{format_datetime(ends, usegmt=True)}"' if now < ends else None


def _without_count(sums: Mapping[str, Any]) -> dict[str, Any]:
    """Checksums without the number of parts (``-2``) that other answers have behind composite ones."""
    return {name: value.partition("-")[0] if name != "ChecksumType" else value for name, value in sums.items()}


def _parts(found: Version, request: Mapping[str, Any]) -> dict[str, Any]:
    marker, limit = int(request.get("PartNumberMarker") or 0), request.get("MaxParts", _MOST_PARTS)
    later = [part for part in found.parts if part.number > marker]
    shown = later[:limit]
    with_sums = all(part.checksums for part in found.parts)
    return {
        "TotalPartsCount": len(found.parts),
        "PartNumberMarker": marker,
        "NextPartNumberMarker": shown[-1].number if shown else 0,
        "MaxParts": limit,
        "IsTruncated": len(later) > len(shown),
        "Parts": [{"PartNumber": part.number, "Size": part.size, **part.checksums} for part in shown]
        if with_sums
        else None,
    }


def _span(request: Mapping[str, Any], found: Version) -> tuple[int, int, int | None, bool]:
    """Start and end of what is asked for, the number of parts where a part is, and whether it is not simply all.

    A range that cannot be read, or runs backwards, is as none.

    Raises:
        AwsError: InvalidRange, InvalidPartNumber, InvalidRequest.
    """
    size, number, text = found.size, request.get("PartNumber"), request.get("Range")
    if number is not None:
        if text is not None:
            raise errors.invalid_request("Cannot specify both Range header and partNumber query parameter")
        return _span_of_part(found, number)
    parsed = _RANGE.match(text) if text else None
    first, last = parsed.groups() if parsed else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return 0, size, None, False
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if start >= size or end <= start:
        raise errors.bad_range(str(text), size)
    return start, end, None, True


def _span_of_part(found: Version, number: int) -> tuple[int, int, int | None, bool]:
    if not 1 <= number <= 10_000:
        raise errors.invalid(
            "Part number must be an integer between 1 and 10000, inclusive",
            ArgumentName="partNumber",
            ArgumentValue=str(number),
        )
    sizes = [part.size for part in found.parts] or [found.size]
    if number > len(sizes):
        raise errors.bad_part_number(number, len(sizes))
    start = sum(sizes[: number - 1])
    return start, start + sizes[number - 1], len(found.parts) or None, found.size > 0
