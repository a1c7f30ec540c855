"""What S3 asks of names: buckets' and keys', versions' ids, owners' canonical ids, and how tokens hide them."""

from __future__ import annotations

import re
import zlib

from mocksls._kernel.cloud import Cloud

from . import errors

_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
_ADDRESS = re.compile(r"^\d+\.\d+\.\d+\.\d+$")
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_VERSION_ID = re.compile(r"^[A-Za-z0-9._]{32}$")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
_MOST_KEY_BYTES = 1024
_ID_LENGTH = 64


def check_bucket(name: str, *, lenient: bool = False) -> None:
    """Hold a new bucket's name against the rules; ``lenient``: with underscores and capitals, as before 2018.

    Raises:
        AwsError: InvalidBucketName.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if lenient:
        name = name.replace("_", "x").lower()
    bad = not _NAME.match(name) or ".." in name or _ADDRESS.match(name) or ".-" in name or "-." in name
    if bad or name.startswith(_RESERVED_STARTS) or name.endswith(_RESERVED_ENDS):
        raise errors.bad_bucket_name(name)


def check_key(key: str) -> None:
    """Hold an object's key against the rules.

    Raises:
        AwsError: KeyTooLongError, InvalidURI (lone surrogates).
    """
    if len(key) * 4 > _MOST_KEY_BYTES or not key.isascii():
        try:
            size = len(key.encode())
        except UnicodeEncodeError:
            raise errors.bad_uri() from None
        if size > _MOST_KEY_BYTES:
            raise errors.key_too_long(key)


def version_id(cloud: Cloud, number: int) -> str:
    """A new version's id.

    As AWS's do, it shows that it was made here (others are refused as none), and, by the number of the write, which
    of two came first.
    """
    text = cloud.ids.alnum(20) + _spelled(number, 8)
    return text + _spelled(zlib.crc32(text.encode()), 4)


def version_number(text: str) -> int:
    """The number that an id was made with."""
    return sum(_ALPHABET.index(letter) << 6 * at for at, letter in enumerate(text[20:28]))


def _spelled(number: int, length: int) -> str:
    return "".join(_ALPHABET[number >> 6 * at & 63] for at in range(length))


def is_version_id(text: str) -> bool:
    """Whether a text is the id of a version, of this or of another key."""
    return text == "null" or (
        _VERSION_ID.match(text) is not None and _spelled(zlib.crc32(text[:28].encode()), 4) == text[28:]
    )


ANONYMOUS = "65a011a29cdf8ec533ec3d1ccaae921c"
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html"""


def canonical_id(account_id: str) -> str:
    """The canonical user id of an account; the anonymous caller, who has none, has AWS's id of such."""
    return f"{int(account_id):0{_ID_LENGTH}x}" if account_id else ANONYMOUS


def account_of(canonical: str) -> str | None:
    """The account behind a canonical user id; ``None``: it is none of this cloud's."""
    try:
        number = int(canonical, 16)
    except ValueError:
        return None
    return f"{number:012d}" if len(canonical) == _ID_LENGTH and number < 10**12 else None


def owner(account_id: str) -> dict[str, str]:
    """An account as owner."""
    return {"ID": canonical_id(account_id)}
