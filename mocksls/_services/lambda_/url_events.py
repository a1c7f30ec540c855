"""The event of a request at a function's URL (payload format 2.0), and the HTTP answer of what the function returns.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

from mocksls._kernel.call import HttpCall, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.http import HttpRequest, HttpResponse

from .runner import Result
from .store import FunctionUrl

_TEXT = ("text/", "application/json", "application/javascript", "application/xml", "application/x-www-form-urlencoded")
_TEXT_ENDINGS = ("+json", "+xml")
_PRELUDE = "application/vnd.awslambda.http-integration-response"
_PRELUDE_END = b"\0" * 8


def event_of(request: HttpRequest, call: HttpCall, url: FunctionUrl, cloud: Cloud) -> dict[str, Any]:
    """The event that a function is handed."""
    now = cloud.clock.now()
    trace = f"Root=1-{int(now.timestamp()):08x}-{cloud.ids.hex(24)}"
    query = parse_qsl(request.query, keep_blank_values=True)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": _headers(request, call, trace),
        "requestContext": {
            "accountId": "anonymous" if url.auth_type == "NONE" else call.principal.account_id,
            "apiId": url.url_id,
            "domainName": request.host,
            "domainPrefix": url.url_id,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": call.source_ip,
                "userAgent": request.header("user-agent") or "",
            },
            "requestId": call.request_id,
            "routeKey": "$default",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if url.auth_type == "AWS_IAM":
        event["requestContext"]["authorizer"] = {"iam": _authorizer(call.principal)}
    cookies = [part for name, value in request.headers if name.lower() == "cookie" for part in value.split("; ")]
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = _joined(query)
    if request.body:
        event.update(_body(request))
    return event


def _headers(request: HttpRequest, call: HttpCall, trace: str) -> dict[str, str]:
    given = [(name.lower(), value) for name, value in request.headers if name.lower() != "cookie"]
    added = {
        "x-amzn-tls-cipher-suite": "TLS_AES_128_GCM_SHA256",
        "x-amzn-tls-version": "TLSv1.3",
        "x-amzn-trace-id": request.header("x-amzn-trace-id") or trace,
        "x-forwarded-for": call.source_ip,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        "host": request.host,
    }
    return {**_joined(given), **added}


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Names with their values, several of one name joined by commas."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: ",".join(values) for name, values in found.items()}


def _authorizer(principal: Principal) -> dict[str, Any]:
    return {
        "accessKey": principal.access_key_id,
        "accountId": principal.account_id,
        "callerId": principal.user_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": principal.arn,
        "userId": principal.user_id,
    }


def _body(request: HttpRequest) -> dict[str, Any]:
    kind = (request.header("content-type") or "").split(";")[0].strip().lower()
    text = (kind.startswith(_TEXT) or kind.endswith(_TEXT_ENDINGS)) and not request.header("content-encoding")
    if text:
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def answer_of(value: Any) -> HttpResponse | None:
    """The HTTP answer of what a function returned; None for a form that Lambda refuses."""
    if not isinstance(value, dict) or "statusCode" not in value:
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        return HttpResponse(200, [("content-type", "application/json")], text.encode())
    try:
        status = int(value["statusCode"])
        body = _decoded(value)
    except (TypeError, ValueError):
        return None
    headers = [(str(name).lower(), _text(content)) for name, content in (value.get("headers") or {}).items()]
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "application/json"))
    headers += [("set-cookie", str(cookie)) for cookie in value.get("cookies") or []]
    return HttpResponse(status, headers, body)


def _decoded(value: dict[str, Any]) -> bytes:
    body = value.get("body")
    if body is None:
        return b""
    if value.get("isBase64Encoded"):
        return base64.b64decode(body)
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def streamed_answer(result: Result) -> HttpResponse:
    """The HTTP answer of what a function streamed, perhaps with status and headers in front."""
    content = b"".join(result.parts) if result.parts is not None else result.payload
    if result.content_type != _PRELUDE:
        kind = result.content_type or "application/octet-stream"
        return HttpResponse(200, [("content-type", kind)], content)
    prelude, _, body = content.partition(_PRELUDE_END)
    told = json.loads(prelude or b"{}")
    answer = answer_of({"statusCode": 200, **told})
    if answer is None:
        return HttpResponse(502, [("content-type", "application/json")], b"Internal Server Error")
    return HttpResponse(answer.status, answer.headers, body)
