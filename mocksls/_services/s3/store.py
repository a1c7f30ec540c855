"""The state of S3 in one partition: buckets, their objects and uploads."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Part:
    """One part of an upload; ``checksums`` by algorithm, in base 64."""

    number: int
    body: bytes
    md5: bytes
    modified: datetime
    checksums: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """The ETag, quoted."""
        return f'"{self.md5.hex()}"'


@dataclass(slots=True)
class StoredObject:
    """An object as it is now: never changed but for its tags, a write puts another in its place.

    ``headers`` are the members of a request that answers repeat (``ContentType``, ``CacheControl`` ...).
    ``part_sizes`` are those of a multipart upload.
    """

    key: str
    body: bytes
    etag: str
    modified: datetime
    headers: dict[str, Any]
    metadata: dict[str, str]
    encryption: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)
    checksum_type: str | None = None
    storage_class: str = "STANDARD"
    part_sizes: tuple[int, ...] = ()


@dataclass(slots=True)
class Upload:
    """A multipart upload under way; ``template`` is the request that began it."""

    id: str
    key: str
    started: datetime
    template: dict[str, Any]
    tags: dict[str, str]
    initiator: dict[str, str]
    algorithm: str | None = None
    checksum_type: str | None = None
    parts: dict[int, Part] = field(default_factory=dict)


@dataclass(slots=True)
class Bucket:
    """A bucket; ``keys`` are those of ``objects`` in order (of code points, which is that of UTF-8)."""

    name: str
    account_id: str
    region: str
    created: datetime
    keys: list[str] = field(default_factory=list)
    objects: dict[str, StoredObject] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    completed: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, str] | None = None
    notifications: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return f"arn:aws:s3:::{self.name}"

    def put(self, stored: StoredObject) -> None:
        """Set an object in place of what was there."""
        if stored.key not in self.objects:
            insort(self.keys, stored.key)
        self.objects[stored.key] = stored

    def remove(self, key: str) -> bool:
        """Take an object away; whether it was there."""
        if self.objects.pop(key, None) is None:
            return False
        del self.keys[bisect_left(self.keys, key)]
        return True


@dataclass(slots=True)
class Store:
    """All buckets of a partition, by name."""

    buckets: dict[str, Bucket] = field(default_factory=dict)
    last_sequence: int = 0

    def next_sequencer(self, now: float) -> str:
        """The sequencer of an event: a rising number."""
        self.last_sequence = max(self.last_sequence + 1, int(now * 1_000_000))
        return f"{self.last_sequence:018X}"
