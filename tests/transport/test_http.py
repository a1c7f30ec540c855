"""Plain HTTP to AWS's host names, by real HTTP libraries."""

from __future__ import annotations

import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
import responses
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from mocksls import UnmockedServiceError, mock_serverless

URL = "https://sts.us-east-1.amazonaws.com/"
BODY = "Action=GetCallerIdentity&Version=2011-06-15"
Post = Callable[[str, str, dict[str, str]], tuple[int, str]]


def signed(service: str = "sts", url: str = URL, body: str = BODY, secret: str | None = None) -> dict[str, str]:
    """The headers of a signed request."""
    keys = boto3.Session().get_credentials().get_frozen_credentials()
    if secret is not None:
        keys = keys._replace(secret_key=secret)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", url, headers=headers, data=body)
    SigV4Auth(keys, service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def by_requests(url: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
    """A POST by requests."""
    answer = requests.post(url, data=body, headers=headers, timeout=5)
    return answer.status_code, answer.text


def by_urllib3(url: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
    """A POST by urllib3."""
    answer = urllib3.PoolManager().request("POST", url, body=body, headers=headers)
    return answer.status, answer.data.decode()


def by_urllib(url: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
    """A POST by urllib."""
    request = urllib.request.Request(url, body.encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def by_http_client(url: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
    """A POST by http.client."""
    connection = http.client.HTTPSConnection("sts.us-east-1.amazonaws.com", timeout=5)
    connection.request("POST", "/", body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


LIBRARIES = [by_requests, by_urllib3, by_urllib, by_http_client]


@pytest.mark.parametrize("post", LIBRARIES)
def test_signed_request(aws: Any, post: Post) -> None:
    """A signed request by any library is a call to the cloud."""
    status, text = post(URL, BODY, signed())
    assert (status, "<Arn>arn:aws:iam::123456789012:user/test</Arn>" in text) == (200, True)
    assert [entry.name for entry in aws.trace] == ["GetCallerIdentity"]


@pytest.mark.parametrize("post", LIBRARIES)
def test_unsigned_request(aws: Any, post: Post) -> None:
    """An unsigned request is anonymous."""
    status, text = post(URL, BODY, {"Content-Type": "application/x-www-form-urlencoded"})
    assert (status, "MissingAuthenticationToken" in text) == (403, True)


def test_wrong_signature(aws: Any) -> None:
    """A signature by another secret is refused where the secret is known."""
    aws.register_credentials("AKIAMINE", "secret", "111122223333")
    session = boto3.Session("AKIAMINE", "other")
    request = AWSRequest("POST", URL, headers={"Content-Type": "application/x-www-form-urlencoded"}, data=BODY)
    SigV4Auth(session.get_credentials(), "sts", "us-east-1").add_auth(request)
    status, text = by_requests(URL, BODY, dict(request.headers.items()))
    assert (status, "SignatureDoesNotMatch" in text) == (403, True)


def test_service_that_is_not_mocked(aws: Any) -> None:
    """A host of AWS whose service is not mocked is refused clearly."""
    with pytest.raises(UnmockedServiceError, match=r"ec2.*is not mocked"):
        requests.get("https://ec2.us-east-1.amazonaws.com/", timeout=5)


def test_names_of_aws_do_not_resolve(aws: Any) -> None:
    """As a last net AWS's host names are not resolved."""
    with pytest.raises((OSError, UnmockedServiceError)):
        socket.getaddrinfo("sts.us-east-1.amazonaws.com", 443)


def test_mocks_of_the_test_win(aws: Any) -> None:
    """What the test mocked with responses is answered by it, and AWS's hosts still reach the cloud."""
    with responses.RequestsMock() as mocked:
        mocked.get("https://example.com/", body="mine")
        assert requests.get("https://example.com/", timeout=5).text == "mine"
        assert by_requests(URL, BODY, signed())[0] == 200


def test_everything_is_put_back() -> None:
    """After the mock the libraries' connections are as before."""

    def now() -> list[Any]:
        return [http.client.HTTPConnection.connect, http.client.HTTPSConnection.connect, socket.getaddrinfo]

    before = now()
    with mock_serverless():
        pass
    assert now() == before
