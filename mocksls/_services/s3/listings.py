"""Listings of a bucket's objects, page by page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import decode_token, encode_token

from . import errors
from .buckets import find_bucket, owner
from .store import Bucket, Store, StoredObject


class _Page(NamedTuple):
    """Objects and common prefixes in order, and the last name shown where more follow."""

    objects: list[StoredObject]
    prefixes: list[str]
    last: str | None


class Listings:
    """Operations that list objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def list_objects_v2(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Objects by prefix and delimiter, in the order of their keys' bytes.

        Raises:
            AwsError: NoSuchBucket, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        token = request.get("ContinuationToken")
        after = request.get("StartAfter", "")
        if token is not None:
            decoded = decode_token(token)
            if decoded is None:
                raise errors.invalid("The continuation token provided is incorrect", ArgumentName="continuation-token")
            after = decoded
        found = _page(bucket, request, after)
        encode = _encoder(request)
        with_owner = owner(bucket.account_id) if request.get("FetchOwner") else None
        return {
            **_common(request, found, encode),
            "Contents": [_listed(each, encode, with_owner) for each in found.objects],
            "KeyCount": len(found.objects) + len(found.prefixes),
            "ContinuationToken": token,
            "NextContinuationToken": encode_token(found.last) if found.last is not None else None,
            "StartAfter": encode(request["StartAfter"]) if "StartAfter" in request else None,
        }

    def list_objects(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Objects by prefix and delimiter, the older way.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        found = _page(bucket, request, request.get("Marker", ""))
        encode = _encoder(request)
        shows_next = found.last is not None and request.get("Delimiter")
        return {
            **_common(request, found, encode),
            "Contents": [_listed(each, encode, owner(bucket.account_id)) for each in found.objects],
            "Marker": encode(request.get("Marker", "")),
            "NextMarker": encode(found.last or "") if shows_next else None,
        }


def _common(request: Mapping[str, Any], found: _Page, encode: Any) -> dict[str, Any]:
    return {
        "IsTruncated": found.last is not None,
        "Name": request["Bucket"],
        "Prefix": encode(request.get("Prefix", "")),
        "Delimiter": encode(request["Delimiter"]) if request.get("Delimiter") else None,
        "MaxKeys": request.get("MaxKeys", 1000),
        "CommonPrefixes": [{"Prefix": encode(prefix)} for prefix in found.prefixes],
        "EncodingType": request.get("EncodingType"),
    }


def _page(bucket: Bucket, request: Mapping[str, Any], after: str) -> _Page:
    """Walk the sorted keys from the one after ``after``; a common prefix is one step."""
    prefix, delimiter = request.get("Prefix", ""), request.get("Delimiter", "")
    limit = min(request.get("MaxKeys", 1000), 1000)
    place = bisect_left(bucket.keys, prefix.encode(), key=str.encode)
    if after:
        place = max(place, bisect_right(bucket.keys, after.encode(), key=str.encode))
        if delimiter and after.endswith(delimiter):
            place = max(place, _after_prefix(bucket, after))
    objects: list[StoredObject] = []
    prefixes: list[str] = []
    last: str | None = None
    while place < len(bucket.keys) and bucket.keys[place].startswith(prefix):
        if len(objects) + len(prefixes) == limit:
            return _Page(objects, prefixes, last if limit else None)
        key = bucket.keys[place]
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        if cut >= 0:
            last = key[: cut + len(delimiter)]
            prefixes.append(last)
            place = _after_prefix(bucket, last)
        else:
            last = key
            objects.append(bucket.objects[key])
            place += 1
    return _Page(objects, prefixes, None)


def _after_prefix(bucket: Bucket, prefix: str) -> int:
    """Where the keys that begin with a prefix end."""
    beyond = prefix.encode()
    return bisect_right(bucket.keys, beyond, key=lambda key: key.encode()[: len(beyond)])


def _encoder(request: Mapping[str, Any]) -> Any:
    if request.get("EncodingType") == "url":
        return lambda text: quote(text, safe="/-_.*~!'()")
    return str


def _listed(found: StoredObject, encode: Any, with_owner: dict[str, str] | None) -> dict[str, Any]:
    algorithms = [member.removeprefix("Checksum") for member in found.checksums]
    return {
        "Key": encode(found.key),
        "LastModified": found.modified,
        "ETag": found.etag,
        "ChecksumAlgorithm": algorithms,
        "ChecksumType": found.checksum_type if algorithms else None,
        "Size": len(found.body),
        "StorageClass": found.attributes.get("StorageClass", "STANDARD"),
        "Owner": with_owner,
    }
