"""Ids and choices in AWS's formats: the only source of randomness, seedable, so that runs repeat exactly."""

from __future__ import annotations

import base64
import random  # noqa: TID251 - the one place where randomness comes from
import string

_ALNUM = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits
_BASE32 = string.ascii_uppercase + "234567"
_BASE64 = string.ascii_letters + string.digits + "+/"
_TOP_BIT = 1 << 47


class Ids:
    """Random ids of one cloud.

    Args:
        seed: repeats the sequence of an earlier cloud; ``None`` picks one, to be read from ``seed``.
    """

    def __init__(self, seed: int | None = None) -> None:
        self.seed: int = random.SystemRandom().getrandbits(32) if seed is None else seed
        self._random = random.Random(self.seed)

    def uuid(self) -> str:
        """A version 4 UUID."""
        text = f"{self._random.getrandbits(128):032x}"
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def hex(self, length: int) -> str:
        """Lower-case hexadecimal digits."""
        return f"{self._random.getrandbits(4 * length):0{length}x}"

    def digits(self, length: int) -> str:
        """Decimal digits."""
        return "".join(self._random.choices(string.digits, k=length))

    def alnum(self, length: int) -> str:
        """Lower-case letters and digits, as in API Gateway's 6 and 10 character ids."""
        return "".join(self._random.choices(_ALNUM, k=length))

    def upper(self, length: int) -> str:
        """Upper-case letters and digits."""
        return "".join(self._random.choices(_UPPER, k=length))

    def text(self, length: int, alphabet: str) -> str:
        """Characters of an alphabet."""
        return "".join(self._random.choices(alphabet, k=length))

    def bytes(self, length: int) -> bytes:
        """Random bytes."""
        return self._random.getrandbits(8 * length).to_bytes(length, "big") if length else b""

    def integer(self, low: int, high: int) -> int:
        """An integer between two bounds, both included."""
        return self._random.randint(low, high)

    def unique_id(self, prefix: str) -> str:
        """IAM's unique id with its prefix (``AIDA`` users, ``AROA`` roles, ``ANPA`` policies ...): 21 characters."""
        return prefix + self.text(17, _BASE32)

    def access_key(self, account_id: str, prefix: str = "AKIA") -> str:
        """An access key id; it encodes its account, as AWS's do (``GetAccessKeyInfo`` reads it from the key)."""
        first = _TOP_BIT | int(account_id) << 7 | self._random.getrandbits(7)
        raw = first.to_bytes(6, "big") + self.bytes(4)
        return prefix + base64.b32encode(raw).decode()

    def secret_key(self) -> str:
        """A secret access key: 40 characters of base 64."""
        return self.text(40, _BASE64)

    def session_token(self) -> str:
        """A session token, opaque and long."""
        return "FQoGZXIvYXdzE" + self.text(341, _BASE64) + "=="

    def request_id(self, service: str) -> str:
        """A request id in the format of that service."""
        if service == "s3":
            return self.upper(16)
        if service in ("dynamodb", "dynamodbstreams"):
            return self._random.getrandbits(8 * 52).to_bytes(52, "big").translate(_UPPER32).decode("ascii")
        return self.uuid()

    def host_id(self) -> str:
        """The extended request id of S3 (``x-amz-id-2``)."""
        return base64.b64encode(self.bytes(56)).decode()


_UPPER32 = b"ABCDEFGHIJKLMNOPQRSTUV0123456789" * 8
"""A character of 32 for every byte."""


def account_of_access_key(access_key_id: str) -> str | None:
    """The account that an access key id encodes; ``None`` where it encodes none."""
    try:
        raw = base64.b32decode(access_key_id[4:20])
    except ValueError:
        return None
    if len(raw) != 10 or not raw[0] & 0x80:
        return None
    account = (int.from_bytes(raw[:6], "big") & ~_TOP_BIT) >> 7
    return f"{account:012d}" if account < 10**12 else None
