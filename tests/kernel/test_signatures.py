"""Signatures, made by botocore's own signers and changed one thing at a time."""

from __future__ import annotations

import hashlib
import hmac
import urllib.parse
from typing import Any

import pytest
from botocore.auth import HmacV1Auth, S3SigV4Auth, S3SigV4QueryAuth, SigV2Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest
from mocksls._kernel.signature_v4 import Scope, signing_key
from mocksls._kernel.signatures import Endpoint, check, moment

KEY, SECRET = "AKIAEXAMPLE", "secret"
DYNAMODB = Endpoint(frozenset(("dynamodb",)), "us-east-1")
S3 = Endpoint(frozenset(("s3",)), "us-east-1")
URLS = {
    "dynamodb": "https://dynamodb.us-east-1.amazonaws.com/",
    "s3": "https://b.s3.us-east-1.amazonaws.com/a%20b?x=1",
    "sts": "https://sts.amazonaws.com/",
}
_CREDENTIALS = Credentials(KEY, SECRET)


def signed(service: str = "dynamodb", region: str = "us-east-1", signer: Any = None, **more: Any) -> HttpRequest:
    """A request signed by botocore now."""
    request = AWSRequest(
        more.get("method", "POST"), more.get("url", URLS[service]), more.get("headers") or {}, more.get("data", b"body")
    )
    kind = signer or (S3SigV4Auth if service == "s3" else SigV4Auth)
    kind(_CREDENTIALS, service, region).add_auth(request)
    ready = request.prepare()
    headers = [(name, value if isinstance(value, str) else value.decode()) for name, value in ready.headers.items()]
    return HttpRequest(ready.method, ready.url, headers, ready.body or b"")


def now_of(request: HttpRequest) -> float:
    """When it was signed."""
    found = moment(request.header("x-amz-date") or "")
    assert found is not None
    return found


def refused(request: HttpRequest, endpoint: Endpoint | None = None, now: float | None = None) -> tuple[str, str, Any]:
    """Code, text and status of a refused request."""
    with pytest.raises(AwsError) as caught:
        accept(request, endpoint, now)
    return caught.value.code, caught.value.message, caught.value.status


def accept(request: HttpRequest, endpoint: Endpoint | None = None, now: float | None = None) -> None:
    """Check a request with the secret known."""
    at = now if now is not None else now_of(request)
    check(request, {KEY: SECRET}.get, at, lambda date: 0.0, endpoint)


@pytest.mark.parametrize(("service", "endpoint"), [("dynamodb", DYNAMODB), ("s3", S3), ("sts", None)])
def test_what_botocore_signs_is_accepted(service: str, endpoint: Endpoint | None) -> None:
    """The signature of each kind of service agrees."""
    accept(signed(service), endpoint)


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("dynamodb", "InvalidSignatureException", 400),
        ("s3", "XAmzContentSHA256Mismatch", 400),
        ("sts", "SignatureDoesNotMatch", 403),
    ],
)
def test_another_body(service: str, code: str, status: int) -> None:
    """A body that was changed on the way is not what was signed."""
    request = signed(service)
    request.body = b"other"
    assert (code, status) == refused(request)[::2]


def test_another_header_of_s3() -> None:
    """A signed header that was changed breaks the signature, in S3's words."""
    request = signed("s3", headers={"x-amz-acl": "private"})
    request.headers = [(name, "public-read" if name == "x-amz-acl" else value) for name, value in request.headers]
    text = "The request signature we calculated does not match the signature you provided. Check your key and signing"
    assert refused(request) == ("SignatureDoesNotMatch", f"{text} method.", 403)


def test_an_added_amz_header_of_s3() -> None:
    """x-amz headers that are not signed are refused."""
    request = signed("s3")
    request.headers.append(("x-amz-acl", "public-read"))
    assert refused(request)[:2] == ("AccessDenied", "There were headers present in the request which were not signed")


def test_the_wrong_region() -> None:
    """The scope's region must be the endpoint's."""
    text = "Credential should be scoped to a valid region, not 'eu-west-1'. "
    assert refused(signed(region="eu-west-1"), DYNAMODB) == ("InvalidSignatureException", text, 400)
    s3 = "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'"
    assert refused(signed("s3", "eu-west-1"), S3) == ("AuthorizationHeaderMalformed", s3, 400)


def test_the_wrong_service() -> None:
    """The scope's service must be the endpoint's."""
    text = "Credential should be scoped to correct service: 'dynamodb'. "
    assert refused(signed("sts"), DYNAMODB)[:2] == ("InvalidSignatureException", text)


def test_a_request_that_is_too_old() -> None:
    """After fifteen minutes a signature has expired."""
    request = signed()
    at = now_of(request)
    accept(request, now=at + 900)
    code, text, _ = refused(request, now=at + 901)
    assert code == "InvalidSignatureException"
    assert text.startswith(f"Signature expired: {request.header('x-amz-date')} is now earlier than ")
    assert text.endswith(" - 15 min.)")


def test_a_request_of_the_future() -> None:
    """Five minutes early is too early, for S3 fifteen."""
    request = signed()
    assert refused(request, now=now_of(request) - 301)[1].startswith("Signature not yet current: ")
    s3 = signed("s3")
    accept(s3, now=now_of(s3) - 301)
    text = "The difference between the request time and the current time is too large."
    assert refused(s3, now=now_of(s3) - 901) == ("RequestTimeTooSkewed", text, 403)


def test_the_day_of_the_scope() -> None:
    """Scope and date must be of one day."""
    request = signed()
    date = request.header("x-amz-date") or ""
    request.headers = [(n, v.replace(date[:8], "20010101") if n == "Authorization" else v) for n, v in request.headers]
    text = f"HTTP: '20010101' != '{date[:8]}', from '{date}'."
    assert refused(request)[1].endswith(text)


def test_an_incomplete_header() -> None:
    """What the Authorization header lacks is named."""
    request = HttpRequest("POST", URLS["dynamodb"], [("Authorization", "AWS4-HMAC-SHA256 Signature=x")])
    code, text, _ = refused(request, DYNAMODB, 0.0)
    assert code == "IncompleteSignatureException"
    assert text.startswith(
        "Authorization header requires 'Credential' parameter. Authorization header requires "
        "'SignedHeaders' parameter. Authorization="
    )


def test_an_unknown_key_is_not_judged() -> None:
    """Without the secret there is nothing to hold the signature against."""
    request = signed()
    request.body = b"other"
    check(request, lambda key: None, 0.0, lambda date: 0.0, DYNAMODB)


def test_a_missing_body_hash() -> None:
    """S3 wants x-amz-content-sha256."""
    request = signed("s3")
    request.headers = [(n, v) for n, v in request.headers if n.lower() != "x-amz-content-sha256"]
    text = "Missing required header for this request: x-amz-content-sha256"
    assert refused(request)[:2] == ("InvalidRequest", text)


def test_a_presigned_url() -> None:
    """A URL in the fourth version lasts as long as it says."""
    request = AWSRequest("GET", URLS["s3"])
    S3SigV4QueryAuth(_CREDENTIALS, "s3", "us-east-1", expires=60).add_auth(request)
    url = request.url
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    made = moment(query["X-Amz-Date"])
    assert made is not None
    accept(HttpRequest("GET", url), S3, made + 59)
    assert refused(HttpRequest("GET", url), S3, made + 60)[:2] == ("AccessDenied", "Request has expired")
    assert refused(HttpRequest("PUT", url), S3, made)[0] == "SignatureDoesNotMatch"


def test_the_second_version_in_a_header() -> None:
    """S3 still reads ``AWS KEY:SIGNATURE``."""
    request = signed("s3", signer=lambda c, s, r: HmacV1Auth(c, s, r), url="https://s3.amazonaws.com/b/k?acl")
    accept(request, None, 0.0)
    request.method = "DELETE"
    assert refused(request, None, 0.0)[0] == "SignatureDoesNotMatch"


def test_the_second_version_in_a_query() -> None:
    """Older services signed their query."""
    request = AWSRequest("GET", "https://sts.amazonaws.com/", params={"Action": "GetCallerIdentity"})
    SigV2Auth(_CREDENTIALS).add_auth(request)
    url = f"https://sts.amazonaws.com/?{urllib.parse.urlencode(request.params)}"
    accept(HttpRequest("GET", url), Endpoint(frozenset(("sts",))), 0.0)
    changed = HttpRequest("GET", url.replace("GetCaller", "SetCaller"))
    assert refused(changed, Endpoint(frozenset(("sts",))), 0.0)[0] == "SignatureDoesNotMatch"


def _hmac(key: bytes, *lines: str) -> str:
    return hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def streamed(chunks: list[bytes], trailer: bytes = b"") -> HttpRequest:
    """A body in signed chunks (AWS's page on streaming signatures), with a trailer if given."""
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
    request = AWSRequest("PUT", URLS["s3"], {"x-amz-content-sha256": kind}, b"")
    signer = S3SigV4Auth(_CREDENTIALS, "s3", "us-east-1")
    signer.payload = lambda _: kind
    signer.add_auth(request)
    request.headers.replace_header("X-Amz-Content-SHA256", kind)
    headers = list(request.headers.items())
    found = HttpRequest("PUT", URLS["s3"], headers)
    date = found.header("x-amz-date") or ""
    scope = Scope(KEY, date[:8], "us-east-1", "s3")
    key, before = signing_key(scope, SECRET), (found.header("authorization") or "").rpartition("=")[2]
    empty, body = hashlib.sha256(b"").hexdigest(), b""
    for chunk in [*chunks, b""]:
        digest = hashlib.sha256(chunk).hexdigest()
        before = _hmac(key, "AWS4-HMAC-SHA256-PAYLOAD", date, str(scope), before, empty, digest)
        body += f"{len(chunk):x};chunk-signature={before}\r\n".encode() + chunk + (b"\r\n" if chunk else b"")
    if trailer:
        digest = hashlib.sha256(trailer + b"\n").hexdigest()
        last = _hmac(key, "AWS4-HMAC-SHA256-TRAILER", date, str(scope), before, digest)
        body += trailer + f"\r\nx-amz-trailer-signature:{last}\r\n".encode()
    found.body = body + b"\r\n"
    return found


@pytest.mark.parametrize("trailer", [b"", b"x-amz-checksum-crc32:AAAAAA=="])
def test_each_chunk_is_held_against_its_signature(trailer: bytes) -> None:
    """A chunk or a trailer that was changed breaks the chain."""
    accept(streamed([b"a" * 70_000, b"b"], trailer), S3)
    changed = streamed([b"a" * 70_000, b"b"], trailer)
    changed.body = changed.body.replace(b"\r\nb\r\n", b"\r\nc\r\n")
    assert refused(changed, S3)[0] == "SignatureDoesNotMatch"
    if trailer:
        late = streamed([b"b"], trailer)
        late.body = late.body.replace(b"AAAAAA", b"AAAAAB")
        assert refused(late, S3)[0] == "SignatureDoesNotMatch"
