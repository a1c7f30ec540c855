"""Signature Version 2: S3's presigned URLs and Authorization headers, and the query form of older services.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

from . import signature_errors as errors
from .errors import AwsError
from .http import HttpRequest

SecretOf = Callable[[str], "str | None"]
_SUBRESOURCES = frozenset(
    (
        *("acl", "accelerate", "cors", "defaultObjectAcl", "location", "logging", "partNumber", "policy"),
        *("requestPayment", "torrent", "versioning", "versionId", "versions", "website", "uploads", "uploadId"),
        *("response-content-type", "response-content-language", "response-expires", "response-cache-control"),
        *("response-content-disposition", "response-content-encoding", "delete", "lifecycle", "tagging", "restore"),
        *("storageClass", "notification", "replication", "analytics", "metrics", "inventory", "select"),
        *("select-type", "object-lock"),
    )
)


def check_url(
    request: HttpRequest, query: Mapping[str, str], secret_of: SecretOf, now: float, age_of: Callable[[str], float]
) -> None:
    """Hold a presigned URL of S3 against its signature and its time.

    Raises:
        AwsError: AccessDenied (expired, or no time), SignatureDoesNotMatch.
    """
    expires = query.get("Expires", "")
    if not expires.isdigit():
        raise AwsError("AccessDenied", f"Invalid date (should be seconds since epoch): {expires}", status=403)
    if int(expires) + age_of(expires) <= now:
        raise errors.url_expired()
    secret = secret_of(query["AWSAccessKeyId"])
    if secret is not None and query["Signature"] not in _of_s3(request, query, expires, secret):
        raise errors.mismatch("s3")


def check_header(request: HttpRequest, query: Mapping[str, str], secret_of: SecretOf) -> None:
    """Hold a request of S3 against its ``Authorization: AWS KEY:SIGNATURE``.

    Raises:
        AwsError: InvalidArgument, AccessDenied, SignatureDoesNotMatch.
    """
    key, colon, signature = (request.header("authorization") or "")[4:].strip().partition(":")
    if not colon:
        text = "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature"
        raise AwsError("InvalidArgument", text, status=400)
    date = "" if request.header("x-amz-date") else request.header("date")
    if date is None:
        raise errors.no_date("s3")
    secret = secret_of(key)
    if secret is not None and signature not in _of_s3(request, query, date, secret):
        raise errors.mismatch("s3")


def check_query(request: HttpRequest, query: Mapping[str, str], secret_of: SecretOf, service: str) -> None:
    """Hold a request in the query form (``SignatureVersion=2``) against its signature.

    Raises:
        AwsError: SignatureDoesNotMatch.
    """
    secret = secret_of(query["AWSAccessKeyId"])
    if secret is None:
        return
    pairs = sorted((name, value) for name, value in query.items() if name != "Signature")
    text = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    path = urlsplit(request.url).path or "/"
    digest = hashlib.sha1 if query.get("SignatureMethod") == "HmacSHA1" else hashlib.sha256
    signed = "\n".join([request.method.upper(), request.host, path, text])
    right = base64.b64encode(hmac.new(secret.encode(), signed.encode(), digest).digest()).decode()
    if not hmac.compare_digest(right, query["Signature"]):
        raise errors.mismatch(service)


def _of_s3(request: HttpRequest, query: Mapping[str, str], date: str, secret: str) -> list[str]:
    """The signatures that would be right: the bucket may be in the path, or in the host."""
    named = {key.lower(): value for key, value in request.headers}
    amz = {name: " ".join(value.split()) for name, value in named.items() if name.startswith("x-amz-")}
    amz |= {name: value for name, value in query.items() if name.startswith("x-amz-")}
    parts = urlsplit(request.url)
    found = sorted((name, value) for name, value in query.items() if name in _SUBRESOURCES)
    tail = "&".join(f"{name}={value}" if value else name for name, value in found)
    bucket = request.host.split(".s3", 1)[0] if ".s3" in request.host else None
    right = []
    for path in (parts.path, f"/{bucket}{parts.path}"):
        lines = [request.method.upper(), named.get("content-md5", ""), named.get("content-type", ""), date]
        lines += [f"{name}:{value}" for name, value in sorted(amz.items())]
        text = "\n".join([*lines, path + (f"?{tail}" if tail else "")])
        right.append(base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode())
    return right
