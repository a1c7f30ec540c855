"""Faults of the connection: each client's own exceptions."""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request
from typing import Any

import aiohttp
import boto3
import httpx
import pytest
import requests
import urllib3
from botocore import exceptions
from botocore.config import Config
from urllib3.util import Retry

from tests.seams.conftest import on_the_wire

from . import handlers
from .conftest import ECHO

REFUSED, SLOW, LATE, CLOSED = "refused", "connect timeout", "read timeout", "closed"
BOTOCORE = {
    REFUSED: exceptions.EndpointConnectionError,
    SLOW: exceptions.ConnectTimeoutError,
    LATE: exceptions.ReadTimeoutError,
    CLOSED: exceptions.ConnectionClosedError,
}
REQUESTS = {
    REFUSED: requests.ConnectionError,
    SLOW: requests.ConnectTimeout,
    LATE: requests.ReadTimeout,
    CLOSED: requests.ConnectionError,
}
URLLIB3 = {
    REFUSED: urllib3.exceptions.NewConnectionError,
    SLOW: urllib3.exceptions.ConnectTimeoutError,
    LATE: urllib3.exceptions.ReadTimeoutError,
    CLOSED: urllib3.exceptions.ProtocolError,
}
HTTPX = {REFUSED: httpx.ConnectError, SLOW: httpx.ConnectTimeout, LATE: httpx.ReadTimeout, CLOSED: httpx.ReadError}
AIOHTTP = {
    REFUSED: aiohttp.ClientConnectorError,
    SLOW: aiohttp.ServerTimeoutError,
    LATE: aiohttp.ServerTimeoutError,
    CLOSED: aiohttp.ClientOSError,
}
HTTP_CLIENT = {REFUSED: ConnectionRefusedError, SLOW: TimeoutError, LATE: TimeoutError, CLOSED: ConnectionResetError}
fates = pytest.mark.parametrize("fate", [REFUSED, SLOW, LATE, CLOSED])


def client(seam: str, attempts: int) -> Any:
    """A client of DynamoDB."""
    made = boto3.client("dynamodb", config=Config(retries={"mode": "standard", "total_max_attempts": attempts}))
    return on_the_wire(made) if seam == "wire" else made


@fates
@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_botocore(aws: Any, fate: Any, seam: str) -> None:
    """botocore raises its own exceptions, after as many attempts as it makes."""
    aws.faults.inject("dynamodb", connection=fate, times=None)
    with pytest.raises(BOTOCORE[fate]):
        client(seam, 3).list_tables()
    assert len(aws.trace.filter(service="dynamodb", outcome=fate)) == 3


@fates
@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_botocore_tries_again(aws: Any, fate: Any, seam: str) -> None:
    """It tries again, and succeeds."""
    aws.faults.inject("dynamodb", connection=fate, times=2)
    assert client(seam, 5).list_tables()["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_lost_answer(aws: Any, seam: str) -> None:
    """A lost answer is that of a call that was made: the second attempt finds what the first has done."""
    iam = boto3.client("iam", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    if seam == "wire":
        on_the_wire(iam)
    aws.faults.inject("iam", "CreateUser", connection="lost")
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_user(UserName="ann")


@fates
def test_requests(echo: Any, fate: Any) -> None:
    """requests raises its own exceptions."""
    echo.faults.inject("execute-api", connection=fate)
    with pytest.raises(REQUESTS[fate]):
        requests.get(f"{ECHO}/x", timeout=5)
    assert requests.get(f"{ECHO}/x", timeout=5).status_code == 200


@fates
def test_urllib3(echo: Any, fate: Any) -> None:
    """urllib3 raises its own exceptions, and Retry tries again."""
    echo.faults.inject("execute-api", connection=fate)
    with urllib3.PoolManager(retries=False, timeout=5) as pool, pytest.raises(URLLIB3[fate]):
        pool.request("GET", f"{ECHO}/x")
    echo.faults.inject("execute-api", connection=fate, times=2)
    with urllib3.PoolManager(retries=Retry(3, backoff_factor=0)) as pool:
        assert pool.request("GET", f"{ECHO}/x").status == 200


@fates
def test_httpx(echo: Any, fate: Any) -> None:
    """httpx raises its own exceptions, asynchronously too."""
    echo.faults.inject("execute-api", connection=fate, times=2)
    with httpx.Client() as sync_client, pytest.raises(HTTPX[fate]):
        sync_client.get(f"{ECHO}/x")

    async def ask() -> None:
        async with httpx.AsyncClient() as async_client:
            with pytest.raises(HTTPX[fate]):
                await async_client.get(f"{ECHO}/x")
            assert (await async_client.get(f"{ECHO}/x")).status_code == 200

    asyncio.run(ask())


@fates
def test_aiohttp(echo: Any, fate: Any) -> None:
    """aiohttp raises its own exceptions."""
    echo.faults.inject("execute-api", connection=fate)

    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(AIOHTTP[fate]):
                await session.post(f"{ECHO}/x", data=b"x")
            async with session.get(f"{ECHO}/x") as answer:
                assert answer.status == 200

    asyncio.run(ask())


@fates
def test_http_client(echo: Any, fate: Any) -> None:
    """http.client raises what the socket raises; urllib.request wraps what happens before the answer."""
    echo.faults.inject("execute-api", connection=fate, times=2)
    connection = http.client.HTTPSConnection(ECHO.removeprefix("https://"), timeout=5)

    def ask() -> None:
        connection.request("GET", "/x")
        connection.getresponse()

    with pytest.raises(HTTP_CLIENT[fate]):
        ask()
    with pytest.raises((urllib.error.URLError, TimeoutError, ConnectionResetError)) as caught:
        urllib.request.urlopen(f"{ECHO}/x", timeout=5)
    assert isinstance(caught.value, urllib.error.URLError) == (fate in (REFUSED, SLOW))


def test_latency_on_every_way(echo: Any) -> None:
    """An answer that takes longer than the client would wait is a time-out; a shorter wait moves the clock."""
    before = echo.clock.now()
    echo.faults.inject("execute-api", latency=3, times=None)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{ECHO}/x", timeout=2)
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=2) as sync_client:
        sync_client.get(f"{ECHO}/x")
    assert requests.get(f"{ECHO}/x", timeout=4).status_code == 200
    assert (echo.clock.now() - before).total_seconds() >= 9


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_latency(aws: Any, seam: str) -> None:
    """The client's read time-out counts by both seams."""
    made = boto3.client("dynamodb", config=Config(read_timeout=2, retries={"total_max_attempts": 1}))
    if seam == "wire":
        on_the_wire(made)
    aws.faults.inject("dynamodb", latency=3)
    with pytest.raises(exceptions.ReadTimeoutError):
        made.list_tables()
    aws.faults.inject("dynamodb", latency=1)
    assert made.list_tables()["TableNames"] == []


@fates
def test_in_handlers(echo: Any, fate: Any) -> None:
    """Handlers meet the same faults."""
    function = echo.function(handlers.by_requests, Timeout=30)
    echo.faults.inject("execute-api", connection=fate)
    assert function.invoke({"url": f"{ECHO}/x"})["error"] == REQUESTS[fate].__name__


def test_what_inject_refuses(aws: Any) -> None:
    """Neither nothing, nor both, nor anything else can be injected."""
    with pytest.raises(ValueError, match="connection must be one of 'refused'"):
        aws.faults.inject("iam", connection="broken")
    with pytest.raises(ValueError, match="not both"):
        aws.faults.inject("iam", connection="refused", error="X")
    with pytest.raises(ValueError, match="give an error"):
        aws.faults.inject("iam")
