"""Bodies as sent: chunks, trailers, checksums, compression; and the checksums themselves."""

from __future__ import annotations

import gzip

import pytest

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest
from mocksls._protocol import decode_body
from mocksls._protocol.checksums import checksum

SIGNED = b"4;chunk-signature=aa\r\nabcd\r\n2;chunk-signature=bb\r\nef\r\n0;chunk-signature=cc\r\n\r\n"
TRAILED = b"6\r\nabcdef\r\n0\r\nx-amz-checksum-crc32:S4457w==\r\n\r\n"


def sent(body: bytes, method: str = "PUT", path: str = "/b/k", **headers: str) -> HttpRequest:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest(method, f"https://s3.amazonaws.com{path}", list(names.items()), body)


def chunked(body: bytes, **headers: str) -> HttpRequest:
    return sent(body, content_encoding="aws-chunked", **headers)


def refused(request: HttpRequest) -> str:
    with pytest.raises(AwsError) as caught:
        decode_body(request)
    return caught.value.code


def test_plain_bodies_stay() -> None:
    """What needs no decoding is handed back as it is."""
    request = sent(b"abc", content_type="text/plain")
    assert decode_body(request) is request


def test_signed_chunks() -> None:
    """Signatures of chunks are taken off; the lengths say what is left."""
    request = sent(SIGNED, x_amz_content_sha256="STREAMING-AWS4-HMAC-SHA256-PAYLOAD", x_amz_decoded_content_length="6")
    decoded = decode_body(request)
    assert decoded.body == b"abcdef"
    assert decoded.header("content-length") == "6"
    assert decoded.header("content-encoding") is None


def test_trailers_become_headers() -> None:
    """The trailer's checksum is checked and kept, the wrapping leaves Content-Encoding."""
    request = sent(TRAILED, content_encoding="aws-chunked, gzip", x_amz_trailer="x-amz-checksum-crc32")
    decoded = decode_body(request)
    assert decoded.body == b"abcdef"
    assert decoded.header("x-amz-checksum-crc32") == "S4457w=="
    assert decoded.header("x-amz-trailer") is None
    assert decoded.header("content-encoding") == "gzip"


def test_trailer_signature_is_dropped() -> None:
    """Signed trailers end in a signature that is no header."""
    body = b"1;chunk-signature=a\r\nx\r\n0;chunk-signature=b\r\nx-amz-trailer-signature:c\r\n\r\n"
    assert decode_body(chunked(body)).header("x-amz-trailer-signature") is None


def test_bad_digest() -> None:
    """Another body than the checksum's."""
    request = chunked(TRAILED.replace(b"abcdef", b"abcdeg"))
    with pytest.raises(AwsError, match="BadDigest: The CRC32 you specified did not match the calculated checksum"):
        decode_body(request)


def test_malformed_checksum() -> None:
    """A value that can be no checksum of its kind."""
    assert refused(chunked(TRAILED.replace(b"S4457w==", b"S4"))) == "InvalidRequest"


@pytest.mark.parametrize(
    "body", [b"", b"x", b"4\r\nabc", b"3\r\nabcd\r\n0\r\n\r\n", b"1\r\na\r\n0\r\nnonsense\r\n\r\n"]
)
def test_incomplete_chunks(body: bytes) -> None:
    """Framing that does not add up."""
    assert refused(chunked(body)) == "IncompleteBody"


def test_length_mismatch() -> None:
    """The announced length must be the real one."""
    assert refused(chunked(TRAILED, x_amz_decoded_content_length="7")) == "IncompleteBody"


def test_http_chunks() -> None:
    """HTTP's own framing is taken off where it still is."""
    decoded = decode_body(sent(b"3\r\nabc\r\n0\r\n\r\n", transfer_encoding="chunked"))
    assert (decoded.body, decoded.header("transfer-encoding")) == (b"abc", None)


def test_http_chunks_joined_already() -> None:
    """A body that an HTTP library has put together stays."""
    assert decode_body(sent(b"abc", transfer_encoding="chunked")).body == b"abc"


def test_aws_chunks_without_the_outer_ones() -> None:
    """Only one framing is there although the headers name two."""
    assert decode_body(chunked(TRAILED, transfer_encoding="chunked")).body == b"abcdef"


def test_aws_chunks_in_http_chunks() -> None:
    """Both framings are there."""
    outer = b"%x\r\n%s\r\n0\r\n\r\n" % (len(TRAILED), TRAILED)
    assert decode_body(chunked(outer, transfer_encoding="chunked")).body == b"abcdef"


def test_compressed_request() -> None:
    """Compression that is for the way only is undone."""
    body = gzip.compress(b"{}")
    request = sent(body, "POST", "/", content_encoding="gzip", content_type="application/x-amz-json-1.0")
    decoded = decode_body(request)
    assert (decoded.body, decoded.header("content-encoding")) == (b"{}", None)


def test_compressed_objects_stay() -> None:
    """An object that is stored compressed is none of our business."""
    body = gzip.compress(b"{}")
    assert decode_body(sent(body, content_encoding="gzip")).body == body


@pytest.mark.parametrize("body", [b"x", gzip.compress(b"abc", mtime=0)[:-9]])
def test_broken_compression(body: bytes) -> None:
    """Compressed data must be whole."""
    request = sent(body, "POST", "/", content_encoding="gzip", content_type="application/x-amz-json-1.0")
    assert refused(request) == "SerializationException"


@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        ("CRC32", "y/Q5Jg=="),
        ("CRC32C", "4waSgw=="),
        ("CRC64NVME", "rosUhgp5mIg="),
        ("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
        ("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ("MD4", None),
    ],
)
def test_checksums(algorithm: str, value: str | None) -> None:
    """The check values of ``123456789``, as headers write them."""
    assert checksum(algorithm, b"123456789") == value
