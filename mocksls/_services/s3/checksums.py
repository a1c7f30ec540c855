"""Checksums of bodies: verified where they are given, made where they are asked for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import errors

_MAKE: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "SHA1": lambda body: hashlib.sha1(body).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
}
MEMBERS = ("ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256")


def checked(request: Mapping[str, Any], body: bytes) -> dict[str, str]:
    """The checksums to keep of a body, by member; those that were given are verified.

    Raises:
        AwsError: BadDigest, InvalidDigest.

    Differs: CRC32C and CRC64NVME are kept as they are given.
    """
    _check_md5(request, body)
    found: dict[str, str] = {}
    for member in MEMBERS:
        algorithm = member.removeprefix("Checksum")
        given = request.get(member)
        if given is None and request.get("ChecksumAlgorithm") != algorithm:
            continue
        if algorithm in _MAKE:
            found[member] = encoded(algorithm, body)
            if given not in (None, found[member]):
                raise errors.bad_digest(algorithm)
        elif given is not None:
            found[member] = given
    return found


def encoded(algorithm: str, body: bytes) -> str:
    """A checksum in base 64."""
    return base64.b64encode(_MAKE[algorithm](body)).decode()


def of_parts(algorithm: str, parts: Iterable[str]) -> str | None:
    """The checksum of the checksums of an upload's parts, with their number."""
    raw = [base64.b64decode(part) for part in parts]
    if algorithm not in _MAKE:
        return None
    return f"{base64.b64encode(_MAKE[algorithm](b''.join(raw))).decode()}-{len(raw)}"


def _check_md5(request: Mapping[str, Any], body: bytes) -> None:
    given = request.get("ContentMD5")
    if given is None:
        return
    try:
        raw = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise errors.invalid_digest() from None
    if len(raw) != 16:
        raise errors.invalid_digest()
    if raw != hashlib.md5(body).digest():
        raise errors.bad_digest("Content-MD5")
