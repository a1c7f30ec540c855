"""Plain HTTP at AWS's hosts that are no API: an API's own address, a function's URL, a website, keys to verify by."""

from __future__ import annotations

import json
from collections.abc import Callable

from mocksls._kernel.call import HttpCall, Origin, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._services import is_mocked, unmocked

from .hosts import S3_FORMS, S3_PREFLIGHTS, Plane, plane_of, plane_of_domain

Signer = Callable[[HttpRequest], Principal]


def plane_for(cloud: Cloud, request: HttpRequest) -> tuple[Plane, str] | None:
    """The kind of plain HTTP that a request is, with its region; ``None`` for a call of an API."""
    host = request.host
    if cloud.domains and host in cloud.domains:
        owner, region = cloud.domains[host]
        return plane_of_domain(owner), region
    return plane_of(host, request.path)


def beside_the_api(request: HttpRequest, service: str, region: str | None) -> tuple[Plane, str] | None:
    """What comes to an API's own host and is none of its calls: S3's form uploads and preflights."""
    if service != "s3":
        return None
    if request.method == "OPTIONS":
        return S3_PREFLIGHTS, region or "us-east-1"
    kind = (request.header("content-type") or "").lower()
    encoded = kind.startswith("application/x-www-form-urlencoded") and not request.query
    if request.method == "POST" and (encoded or kind.startswith("multipart/form-data")):
        return S3_FORMS, region or "us-east-1"
    return None


def serve(
    cloud: Cloud,
    request: HttpRequest,
    plane: Plane,
    region: str,
    *,
    signer: Signer,
    age_of: Callable[[str], float],
    origin: Origin,
    wait_s: float | None,
) -> HttpResponse:
    """Let the services that own a host answer a request; the first that knows what it is about does.

    Raises:
        UnmockedServiceError: none of these services is mocked, or none knows the host.
        TransportFault: an injected one.
    """
    handlers = [handler for owner in plane.owners if is_mocked(owner) and (handler := cloud.http(owner))]
    call = HttpCall(
        cloud=cloud,
        service=plane.service,
        operation=plane.operation,
        account_id=cloud.options.account_id,
        region=region,
        request_id=cloud.ids.request_id(plane.service),
        principal=cloud.principals.anonymous,
        origin=origin,
        headers={name.lower(): value for name, value in request.headers},
        host=request.host,
        url=request.url,
        read_timeout=wait_s,
        signer=lambda: signer(request),
        age_of=age_of,
    )

    def work() -> HttpResponse:
        for handler in handlers:
            answer = handler(request, call)
            if answer is not None:
                return answer
        raise unmocked(request.host)

    try:
        return cloud.dispatch.serve_http(call, f"{request.method} {request.path}", work)
    except AwsError as error:
        return _refusal(error, call.request_id)


def _refusal(error: AwsError, request_id: str) -> HttpResponse:
    """An error that a service leaves to its front, as API Gateway and function URLs word it."""
    headers = [
        ("content-type", "application/json"),
        ("x-amzn-requestid", request_id),
        ("x-amzn-errortype", error.code),
        *error.headers.items(),
    ]
    return HttpResponse(error.status or 400, headers, json.dumps({"message": error.message}).encode())
