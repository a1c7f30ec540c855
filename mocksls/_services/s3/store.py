"""The state of S3: bucket names are unique in the partition."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from mocksls._kernel.arn import partition_of

NULL = "null"
"""The id of versions that were written while versioning was not on."""


@dataclass(slots=True, eq=False)
class Content:
    """The bytes of an object, held once: versions and copies share them. A multipart object keeps its parts' bytes."""

    pieces: tuple[bytes, ...]
    size: int
    sums: dict[str, str] = field(default_factory=dict, compare=False)
    """What was computed later than the write (a CRC64NVME that is first asked for)."""

    @classmethod
    def of(cls, *pieces: bytes) -> Content:
        """The content that some bytes make up."""
        return cls(pieces, sum(map(len, pieces)))

    def whole(self) -> bytes:
        """All of it."""
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)

    def span(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to ``end``."""
        if start == 0 and end >= self.size:
            return self.whole()
        found: list[bytes] = []
        at = 0
        for piece in self.pieces:
            first, last = max(start - at, 0), min(end - at, len(piece))
            if first < last:
                found.append(piece[first:last] if last - first < len(piece) else piece)
            at += len(piece)
            if at >= end:
                break
        return found[0] if len(found) == 1 else b"".join(found)


NOTHING = Content((), 0)


class Grant(NamedTuple):
    """A permission of an access control list.

    ``grantee`` is an account's canonical id, or the URI of a group.
    """

    grantee: str
    permission: str

    @property
    def is_group(self) -> bool:
        """Whether it is given to one of AWS's groups."""
        return "://" in self.grantee


class ObjectPart(NamedTuple):
    """A part of an object that was put together of parts."""

    number: int
    size: int
    checksums: dict[str, str]


@dataclass(slots=True, eq=False)
class Version:
    """A version of an object, or a delete marker; it is replaced as a whole, never changed.

    ``attributes`` are members that answers echo; ``encryption`` those about encryption. ``owner`` is the account that
    wrote it. ``restored`` is when a restoration of an archived object ends and until when its copy is kept.
    """

    key: str
    version_id: str
    modified: datetime
    sequencer: str
    owner: str
    marker: bool = False
    content: Content = NOTHING
    etag: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    encryption: dict[str, Any] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)
    checksum_type: str = "FULL_OBJECT"
    parts: tuple[ObjectPart, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    acl: tuple[Grant, ...] | None = None
    lock_mode: str | None = None
    lock_until: datetime | None = None
    legal_hold: str | None = None
    restored: tuple[datetime, datetime] | None = None
    replication: str | None = None
    tier: str | None = None
    transitioned: datetime | None = None
    annotations: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The object's length in bytes."""
        return self.content.size

    @property
    def storage_class(self) -> str:
        """Where the object is kept."""
        return str(self.attributes.get("StorageClass", "STANDARD"))


class Part(NamedTuple):
    """An uploaded part."""

    number: int
    content: Content
    etag: str
    modified: datetime
    checksums: dict[str, str]


@dataclass(slots=True, eq=False)
class MultipartUpload:
    """An upload under way. ``made`` is what the version will have, but content, parts and id."""

    upload_id: str
    key: str
    started: datetime
    initiator: dict[str, str]
    made: dict[str, Any]
    algorithm: str | None
    checksum_type: str | None
    customer_key: str | None
    parts: dict[int, Part] = field(default_factory=dict)
    number: int = 0


@dataclass(slots=True, eq=False)
class Bucket:
    """A bucket.

    ``versions`` holds each key's history, newest first; ``keys`` are its keys in order, ``live`` those whose newest
    version is no delete marker. ``completed`` remembers what finished uploads made, for calls that are repeated;
    ``written`` when keys changed last, for uploads that are conditional on it. ``wakes`` is when its lifecycle rules
    are looked at next. ``settings`` and ``lists`` are configurations that are stored and returned.
    """

    name: str
    region: str
    account_id: str
    created: datetime
    versions: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    uploads: dict[str, MultipartUpload] = field(default_factory=dict)
    completed: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    versioning: str | None = None
    mfa_delete: str | None = None
    notifications: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] | None = None
    policy: str | None = None
    acl: tuple[Grant, ...] | None = None
    ownership: str | None = None
    public_access: dict[str, bool] | None = None
    encryption: dict[str, Any] | None = None
    lock: dict[str, Any] | None = None
    lifecycle: list[dict[str, Any]] = field(default_factory=list)
    lifecycle_size: str | None = None
    wakes: float | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return f"arn:{partition_of(self.region)}:s3:::{self.name}"

    def current(self, key: str) -> Version | None:
        """The newest version of a key, a delete marker too."""
        history = self.versions.get(key)
        return history[0] if history else None

    def newest(self, key: str) -> Version | None:
        """What a read without a version id finds; ``None`` where that is a delete marker, or nothing."""
        found = self.current(key)
        return None if found is None or found.marker else found

    def keep(self, key: str, history: tuple[Version, ...]) -> None:
        """Give a key a history in place of its own; an empty one forgets the key."""
        before = self.versions.get(key)
        if not history and before is not None and len(self.live) == len(self.keys):
            del self.versions[key]
            place = bisect_left(self.keys, key)
            del self.keys[place], self.live[place]
            return
        if history:
            self.versions[key] = history
            if before is None:
                insort(self.keys, key)
        elif before is not None:
            del self.versions[key]
            del self.keys[bisect_left(self.keys, key)]
        was, now = bool(before) and not before[0].marker if before else False, bool(history) and not history[0].marker
        if now and not was:
            insort(self.live, key)
        elif was and not now:
            del self.live[bisect_left(self.live, key)]

    def forget(self, keys: Iterable[str]) -> int:
        """Drop the histories of keys, many at once; how many there were."""
        versions = self.versions
        gone = [key for key in keys if versions.pop(key, None) is not None]
        if gone:
            first, last = min(gone), max(gone)
            for names in (self.keys, self.live):
                start, end = bisect_left(names, first), bisect_right(names, last)
                names[start:end] = [key for key in names[start:end] if key in versions]
        return len(gone)

    def everything(self) -> Iterator[Version]:
        """All versions of all keys, in order of keys, newest first."""
        for key in self.keys:
            yield from self.versions[key]


@dataclass(slots=True, eq=False)
class Store:
    """All buckets, by name."""

    buckets: dict[str, Bucket] = field(default_factory=dict)
    writes: int = 0
