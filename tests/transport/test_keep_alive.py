"""Real connections that were opened before the mock."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock

import aiohttp
import httpx
import pytest
import requests
import urllib3

from mocksls import mock_serverless

HOST = "sts.us-east-1.amazonaws.com"
PATH = "/?Action=GetCallerIdentity&Version=2011-06-15"
REAL = (200, b"real")


class Pretender(BaseHTTPRequestHandler):
    """A server that pretends to be AWS, and keeps connections."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"real")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def pretender() -> Iterator[int]:
    """The port of a server behind AWS's host names, outside of a mock."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pretender)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.server_port))]
    with mock.patch("socket.getaddrinfo", return_value=here):
        yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_requests(pretender: int) -> None:
    """A Session's connection is dropped when the mock starts, and made anew after it."""
    url = f"http://{HOST}:{pretender}{PATH}"
    with requests.Session() as session:
        assert session.get(url, timeout=5).content == b"real"
        with mock_serverless():
            assert session.get(url, timeout=5).status_code == 403
        assert session.get(url, timeout=5).content == b"real"


def test_urllib3(pretender: int) -> None:
    """The same for a pool of urllib3."""
    url = f"http://{HOST}:{pretender}{PATH}"
    with urllib3.PoolManager(retries=False) as pool:
        assert pool.request("GET", url).data == b"real"
        with mock_serverless():
            assert pool.request("GET", url).status == 403
        assert pool.request("GET", url).data == b"real"


def test_http_client(pretender: int) -> None:
    """The same for a connection of http.client."""
    connection = http.client.HTTPConnection(HOST, pretender, timeout=5)

    def ask() -> tuple[int, bytes]:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        return answer.status, answer.read()

    assert ask() == REAL
    with mock_serverless():
        assert ask()[0] == 403
    assert ask() == REAL
    connection.close()


def test_httpx(pretender: int) -> None:
    """The same for a client of httpx."""
    url = f"http://{HOST}:{pretender}{PATH}"
    with httpx.Client() as client:
        assert client.get(url).content == b"real"
        with mock_serverless():
            assert client.get(url).status_code == 403
        assert client.get(url).content == b"real"


def test_httpx_async(pretender: int) -> None:
    """The same for an asynchronous client of httpx."""
    url = f"http://{HOST}:{pretender}{PATH}"

    async def ask() -> list[int]:
        async with httpx.AsyncClient() as client:
            found = [(await client.get(url)).status_code]
            with mock_serverless():
                found.append((await client.get(url)).status_code)
            return [*found, (await client.get(url)).status_code]

    assert asyncio.run(ask()) == [200, 403, 200]


def test_aiohttp(pretender: int) -> None:
    """The same for a session of aiohttp."""
    url = f"http://{HOST}:{pretender}{PATH}"

    async def ask() -> list[int]:
        async with aiohttp.ClientSession() as session:

            async def status() -> int:
                async with session.get(url) as answer:
                    await answer.read()
                    return answer.status

            found = [await status()]
            with mock_serverless():
                found.append(await status())
            return [*found, await status()]

    assert asyncio.run(ask()) == [200, 403, 200]


def test_botocore(pretender: int) -> None:
    """A client of boto3 with an open connection is ours while the mock runs, and reaches the server after it."""
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    s3 = boto3.client(
        "s3", endpoint_url=f"http://s3.us-east-1.amazonaws.com:{pretender}", region_name="us-east-1", config=config
    )
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"real"
    with mock_serverless(), pytest.raises(s3.exceptions.NoSuchBucket):
        s3.get_object(Bucket="bucket", Key="k")
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"real"
    s3.close()
