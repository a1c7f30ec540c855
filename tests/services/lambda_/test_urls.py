"""Function URLs: configured, permitted, asked, answered."""

from __future__ import annotations

import json
from typing import Any

import boto3
import httpx
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from .conftest import Make, is_modelled

RETURNS = "import json\n\ndef handler(event, context):\n    return json.loads(event['body'])\n"


def with_url(client: Any, auth: str = "NONE", *, allowed: bool = True, **more: Any) -> str:
    """Give ``f`` a URL that everybody may use; the URL."""
    url: str = client.create_function_url_config(FunctionName="f", AuthType=auth, **more)["FunctionUrl"]
    if allowed:
        client.add_permission(
            FunctionName="f",
            StatementId="url",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType=auth,
        )
        client.add_permission(
            FunctionName="f",
            StatementId="invoke",
            Action="lambda:InvokeFunction",
            Principal="*",
            **({"InvokedViaFunctionUrl": True} if is_modelled("AddPermission", "InvokedViaFunctionUrl") else {}),
        )
    return url


def test_request_becomes_an_event_of_the_second_version(client: Any, make: Make) -> None:
    """Path as sent, values joined by commas, names in lower case, a text as body."""
    make()
    url = with_url(client)
    answered = requests.post(
        f"{url}a%2Fb?x=1&x=2", headers={"X-My": "v", "Cookie": "c=1; d=2", "Content-Type": "text/plain"}, data="hi"
    )
    event = answered.json()
    assert ("2.0", "/a%2Fb", {"x": "1,2"}, "hi", False) == (
        event["version"],
        event["rawPath"],
        event["queryStringParameters"],
        event["body"],
        event["isBase64Encoded"],
    )
    assert (["c=1", "d=2"], "v", "POST", "anonymous") == (
        event["cookies"],
        event["headers"]["x-my"],
        event["requestContext"]["http"]["method"],
        event["requestContext"]["accountId"],
    )


def test_bytes_come_in_base_64(client: Any, make: Make) -> None:
    """A body that is no text is encoded; without a body there is no key for it."""
    make()
    url = with_url(client)
    event = requests.post(url, data=b"\x00\xff", headers={"Content-Type": "application/octet-stream"}).json()
    assert ("AP8=", True) == (event["body"], event["isBase64Encoded"])
    assert "body" not in requests.get(url).json()


@pytest.mark.parametrize(
    ("returned", "status", "body"),
    [
        ({"statusCode": 201, "body": "made"}, 201, "made"),
        ({"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}, 200, "hi"),
        ({"a": 1}, 200, '{"a":1}'),
        ("text", 200, "text"),
        (3.1, 200, "3.1"),
        (True, 200, "true"),
    ],
)
def test_what_is_returned_is_the_answer(client: Any, make: Make, returned: Any, status: int, body: str) -> None:
    """A statusCode makes an HTTP answer; everything else is its own body."""
    make(source=RETURNS)
    answered = httpx.post(with_url(client), json=returned)
    assert (status, body) == (answered.status_code, answered.text)


def test_headers_and_cookies_of_the_answer(client: Any, make: Make) -> None:
    """Cookies are headers of their own."""
    make(source=RETURNS)
    returned = {"statusCode": 200, "headers": {"X-A": "b"}, "cookies": ["a=1", "b=2"]}
    answered = httpx.post(with_url(client), json=returned)
    assert ("b", ["a=1", "b=2"]) == (answered.headers["x-a"], answered.headers.get_list("set-cookie"))


def test_failing_function_is_a_bad_gateway(client: Any, make: Make) -> None:
    """502 with AWS's plain text."""
    make(source="def handler(event, context):\n    raise ValueError\n")
    answered = requests.get(with_url(client))
    assert (502, "Internal Server Error") == (answered.status_code, answered.text)


def test_url_needs_two_permissions(aws: Any, client: Any, make: Make) -> None:
    """Without them it is forbidden in AWS's words, and the trace names the one that is missing."""
    make()
    answered = requests.get(with_url(client, allowed=False))
    assert (403, "AccessDeniedException") == (answered.status_code, answered.headers["x-amzn-errortype"])
    assert answered.json()["Message"].startswith("Forbidden. For troubleshooting Function URL authorization issues")
    assert any("lacks lambda:InvokeFunctionUrl" in str(entry) for entry in aws.trace)


def test_unknown_url_is_forbidden(aws: Any, client: Any, make: Make) -> None:
    """A host that no function has answers as one without permission."""
    make()
    with_url(client)
    assert 403 == requests.get(f"https://{'x' * 32}.lambda-url.us-east-1.on.aws/").status_code


def test_signed_requests_show_who_signed(aws: Any, client: Any, make: Make) -> None:
    """With AWS_IAM an unsigned request is forbidden, and a signed one tells its caller."""
    make()
    url = client.create_function_url_config(FunctionName="f", AuthType="AWS_IAM")["FunctionUrl"]
    assert 403 == requests.get(url).status_code
    signed = AWSRequest("GET", url)
    SigV4Auth(boto3.Session().get_credentials(), "lambda", "us-east-1").add_auth(signed)
    event = requests.get(url, headers=dict(signed.headers.items())).json()
    assert "arn:aws:iam::123456789012:user/test" == event["requestContext"]["authorizer"]["iam"]["userArn"]


def test_preflight_is_answered_without_the_function(aws: Any, client: Any, make: Make) -> None:
    """CORS is the URL's own: for allowed origins, on preflights and on answers."""
    make(source=RETURNS)
    url = with_url(client, Cors={"AllowOrigins": ["https://a.example"], "AllowMethods": ["POST"], "MaxAge": 9})
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    preflight = requests.options(url, headers=asked)
    answered = requests.post(url, headers={"Origin": "https://a.example"}, data=json.dumps({"statusCode": 200}))
    other = requests.post(url, headers={"Origin": "https://b.example"}, data=json.dumps({"statusCode": 200}))
    name = "access-control-allow-origin"
    assert ("POST", "9") == (
        preflight.headers["access-control-allow-methods"],
        preflight.headers["access-control-max-age"],
    )
    assert ["https://a.example", None] == [each.headers.get(name) for each in (answered, other)]


def test_alias_has_a_url_of_its_own(client: Any, make: Make) -> None:
    """A URL of an alias runs the alias's version."""
    make(source="def handler(event, context):\n    return context.function_version\n", Publish=True)
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    url = client.create_function_url_config(FunctionName="f", Qualifier="live", AuthType="NONE")["FunctionUrl"]
    for action, key in (("InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}), ("InvokeFunction", {})):
        client.add_permission(
            FunctionName="f", Qualifier="live", StatementId=action, Action=f"lambda:{action}", Principal="*", **key
        )
    assert "1" == requests.get(url).text


def test_second_url_is_a_conflict(client: Any, make: Make) -> None:
    """A function has one URL; once deleted there is none."""
    make()
    with_url(client)
    with pytest.raises(ClientError, match="FunctionUrlConfig exists for this Lambda function"):
        client.create_function_url_config(FunctionName="f", AuthType="NONE")
    client.delete_function_url_config(FunctionName="f")
    with pytest.raises(ClientError, match="The resource you requested does not exist"):
        client.get_function_url_config(FunctionName="f")


def test_throttled_url(client: Any, make: Make) -> None:
    """A function without concurrency answers 429."""
    make()
    url = with_url(client)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    assert 429 == requests.get(url).status_code
