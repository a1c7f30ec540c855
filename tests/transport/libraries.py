"""One request by each HTTP library: what came of it, in one form."""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import urllib3

TIMEOUT_S = 5


class Answer(NamedTuple):
    """Status, body and the values of Set-Cookie."""

    status: int
    body: bytes
    cookies: list[str]


Ask = Callable[..., Answer]


def by_requests(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by requests."""
    with requests.Session() as session:
        answer = session.request(method, url, data=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
        return Answer(answer.status_code, answer.content, list(answer.raw.headers.getlist("set-cookie")))


def by_urllib3(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by urllib3."""
    with urllib3.PoolManager(retries=False, timeout=TIMEOUT_S) as pool:
        answer = pool.request(method, url, body=body, headers=headers, redirect=False)
        return Answer(answer.status, answer.data, answer.headers.getlist("set-cookie"))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follow none."""


def by_urllib(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by urllib.request."""
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_S) as answer:
            return Answer(answer.status, answer.read(), answer.headers.get_all("set-cookie") or [])
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(), error.headers.get_all("set-cookie") or [])


def by_http_client(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by http.client."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_S)
    connection.request(method, parts._replace(scheme="", netloc="").geturl() or "/", body, headers or {})
    answer = connection.getresponse()
    found = Answer(answer.status, answer.read(), answer.headers.get_all("set-cookie") or [])
    connection.close()
    return found


def by_httpx(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by httpx."""
    with httpx.Client(timeout=TIMEOUT_S) as client:
        answer = client.request(method, url, content=body, headers=headers)
        return Answer(answer.status_code, answer.content, answer.headers.get_list("set-cookie"))


async def _by_httpx(method: str, url: str, body: Any, headers: dict[str, str] | None) -> Answer:
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
        answer = await client.request(method, url, content=body, headers=headers)
        return Answer(answer.status_code, answer.content, answer.headers.get_list("set-cookie"))


def by_httpx_async(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by httpx, asynchronously."""
    return asyncio.run(_by_httpx(method, url, body, headers))


async def _by_aiohttp(method: str, url: str, body: Any, headers: dict[str, str] | None) -> Answer:
    timeout = aiohttp.ClientTimeout(sock_read=TIMEOUT_S)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        return Answer(answer.status, await answer.read(), answer.headers.getall("set-cookie", []))


def by_aiohttp(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask by aiohttp."""
    return asyncio.run(_by_aiohttp(method, url, body, headers))


BLOCKING: list[Ask] = [by_requests, by_urllib3, by_urllib, by_http_client, by_httpx]
ALL: list[Ask] = [*BLOCKING, by_httpx_async, by_aiohttp]
