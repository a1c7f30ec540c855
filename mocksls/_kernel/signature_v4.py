"""Signature Version 4: scopes, keys, what is signed; chunk by chunk for streams.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from . import signature_errors as errors
from .http import HttpRequest

ALGORITHM = "AWS4-HMAC-SHA256"
STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_EMPTY = hashlib.sha256(b"").hexdigest()
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15});chunk-signature=([0-9a-f]{64})\r\n")


class Scope(NamedTuple):
    """What a signature is made for."""

    access_key_id: str
    day: str
    region: str
    service: str

    @classmethod
    def parse(cls, text: str) -> Scope | None:
        """``KEY/20260101/us-east-1/s3/aws4_request``, taken apart."""
        parts = text.rsplit("/", 4)
        return cls(*parts[:4]) if len(parts) == 5 and parts[4] == "aws4_request" and all(parts) else None

    def __str__(self) -> str:
        return f"{self.day}/{self.region}/{self.service}/aws4_request"


class Signed(NamedTuple):
    """A signature as a request shows it."""

    scope: Scope
    headers: list[str]
    signature: str
    date: str
    payload: str
    presigned: bool


def signature(request: HttpRequest, signed: Signed, secret: str) -> str:
    """The signature that a request should have."""
    canonical = "\n".join(
        [
            request.method.upper(),
            _path(request, signed.scope.service),
            _query(request),
            *(f"{name}:{_header(request, name)}" for name in signed.headers),
            "",
            ";".join(signed.headers),
            signed.payload,
        ]
    )
    text = "\n".join([ALGORITHM, signed.date, str(signed.scope), digest(canonical.encode())])
    return _hmac(signing_key(signed.scope, secret), text).hex()


@lru_cache(maxsize=256)
def signing_key(scope: Scope, secret: str) -> bytes:
    """The key of a day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (scope.day, scope.region, scope.service, "aws4_request"):
        key = _hmac(key, part)
    return key


def check_chunks(body: bytes, signed: Signed, secret: str) -> None:
    """Hold each chunk of a streamed body, and the trailer where there is one, against its signature.

    A body whose frame is broken is for the protocol layer to refuse.

    Raises:
        AwsError: SignatureDoesNotMatch.
    """
    key, before, at, size = signing_key(signed.scope, secret), signed.signature, 0, 1
    while size:
        head = _CHUNK.match(body, at)
        if head is None:
            raise errors.mismatch(signed.scope.service)
        size = int(head.group(1), 16)
        data = body[head.end() : head.end() + size]
        lines = [f"{ALGORITHM}-PAYLOAD", signed.date, str(signed.scope), before, _EMPTY, digest(data)]
        before = _hmac(key, "\n".join(lines)).hex()
        if not hmac.compare_digest(before, head.group(2).decode()):
            raise errors.mismatch(signed.scope.service)
        at = head.end() + size + (2 if size else 0)
    if signed.payload.endswith("-TRAILER"):
        _check_trailer(body[at:], key, signed, before)


def _check_trailer(content: bytes, key: bytes, signed: Signed, before: str) -> None:
    lines = [line.strip() for line in content.replace(b"\r\n", b"\n").split(b"\n") if line.strip()]
    given = [line for line in lines if line.lower().startswith(b"x-amz-trailer-signature:")]
    named = b"".join(line + b"\n" for line in lines if line not in given)
    text = "\n".join([f"{ALGORITHM}-TRAILER", signed.date, str(signed.scope), before, digest(named)])
    right = _hmac(key, text).hex()
    if not given or given[0].partition(b":")[2].strip().decode("latin-1") != right:
        raise errors.mismatch(signed.scope.service)


def _path(request: HttpRequest, service: str) -> str:
    path = urlsplit(request.url).path or "/"
    return path if service == "s3" else quote(path, safe="/~")


def _query(request: HttpRequest) -> str:
    pairs = []
    for part in urlsplit(request.url).query.split("&"):
        name, _, value = part.partition("=")
        if name and name != "X-Amz-Signature":
            pairs.append((_encoded(name), _encoded(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(text: str) -> str:
    return quote(unquote(text.replace("+", "%20")), safe="-_.~")


def _header(request: HttpRequest, name: str) -> str:
    if name == "host":
        return request.header("host") or urlsplit(request.url).netloc
    values = [" ".join(value.split()) for key, value in request.headers if key.lower() == name]
    return ",".join(values)


def digest(data: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
