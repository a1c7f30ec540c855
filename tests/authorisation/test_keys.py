"""Who a key belongs to, and keys that do not do, in each protocol's words."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, allow, policy

CALLS = [("dynamodb", "list_tables"), ("iam", "list_users"), ("sts", "get_caller_identity"), ("s3", "list_buckets")]
UNKNOWN = {
    "dynamodb": "UnrecognizedClientException",
    "iam": "InvalidClientTokenId",
    "sts": "InvalidClientTokenId",
    "s3": "InvalidAccessKeyId",
}
EXPIRED = {"dynamodb": "ExpiredTokenException", "iam": "ExpiredToken", "sts": "ExpiredToken", "s3": "ExpiredToken"}
UNSIGNED_CODES = {
    "dynamodb": "MissingAuthenticationTokenException",
    "iam": "MissingAuthenticationToken",
    "sts": "MissingAuthenticationToken",
}
WRONG_SECRET = {
    "dynamodb": "InvalidSignatureException",
    "iam": "SignatureDoesNotMatch",
    "sts": "SignatureDoesNotMatch",
    "s3": "SignatureDoesNotMatch",
}


def code(call: Any) -> str:
    """The error code of a call that is refused."""
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def client(service: str, wire: bool, key: str, secret: str, token: str | None = None, **options: Any) -> Any:
    """A client with those keys; one whose requests are seen by a handler goes by the wire."""
    found = boto3.client(
        service, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, **options
    )
    if wire:
        found.meta.events.register("before-send", lambda **_: None)
    return found


@pytest.fixture
def key(aws: Any) -> dict[str, str]:
    """An administrator's access key."""
    iam = boto3.client("iam")
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy(allow("*")))
    made: dict[str, str] = iam.create_access_key(UserName="ann")["AccessKey"]
    return made


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_an_issued_key_is_its_users(key: Any, service: str, operation: str, wire: bool) -> None:
    """Signed by its secret, a key is accepted everywhere."""
    made = client(service, wire, key["AccessKeyId"], key["SecretAccessKey"])
    assert getattr(made, operation)()["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_a_wrong_secret(key: Any, service: str, operation: str, wire: bool) -> None:
    """The signature does not match."""
    made = client(service, wire, key["AccessKeyId"], "wrong")
    assert code(getattr(made, operation)) == WRONG_SECRET[service]


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_an_inactive_key(key: Any, service: str, operation: str, wire: bool) -> None:
    """A key that was switched off is as good as none."""
    boto3.client("iam").update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    made = client(service, wire, key["AccessKeyId"], key["SecretAccessKey"])
    assert code(getattr(made, operation)) == UNKNOWN[service]


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_an_expired_session(aws: Any, key: Any, service: str, operation: str, wire: bool) -> None:
    """Temporary keys end on the cloud's clock."""
    sts = client("sts", False, key["AccessKeyId"], key["SecretAccessKey"])
    keys = sts.get_session_token(DurationSeconds=900)["Credentials"]
    made = client(service, wire, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert getattr(made, operation)()["ResponseMetadata"]["HTTPStatusCode"] == 200
    aws.clock.advance(minutes=15)
    assert code(getattr(made, operation)) == EXPIRED[service]


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize(("service", "operation"), CALLS[:3])
def test_unsigned_calls(aws: Any, service: str, operation: str, wire: bool) -> None:
    """Only S3 knows anonymous callers; elsewhere a token is missing."""
    made = boto3.client(service, config=Config(signature_version=UNSIGNED))
    if wire:
        made.meta.events.register("before-send", lambda **_: None)
    assert code(getattr(made, operation)) == UNSIGNED_CODES[service]


def test_a_session_without_its_token(key: Any) -> None:
    """The keys of a session are nothing without the token."""
    sts = client("sts", False, key["AccessKeyId"], key["SecretAccessKey"])
    keys = sts.get_session_token()["Credentials"]
    made = client("sts", False, keys["AccessKeyId"], keys["SecretAccessKey"])
    assert code(made.get_caller_identity) == "InvalidClientTokenId"


def test_a_moved_clock_does_not_age_new_signatures(aws: Any, key: Any) -> None:
    """What is signed after the clock was moved is fresh."""
    aws.clock.advance(days=3)
    made = client("dynamodb", True, key["AccessKeyId"], key["SecretAccessKey"])
    assert made.list_tables()["TableNames"] == []


def test_a_registered_key_is_who_it_was_said_to_be(aws: Any) -> None:
    """A literal key of another account's root."""
    aws.register_credentials("AKIAOTHER", "secret", "999999999999")
    identity = client("sts", True, "AKIAOTHER", "secret").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == ("999999999999", "arn:aws:iam::999999999999:root")


def test_who_the_test_is(aws: Any) -> None:
    """The test's own user is an administrator that ListUsers does not show."""
    assert boto3.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/test"
    assert boto3.client("iam").list_users()["Users"] == []
