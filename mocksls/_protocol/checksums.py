"""The checksums that S3's trailers carry, by the names of their headers."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable

from mocksls._kernel.crc import CRC32C, CRC64NVME

Digest = Callable[[bytes], bytes]


def crc32c(body: bytes) -> bytes:
    """CRC-32C (Castagnoli)."""
    return CRC32C.of(body).to_bytes(4, "big")


def crc64nvme(body: bytes) -> bytes:
    """CRC-64/NVME."""
    return CRC64NVME.of(body).to_bytes(8, "big")


ALGORITHMS: dict[str, Digest] = {
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "crc32c": crc32c,
    "crc64nvme": crc64nvme,
    "sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "sha256": lambda body: hashlib.sha256(body).digest(),
}
"""By algorithm, in lower case; the header is ``x-amz-checksum-`` and this name."""


def checksum(algorithm: str, body: bytes) -> str | None:
    """The checksum as headers write it; ``None`` for an algorithm that is not known."""
    digest = ALGORITHMS.get(algorithm.lower())
    return base64.b64encode(digest(body)).decode("ascii") if digest else None
