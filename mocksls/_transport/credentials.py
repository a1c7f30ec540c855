"""Who signed an HTTP request: the access key and token that it shows."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from mocksls._kernel.http import HttpRequest
from mocksls._kernel.principals import Keys

_V4 = re.compile(r"Credential=([^/,\s]+)/")


def shown_keys(request: HttpRequest) -> Keys | None:
    """Access key and token in the header or the query string; ``None`` for an unsigned request."""
    authorization = request.header("authorization") or ""
    if authorization.startswith("AWS4-HMAC-SHA256"):
        found = _V4.search(authorization)
        return Keys(found.group(1), None, request.header("x-amz-security-token")) if found else None
    if authorization.startswith("AWS "):
        return Keys(authorization[4:].split(":", 1)[0], None, request.header("x-amz-security-token"))
    query = parse_qs(request.query, keep_blank_values=True)
    if "X-Amz-Credential" in query:
        token = query.get("X-Amz-Security-Token", [None])[0]
        return Keys(query["X-Amz-Credential"][0].split("/", 1)[0], None, token)
    if "AWSAccessKeyId" in query:
        return Keys(query["AWSAccessKeyId"][0], None, query.get("x-amz-security-token", [None])[0])
    return None
