"""moto beside us: what is ours stays ours, everything else is moto's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
import requests
from moto import mock_aws

from mocksls import UnmockedServiceError, mock_serverless
from tests.seams.conftest import client


@pytest.fixture(params=["moto outside", "moto inside"])
def both(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Both mocks active, nested one way and the other."""
    with ExitStack() as stack:
        if request.param == "moto outside":
            stack.enter_context(mock_aws())
        aws = stack.enter_context(mock_serverless(region="us-east-1"))
        if request.param == "moto inside":
            stack.enter_context(mock_aws())
        yield aws


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_ours_stay_ours(both: Any, seam: str) -> None:
    """Calls of our services reach our cloud by both seams."""
    client("iam", seam).create_user(UserName="ann")
    assert [user["UserName"] for user in client("iam", "typed").list_users()["Users"]] == ["ann"]
    assert [entry.name for entry in both.trace] == ["CreateUser", "ListUsers"]


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_others_are_motos(both: Any, seam: str) -> None:
    """Calls of other services reach moto."""
    assert client("ses", seam).list_identities()["Identities"] == []
    assert list(both.trace) == []


@pytest.mark.parametrize("service", ["iam", "email"])
def test_plain_http(both: Any, service: str) -> None:
    """Plain HTTP is answered by whose service it is."""
    url = f"https://{service}.us-east-1.amazonaws.com/".replace("iam.us-east-1", "iam")
    action = {"iam": "Action=ListUsers&Version=2010-05-08", "email": "Action=ListIdentities&Version=2010-12-01"}[
        service
    ]
    now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/us-east-1/{service}/aws4_request"
    signature = f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=a/{scope}, {signature}", "X-Amz-Date": now}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    text = requests.post(url, data=action, headers=headers, timeout=5).text
    assert ("ListIdentitiesResult" in text) == (service == "email")
    assert len(both.trace) == (service == "iam")


def test_other_libraries(both: Any) -> None:
    """Libraries that moto does not hook reach it through us."""
    import httpx

    answer = httpx.get("https://email.us-east-1.amazonaws.com/?Action=ListIdentities&Version=2010-12-01")
    assert "ListIdentitiesResult" in answer.text


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_clients_from_before(seam: str) -> None:
    """Clients that were made before either mock reach both."""
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    iam, ses = boto3.client("iam", **keys), boto3.client("ses", **keys)
    if seam == "wire":
        iam.meta.events.register("before-send", lambda **_: None)
    with mock_serverless(region="us-east-1") as aws, mock_aws():
        iam.create_user(UserName="ann")
        assert ses.list_identities()["Identities"] == []
        assert [entry.name for entry in aws.trace] == ["CreateUser"]


def test_moto_that_stops_first() -> None:
    """When moto stops inside our mock, its services are nobody's again, and ours go on."""
    with mock_serverless(region="us-east-1"):
        with mock_aws():
            boto3.client("iam").create_user(UserName="ann")
        assert len(boto3.client("iam").list_users()["Users"]) == 1
        with pytest.raises(UnmockedServiceError):
            boto3.client("ses").list_identities()


def test_moto_that_outlives_us() -> None:
    """When our mock stops inside moto, everything is moto's again."""
    with mock_aws():
        with mock_serverless(region="us-east-1"):
            boto3.client("iam").create_user(UserName="ann")
        assert boto3.client("iam", region_name="us-east-1").list_users()["Users"] == []
