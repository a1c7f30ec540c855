"""What AWS's host names say: which service, which region, which bucket."""

from __future__ import annotations

import re
from typing import NamedTuple

from mocksls._kernel.http import HttpRequest

_SUFFIX = re.compile(r"\.(amazonaws\.com(\.cn)?|api\.aws)$")
_REGION = re.compile(r"^[a-z]{2}(-[a-z]+)+-\d$")
_S3 = re.compile(
    r"^(?:(?P<bucket>.+)\.)?s3(?:-accelerate|-fips|-website)?(?:\.dualstack)?(?:[.-](?P<region>[a-z]{2}(?:-[a-z]+)+-\d))?$"
)
_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_QUERY_SCOPE = re.compile(r"X-Amz-Credential=([^&]+?)%2[Ff]\d{8}%2[Ff]([^&%]+)%2[Ff]([^&%]+)%2[Ff]aws4_request")

_NAMES = {
    "ddb": "dynamodb",
    "streams.dynamodb": "dynamodbstreams",
    "monitoring": "cloudwatch",
    "sync-states": "stepfunctions",
    "execute-api": "execute-api",
    "application-autoscaling": "application-autoscaling",
}
_SIGNING_NAMES = {"monitoring": "cloudwatch", "apigateway": "apigateway"}


class Target(NamedTuple):
    """Where a request is addressed; ``bucket`` where the host names one."""

    service: str
    region: str | None = None
    bucket: str | None = None


def target_of(request: HttpRequest) -> Target | None:
    """Service and region of an HTTP request, by its host name, else by the scope it is signed for."""
    named = _by_host(request.host)
    signed = _by_scope(request)
    if named is None:
        return signed
    if signed is not None and named.region is None:
        return named._replace(region=signed.region)
    return named


def bucket_in_host(host: str) -> str | None:
    """The bucket of a virtual-hosted S3 request."""
    bare = _SUFFIX.sub("", host)
    found = _S3.match(bare) if bare != host else None
    return found.group("bucket") if found else None


def _by_host(host: str) -> Target | None:
    bare = _SUFFIX.sub("", host)
    if bare == host:
        return None
    s3 = _S3.match(bare)
    if s3:
        return Target("s3", s3.group("region"), s3.group("bucket"))
    parts = bare.split(".")
    region = next((part for part in parts if _REGION.match(part)), None)
    words = [part for part in parts if part != region]
    return Target(_service(words), region)


def _service(words: list[str]) -> str:
    joined = ".".join(words)
    for name, service in _NAMES.items():
        if joined == name or joined.endswith("." + name):
            return service
    return words[-1].removesuffix("-fips") if words else ""


def _by_scope(request: HttpRequest) -> Target | None:
    authorization = request.header("authorization") or ""
    found = _SCOPE.search(authorization) or _QUERY_SCOPE.search(request.query)
    if found:
        service = found.group(3)
        return Target(_SIGNING_NAMES.get(service, service), found.group(2))
    if authorization.startswith("AWS ") or "AWSAccessKeyId=" in request.query:
        return Target("s3")
    return None
