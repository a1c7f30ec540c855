"""The checksums that S3's trailers carry, by the names of their headers."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from functools import lru_cache

Digest = Callable[[bytes], bytes]


@lru_cache
def _table(polynomial: int) -> tuple[int, ...]:
    """The table of a reflected CRC."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return tuple(table)


def _crc(body: bytes, polynomial: int, ones: int) -> int:
    table = _table(polynomial)
    value = ones
    for byte in body:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ ones


def crc32c(body: bytes) -> bytes:
    """CRC-32C (Castagnoli)."""
    return _crc(body, 0x82F63B78, 0xFFFFFFFF).to_bytes(4, "big")


def crc64nvme(body: bytes) -> bytes:
    """CRC-64/NVME."""
    return _crc(body, 0x9A6C9329AC4BC9B5, 0xFFFFFFFFFFFFFFFF).to_bytes(8, "big")


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
