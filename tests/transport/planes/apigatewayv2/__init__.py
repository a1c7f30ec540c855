"""A tiny service with hosts of its own: an API that echoes. It stands where the real one would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call, HttpCall
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._kernel.service import HttpHandler, ServiceSpec, Task


class Told:
    """What was delivered."""

    def __init__(self) -> None:
        self.lines: list[str] = []


class Echoes:
    """Has no operations."""


class Tasks:
    """Writes down what it is sent."""

    def __init__(self, store: Told, cloud: Cloud) -> None:
        self._store = store

    def tell(self, payload: Mapping[str, Any], call: Call) -> None:
        """Write a line down."""
        self._store.lines.append(payload["line"])


def echo(cloud: Cloud) -> HttpHandler:
    """What answers at ``echo`` and at custom domains; other APIs are not there."""

    def handle(request: HttpRequest, call: HttpCall) -> HttpResponse | None:
        if not request.host.startswith("echo."):
            return None
        if request.path == "/redirect":
            return HttpResponse(302, [("location", "/there")])
        if request.path == "/refuse":
            raise AwsError("ForbiddenException", "Forbidden", status=403)
        task = Task("apigatewayv2", "tell", call.account_id, call.region, {"line": f"{request.method} {request.path}"})
        cloud.router.send(task, call)
        with call.unlocked():
            body = _body(request, call)
        cookies = [("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2; Path=/")]
        return HttpResponse(200, [("content-type", "application/json"), *cookies], body)

    return handle


def _body(request: HttpRequest, call: HttpCall) -> bytes:
    told = {
        "method": request.method,
        "url": request.url,
        "region": call.region,
        "caller": call.signer().arn,
        "body": request.body.decode("latin-1"),
        "cookie": call.headers.get("cookie"),
        "from_handler": call.origin.from_handler,
    }
    return json.dumps(told).encode() if not request.path.startswith("/large") else b"x" * 1_000_000


SERVICE = ServiceSpec(
    "apigatewayv2",
    store=Told,
    scope="region",
    resources=lambda store, cloud: [Echoes()],
    tasks=lambda store, cloud: [Tasks(store, cloud)],
    http=echo,
)
