"""API destinations: an event as an HTTP request, authorised by its connection.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.http import Headers, HttpRequest

from .outcomes import Undeliverable
from .store import Connection, Store

_PATIENCE_S = 5.0
_RETRIED = (401, 407, 409, 429)
_BODILESS = ("GET", "HEAD")


def send(cloud: Cloud, store: Store, target: Mapping[str, Any], text: str, call: Call) -> None:
    """Send one event to an API destination.

    Raises:
        Undeliverable: it answered otherwise than with 2xx. TransportFault: it did not answer.
    """
    destination = next((each for each in store.destinations.values() if each.arn == target["Arn"]), None)
    if destination is None:
        raise Undeliverable("NO_RESOURCE", f"{target['Arn']} does not exist")
    settings = destination.settings
    connection = next((each for each in store.connections.values() if each.arn == settings["ConnectionArn"]), None)
    if connection is None or connection.state != "AUTHORIZED":
        raise Undeliverable("NO_PERMISSIONS", f"the connection {settings['ConnectionArn']} is not authorized")
    given = target.get("HttpParameters", {})
    headers: Headers = [
        ("User-Agent", "Amazon/EventBridge/ApiDestinations"),
        ("Content-Type", "application/json; charset=utf-8"),
        *given.get("HeaderParameters", {}).items(),
        *_pairs(connection.auth, "HeaderParameters"),
        *_authorisation(cloud, connection, call),
    ]
    query = [*given.get("QueryStringParameters", {}).items(), *_pairs(connection.auth, "QueryStringParameters")]
    url = _url(settings["InvocationEndpoint"], given.get("PathParameterValues", ()), query)
    body = b"" if settings["HttpMethod"] in _BODILESS else _body(text, connection).encode()
    status = cloud.send_out(HttpRequest(settings["HttpMethod"], url, headers, body), _PATIENCE_S, call).status
    if status in (401, 407):
        connection.token = None
    if not 200 <= status < 300:
        code = "THROTTLING" if status == 429 else "ERROR_FROM_TARGET"
        raise Undeliverable(code, f"{url} answered {status}", retry=status >= 500 or status in _RETRIED)


def _pairs(auth: Mapping[str, Any], kind: str, around: str = "InvocationHttpParameters") -> list[tuple[str, str]]:
    return [(each.get("Key", ""), each.get("Value", "")) for each in auth.get(around, {}).get(kind, ())]


def _url(endpoint: str, values: Iterable[str], query: Iterable[tuple[str, str]]) -> str:
    """The endpoint with its ``*`` filled in and its query extended."""
    parts = urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}")
    path = parts.path
    for value in values:
        path = path.replace("*", quote(value, safe=""), 1)
    asked = "&".join(part for part in (parts.query, urlencode(list(query))) if part)
    return urlunsplit((parts.scheme, parts.netloc, path, asked, parts.fragment))


def _body(text: str, connection: Connection) -> str:
    """What is sent: the target's input, with the connection's body parameters where it is an object."""
    extra = dict(_pairs(connection.auth, "BodyParameters"))
    if not extra:
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return json.dumps({**found, **extra}, separators=(",", ":")) if isinstance(found, dict) else text


def _authorisation(cloud: Cloud, connection: Connection, call: Call) -> Headers:
    if connection.kind == "API_KEY":
        given = connection.auth["ApiKeyAuthParameters"]
        return [(given["ApiKeyName"], given["ApiKeyValue"])]
    if connection.kind == "BASIC":
        given = connection.auth["BasicAuthParameters"]
        pair = f"{given['Username']}:{given['Password']}".encode()
        return [("Authorization", f"Basic {base64.b64encode(pair).decode()}")]
    return [("Authorization", f"Bearer {_token(cloud, connection, call)}")]


def _token(cloud: Cloud, connection: Connection, call: Call) -> str:
    """OAuth's token, asked for where there is none or it has run out."""
    now = cloud.clock.time()
    if connection.token is not None and now < connection.token_ends:
        return connection.token
    given = connection.auth["OAuthParameters"]
    client = given["ClientParameters"]
    around = "OAuthHttpParameters"
    form = {
        "grant_type": "client_credentials",
        "client_id": client["ClientID"],
        "client_secret": client["ClientSecret"],
        **dict(_pairs(given, "BodyParameters", around)),
    }
    query = _pairs(given, "QueryStringParameters", around)
    in_query = given["HttpMethod"] == "GET"
    url = _url(given["AuthorizationEndpoint"], (), [*query, *(form.items() if in_query else ())])
    headers = [("Content-Type", "application/x-www-form-urlencoded"), *_pairs(given, "HeaderParameters", around)]
    body = b"" if in_query else urlencode(form).encode()
    answer = cloud.send_out(HttpRequest(given["HttpMethod"], url, headers, body), _PATIENCE_S, call)
    try:
        told = json.loads(answer.body)
        token, lasts_s = str(told["access_token"]), float(told.get("expires_in", 3600))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise Undeliverable("NO_PERMISSIONS", f"{url} answered {answer.status} and no access_token") from None
    connection.token, connection.token_ends = token, now + lasts_s
    return token
