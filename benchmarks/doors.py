"""HTTP libraries at an API's host name, in CPU time, beside the same library at a real server on this machine.

The floor is the library with a local server of another process (plain HTTP: no TLS); its column "inside" is the same
request while a mock is active, that is, what the hooks cost other hosts. The API is a handler that echoes, without a
sandbox. ``python -m benchmarks.doors``
"""

from __future__ import annotations

import asyncio
import atexit
import http.client
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import httpx
import requests
import responses
import urllib3

import mocksls._services as services
from mocksls import mock_serverless

ROUNDS, CALLS = 5, 200
ECHO = "https://echo.execute-api.us-east-1.amazonaws.com/x"
BODY = b'{"message": "hello"}'
SERVICE = """
from mocksls._kernel.http import HttpResponse
from mocksls._kernel.service import ServiceSpec
answer = HttpResponse(200, [("content-type", "application/json")], b'{"message": "hello"}')
SERVICE = ServiceSpec(
    "apigatewayv2", store=dict, scope="region", resources=lambda *_: [], http=lambda _: lambda *_: answer
)
"""
SERVER = """
import socketserver, http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "20")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b'{"message": "hello"}')
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def local_server():
    """The URL of a server of another process."""
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/x"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def echo_service():
    """A service that answers at once, in the place of API Gateway's."""
    with tempfile.TemporaryDirectory() as folder:
        service = Path(folder, "apigatewayv2")
        service.mkdir()
        (service / "__init__.py").write_text(SERVICE, encoding="utf-8")
        services.__path__.insert(0, folder)
        services.is_mocked.cache_clear()
        yield
        services.__path__.remove(folder)
        services.is_mocked.cache_clear()


def fastest(call):
    """CPU microseconds per call, the best of some rounds."""
    call()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(CALLS):
            call()
        best = min(best, (time.process_time() - began) / CALLS)
    return best * 1e6


def by_http_client(url):
    """One request by http.client."""
    kind = http.client.HTTPSConnection if url.startswith("https") else http.client.HTTPConnection
    host = url.split("/")[2]

    def call():
        connection = kind(host)
        connection.request("GET", "/x")
        connection.getresponse().read()
        connection.close()

    return call


def by_urllib(url):
    """One request by urllib.request."""

    def call():
        with urllib.request.urlopen(url) as answer:
            answer.read()

    return call


def by_requests(url):
    """One request by a Session of requests."""
    session = requests.Session()
    return lambda: session.get(url).content


def by_urllib3(url):
    """One request by a pool of urllib3."""
    pool = urllib3.PoolManager()
    return lambda: pool.request("GET", url).data


def by_httpx(url):
    """One request by a client of httpx."""
    client = httpx.Client()
    return lambda: client.get(url).content


def by_aiohttp(url):
    """One request by a session of aiohttp."""
    loop = asyncio.new_event_loop()

    async def make():
        return aiohttp.ClientSession()

    session = loop.run_until_complete(make())
    atexit.register(lambda: loop.run_until_complete(session.close()))

    async def ask():
        async with session.get(url) as answer:
            await answer.read()

    return lambda: loop.run_until_complete(ask())


LIBRARIES = [by_http_client, by_urllib, by_urllib3, by_requests, by_httpx, by_aiohttp]


def responses_peer():
    """Requests answered by a mock of responses."""
    with responses.RequestsMock() as mocked:
        mocked.get(ECHO, body=BODY)
        return fastest(by_requests(ECHO))


def start_and_stop():
    """Microseconds of an empty mock, with every library imported."""

    def once():
        with mock_serverless():
            pass

    return fastest(once)


def main():
    """Print the table."""
    print(f"{'CPU us a request':22}{'floor':>8}{'inside':>8}{'mocksls':>9}{'ratio':>7}")
    with local_server() as url, echo_service():
        for library in LIBRARIES:
            floor = fastest(library(url))
            with mock_serverless(region="us-east-1"):
                inside, ours = fastest(library(url)), fastest(library(ECHO))
            name = library.__name__.removeprefix("by_")
            print(f"{name:22}{floor:>8.0f}{inside:>8.0f}{ours:>9.0f}{ours / floor:>7.2f}")
    print(f"{'requests, responses':22}{responses_peer():>8.0f}")
    print(f"{'start + stop':22}{start_and_stop():>8.0f}")


if __name__ == "__main__":
    main()
