"""Tags of buckets and objects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .events import Events
from .lookup import find_bucket, find_object
from .store import Store

_ALLOWED = re.compile(r"[\w\s+\-=.:/@]*\Z")


class Tagging:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._events = Events(store, cloud)

    def put_object_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Replace an object's tags.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidTag, BadRequest.
        """
        bucket = find_bucket(self._store, request)
        stored = find_object(bucket, request)
        stored.tags = check_tags(request["Tagging"]["TagSet"], 10)
        self._events.send(bucket, "ObjectTagging:Put", stored.key, call, stored)

    def get_object_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An object's tags.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey.
        """
        stored = find_object(find_bucket(self._store, request), request)
        return {"TagSet": _tags.to_list(stored.tags)}

    def delete_object_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Take an object's tags away.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey.
        """
        bucket = find_bucket(self._store, request)
        stored = find_object(bucket, request)
        stored.tags = {}
        self._events.send(bucket, "ObjectTagging:Delete", stored.key, call, stored)

    def put_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Replace a bucket's tags.

        Raises:
            AwsError: NoSuchBucket, InvalidTag, BadRequest.
        """
        bucket = find_bucket(self._store, request)
        bucket.tags = check_tags(request["Tagging"]["TagSet"], 50)

    def get_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A bucket's tags.

        Raises:
            AwsError: NoSuchBucket, NoSuchTagSet.
        """
        bucket = find_bucket(self._store, request)
        if bucket.tags is None:
            raise errors.no_tags(bucket.name)
        return {"TagSet": _tags.to_list(bucket.tags)}

    def delete_bucket_tagging(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a bucket's tags away.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).tags = None


def check_tags(tags: Sequence[Mapping[str, str]] | None, limit: int) -> dict[str, str]:
    """Tags as a mapping.

    Raises:
        AwsError: InvalidTag, BadRequest.
    """
    found: dict[str, str] = {}
    for tag in tags or ():
        key, value = tag.get("Key", ""), tag.get("Value", "")
        if key in found:
            raise errors.invalid_tag("Cannot provide multiple Tags with the same key", key)
        if key.startswith("aws:"):
            raise errors.invalid_tag("System tags cannot be added/updated by requester")
        if not 1 <= len(key) <= 128 or not _ALLOWED.match(key):
            raise errors.invalid_tag("The TagKey you have provided is invalid", key)
        if len(value) > 256 or not _ALLOWED.match(value):
            raise errors.invalid_tag("The TagValue you have provided is invalid", key)
        found[key] = value
    if len(found) > limit:
        raise errors.too_many_tags(limit)
    return found


def header_tags(text: str | None) -> dict[str, str]:
    """The tags of ``x-amz-tagging``.

    Raises:
        AwsError: InvalidArgument, InvalidTag, BadRequest.
    """
    pairs = parse_qsl(text or "", keep_blank_values=True)
    if len({key for key, _ in pairs}) != len(pairs):
        raise errors.bad_tagging_header()
    return check_tags([{"Key": key, "Value": value} for key, value in pairs], 10)
