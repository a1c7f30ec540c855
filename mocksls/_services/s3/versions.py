"""Histories of keys: versions found, written and taken away, as the bucket's versioning has it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mocksls._kernel.cloud import Cloud

from . import errors
from .names import check_key, is_version_id, version_id
from .store import NULL, Bucket, Store, Version


def find(bucket: Bucket, request: Mapping[str, Any], method: str) -> Version:
    """The version that a request names, or the newest.

    Raises:
        AwsError: NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed (a delete marker).
    """
    key, wanted = request["Key"], request.get("VersionId")
    if wanted is None:
        found = bucket.current(key)
        if found is None:
            check_key(key)
            raise errors.no_key(key)
        if found.marker:
            raise errors.marker_is_newest(key, found.version_id)
        return found
    found = version_of(bucket, key, wanted)
    if found is None:
        raise errors.no_version(key, wanted)
    if found.marker:
        headers = {"x-amz-delete-marker": "true", "allow": "DELETE"} if method in ("GET", "HEAD") else {}
        raise errors.is_marker(method, headers)
    return found


def find_to_change(bucket: Bucket, request: Mapping[str, Any], method: str) -> Version:
    """The same for what belongs to a version (tags, locks, ACLs): also the newest may be a marker, which has none.

    Raises:
        AwsError: NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed (a delete marker).
    """
    newest = bucket.current(request["Key"])
    if "VersionId" not in request and newest is not None and newest.marker:
        raise errors.is_marker(method)
    return find(bucket, request, method)


def version_of(bucket: Bucket, key: str, wanted: str) -> Version | None:
    """A version by its id.

    Raises:
        AwsError: InvalidArgument: that is no id.
    """
    if not is_version_id(wanted):
        raise errors.bad_version_id(wanted)
    return next((each for each in bucket.versions.get(key, ()) if each.version_id == wanted), None)


def new_id(store: Store, bucket: Bucket, cloud: Cloud) -> str:
    """The id of the next version that is written."""
    return version_id(cloud, store.writes) if bucket.versioning == "Enabled" else NULL


def next_sequencer(store: Store) -> str:
    """A number that grows with each write, as event records show it."""
    store.writes += 1
    return f"{0x0055AED6DCD90281 + store.writes:016X}E5"


def write(bucket: Bucket, version: Version) -> None:
    """Put a version on top of its key's history; one with the id ``null`` replaces the older one of that id."""
    history = bucket.versions.get(version.key, ())
    if version.version_id == NULL and history:
        history = tuple(each for each in history if each.version_id != NULL)
    bucket.keep(version.key, (version, *history))


def remove(bucket: Bucket, version: Version) -> None:
    """Take a version out of its key's history."""
    history = bucket.versions.get(version.key, ())
    bucket.keep(version.key, tuple(each for each in history if each.version_id != version.version_id))


def replaced(bucket: Bucket, old: Version, new: Version) -> None:
    """Put a version in the place of another of its id."""
    history = bucket.versions[old.key]
    bucket.versions[old.key] = tuple(new if each.version_id == old.version_id else each for each in history)


def shown_id(bucket: Bucket, version: Version) -> str | None:
    """A version's id as writes and reads show it: none where the bucket never had versions."""
    return None if bucket.versioning is None else version.version_id


def written_id(version: Version) -> str | None:
    """A new version's id: the answers to writes show no ``null``."""
    return None if version.version_id == NULL else version.version_id


def source_of(text: str) -> tuple[str, str, str | None]:
    """What ``CopySource`` names (``bucket/key?versionId=id``, percent-encoded): bucket, key, id.

    Raises:
        AwsError: InvalidArgument.
    """
    path, _, query = text.partition("?versionId=")
    if not query and "?" in path:
        path = path.partition("?")[0] if path.partition("?")[2].startswith("versionId") else path
    decoded = unquote(path)
    if decoded.startswith("arn:"):
        raise errors.not_here("access points as sources of copies")
    name, _, key = decoded.removeprefix("/").partition("/")
    if not name or not key:
        raise errors.invalid(
            "Invalid copy source object key", ArgumentName="x-amz-copy-source", ArgumentValue="x-amz-copy-source"
        )
    return name, key, unquote(query) or None
