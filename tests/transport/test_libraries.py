"""Every HTTP library at AWS's host names."""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import urllib3
from urllib3.util import Retry

from mocksls import UnmockedServiceError, mock_serverless

from .conftest import ECHO
from .libraries import ALL, Ask, by_http_client, by_requests

every = pytest.mark.parametrize("ask", ALL, ids=lambda ask: ask.__name__)


@every
def test_get(echo: Any, ask: Ask) -> None:
    """A GET arrives with its URL, and the answer comes back."""
    told = json.loads(ask("GET", f"{ECHO}/prod/x?a=1").body)
    assert (told["method"], told["url"], told["body"]) == ("GET", f"{ECHO}/prod/x?a=1", "")


@every
def test_body(echo: Any, ask: Ask) -> None:
    """A body arrives byte for byte."""
    body = bytes(range(256)) * 300
    assert json.loads(ask("PUT", f"{ECHO}/x", body).body)["body"] == body.decode("latin-1")


@every
def test_plain_http(echo: Any, ask: Ask) -> None:
    """Unencrypted URLs arrive as such."""
    url = f"{ECHO}/x".replace("https", "http")
    assert json.loads(ask("GET", url).body)["url"] == url


@every
def test_cookies_stay_apart(echo: Any, ask: Ask) -> None:
    """Repeated Set-Cookie headers are not joined."""
    assert ask("GET", f"{ECHO}/x").cookies == ["a=1; Path=/", "b=2; Path=/"]


@every
def test_head(echo: Any, ask: Ask) -> None:
    """The answer to HEAD has no body."""
    answer = ask("HEAD", f"{ECHO}/x")
    assert (answer.status, answer.body) == (200, b"")


@every
def test_large_answer(echo: Any, ask: Ask) -> None:
    """A large answer arrives complete."""
    assert ask("GET", f"{ECHO}/large").body == b"x" * 1_000_000


@every
def test_service_that_nobody_mocks(echo: Any, ask: Ask) -> None:
    """A host of a service that nobody mocks is refused clearly, not as a failure of the network."""
    with pytest.raises(UnmockedServiceError, match=r"ec2\.us-east-1.* is not mocked"):
        ask("POST", "https://ec2.us-east-1.amazonaws.com/", b"x")


@every
def test_error_status(echo: Any, ask: Ask) -> None:
    """An answer of an error's status is an answer."""
    assert ask("POST", f"{ECHO}/refuse", b"x")[:2] == (403, b'{"message": "Forbidden"}')


def _pieces() -> Iterator[bytes]:
    yield b"one,"
    yield b"two"


async def _pieces_async() -> AsyncIterator[bytes]:
    yield b"one,"
    yield b"two"


@pytest.mark.parametrize("ask", ALL, ids=lambda ask: ask.__name__)
def test_chunked_upload(echo: Any, ask: Ask) -> None:
    """A body of unknown length, sent in chunks, arrives put together."""
    pieces = _pieces_async() if "async" in ask.__name__ or "aiohttp" in ask.__name__ else _pieces()
    assert json.loads(ask("POST", f"{ECHO}/x", pieces).body)["body"] == "one,two"


def test_malformed_request(echo: Any) -> None:
    """A request that is none is answered as a web server would."""
    connection = http.client.HTTPConnection(ECHO.removeprefix("https://"), timeout=5)
    connection.request("POST", "/x", b"no chunk\r\n", {"Transfer-Encoding": "chunked"})
    assert connection.getresponse().status == 400


def test_session_keeps_cookies_and_follows_redirects(echo: Any) -> None:
    """A Session of requests follows a redirect and sends the cookies that it got."""
    with requests.Session() as session:
        session.get(f"{ECHO}/x", timeout=5)
        answer = session.get(f"{ECHO}/redirect", timeout=5)
    assert (answer.history[0].status_code, answer.url) == (302, f"{ECHO}/there")
    assert answer.json()["cookie"] == "a=1; b=2"


def test_retry(echo: Any) -> None:
    """urllib3's Retry asks again."""
    echo.faults.inject("execute-api", error="ServiceUnavailable", times=2)
    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=Retry(3, status_forcelist=[503])))
        assert session.get(f"{ECHO}/x", timeout=5).status_code == 200
    assert len(echo.trace.filter(service="execute-api")) == 3


def test_streaming_down(echo: Any) -> None:
    """An answer can be read in pieces."""
    with httpx.stream("GET", f"{ECHO}/large") as answer:
        assert sum(map(len, answer.iter_bytes(1000))) == 1_000_000
    with requests.get(f"{ECHO}/large", stream=True, timeout=5) as found:
        assert sum(map(len, found.iter_content(1000))) == 1_000_000


def test_aiohttp_waits_for_the_word_to_continue(echo: Any) -> None:
    """With ``expect100`` the body is sent."""

    async def ask() -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{ECHO}/x", data=b"body", expect100=True) as answer,
        ):
            return await answer.json()

    assert asyncio.run(ask())["body"] == "body"


def test_many_at_once(echo: Any) -> None:
    """Hundreds of requests of one event loop are answered, each with its own."""

    async def ask() -> list[str]:
        async with httpx.AsyncClient() as client:
            answers = await asyncio.gather(*(client.get(f"{ECHO}/{number}") for number in range(100)))
        return [answer.json()["url"].rsplit("/", 1)[1] for answer in answers]

    assert asyncio.run(ask()) == [str(number) for number in range(100)]


@pytest.mark.parametrize("proxied", ["environment", "argument"])
def test_proxies_are_not_asked(echo: Any, proxied: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy setting AWS's hosts are answered all the same."""
    proxy = "http://127.0.0.1:9"
    if proxied == "environment":
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        statuses = [ask("GET", f"{ECHO}/x").status for ask in ALL]
        statuses += [ask("GET", f"{ECHO}/x".replace("https", "http")).status for ask in ALL]
        assert statuses == [200] * len(statuses)
        return
    with httpx.Client(proxy=proxy) as client:
        assert client.get(f"{ECHO}/x").status_code == 200
    assert requests.get(f"{ECHO}/x", proxies={"https": proxy}, timeout=5).status_code == 200
    with urllib3.ProxyManager(proxy) as pool:
        assert pool.request("GET", f"{ECHO}/x").status == 200


def test_async_client_behind_a_proxy(echo: Any) -> None:
    """The same for httpx's and aiohttp's asynchronous clients."""

    async def ask() -> list[int]:
        proxy = "http://127.0.0.1:9"
        async with httpx.AsyncClient(proxy=proxy) as client, aiohttp.ClientSession() as session:
            first = await client.get(f"{ECHO}/x")
            async with session.get(f"{ECHO}/x", proxy=proxy) as second:
                return [first.status_code, second.status]

    assert asyncio.run(ask()) == [200, 200]


def test_session_that_outlives_the_mock(echo: Any, refused: Any) -> None:
    """After the mock a Session of it fails as without a network, and works again in the next mock."""
    session = requests.Session()
    assert session.get(f"{ECHO}/x", timeout=5).status_code == 200
    with refused.outside(), pytest.raises(requests.ConnectionError):
        session.get(f"{ECHO}/x", timeout=5)
    assert session.get(f"{ECHO}/x", timeout=5).status_code == 200
    session.close()


def test_libraries_that_are_imported_later() -> None:
    """A library that is imported while the mock is active is led to it as well."""
    code = """
import sys
from mocksls import mock_serverless
libraries = ["requests", "urllib3", "httpx", "httpcore", "aiohttp", "responses"]
assert not set(libraries) & set(sys.modules), "imported too early"
with mock_serverless():
    import asyncio, aiohttp, httpx, requests, urllib3
    url = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
    statuses = [requests.get(url).status_code, httpx.get(url).status_code]
    statuses.append(urllib3.PoolManager().request("GET", url).status)
    async def ask():
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status
    statuses.append(asyncio.run(ask()))
assert statuses == [403] * 4, statuses
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


@pytest.mark.parametrize("ask", [by_http_client, by_requests], ids=lambda ask: ask.__name__)
def test_urllib_loads_no_certificates(ask: Ask, echo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """http.client loads no certificates for AWS's hosts, which would take 18 ms."""
    import ssl

    loaded: list[Any] = []
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda *args: loaded.append(args))
    ask("GET", f"{ECHO}/x")
    assert loaded == []


def test_hooks_are_taken_out_again() -> None:
    """After the mock every library's connecting is what it was."""
    import httpcore
    from httpcore._backends.auto import AutoBackend
    from httpcore._backends.sync import SyncBackend

    def now() -> list[Any]:
        return [
            SyncBackend.connect_tcp,
            AutoBackend.connect_tcp,
            httpcore.HTTPConnection.handle_request,
            httpx.Client._transport_for_url,
            aiohttp.TCPConnector._create_connection,
            urllib3.connection.HTTPSConnection.connect,
        ]

    before = now()
    with mock_serverless():
        assert all(one is not other for one, other in zip(before, now(), strict=True))
    assert now() == before
