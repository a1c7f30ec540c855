"""Checksums of bodies: verified where they are given, made where they are asked for, put together of parts'.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mocksls._kernel.crc import CRC32, CRC32C, CRC64NVME

from . import errors
from .store import Content, Version

_DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "CRC32C": lambda body: CRC32C.of(body).to_bytes(4, "big"),
    "CRC64NVME": lambda body: CRC64NVME.of(body).to_bytes(8, "big"),
    "SHA1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
    "SHA512": lambda body: hashlib.sha512(body).digest(),
    "MD5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
}
_SIZES = {"CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "SHA1": 20, "SHA256": 32, "SHA512": 64, "MD5": 16}
_UNKNOWN = ("XXHASH64", "XXHASH3", "XXHASH128")
_JOINED = {"CRC32": CRC32, "CRC32C": CRC32C, "CRC64NVME": CRC64NVME}
USUAL = "CRC64NVME"
"""What S3 itself computes of an object that came without a checksum."""
MEMBERS = tuple(f"Checksum{name}" for name in (*_DIGESTS, *_UNKNOWN))
_CHEAP_BYTES = 65_536
FULL, COMPOSITE = "FULL_OBJECT", "COMPOSITE"


def given(request: Mapping[str, Any]) -> dict[str, str]:
    """The checksums that a request states, by member."""
    return {member: request[member] for member in MEMBERS if member in request}


def checked(request: Mapping[str, Any], body: bytes, usual: str | None = None) -> dict[str, str]:
    """The checksum to keep of a body, by member; what was given is verified.

    ``usual`` is the algorithm where the request names none.

    Raises:
        AwsError: BadDigest, InvalidDigest, InvalidRequest.
    """
    _check_md5(request, body)
    told = given(request)
    algorithm = _algorithm(request, told) or usual
    if algorithm is None:
        return {}
    member = f"Checksum{algorithm}"
    found = encoded(algorithm, body)
    stated = told.get(member)
    if stated is not None and stated != found:
        _check_form(algorithm, stated)
        raise errors.bad_digest(algorithm)
    return {member: found}


def _algorithm(request: Mapping[str, Any], told: Mapping[str, str]) -> str | None:
    if len(told) > 1:
        raise errors.invalid_request(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    named = request.get("ChecksumAlgorithm")
    if named is not None:
        check_algorithm(named)
    if told:
        algorithm = next(iter(told)).removeprefix("Checksum")
        check_algorithm(algorithm)
        if named not in (None, algorithm):
            raise errors.invalid_request(
                "Value for x-amz-sdk-checksum-algorithm header is invalid."
                if named not in _DIGESTS
                else "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                "x-amz-trailer headers were found."
            )
        return algorithm
    return None if named is None else str(named)


def check_algorithm(name: str) -> None:
    """Hold an algorithm's name against those there are.

    Raises:
        AwsError: InvalidRequest, NotImplemented (XXHASH).
    """
    if name in _UNKNOWN:
        raise errors.not_here(f"checksums of {name}")
    if name not in _DIGESTS:
        raise errors.invalid_request(
            "Checksum algorithm provided is unsupported. Please try again with any of the "
            "valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
        )


def _check_form(algorithm: str, text: str) -> None:
    """A value that is no checksum of that kind."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _SIZES[algorithm]:
        raise errors.invalid_request(f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.")


def encoded(algorithm: str, body: bytes) -> str:
    """A checksum in base 64."""
    return base64.b64encode(_DIGESTS[algorithm](body)).decode()


def of_content(algorithm: str, content: Content) -> str:
    """A checksum of stored content, remembered."""
    found = content.sums.get(algorithm)
    if found is None:
        found = content.sums[algorithm] = encoded(algorithm, content.whole())
    return found


def shown(version: Version, *, in_passing: bool = False) -> dict[str, Any]:
    """A version's checksum and its type, as answers have them; S3's own where none came with the object.

    ``in_passing``: nobody asked for it as such, so it is left out where it would cost much and is not known yet.
    """
    if version.checksums:
        return {**version.checksums, "ChecksumType": version.checksum_type}
    if in_passing and version.size > _CHEAP_BYTES and USUAL not in version.content.sums:
        return {}
    return {f"Checksum{USUAL}": of_content(USUAL, version.content), "ChecksumType": FULL}


def algorithms_of(version: Version) -> list[str]:
    """The names of a version's checksums, as listings have them."""
    return [member.removeprefix("Checksum") for member in version.checksums] or [USUAL]


def type_of_upload(algorithm: str | None, asked: str | None) -> str | None:
    """Of which type an upload's checksum will be.

    Raises:
        AwsError: InvalidRequest: the algorithm has no such type.
    """
    if algorithm is None:
        if asked is not None:
            raise errors.invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )
        return None
    check_algorithm(algorithm)
    usual = FULL if algorithm == USUAL else COMPOSITE
    kind = asked or usual
    if (kind == FULL and algorithm not in _JOINED) or (kind == COMPOSITE and algorithm == USUAL):
        raise errors.invalid_request(
            f"The {kind} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
        )
    return kind


def composite(algorithm: str, sums: Iterable[str]) -> str:
    """The checksum of the checksums of an upload's parts, with their number."""
    raw = [base64.b64decode(each) for each in sums]
    return f"{encoded(algorithm, b''.join(raw))}-{len(raw)}"


def joined(algorithm: str, parts: Iterable[tuple[str, int]]) -> str:
    """The checksum of a whole object from those of its parts and their sizes."""
    crc, size = _JOINED[algorithm], _SIZES[algorithm]
    value: int | None = None
    for text, length in parts:
        own = int.from_bytes(base64.b64decode(text), "big")
        value = own if value is None else crc.joined(value, own, length)
    return base64.b64encode((value or 0).to_bytes(size, "big")).decode()


def _check_md5(request: Mapping[str, Any], body: bytes) -> None:
    stated = request.get("ContentMD5")
    if stated is None:
        return
    try:
        raw = base64.b64decode(stated, validate=True)
    except (binascii.Error, ValueError):
        raise errors.invalid_digest(stated) from None
    if len(raw) != 16:
        raise errors.invalid_digest(stated)
    computed = hashlib.md5(body, usedforsecurity=False).digest()
    if raw != computed:
        raise errors.bad_md5(stated, base64.b64encode(computed).decode())
