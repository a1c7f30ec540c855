"""A tiny service that publishes keys. It stands where the real one would."""

from __future__ import annotations

import json

from mocksls._kernel.call import HttpCall
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._kernel.service import HttpHandler, ServiceSpec

KEYS = {
    "keys": [
        {
            "kid": "one",
            "kty": "oct",
            "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA",
            "alg": "HS256",
            "use": "sig",
        }
    ]
}


def keys(cloud: Cloud) -> HttpHandler:
    """What answers at ``/.well-known/jwks.json``."""

    def handle(request: HttpRequest, call: HttpCall) -> HttpResponse | None:
        if not request.path.endswith("/jwks.json"):
            return None
        return HttpResponse(200, [("content-type", "application/json")], json.dumps(KEYS).encode())

    return handle


SERVICE = ServiceSpec("cognito-idp", store=dict, scope="region", resources=lambda store, cloud: [], http=keys)
