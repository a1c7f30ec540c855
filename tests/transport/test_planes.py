"""Plain HTTP at hosts that are no API."""

from __future__ import annotations

from typing import Any

import boto3
import jwt
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from mocksls import UnmockedServiceError, current
from mocksls._mock.life import active
from mocksls._transport.hosts import plane_of

from .conftest import ECHO


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("abc123.execute-api.eu-west-1.amazonaws.com/prod/x", ("execute-api", "Invoke", "eu-west-1")),
        ("xyz.lambda-url.us-east-2.on.aws/", ("lambda", "InvokeFunctionUrl", "us-east-2")),
        ("b.s3-website-us-east-1.amazonaws.com/index.html", ("s3", "GetWebsite", "us-east-1")),
        ("b.c.s3-website.eu-central-1.amazonaws.com/", ("s3", "GetWebsite", "eu-central-1")),
        ("my.auth.ap-south-1.amazoncognito.com/oauth2/token", ("cognito-idp", "HostedUi", "ap-south-1")),
        (
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_a/.well-known/jwks.json",
            ("cognito-idp", "GetWellKnown", "us-east-1"),
        ),
        ("cognito-identity.amazonaws.com/.well-known/jwks_uri", ("cognito-identity", "GetWellKnown", "us-east-1")),
        (
            "sns.eu-west-3.amazonaws.com/SimpleNotificationService-0f.pem",
            ("sns", "GetSigningCertificate", "eu-west-3"),
        ),
        ("cognito-idp.us-east-1.amazonaws.com/", None),
        ("sns.us-east-1.amazonaws.com/", None),
        ("b.s3.us-east-1.amazonaws.com/x", None),
    ],
)
def test_table_of_hosts(url: str, expected: tuple[str, str, str] | None) -> None:
    """Host and path say which service answers, and where."""
    host, slash, path = url.partition("/")
    found = plane_of(host, slash + path)
    assert (found and (found[0].service, found[0].operation, found[1])) == expected


def test_answered_by_the_service(echo: Any) -> None:
    """A request at a service's own host reaches its handler: region, method, URL, body."""
    answer = requests.post(f"{ECHO}/prod/x?a=1&a=2", data=b"hello", timeout=5)
    told = answer.json()
    assert (told["method"], told["region"], told["body"]) == ("POST", "eu-west-1", "hello")
    assert told["url"] == f"{ECHO}/prod/x?a=1&a=2"


def test_traced_and_delivered(echo: Any) -> None:
    """It shows in the trace, and what it caused is delivered when it returns."""
    requests.get(f"{ECHO}/prod/x", timeout=5)
    (entry,) = echo.trace.filter(kind="call")
    assert (entry.service, entry.name, entry.text, entry.outcome) == ("execute-api", "Invoke", "GET /prod/x", "ok")
    running = active()
    assert running is not None
    assert running.cloud.service("apigatewayv2", "123456789012", "eu-west-1").store.lines == ["GET /prod/x"]


def test_signer(echo: Any) -> None:
    """The service may ask who signed the request."""
    request = AWSRequest("GET", f"{ECHO}/x")
    SigV4Auth(boto3.Session().get_credentials(), "execute-api", "eu-west-1").add_auth(request)
    assert requests.get(f"{ECHO}/x", timeout=5).json()["caller"] == ""
    signed = requests.get(f"{ECHO}/x", headers=dict(request.headers.items()), timeout=5)
    assert signed.json()["caller"] == "arn:aws:iam::123456789012:user/test"


def test_wrong_signature(echo: Any) -> None:
    """A wrong signature is refused where the service asks for the signer."""
    session = boto3.Session()
    keys = session.get_credentials().get_frozen_credentials()._replace(secret_key="other")
    request = AWSRequest("GET", f"{ECHO}/x")
    SigV4Auth(keys, "execute-api", "eu-west-1").add_auth(request)
    assert requests.get(f"{ECHO}/x", headers=dict(request.headers.items()), timeout=5).status_code == 403


def test_error_of_the_service(echo: Any) -> None:
    """An error that the handler raises is answered as API Gateway words it."""
    answer = requests.get(f"{ECHO}/refuse", timeout=5)
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    assert answer.headers["x-amzn-errortype"] == "ForbiddenException"


def test_faults(echo: Any) -> None:
    """Faults can be injected under the name of the host table."""
    echo.faults.inject("execute-api", error="ServiceUnavailable")
    assert [requests.get(f"{ECHO}/x", timeout=5).status_code for _ in range(2)] == [503, 200]


def test_unknown_api(echo: Any) -> None:
    """An API that no service knows is refused clearly."""
    with pytest.raises(UnmockedServiceError, match=r"nobody\.execute-api"):
        requests.get("https://nobody.execute-api.eu-west-1.amazonaws.com/", timeout=5)


def test_service_that_is_not_there(aws: Any) -> None:
    """A host of a service that is not mocked is refused clearly."""
    with pytest.raises(UnmockedServiceError, match="amazoncognito"):
        requests.get("https://nobody.auth.eu-west-1.amazoncognito.com/login", timeout=5)


def test_custom_domain(echo: Any) -> None:
    """A domain of the user's own that a service was given is answered by it."""
    running = active()
    assert running is not None
    assert current() is not None
    running.cloud.domains["echo.example.com"] = ("apigatewayv2", "eu-north-1")
    assert requests.get("https://echo.example.com/x", timeout=5).json()["region"] == "eu-north-1"


def test_keys_to_verify_tokens(echo: Any) -> None:
    """PyJWT's client fetches a user pool's keys (by urllib.request) and verifies a token by them."""
    url = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool/.well-known/jwks.json"
    client = jwt.PyJWKClient(url)
    token = jwt.encode({"sub": "me"}, b"secret-secret-secret-secret-secret", "HS256", headers={"kid": "one"})
    key = client.get_signing_key_from_jwt(token)
    assert jwt.decode(token, key, algorithms=["HS256"]) == {"sub": "me"}
    (entry,) = echo.trace.filter(kind="call")
    assert (entry.service, entry.name) == ("cognito-idp", "GetWellKnown")
