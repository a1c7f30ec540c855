"""Bodies as sent -> bodies as meant: chunks, trailers, checksums and compression taken off."""

from __future__ import annotations

import re
import zlib
from urllib.parse import urlsplit

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import Headers, HttpRequest

from .checksums import checksum

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*((?:;[^\r\n]*)?)\r\n")
_MAX_BYTES = 256 * 1024 * 1024
_PREFIX = "x-amz-checksum-"
_RPC_TYPES = ("application/x-amz-json-", "application/x-www-form-urlencoded", "application/cbor")


def decode_body(request: HttpRequest) -> HttpRequest:
    """The request with its body as the operation means it, and headers that describe that body.

    Raises:
        IncompleteBody: the chunks end too early or disagree with the length they announce.
        BadDigest, InvalidRequest: the trailer's checksum is another one, or none.
        SerializationException: the compressed body is broken.
    """
    names = {name.lower() for name, _ in request.headers}
    if "transfer-encoding" in names:
        request = _unframed(request)
    if "content-encoding" in names or "x-amz-decoded-content-length" in names or "x-amz-content-sha256" in names:
        if _is_chunked(request):
            request = _from_aws_chunks(request)
        if _is_packed(request):
            request = _unpacked(request)
    return request


def _is_chunked(request: HttpRequest) -> bool:
    signed = (request.header("x-amz-content-sha256") or "").startswith("STREAMING-")
    return signed or "aws-chunked" in _encodings(request)


def _encodings(request: HttpRequest) -> list[str]:
    found = request.header("content-encoding") or ""
    return [part.strip().lower() for part in found.split(",") if part.strip()]


def _unframed(request: HttpRequest) -> HttpRequest:
    """Without HTTP's own chunks, if the body still has them.

    An HTTP library may have joined them already; AWS's chunks look alike, so of two framings the outer is taken off
    only if AWS's is found below it.
    """
    if "chunked" not in (request.header("transfer-encoding") or "").lower():
        return request
    headers = [(name, value) for name, value in request.headers if name.lower() != "transfer-encoding"]
    try:
        body, _ = split_chunks(request.body)
        if _is_chunked(request):
            split_chunks(body)
    except AwsError:
        body = request.body
    return HttpRequest(request.method, request.url, _with_length(headers, body), body)


def split_chunks(body: bytes) -> tuple[bytes, Headers]:
    """The content of a chunked body, and its trailers.

    Raises:
        IncompleteBody: it is not framed to its end.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        head = _CHUNK.match(body, at)
        if head is None:
            raise incomplete_body()
        size = int(head.group(1), 16)
        at = head.end()
        if not size:
            return b"".join(parts), _trailers(body[at:])
        parts.append(body[at : at + size])
        at += size
        if body[at : at + 2] != b"\r\n":
            raise incomplete_body()
        at += 2


def _trailers(content: bytes) -> Headers:
    found = []
    for line in content.split(b"\r\n"):
        if not line:
            continue
        name, colon, value = line.partition(b":")
        if not colon:
            raise incomplete_body()
        found.append((name.decode("latin-1").strip(), value.decode("latin-1").strip()))
    return found


def _from_aws_chunks(request: HttpRequest) -> HttpRequest:
    body, trailers = split_chunks(request.body)
    announced = request.header("x-amz-decoded-content-length")
    if announced is not None and announced != str(len(body)):
        raise incomplete_body()
    headers: Headers = []
    for name, value in request.headers:
        if name.lower() == "content-encoding":
            kept = ",".join(part.strip() for part in value.split(",") if part.strip().lower() != "aws-chunked")
            if kept:
                headers.append((name, kept))
        elif name.lower() not in ("x-amz-trailer", "x-amz-decoded-content-length"):
            headers.append((name, value))
    for name, value in trailers:
        if name.lower() != "x-amz-trailer-signature":
            _check(name.lower(), value, body)
            headers.append((name, value))
    return HttpRequest(request.method, request.url, _with_length(headers, body), body)


def _check(name: str, value: str, body: bytes) -> None:
    if not name.startswith(_PREFIX):
        return
    algorithm = name[len(_PREFIX) :]
    expected = checksum(algorithm, body)
    if expected is None or expected == value:
        return
    if len(expected) != len(value):
        raise AwsError("InvalidRequest", f"Value for {name} trailing header is invalid.", status=400)
    text = f"The {algorithm.upper()} you specified did not match the calculated checksum."
    raise AwsError("BadDigest", text, status=400)


def _with_length(headers: Headers, body: bytes) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return [*kept, ("Content-Length", str(len(body)))]


def _is_packed(request: HttpRequest) -> bool:
    """Whether the body is compressed for the way only: an object that is stored compressed stays so."""
    if _encodings(request) != ["gzip"] or request.method != "POST":
        return False
    path = urlsplit(request.url).path or "/"
    kind = request.header("content-type") or ""
    return (path == "/" or path.startswith("/service/")) and kind.startswith(_RPC_TYPES)


def _unpacked(request: HttpRequest) -> HttpRequest:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(request.body, _MAX_BYTES)
    except zlib.error:
        raise AwsError("SerializationException", "Malformed gzip body", status=400) from None
    if not unpacker.eof:
        raise AwsError("SerializationException", "Malformed gzip body", status=400)
    headers = [(name, value) for name, value in request.headers if name.lower() != "content-encoding"]
    return HttpRequest(request.method, request.url, _with_length(headers, body), body)


def incomplete_body() -> AwsError:
    """Chunks that do not add up."""
    text = "You did not provide the number of bytes specified by the Content-Length HTTP header"
    return AwsError("IncompleteBody", text, status=400)
