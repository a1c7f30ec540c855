"""The state of S3: bucket names are unique in the partition."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object; it is replaced as a whole, never changed. ``attributes`` are members that answers echo."""

    key: str
    body: bytes
    etag: str
    modified: datetime
    sequencer: str
    attributes: dict[str, Any]
    metadata: dict[str, str]
    checksums: dict[str, str]
    checksum_type: str = "FULL_OBJECT"
    part_sizes: tuple[int, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Part:
    """An uploaded part."""

    number: int
    body: bytes
    etag: str
    modified: datetime
    checksums: dict[str, str]


@dataclass(slots=True)
class MultipartUpload:
    """An upload under way."""

    upload_id: str
    key: str
    started: datetime
    attributes: dict[str, Any]
    metadata: dict[str, str]
    algorithm: str | None
    tags: dict[str, str]
    parts: dict[int, Part] = field(default_factory=dict)


@dataclass(slots=True)
class Bucket:
    """A bucket; ``keys`` are those of ``objects`` in UTF-8 order, kept sorted."""

    name: str
    region: str
    account_id: str
    created: datetime
    objects: dict[str, StoredObject] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    uploads: dict[str, MultipartUpload] = field(default_factory=dict)
    notifications: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] | None = None
    policy: str | None = None


@dataclass(slots=True)
class Store:
    """All buckets, by name."""

    buckets: dict[str, Bucket] = field(default_factory=dict)
    writes: int = 0
