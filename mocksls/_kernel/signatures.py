"""The judge of signatures: Signature Version 4 in headers and query strings, Version 2 in S3's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .errors import AwsError
from .http import HttpRequest

SecretOf = Callable[[str], "str | None"]
_LONGEST_S = 604_800
_SUBRESOURCES = frozenset(
    (
        "acl",
        "accelerate",
        "cors",
        "defaultObjectAcl",
        "location",
        "logging",
        "partNumber",
        "policy",
        "requestPayment",
        "torrent",
        "versioning",
        "versionId",
        "versions",
        "website",
        "uploads",
        "uploadId",
        "response-content-type",
        "response-content-language",
        "response-expires",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "delete",
        "lifecycle",
        "tagging",
        "restore",
        "storageClass",
        "notification",
        "replication",
        "analytics",
        "metrics",
        "inventory",
        "select",
        "select-type",
        "object-lock",
    )
)
_QUERY_SERVICES = ("iam", "monitoring", "sns", "sts")


class Scope(NamedTuple):
    """What a Version 4 signature is made for."""

    access_key_id: str
    day: str
    region: str
    service: str

    @classmethod
    def parse(cls, text: str) -> Scope | None:
        """``KEY/20260101/us-east-1/s3/aws4_request``, taken apart."""
        parts = text.rsplit("/", 4)
        return cls(*parts[:4]) if len(parts) == 5 and parts[4] == "aws4_request" else None


class Signed(NamedTuple):
    """A Version 4 signature as a request shows it."""

    scope: Scope
    headers: list[str]
    signature: str
    date: str
    payload: str
    presigned: bool


def check(request: HttpRequest, secret_of: SecretOf, now: float, age_of: Callable[[str], float]) -> None:
    """Hold a request against its signature, and a presigned URL against its time.

    Args:
        request: as it was sent.
        secret_of: the secret of an access key; ``None`` where it is not known: then only times are checked.
        now: the cloud's time, epoch seconds.
        age_of: by how much the cloud's clock was ahead of the signer's when a date (or SigV2's ``Expires``) was
            written.

    Raises:
        AwsError: SignatureDoesNotMatch, AccessDenied (expired), AuthorizationQueryParametersError.
    """
    query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    if "AWSAccessKeyId" in query and "Signature" in query:
        _check_version_2(request, query, secret_of, now, age_of)
        return
    signed = _signed(request, query)
    if signed is None:
        return
    if signed.presigned:
        _check_time(query, now, age_of(signed.date))
    secret = secret_of(signed.scope.access_key_id)
    if secret is not None and not hmac.compare_digest(_signature(request, signed, secret), signed.signature):
        raise _mismatch(signed.scope.service)


def _mismatch(service: str) -> AwsError:
    text = "The request signature we calculated does not match the signature you provided. Check your"
    if service == "s3":
        return AwsError("SignatureDoesNotMatch", f"{text} key and signing method.", status=403)
    rest = "AWS Secret Access Key and signing method. Consult the service documentation for details."
    code = "SignatureDoesNotMatch" if service in _QUERY_SERVICES else "InvalidSignatureException"
    return AwsError(code, f"{text} {rest}", status=403)


def _signed(request: HttpRequest, query: dict[str, str]) -> Signed | None:
    body_hash = request.header("x-amz-content-sha256")
    if "X-Amz-Credential" in query:
        scope = Scope.parse(query["X-Amz-Credential"])
        needed = ("X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
        if scope is None or any(name not in query for name in needed):
            raise _bad_query(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            )
        payload = body_hash or ("UNSIGNED-PAYLOAD" if scope.service == "s3" else _digest(request.body))
        names = query["X-Amz-SignedHeaders"].split(";")
        return Signed(scope, names, query["X-Amz-Signature"], query["X-Amz-Date"], payload, presigned=True)
    authorization = request.header("authorization") or ""
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        return None
    fields = dict(part.strip().partition("=")[::2] for part in authorization[17:].split(","))
    scope = Scope.parse(fields.get("Credential", ""))
    if scope is None:
        return None
    date = request.header("x-amz-date") or _basic_date(request.header("date") or "")
    names = fields.get("SignedHeaders", "").split(";")
    payload = body_hash or _digest(request.body)
    return Signed(scope, names, fields.get("Signature", ""), date, payload, presigned=False)


def _bad_query(text: str) -> AwsError:
    return AwsError("AuthorizationQueryParametersError", text, status=400)


def _basic_date(text: str) -> str:
    return text.replace("-", "").replace(":", "")


def _check_time(query: dict[str, str], now: float, age: float) -> None:
    try:
        made = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
        lasts = int(query["X-Amz-Expires"])
    except ValueError:
        raise _bad_query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"") from None
    if lasts < 0:
        raise _bad_query("X-Amz-Expires must be non-negative")
    if lasts > _LONGEST_S:
        raise _bad_query(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            "604800 seconds"
        )
    if made + age + lasts <= now:
        raise AwsError("AccessDenied", "Request has expired", status=403)


# -- Version 4 ------------------------------------------------------------------------------------------------------


def _signature(request: HttpRequest, signed: Signed, secret: str) -> str:
    scope = signed.scope
    canonical = "\n".join(
        [
            request.method.upper(),
            _path(request, scope.service),
            _query(request),
            *(f"{name}:{_header(request, name)}" for name in signed.headers),
            "",
            ";".join(signed.headers),
            signed.payload,
        ]
    )
    where = f"{scope.day}/{scope.region}/{scope.service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", signed.date, where, _digest(canonical.encode())])
    key = f"AWS4{secret}".encode()
    for part in (scope.day, scope.region, scope.service, "aws4_request"):
        key = _hmac(key, part)
    return _hmac(key, text).hex()


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


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


# -- Version 2, as S3's presigned URLs still are ----------------------------------------------------------------------


def _check_version_2(
    request: HttpRequest, query: dict[str, str], secret_of: SecretOf, now: float, age_of: Callable[[str], float]
) -> None:
    expires = query.get("Expires", "")
    if not expires.isdigit():
        raise AwsError("AccessDenied", f"Invalid date (should be seconds since epoch): {expires}", status=403)
    if int(expires) + age_of(expires) <= now:
        raise AwsError("AccessDenied", "Request has expired", status=403)
    secret = secret_of(query["AWSAccessKeyId"])
    if secret is not None and query["Signature"] not in _version_2(request, query, expires, secret):
        raise _mismatch("s3")


def _version_2(request: HttpRequest, query: dict[str, str], expires: str, secret: str) -> Sequence[str]:
    """The signatures that would be right: the bucket may be in the path, or in the host."""
    named = {key.lower(): value for key, value in request.headers}
    amz = dict(sorted((name, value.strip()) for name, value in named.items() if name.startswith("x-amz-")))
    amz |= {name: value for name, value in query.items() if name.startswith("x-amz-")}
    parts = urlsplit(request.url)
    found = sorted((name, value) for name, value in query.items() if name in _SUBRESOURCES)
    tail = "&".join(f"{name}={value}" if value else name for name, value in found)
    bucket = request.host.split(".s3", 1)[0] if ".s3" in request.host else None
    right = []
    for path in (parts.path, f"/{bucket}{parts.path}"):
        lines = [request.method.upper(), named.get("content-md5", ""), named.get("content-type", ""), expires]
        lines += [f"{name}:{value}" for name, value in sorted(amz.items())]
        text = "\n".join([*lines, path + (f"?{tail}" if tail else "")])
        right.append(base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode())
    return right


def stamp(second: float) -> str:
    """A time (epoch seconds) as signatures write it."""
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
