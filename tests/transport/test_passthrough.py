"""Services and endpoints that are left alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from unittest import mock

import boto3
import pytest
import requests

from mocksls import mock_serverless


class Local(BaseHTTPRequestHandler):
    """A local server that has one table."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"TableNames": ["of the local server"]}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def local() -> Iterator[str]:
    """The URL of a local DynamoDB."""
    server = HTTPServer(("127.0.0.1", 0), Local)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("by", ["service", "url"])
def test_left_alone(local: str, by: str) -> None:
    """A service, or an endpoint, that is passed through reaches what really is there."""
    with mock_serverless(passthrough=["dynamodb" if by == "service" else local], region="us-east-1"):
        ddb = boto3.client("dynamodb", endpoint_url=local)
        assert ddb.list_tables()["TableNames"] == ["of the local server"]
        assert boto3.client("iam").list_users()["Users"] == []
        ddb.close()


@pytest.mark.parametrize("left", ["sts", "https://sts.us-east-1.amazonaws.com"])
def test_plain_http_is_left_alone(left: str) -> None:
    """Plain HTTP to a service or URL of AWS's own that is passed through goes out (here: nowhere)."""
    nowhere = mock.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known"))
    with nowhere, mock_serverless(passthrough=[left], region="us-east-1"):
        with pytest.raises(requests.ConnectionError, match="Name or service not known"):
            requests.get("https://sts.us-east-1.amazonaws.com/", timeout=5)
        assert requests.get("https://iam.amazonaws.com/", timeout=5).status_code in (302, 400, 403)


def test_endpoint_of_a_client_is_mocked(local: str) -> None:
    """Unless passed through, a client with an endpoint of its own is mocked, too."""
    with mock_serverless(region="us-east-1"):
        assert boto3.client("dynamodb", endpoint_url=local).list_tables()["TableNames"] == []


def test_other_hosts_are_left_alone(local: str) -> None:
    """Hosts that are not AWS's are reached as ever."""
    with mock_serverless():
        answer = requests.post(local, data=b"{}", timeout=5)
    assert answer.json() == {"TableNames": ["of the local server"]}
