"""Cross-origin requests at function URLs: preflights answered, headers put on answers.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.http import HttpRequest, HttpResponse

_OWN = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
)


def answer_preflight(request: HttpRequest, cors: Mapping[str, Any]) -> HttpResponse:
    """The answer to a browser's question whether it may send a request."""
    headers = _allowed(request, cors)
    method = request.header("access-control-request-method") or ""
    if headers and ("*" in cors.get("AllowMethods", ()) or method in cors.get("AllowMethods", ())):
        headers += _listed("access-control-allow-methods", cors.get("AllowMethods"))
        headers += _listed("access-control-allow-headers", cors.get("AllowHeaders"))
        if cors.get("MaxAge"):
            headers.append(("access-control-max-age", str(cors["MaxAge"])))
    return HttpResponse(200, headers, b"")


def with_cors(answer: HttpResponse, request: HttpRequest, cors: Mapping[str, Any]) -> HttpResponse:
    """An answer with the URL's own headers in place of the function's."""
    kept = [(name, value) for name, value in answer.headers if name not in _OWN]
    headers = _allowed(request, cors)
    if headers:
        headers += _listed("access-control-expose-headers", cors.get("ExposeHeaders"))
    return HttpResponse(answer.status, [*kept, *headers], answer.body)


def _allowed(request: HttpRequest, cors: Mapping[str, Any]) -> list[tuple[str, str]]:
    origin = request.header("origin")
    allowed: Sequence[str] = cors.get("AllowOrigins", ())
    if origin is None or not ("*" in allowed or origin in allowed):
        return []
    credentials = bool(cors.get("AllowCredentials"))
    shown = "*" if "*" in allowed and not credentials else origin
    headers = [("access-control-allow-origin", shown), ("vary", "Origin")]
    if credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _listed(name: str, values: Sequence[str] | None) -> list[tuple[str, str]]:
    return [(name, ",".join(values))] if values else []
