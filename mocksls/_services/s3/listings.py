"""Objects listed, both ways.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import decode_token, encode_token

from . import checksums, errors
from .buckets import find_bucket
from .names import owner
from .reads import restore_header
from .store import Bucket, Store, Version

MOST = 1000
_GREATEST = 2_147_483_647
Encoder = Callable[[str], str]


class Page(NamedTuple):
    """Keys and common prefixes in order, and the last name shown where more follow."""

    keys: list[str]
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
        encode = encoder(request)
        token = request.get("ContinuationToken")
        after = request.get("StartAfter", "")
        if token is not None:
            decoded = decode_token(token) if token else None
            if decoded is None:
                raise errors.bad_token()
            after = decoded
        found = page(bucket.live, request, after, limit_of(request, "MaxKeys", "max-keys"))
        shown = self._contents(bucket, request, found, encode, with_owner=bool(request.get("FetchOwner")))
        return {
            **_common(request, found, encode),
            "Contents": shown,
            "KeyCount": len(found.keys) + len(found.prefixes),
            "ContinuationToken": token,
            "NextContinuationToken": encode_token(found.last) if found.last is not None else None,
            "StartAfter": encode(request["StartAfter"]) if "StartAfter" in request and token is None else None,
        }

    def list_objects(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Objects by prefix and delimiter, the older way.

        Raises:
            AwsError: NoSuchBucket, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        encode = encoder(request)
        marker = request.get("Marker", "")
        found = page(bucket.live, request, marker, limit_of(request, "MaxKeys", "max-keys"))
        shows_next = found.last is not None and request.get("Delimiter")
        return {
            **_common(request, found, encode),
            "Contents": self._contents(bucket, request, found, encode, with_owner=True),
            "Marker": encode(marker),
            "NextMarker": encode(found.last or "") if shows_next else None,
        }

    def _contents(
        self, bucket: Bucket, request: Mapping[str, Any], found: Page, encode: Encoder, *, with_owner: bool
    ) -> list[dict[str, Any]]:
        versions = bucket.versions
        restores = "RestoreStatus" in (request.get("OptionalObjectAttributes") or ())
        contents = []
        for key in found.keys:
            version = versions[key][0]
            entry = entry_of(version, encode)
            if with_owner:
                entry["Owner"] = owner(version.owner)
            if restores:
                entry["RestoreStatus"] = self._restore(version)
            contents.append(entry)
        return contents

    def _restore(self, version: Version) -> dict[str, Any] | None:
        header = restore_header(version, self._cloud)
        if header is None or version.restored is None:
            return None
        if "true" in header:
            return {"IsRestoreInProgress": True}
        return {"IsRestoreInProgress": False, "RestoreExpiryDate": version.restored[1]}


def entry_of(version: Version, encode: Encoder) -> dict[str, Any]:
    """A version as listings show it, but for its owner."""
    return {
        "Key": encode(version.key),
        "LastModified": version.modified,
        "ETag": version.etag,
        "ChecksumAlgorithm": checksums.algorithms_of(version),
        "ChecksumType": version.checksum_type if version.checksums else checksums.FULL,
        "Size": version.content.size,
        "StorageClass": version.storage_class,
    }


def _common(request: Mapping[str, Any], found: Page, encode: Encoder) -> dict[str, Any]:
    return {
        "IsTruncated": found.last is not None,
        "Name": request["Bucket"],
        "Prefix": encode(request.get("Prefix", "")),
        "Delimiter": encode(request["Delimiter"]) if request.get("Delimiter") else None,
        "MaxKeys": limit_of(request, "MaxKeys", "max-keys"),
        "CommonPrefixes": [{"Prefix": encode(prefix)} for prefix in found.prefixes],
        "EncodingType": request.get("EncodingType"),
    }


def limit_of(request: Mapping[str, Any], member: str, header: str) -> int:
    """How many entries a page may have.

    Raises:
        AwsError: InvalidArgument.
    """
    limit = request.get(member, MOST)
    check_number(limit, header)
    return min(int(limit), MOST)


def check_number(value: int, header: str) -> None:
    """Hold a number of a request against what S3 takes.

    Raises:
        AwsError: InvalidArgument.
    """
    name = {"max-keys": "maxKeys"}.get(header, header)
    if value > _GREATEST:
        text = f"Provided {header} not an integer or within integer range"
    elif value < 0:
        text = f"Argument {name} must be an integer between 0 and 2147483647"
    else:
        return
    raise errors.invalid(text, ArgumentName=header, ArgumentValue=str(value))


def page(keys: Sequence[str], request: Mapping[str, Any], after: str, limit: int) -> Page:
    """Walk the sorted keys from the one after ``after``; a common prefix is one step.

    Python orders texts by code points, as UTF-8's bytes are ordered.
    """
    prefix, delimiter = request.get("Prefix", ""), request.get("Delimiter", "")
    place = start_of(keys, prefix, delimiter, after)
    if not delimiter:
        return _plain_page(keys, prefix, place, limit)
    shown: list[str] = []
    prefixes: list[str] = []
    last: str | None = None
    while place < len(keys) and keys[place].startswith(prefix):
        if len(shown) + len(prefixes) == limit:
            return Page(shown, prefixes, last if limit else None)
        key = keys[place]
        cut = key.find(delimiter, len(prefix))
        if cut >= 0:
            last = key[: cut + len(delimiter)]
            prefixes.append(last)
            place = bisect_left(keys, beyond(last), place)
        else:
            last = key
            shown.append(key)
            place += 1
    return Page(shown, prefixes, None)


def _plain_page(keys: Sequence[str], prefix: str, place: int, limit: int) -> Page:
    end = bisect_left(keys, beyond(prefix), place) if prefix else len(keys)
    shown = list(keys[place : min(place + limit, end)])
    return Page(shown, [], shown[-1] if shown and place + limit < end else None)


def start_of(keys: Sequence[str], prefix: str, delimiter: str, after: str) -> int:
    """Where a page begins that follows a key, or a common prefix that was shown (all of which is skipped)."""
    place = bisect_left(keys, prefix)
    if after:
        place = max(place, bisect_right(keys, after))
        if delimiter and after.startswith(prefix):
            cut = after.find(delimiter, len(prefix))
            if cut >= 0:
                place = max(place, bisect_left(keys, beyond(after[: cut + len(delimiter)])))
    return place


def beyond(prefix: str) -> str:
    """The least text that is greater than all that begin with a prefix."""
    kept = prefix.rstrip("\U0010ffff")
    return kept[:-1] + chr(ord(kept[-1]) + 1) if kept else "\U0010ffff" * 1025


def encoder(request: Mapping[str, Any]) -> Encoder:
    """How names are written in an answer.

    Raises:
        AwsError: InvalidArgument.
    """
    kind = request.get("EncodingType")
    if kind is None:
        return str
    if kind != "url":
        text = "Invalid Encoding Method specified in Request"
        raise errors.invalid(text, ArgumentName="encoding-type", ArgumentValue=kind or "null")
    return lambda text: text if text.isalnum() and text.isascii() else quote(text, safe="/-_.*~!'()")
