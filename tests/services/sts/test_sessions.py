"""STS: who calls, and sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

ROLE = "arn:aws:iam::123456789012:role/reader"


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def sts(aws: Any) -> Any:
    """A client of STS."""
    return boto3.client("sts")


def keys(credentials: dict[str, Any]) -> dict[str, str]:
    """Credentials as the keywords of a client."""
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def make_role(effect: str, principal: dict[str, str]) -> str:
    """Make the role, with a trust policy; its unique id."""
    statement = {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = boto3.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument=document)
    return str(made["Role"]["RoleId"])


def test_caller_identity(sts: Any) -> None:
    """The test's own user has a stable id."""
    identity = sts.get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == ("123456789012", "arn:aws:iam::123456789012:user/test")
    assert identity["UserId"].startswith("AIDA")


def test_assume_role(sts: Any, aws: Any) -> None:
    """A session is the role under the session's name, for the time asked."""
    aws.clock.freeze(datetime(2040, 1, 1, tzinfo=timezone.utc))
    unique_id = make_role("Allow", {"AWS": "*"})
    answer = sts.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=900)
    arn = "arn:aws:sts::123456789012:assumed-role/reader/me"
    assert answer["AssumedRoleUser"] == {"AssumedRoleId": f"{unique_id}:me", "Arn": arn}
    assert answer["Credentials"]["Expiration"] == datetime(2040, 1, 1, 0, 15, tzinfo=timezone.utc)
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    identity = boto3.client("sts", **keys(answer["Credentials"])).get_caller_identity()
    assert (identity["Arn"], identity["UserId"]) == (arn, f"{unique_id}:me")


def test_assume_a_role_that_is_not_there(sts: Any) -> None:
    """While nothing is enforced a role that nobody made may be assumed, in its account."""
    answer = sts.assume_role(RoleArn="arn:aws:iam::999999999999:role/x/partner", RoleSessionName="me")
    identity = boto3.client("sts", **keys(answer["Credentials"])).get_caller_identity()
    assert identity["Arn"] == "arn:aws:sts::999999999999:assumed-role/partner/me"


def test_explicitly_denied(sts: Any) -> None:
    """An explicit denial of the trust policy counts always."""
    make_role("Deny", {"AWS": "*"})
    with pytest.raises(ClientError) as raised:
        sts.assume_role(RoleArn=ROLE, RoleSessionName="me")
    error = raised.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("AccessDenied", 403)
    assert error["Error"]["Message"] == (
        f"User: arn:aws:iam::123456789012:user/test is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    )


@pytest.mark.parametrize("arn", ["arn:aws:iam::123456789012:user/ann", "this-is-not-an-arn-of-a-role"])
def test_not_a_role(sts: Any, arn: str) -> None:
    """What is no role's ARN is a ValidationError."""
    with pytest.raises(ClientError, match=f"ValidationError.*{arn} is invalid"):
        sts.assume_role(RoleArn=arn, RoleSessionName="me")


@pytest.mark.parametrize("wrong", [{"RoleSessionName": "a b"}, {"RoleSessionName": "me", "DurationSeconds": 899}])
def test_constraints(aws: Any, wrong: dict[str, Any]) -> None:
    """Name and duration have AWS's constraints."""
    from botocore.config import Config

    sts = boto3.client("sts", config=Config(parameter_validation=False))
    with pytest.raises(ClientError, match=r"ValidationError.*1 validation error detected"):
        sts.assume_role(RoleArn=ROLE, **wrong)


def test_sessions_end(sts: Any, aws: Any) -> None:
    """A session's keys expire on the cloud's clock."""
    answer = sts.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=900)
    session = boto3.client("sts", **keys(answer["Credentials"]))
    aws.clock.advance(minutes=14)
    session.get_caller_identity()
    aws.clock.advance(minutes=1)
    with pytest.raises(ClientError, match=r"ExpiredToken.*The security token included in the request is expired"):
        session.get_caller_identity()


def test_wrong_token(sts: Any) -> None:
    """A session's key with another token is invalid."""
    answer = sts.assume_role(RoleArn=ROLE, RoleSessionName="me")
    mine = {**keys(answer["Credentials"]), "aws_session_token": "other"}
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        boto3.client("sts", **mine).get_caller_identity()


def test_session_token(sts: Any, aws: Any) -> None:
    """Temporary keys of the caller last twelve hours unless said otherwise."""
    credentials = sts.get_session_token()["Credentials"]
    ends_in = credentials["Expiration"] - aws.clock.now()
    assert timedelta(hours=11, minutes=59) < ends_in <= timedelta(hours=12)
    assert boto3.client("sts", **keys(credentials)).get_caller_identity()["Arn"].endswith(":user/test")


def test_access_key_info(sts: Any) -> None:
    """A key tells its account, known here or encoded in it."""
    answer = sts.assume_role(RoleArn="arn:aws:iam::999999999999:role/partner", RoleSessionName="me")
    key = answer["Credentials"]["AccessKeyId"]
    assert sts.get_access_key_info(AccessKeyId=key)["Account"] == "999999999999"


def test_longest_session(sts: Any) -> None:
    """A session lasts no longer than its role allows."""
    make_role("Allow", {"AWS": "*"})
    with pytest.raises(ClientError, match="exceeds the MaxSessionDuration set for this role"):
        sts.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=7200)
    boto3.client("iam").update_role(RoleName="reader", MaxSessionDuration=7200)
    sts.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=7200)


def test_sessions_of_sessions(sts: Any) -> None:
    """A session may assume another role for an hour, and may not ask for a session token."""
    answer = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/first", RoleSessionName="me")
    session = boto3.client("sts", **keys(answer["Credentials"]))
    session.assume_role(RoleArn="arn:aws:iam::123456789012:role/second", RoleSessionName="me")
    with pytest.raises(ClientError, match="exceeds the 1 hour session limit for roles assumed by role chaining"):
        session.assume_role(RoleArn=ROLE, RoleSessionName="me", DurationSeconds=3601)
    with pytest.raises(ClientError, match="Cannot call GetSessionToken with session credentials"):
        session.get_session_token()


def test_source_identity_stays(sts: Any) -> None:
    """A source identity goes on to the next session, and cannot become another one."""
    first = sts.assume_role(RoleArn=ROLE, RoleSessionName="first", SourceIdentity="ann")
    client = boto3.client("sts", **keys(first["Credentials"]))
    assert client.assume_role(RoleArn=ROLE, RoleSessionName="next")["SourceIdentity"] == "ann"
    assert client.assume_role(RoleArn=ROLE, RoleSessionName="next", SourceIdentity="ann")["SourceIdentity"] == "ann"
    with pytest.raises(ClientError, match="is not authorized to perform: sts:SetSourceIdentity on resource") as caught:
        client.assume_role(RoleArn=ROLE, RoleSessionName="next", SourceIdentity="bob")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
