"""What AWS's host names say: which service, which region, which bucket."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mocksls._kernel.http import HttpRequest

_SUFFIX = r"\.(amazonaws\.com(\.cn)?|api\.aws)$"
_REGION = r"^[a-z]{2}(-[a-z]+)+-\d$"
_S3 = r"^(?:(?P<bucket>.+)\.)?s3(?:-accelerate|-fips)?(?:\.dualstack)?(?:[.-](?P<region>[a-z]{2}(?:-[a-z]+)+-\d))?$"
_SCOPE = r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request"
_QUERY_SCOPE = r"X-Amz-Credential=([^&]+?)%2[Ff]\d{8}%2[Ff]([^&%]+)%2[Ff]([^&%]+)%2[Ff]aws4_request"

_NAMES = {
    "ddb": "dynamodb",
    "search-dynamodb": "dynamodb",
    "streams.dynamodb": "dynamodbstreams",
    "queue": "sqs",
    "monitoring": "cloudwatch",
    "stream-logs": "logs",
    "streaming-logs": "logs",
    "sync-states": "stepfunctions",
    "execute-api": "execute-api",
    "application-autoscaling": "application-autoscaling",
}
_SIGNING_NAMES = {"monitoring": "cloudwatch", "apigateway": "apigateway"}


_R = r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)"
_AWS = r"(?:amazonaws\.com(?:\.cn)?|api\.aws)"


class Plane(NamedTuple):
    """A kind of host (and path) that answers plain HTTP and is no API.

    ``host`` and ``path`` are regular expressions (compiled at first use: most tests have no such request).
    ``service`` and ``operation`` name its requests in the trace and for faults; ``owners`` are the services that are
    asked, in order.
    """

    host: str
    path: str | None
    service: str
    operation: str
    owners: tuple[str, ...]


PLANES = (
    Plane(
        rf"^[a-z0-9-]+\.execute-api\.{_R}\.{_AWS}$",
        None,
        "execute-api",
        "Invoke",
        ("apigatewayv2", "apigateway"),
    ),
    Plane(rf"^[a-z0-9]+\.lambda-url\.{_R}\.on\.aws$", None, "lambda", "InvokeFunctionUrl", ("lambda",)),
    Plane(rf"^.+\.s3-website[.-]{_R}\.{_AWS}$", None, "s3", "GetWebsite", ("s3",)),
    Plane(
        rf"^[a-z0-9-]+\.auth(?:-fips)?\.{_R}\.amazoncognito\.com$",
        None,
        "cognito-idp",
        "HostedUi",
        ("cognito-idp",),
    ),
    Plane(
        rf"^cognito-idp(?:-fips)?\.{_R}\.{_AWS}$",
        r"^/[^/]+/\.well-known/",
        "cognito-idp",
        "GetWellKnown",
        ("cognito-idp",),
    ),
    Plane(
        rf"^cognito-identity(?:-fips)?(?:\.{_R})?\.{_AWS}$",
        r"^/(?:[^/]+/)?\.well-known/",
        "cognito-identity",
        "GetWellKnown",
        ("cognito-identity",),
    ),
    Plane(
        rf"^sns\.{_R}\.{_AWS}$",
        r"^/SimpleNotificationService-[^/]+\.pem$",
        "sns",
        "GetSigningCertificate",
        ("sns",),
    ),
)
"""Which service a host belongs to, where it is no API's. The first that matches is taken."""

_ANY = ""
S3_FORMS = Plane(_ANY, None, "s3", "PostObject", ("s3",))
S3_PREFLIGHTS = Plane(_ANY, None, "s3", "Preflight", ("s3",))
"""What comes to S3's own hosts without being a call of its API."""

_DOMAIN_SERVICES = {"apigateway": "execute-api", "apigatewayv2": "execute-api"}
_CONNECTIONS = "/@connections/"


class Target(NamedTuple):
    """Where a request is addressed; ``bucket`` where the host names one."""

    service: str
    region: str | None = None
    bucket: str | None = None


def target_of(request: HttpRequest) -> Target | None:
    """Service and region of an HTTP request, by its host name, else by the scope it is signed for."""
    named = target_by_host(request.host)
    signed = _by_scope(request)
    if named is None:
        return signed
    if signed is not None and named.region is None:
        return named._replace(region=signed.region)
    return named


@lru_cache(maxsize=1024)
def plane_of(host: str, path: str) -> tuple[Plane, str] | None:
    """The kind of plain HTTP that a host and path are for, and the region; ``None`` for an API's."""
    for plane in PLANES:
        found = re.match(plane.host, host)
        if found and (plane.path is None or re.match(plane.path, path)):
            return plane, found.groupdict().get("region") or "us-east-1"
    return None


def plane_of_domain(owner: str) -> Plane:
    """The plain HTTP at a domain of the user's own that a service has been given."""
    return Plane(_ANY, None, _DOMAIN_SERVICES.get(owner, owner), "Invoke", (owner,))


def callback_path(host: str, path: str) -> str | None:
    """The path of a call to a WebSocket API's ``@connections``, without the stage; ``None`` for any other request."""
    if ".execute-api." not in host or _CONNECTIONS not in path:
        return None
    return path[path.index(_CONNECTIONS) :]


@lru_cache(maxsize=1024)
def services_at(host: str) -> frozenset[str]:
    """Every service that a request to a host may be for, by botocore's names."""
    services = {name for plane in PLANES if re.match(plane.host, host) for name in plane.owners}
    target = target_by_host(host)
    return frozenset(services | ({target.service} if target else set()))


def bucket_in_host(host: str) -> str | None:
    """The bucket of a virtual-hosted S3 request."""
    bare = re.sub(_SUFFIX, "", host)
    found = re.match(_S3, bare) if bare != host else None
    return found.group("bucket") if found else None


@lru_cache(maxsize=1024)
def target_by_host(host: str) -> Target | None:
    """What a host name alone says."""
    bare = re.sub(_SUFFIX, "", host)
    if bare == host:
        return None
    s3 = re.match(_S3, bare)
    if s3:
        return Target("s3", s3.group("region"), s3.group("bucket"))
    parts = bare.split(".")
    region = next((part for part in parts if re.match(_REGION, part)), None)
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
    found = re.search(_SCOPE, authorization) or re.search(_QUERY_SCOPE, request.query)
    if found:
        service = found.group(3)
        return Target(_SIGNING_NAMES.get(service, service), found.group(2))
    if authorization.startswith("AWS ") or "AWSAccessKeyId=" in request.query:
        return Target("s3")
    return None
