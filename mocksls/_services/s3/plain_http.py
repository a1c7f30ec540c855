"""S3's plain HTTP: websites, forms, preflights. Which it is the host table's word for the request says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape as html_escape
from typing import Any
from xml.sax.saxutils import escape

from mocksls._kernel.authorise import authorise
from mocksls._kernel.call import Call, HttpCall, Origin, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse

Headers = list[tuple[str, str]]


def make(cloud: Cloud) -> Callable[[HttpRequest, HttpCall], HttpResponse | None]:
    """What answers S3's plain HTTP."""
    from . import forms, preflights, websites

    def handle(request: HttpRequest, call: HttpCall) -> HttpResponse | None:
        if call.operation == "GetWebsite":
            return websites.answer(cloud, request, call)
        if call.operation == "PostObject":
            return forms.answer(cloud, request, call)
        return preflights.answer(cloud, request, call)

    return handle


def store_of(cloud: Cloud, call: Call) -> Any:
    """S3's state."""
    return cloud.service("s3", call.account_id, call.region).store


def as_call(http: HttpCall, operation: str, principal: Principal, params: Mapping[str, Any]) -> Call:
    """An operation that a plain HTTP request amounts to, authorised.

    Raises:
        AwsError: AccessDenied.
    """
    call = Call(
        cloud=http.cloud,
        service="s3",
        operation=operation,
        account_id=principal.account_id or http.account_id,
        region=http.region,
        request_id=http.request_id,
        principal=principal,
        origin=Origin(http.trace_id, http.origin.lineage, http.origin.from_handler),
        headers={name: value for name, value in http.headers.items() if not name.startswith("x-amz-")},
        url=http.url,
        source_ip=http.source_ip,
        trace_id=http.trace_id,
    )
    authorise(call, params)
    return call


def heads(cloud: Cloud, call: Call) -> Headers:
    """The headers that all of S3's answers have."""
    date = cloud.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
    return [
        ("server", "AmazonS3"),
        ("date", date),
        ("x-amz-request-id", call.request_id),
        ("x-amz-id-2", cloud.ids.host_id()),
    ]


def finished(status: int, headers: Headers, body: bytes = b"", *, method: str = "GET") -> HttpResponse:
    """An answer with its length; HEAD's has no body."""
    headers = [*headers, ("content-length", str(len(body)))]
    return HttpResponse(status, headers, b"" if method == "HEAD" else body)


def xml_error(cloud: Cloud, call: Call, error: AwsError) -> HttpResponse:
    """An error as S3's API words it."""
    told = {"Code": error.code, "Message": error.message, **error.members, "RequestId": call.request_id}
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}<HostId>{call.request_id}</HostId></Error>'
    headers = [*heads(cloud, call), ("content-type", "application/xml"), *error.headers.items()]
    return finished(error.status or 400, headers, body.encode())


def html_error(cloud: Cloud, call: Call, error: AwsError, status_text: str, more: Headers, method: str) -> HttpResponse:
    """An error as S3's websites word it."""
    title = f"{error.status} {status_text}"
    told = {"Code": error.code, "Message": error.message, **error.members, "RequestId": call.request_id}
    items = "".join(f"<li>{name}: {html_escape(str(value))}</li>\n" for name, value in told.items())
    body = (
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n<hr/>\n</body>\n"
        "</html>\n"
    )
    headers = [
        *heads(cloud, call),
        ("content-type", "text/html; charset=utf-8"),
        ("x-amz-error-code", error.code),
        ("x-amz-error-message", error.message),
        *more,
    ]
    return finished(error.status or 400, headers, body.encode(), method=method)
