"""The ``aws`` handle."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError

from mocksls import UnmockedServiceError, mock_serverless

from . import users


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


def arn(**keys: str) -> str:
    """Who some keys are."""
    return str(boto3.client("sts", **keys).get_caller_identity()["Arn"])


# -- credentials ---------------------------------------------------------------------------------------------------


def test_the_test_user(aws: Any) -> None:
    """Without more said the caller is the account's user ``test``, who is not listed."""
    assert arn() == "arn:aws:iam::123456789012:user/test"
    assert arn(**aws.credentials()) == "arn:aws:iam::123456789012:user/test"
    assert users.names() == []


def test_credentials_of_a_role(aws: Any) -> None:
    """Keys of a role are a session of it; a role that does not exist is made."""
    keys = aws.credentials("arn:aws:iam::123456789012:role/path/reader")
    assert sorted(keys) == ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
    assert arn(**keys) == "arn:aws:sts::123456789012:assumed-role/reader/mocksls"
    assert boto3.client("iam").get_role(RoleName="reader")["Role"]["Path"] == "/path/"


def test_credentials_of_a_user(aws: Any) -> None:
    """Keys of a user are that user, who must exist."""
    users.make("ann")
    assert arn(**aws.credentials("arn:aws:iam::123456789012:user/ann")) == "arn:aws:iam::123456789012:user/ann"
    with pytest.raises(ValueError, match="does not exist"):
        aws.credentials("arn:aws:iam::123456789012:user/bob")


@pytest.mark.parametrize("wrong", ["ann", "arn:aws:s3:::bucket", "arn:aws:iam::123456789012:group/g"])
def test_credentials_of_something_else(aws: Any, wrong: str) -> None:
    """Only roles and users have keys."""
    with pytest.raises(ValueError, match="no ARN of a role or user"):
        aws.credentials(wrong)


def test_credentials_of_another_account(aws: Any) -> None:
    """A role of another account is made in that account."""
    keys = aws.credentials("arn:aws:iam::999999999999:role/partner")
    assert boto3.client("sts", **keys).get_caller_identity()["Account"] == "999999999999"
    names = [role["RoleName"] for role in boto3.client("iam", **keys).list_roles()["Roles"]]
    assert (names, boto3.client("iam").list_roles()["Roles"]) == (["partner"], [])


def test_register_credentials(aws: Any) -> None:
    """A literal key is whose the test says it is."""
    aws.register_credentials("AKIAMINE", "secret", "111122223333")
    aws.register_credentials("AKIAHERS", "secret", "111122223333", user="ann")
    keys = {"aws_secret_access_key": "secret"}
    assert arn(aws_access_key_id="AKIAMINE", **keys) == "arn:aws:iam::111122223333:root"
    assert arn(aws_access_key_id="AKIAHERS", **keys) == "arn:aws:iam::111122223333:user/ann"


def test_a_wrong_secret(aws: Any) -> None:
    """A known key with another secret is refused as AWS does."""
    aws.register_credentials("AKIAMINE", "secret", "111122223333")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        arn(aws_access_key_id="AKIAMINE", aws_secret_access_key="wrong")


def test_expired_keys(aws: Any) -> None:
    """Temporary keys end."""
    keys = aws.credentials("arn:aws:iam::123456789012:role/reader")
    aws.clock.advance(hours=12)
    with pytest.raises(ClientError, match="ExpiredToken"):
        arn(**keys)


# -- faults --------------------------------------------------------------------------------------------------------


def test_throttled_attempts_are_retried(aws: Any) -> None:
    """Two throttles are absorbed by the client's retries, which take time on the cloud's clock only."""
    client = boto3.client("dynamodb")
    aws.faults.inject("dynamodb", "ListTables", error="ThrottlingException", times=2)
    answer = client.list_tables()
    assert answer["TableNames"] == []
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert len(aws.trace.filter(service="dynamodb", name="ListTables")) == 3


def test_an_error_reaches_the_client(aws: Any) -> None:
    """An injected error has AWS's code and the model's status, for the attempts asked for."""
    client = boto3.client("iam")
    aws.faults.inject("iam", "get_user", error="NoSuchEntityException")
    with pytest.raises(client.exceptions.NoSuchEntityException) as raised:
        client.get_user()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert client.get_user()["User"]["UserName"] == "test"


def test_latency_beyond_the_read_timeout(aws: Any) -> None:
    """An attempt that takes longer than the client waits is a read timeout."""
    client = boto3.client("dynamodb", config=Config(read_timeout=5, retries={"total_max_attempts": 1}))
    aws.faults.inject("dynamodb", latency=6)
    with pytest.raises(ReadTimeoutError):
        client.list_tables()
    assert client.list_tables()["TableNames"] == []


def test_latency_moves_the_clock(aws: Any) -> None:
    """A slow answer takes its time on the cloud's clock."""
    before = aws.clock.now()
    with aws.faults.inject("dynamodb", latency=30, times=None):
        boto3.client("dynamodb").list_tables()
    assert timedelta(seconds=30) <= aws.clock.now() - before < timedelta(seconds=40)


def test_retries_do_not_outlast_the_fault(aws: Any) -> None:
    """A fault without end exhausts the retries."""
    client = boto3.client("dynamodb", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    with aws.faults.inject("dynamodb", error="InternalServerError", times=None), pytest.raises(ClientError) as raised:
        client.list_tables()
    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 2
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


# -- the rest ------------------------------------------------------------------------------------------------------


def test_reset(aws: Any) -> None:
    """``reset`` gives a fresh cloud under the same handle."""
    users.make("ann")
    aws.clock.advance(days=300)
    aws.reset()
    assert users.names() == []
    assert aws.clock.now() - datetime.now(timezone.utc) < timedelta(days=1)
    assert [entry.name for entry in aws.trace] == ["ListUsers"]


def test_clock_through_aws(aws: Any) -> None:
    """What AWS stamps is the cloud's time."""
    moment = datetime(2040, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    aws.clock.freeze(moment)
    assert boto3.client("iam").create_user(UserName="ann")["User"]["CreateDate"] == moment
    aws.clock.advance(days=1, hours=2)
    assert aws.clock.now() == moment + timedelta(hours=26)
    with pytest.raises(ValueError, match="backwards"):
        aws.clock.freeze(moment)
    with pytest.raises(ValueError, match="backwards"):
        aws.clock.advance(seconds=-1)


def test_trace(aws: Any) -> None:
    """The trace tells calls and refusals in order."""
    users.make("ann")
    with pytest.raises(ClientError):
        users.make("ann")
    lines = str(aws.trace).splitlines()
    assert lines[0] == "iam.CreateUser ann"
    assert "User with name ann already exists." in lines[1]


def test_settle_of_nothing(aws: Any) -> None:
    """In immediate delivery nothing is left."""
    assert aws.settle() == 0


@pytest.mark.parametrize("service", ["ec2", "rds", "secretsmanager"])
def test_unmocked_service(aws: Any, service: str) -> None:
    """A service that is not mocked is refused clearly, naming the way out."""
    client = boto3.client(service)
    call = {"ec2": "describe_vpcs", "rds": "describe_db_instances", "secretsmanager": "list_secrets"}[service]
    with pytest.raises(UnmockedServiceError, match=rf"{service}.*passthrough"):
        getattr(client, call)()


def test_operation_that_is_not_there(aws: Any) -> None:
    """An operation of the model that is not implemented answers 501, never an empty success."""
    with pytest.raises(ClientError) as raised:
        boto3.client("iam").list_organizations_features()
    error = raised.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("NotImplemented", 501)
    assert "iam.ListOrganizationsFeatures is not implemented" in error["Error"]["Message"]


def test_state_ends_with_the_mock() -> None:
    """Nothing of one mock is seen in the next."""
    for _ in range(2):
        with mock_serverless():
            assert users.names() == []
            users.make("ann")


def test_background_mock_ends_its_worker() -> None:
    """A mock with background delivery leaves no thread behind, a reset one neither."""
    before = threading.active_count()
    with mock_serverless(delivery="background") as aws:
        assert threading.active_count() == before + 1
        aws.reset()
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


# -- functions, and what is held beyond a reset --------------------------------------------------------------------


def echo(event: Any, context: Any) -> Any:
    """A handler."""
    return event


@pytest.mark.parametrize("wrong", [{"TimeOut": 10}, {"Timeout": "10"}, {"name": 7}, {"name": ""}])
def test_function_of_wrong_settings(aws: Any, wrong: dict[str, Any]) -> None:
    """A misspelt keyword, or a value of a wrong type, is refused as a client refuses it, and nothing is made."""
    with pytest.raises(ParamValidationError):
        aws.function(echo, **wrong)
    assert boto3.client("lambda").list_functions()["Functions"] == []


def test_function_is_gone_after_a_reset(aws: Any) -> None:
    """A function that was made before a reset is none of the fresh cloud."""
    function = aws.function(echo)
    assert function.invoke(1) == 1
    aws.reset()
    with pytest.raises(ClientError, match="Function not found"):
        function.invoke(1)
    assert function.logs == []


def test_function_of_a_mock_that_has_stopped() -> None:
    """A function does not outlive its mock."""
    with mock_serverless() as aws:
        function = aws.function(echo)
    with pytest.raises(RuntimeError, match="this mock has stopped"):
        function.invoke()


def test_clock_is_held_over_a_reset(aws: Any) -> None:
    """The handle's parts lead to the cloud that is there."""
    clock = aws.clock
    aws.reset()
    clock.advance(days=300)
    assert aws.clock.now() - datetime.now(timezone.utc) > timedelta(days=299)


@pytest.mark.parametrize("span", [{"seconds": float("inf")}, {"days": 10**10}])
def test_clock_beyond_all_times(aws: Any, span: dict[str, float]) -> None:
    """The clock is not moved beyond what a ``datetime`` can tell."""
    with pytest.raises(ValueError, match="cannot be moved that far"):
        aws.clock.advance(**span)


@pytest.mark.parametrize(
    ("service", "operation", "message"),
    [("dynamo", "PutItem", "service must be one of"), ("dynamodb", "PutItems", "no operation 'PutItems'")],
)
def test_faults_of_nothing(aws: Any, service: str, operation: str, message: str) -> None:
    """A fault that no attempt would ever meet is refused."""
    with pytest.raises(ValueError, match=message):
        aws.faults.inject(service, operation, error="InternalServerError")


def test_faults_of_plain_http(aws: Any) -> None:
    """Requests at hosts that are no API have names, too."""
    for service, operation in (("execute-api", "Invoke"), ("lambda", "InvokeFunctionUrl"), ("s3", "get_object")):
        assert repr(aws.faults.inject(service, operation, connection="refused")).startswith(
            f"Fault(service='{service}'"
        )


@pytest.mark.parametrize(
    ("key", "secret", "account", "message"),
    [("", "s", "111122223333", "not be empty"), ("AKIAX", "s", "1111", "12 digits")],
)
def test_registering_what_are_no_keys(aws: Any, key: str, secret: str, account: str, message: str) -> None:
    """Keys have an id, a secret and an account."""
    with pytest.raises(ValueError, match=message):
        aws.register_credentials(key, secret, account)
