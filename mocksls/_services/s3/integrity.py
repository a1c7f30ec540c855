"""Checksums of bodies: given ones are verified, the one asked for is computed.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from . import errors


@lru_cache
def _table(polynomial: int) -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return tuple(table)


def _reflected_crc(body: bytes, polynomial: int, ones: int) -> int:
    table, value = _table(polynomial), ones
    for byte in body:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ ones


_DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "CRC32C": lambda body: _reflected_crc(body, 0x82F63B78, 0xFFFFFFFF).to_bytes(4, "big"),
    "CRC64NVME": lambda body: _reflected_crc(body, 0x9A6C9329AC4BC9B5, 0xFFFFFFFFFFFFFFFF).to_bytes(8, "big"),
    "SHA1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
}
_SIZES = {"CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "SHA1": 20, "SHA256": 32}


def md5(body: bytes) -> bytes:
    """The MD5 of a body."""
    return hashlib.md5(body, usedforsecurity=False).digest()


def digest(algorithm: str, body: bytes) -> str:
    """A checksum in base 64."""
    return base64.b64encode(_DIGESTS[algorithm](body)).decode()


def given_checksums(request: Mapping[str, Any]) -> dict[str, str]:
    """The checksums in a request, by algorithm."""
    return {name: request[f"Checksum{name}"] for name in _DIGESTS if f"Checksum{name}" in request}


def verify(request: Mapping[str, Any], body: bytes, body_md5: bytes) -> dict[str, str]:
    """Hold a body against what its request says of it; its checksums by algorithm.

    Raises:
        AwsError: InvalidDigest, BadDigest, InvalidRequest.
    """
    _verify_md5(request.get("ContentMD5"), body_md5)
    given = given_checksums(request)
    if len(given) > 1:
        raise errors.invalid_request(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    for algorithm, value in given.items():
        if not _is_base64(value, _SIZES[algorithm]):
            raise errors.invalid_request(f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.")
        if digest(algorithm, body) != value:
            raise errors.bad_checksum(algorithm)
        return {algorithm: value}
    algorithm = request.get("ChecksumAlgorithm")
    return {algorithm: digest(algorithm, body)} if algorithm in _DIGESTS else {}


def _verify_md5(given: str | None, body_md5: bytes) -> None:
    if given is None:
        return
    if not _is_base64(given, 16):
        raise errors.invalid_digest(given)
    if base64.b64decode(given) != body_md5:
        raise errors.bad_md5(given, base64.b64encode(body_md5).decode())


def _is_base64(text: str, size: int) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == size
    except (binascii.Error, ValueError):
        return False


def composite(algorithm: str, parts: list[str]) -> str:
    """The checksum of an upload's parts' checksums."""
    joined = b"".join(base64.b64decode(part) for part in parts)
    return f"{digest(algorithm, joined)}-{len(parts)}"


def shown(checksums: Mapping[str, str], checksum_type: str | None) -> dict[str, Any]:
    """Checksums as answers have them."""
    if not checksums:
        return {}
    return {**{f"Checksum{name}": value for name, value in checksums.items()}, "ChecksumType": checksum_type}
