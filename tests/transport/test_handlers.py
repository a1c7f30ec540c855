"""The same doors inside handlers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
import responses
from moto import mock_aws
from pytest_httpserver import HTTPServer

from mocksls import mock_serverless

from . import handlers
from .conftest import ECHO

OTHER = "https://example.com/"


@pytest.mark.parametrize("handler", [handlers.by_urllib, handlers.by_aiohttp, handlers.by_httpx])
def test_aws_hosts_come_home(echo: Any, handler: Callable[..., Any]) -> None:
    """AWS's hosts are answered by the test's cloud, by any library."""
    found = echo.function(handler, Timeout=30).invoke({"url": f"{ECHO}/x"})
    for text in found if isinstance(found, list) else [found]:
        assert (json.loads(text)["region"], json.loads(text)["from_handler"]) == ("eu-west-1", True)


def test_cookies_and_errors_come_home(echo: Any) -> None:
    """Repeated headers stay apart on the way home, and error answers are answers."""
    function = echo.function(handlers.by_requests, Timeout=30)
    assert function.invoke({"url": f"{ECHO}/x"})["cookies"] == {"a": "1", "b": "2"}
    assert function.invoke({"url": f"{ECHO}/refuse", "method": "POST", "body": "x"})["status"] == 403


def test_mocked_hosts(aws: Any) -> None:
    """Hosts that the test mocked are answered by its mocks, in its process; the calls count."""
    bodies: list[Any] = []

    def callback(request: Any) -> Any:
        bodies.append(request.body)
        return (201, {"X-Kind": "mocked"}, "mine")

    function = aws.function(handlers.by_requests, Timeout=30)
    with responses.RequestsMock() as mocked:
        mocked.add_callback("POST", OTHER, callback)
        answer = function.invoke({"url": OTHER, "method": "POST", "body": "hello"})
        assert (answer["status"], answer["text"], len(mocked.calls)) == (201, "mine", 1)
    assert bodies == [b"hello"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectionError("down"), "ConnectionError"),
        (requests.ConnectTimeout("slow"), "ConnectTimeout"),
        (requests.ReadTimeout("slow"), "ReadTimeout"),
    ],
)
def test_mocked_failures(aws: Any, error: Exception, expected: str) -> None:
    """What a mock raises is what the handler's library raises."""
    function = aws.function(handlers.by_requests, Timeout=30)
    with responses.RequestsMock() as mocked:
        mocked.get(OTHER, body=error)
        assert function.invoke({"url": OTHER})["error"] == expected


def test_host_that_the_mock_does_not_know(aws: Any) -> None:
    """As in the test, a host that an active mock does not know is refused."""
    function = aws.function(handlers.by_requests, Timeout=30)
    with responses.RequestsMock():
        answer = function.invoke({"url": "https://other.example.com/"})
    assert answer["error"] == "ConnectionError"


def test_other_hosts_are_reached(aws: Any, httpserver: HTTPServer) -> None:
    """Without a mock other hosts are reached as ever, before and after one."""
    httpserver.expect_request("/x").respond_with_data("real")
    url = httpserver.url_for("/x")
    function = aws.function(handlers.by_requests, Timeout=30)
    assert function.invoke({"url": url})["text"] == "real"
    with responses.RequestsMock() as mocked:
        mocked.get(url, body="mocked")
        assert function.invoke({"url": url})["text"] == "mocked"
    assert function.invoke({"url": url})["text"] == "real"


def test_closed_network(httpserver: HTTPServer) -> None:
    """With network="closed" handlers reach AWS, the test's mocks and this machine, nothing else."""
    httpserver.expect_request("/x").respond_with_data("real")
    with mock_serverless(network="closed") as aws:
        function = aws.function(handlers.by_requests, Timeout=30)
        assert function.invoke({"url": httpserver.url_for("/x")})["text"] == "real"
        refused = function.invoke({"url": OTHER})
        assert (refused["error"], "example.com is not mocked" in refused["text"]) == ("UnmockedServiceError", True)
        with responses.RequestsMock() as mocked:
            mocked.get(OTHER, body="mine")
            assert function.invoke({"url": OTHER})["text"] == "mine"


def test_service_that_nobody_mocks(aws: Any) -> None:
    """A service that nobody mocks is refused clearly."""
    assert "email.us-east-1.amazonaws.com is not mocked" in aws.function(handlers.identities, Timeout=30).invoke({})


def test_service_of_moto(aws: Any) -> None:
    """Services that only moto has are answered by a moto that is active beside us."""
    function = aws.function(handlers.identities, Timeout=30)  # moto imports its service then
    with mock_aws():
        boto3.client("ses", region_name="us-east-1").verify_email_identity(EmailAddress="a@example.com")
        assert function.invoke({}) == ["a@example.com"]
        assert aws.function(handlers.list_tables, Timeout=30).invoke({}) == []
    assert [entry.name for entry in aws.trace.filter(service="dynamodb")] == ["ListTables"]


@pytest.mark.parametrize("by", ["service", "url"])
def test_passthrough(httpserver: HTTPServer, by: str) -> None:
    """What the test passes through is left alone in handlers, too."""
    httpserver.expect_request("/").respond_with_json({"TableNames": ["of the local server"]})
    endpoint = httpserver.url_for("").rstrip("/")
    with mock_serverless(region="us-east-1", passthrough=["dynamodb" if by == "service" else endpoint]) as aws:
        function = aws.function(handlers.list_tables, Timeout=30)
        assert function.invoke({"endpoint": endpoint}) == ["of the local server"]
