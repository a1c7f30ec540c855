"""Objects read: whole, in ranges, by their head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import conditions, errors
from .buckets import find_bucket
from .objects import find_object
from .store import Store, StoredObject

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
    "ResponseExpires": "Expires",
}


class Reads:
    """Operations that read objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An object, or a range or part of it.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, PreconditionFailed, 304, InvalidRange.
        """
        found = find_object(find_bucket(self._store, request), request["Key"])
        conditions.check_read(request, found)
        answer = _described(request, found, call)
        start, end = answer.pop("span")
        answer["Body"] = found.body[start:end]
        return {**answer, "TagCount": len(found.tags) or None}

    def head_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What there is to know of an object, without its body.

        Raises:
            AwsError: 404, 412, 304, 416.
        """
        bucket = self._store.buckets.get(request["Bucket"])
        found = bucket.objects.get(request["Key"]) if bucket else None
        if found is None:
            raise errors.head_missing()
        conditions.check_read(request, found)
        answer = _described(request, found, call)
        del answer["span"]
        return answer


def _described(request: Mapping[str, Any], found: StoredObject, call: Call) -> dict[str, Any]:
    start, end, parts = _span(request, found)
    if _is_partial(request):
        call.response.status = 206
    shown = {name: value for name, value in found.attributes.items() if name != "StorageClass" or value != "STANDARD"}
    overrides = {member: request[name] for name, member in _OVERRIDES.items() if name in request}
    answer: dict[str, Any] = {
        "span": (start, end),
        "AcceptRanges": "bytes",
        "LastModified": found.modified,
        "ContentLength": end - start,
        "ETag": found.etag,
        **shown,
        **overrides,
        "Metadata": dict(found.metadata),
        "PartsCount": parts,
    }
    if call.response.status == 206:
        answer["ContentRange"] = f"bytes {start}-{end - 1}/{len(found.body)}"
    if request.get("ChecksumMode") == "ENABLED" and "Range" not in request and found.checksums:
        answer |= {**found.checksums, "ChecksumType": found.checksum_type}
    return answer


def _span(request: Mapping[str, Any], found: StoredObject) -> tuple[int, int, int | None]:
    """Start and end of what is asked for, and the number of parts where a part is."""
    size = len(found.body)
    number = request.get("PartNumber")
    if number is not None:
        sizes = found.part_sizes or (size,)
        if number > len(sizes):
            raise errors.bad_range(f"part {number}", size)
        start = sum(sizes[: number - 1])
        return start, start + sizes[number - 1], len(found.part_sizes) or None
    if not _is_partial(request):
        return 0, size, None
    first, last = _bounds(request["Range"])
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if start >= size or end <= start:
        raise errors.bad_range(request["Range"], size)
    return start, end, None


def _is_partial(request: Mapping[str, Any]) -> bool:
    """Whether a part is asked for; a range that cannot be read, or runs backwards, is as none."""
    if "PartNumber" in request:
        return True
    first, last = _bounds(request.get("Range", ""))
    return bool(first or last) and not (first and last and int(last) < int(first))


def _bounds(text: str) -> tuple[str, str]:
    found = _RANGE.match(text)
    return (found.group(1), found.group(2)) if found else ("", "")
