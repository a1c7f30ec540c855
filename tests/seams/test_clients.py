"""Clients of every make, through the seams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, WaiterError
from botocore.stub import Stubber

from mocksls import mock_serverless
from mocksls._seams.which import takes_wire

from .conftest import client, on_the_wire

TABLE: dict[str, Any] = {
    "TableName": "tab",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
KEY = {"p": {"S": "x"}}


@pytest.fixture(params=["typed", "wire"])
def ddb(aws: Any, request: pytest.FixtureRequest) -> Any:
    """A client of DynamoDB by either seam, and a table."""
    made = client("dynamodb", request.param)
    made.create_table(**TABLE)
    return made


# -- nothing is shared ---------------------------------------------------------------------------------------------


def test_mutated_parameters_change_nothing(ddb: Any) -> None:
    """What the caller does to its parameters afterwards is not seen in the cloud."""
    item: dict[str, Any] = {**KEY, "l": {"L": [{"S": "a"}]}, "b": {"B": bytearray(b"abc")}, "ss": {"SS": ["a"]}}
    ddb.put_item(TableName="tab", Item=item)
    item["l"]["L"].append({"S": "b"})
    item["b"]["B"][0] = 0
    item["ss"]["SS"].append("b")
    item["new"] = {"S": "x"}
    found = ddb.get_item(TableName="tab", Key=KEY)["Item"]
    assert found == {**KEY, "l": {"L": [{"S": "a"}]}, "b": {"B": b"abc"}, "ss": {"SS": ["a"]}}


def test_mutated_results_change_nothing(ddb: Any) -> None:
    """What the caller does to a result is not seen in the cloud, nor in the next result."""
    ddb.put_item(TableName="tab", Item={**KEY, "l": {"L": [{"S": "a"}]}})
    first = ddb.get_item(TableName="tab", Key=KEY)["Item"]
    first["l"]["L"].clear()
    del first["p"]
    described = ddb.describe_table(TableName="tab")["Table"]
    described["KeySchema"][0]["AttributeName"] = "q"
    assert ddb.get_item(TableName="tab", Key=KEY)["Item"] == {**KEY, "l": {"L": [{"S": "a"}]}}
    assert ddb.describe_table(TableName="tab")["Table"]["KeySchema"] == TABLE["KeySchema"]


def test_results_of_a_write_are_not_the_state(ddb: Any) -> None:
    """The attributes that a write returns are a copy, too."""
    ddb.put_item(TableName="tab", Item={**KEY, "l": {"L": []}})
    new = ddb.update_item(
        TableName="tab",
        Key=KEY,
        UpdateExpression="SET x = :x",
        ExpressionAttributeValues={":x": {"L": [{"S": "1"}]}},
        ReturnValues="ALL_NEW",
    )["Attributes"]
    new["x"]["L"].append("rubbish")
    assert ddb.get_item(TableName="tab", Key=KEY)["Item"]["x"] == {"L": [{"S": "1"}]}


# -- clients -------------------------------------------------------------------------------------------------------


def test_client_from_before_the_mock() -> None:
    """A client that was made before the mock started is mocked, and again by the next one."""
    iam = boto3.client("iam", aws_access_key_id="x", aws_secret_access_key="y")
    for _ in range(2):
        with mock_serverless():
            assert iam.list_users()["Users"] == []
            iam.create_user(UserName="ann")


@pytest.mark.parametrize("wire", [False, True])
def test_client_without_credentials(monkeypatch: pytest.MonkeyPatch, wire: bool) -> None:
    """A client that found no credentials before the mock is the test's user inside it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    sts = boto3.session.Session().client("sts", region_name="us-east-1")
    if wire:
        on_the_wire(sts)
    with mock_serverless():
        assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/test"


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_unsigned_client(aws: Any, seam: str) -> None:
    """An unsigned client is anonymous."""
    sts = boto3.client("sts", config=Config(signature_version=UNSIGNED))
    with pytest.raises(ClientError, match="MissingAuthenticationToken"):
        (on_the_wire(sts) if seam == "wire" else sts).get_caller_identity()


def test_regions_are_apart(aws: Any) -> None:
    """A client's region is where its calls go."""
    boto3.client("logs", region_name="eu-west-1").create_log_group(logGroupName="g")
    assert boto3.client("logs", region_name="us-east-1").describe_log_groups()["logGroups"] == []
    assert len(boto3.client("logs", region_name="eu-west-1").describe_log_groups()["logGroups"]) == 1


def test_paginator(ddb: Any) -> None:
    """A paginator walks all pages."""
    for number in range(5):
        ddb.put_item(TableName="tab", Item={"p": {"S": str(number)}})
    pages = list(ddb.get_paginator("scan").paginate(TableName="tab", PaginationConfig={"PageSize": 2}))
    assert [page["Count"] for page in pages] == [2, 2, 1]
    assert {item["p"]["S"] for page in pages for item in page["Items"]} == set("01234")


def test_waiter(ddb: Any) -> None:
    """A waiter ends at once where its state is reached, and without sleeping where it never is."""
    ddb.get_waiter("table_exists").wait(TableName="tab")
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        ddb.get_waiter("table_exists").wait(TableName="missing")


def test_resource(aws: Any) -> None:
    """The resource interface works with Python values."""
    table = boto3.resource("dynamodb").create_table(**TABLE)
    table.wait_until_exists()
    table.put_item(Item={"p": "x", "n": 3, "s": {"a", "b"}})
    assert table.get_item(Key={"p": "x"})["Item"] == {"p": "x", "n": 3, "s": {"a", "b"}}
    assert [each.name for each in boto3.resource("iam").roles.all()] == []


def test_stubber_wins(aws: Any) -> None:
    """What botocore's Stubber answers never reaches the cloud."""
    iam = boto3.client("iam")
    with Stubber(iam) as stubber:
        stubber.add_response("list_roles", {"Roles": [], "IsTruncated": True})
        assert iam.list_roles()["IsTruncated"] is True
    assert len(aws.trace) == 0
    assert iam.list_roles()["IsTruncated"] is False


def test_client_side_validation(ddb: Any) -> None:
    """Botocore's own validation of parameters comes first."""
    with pytest.raises(ParamValidationError):
        ddb.get_item(TableName="tab", Key="x")


# -- handlers of the user ------------------------------------------------------------------------------------------


def test_before_send_handler_sees_the_request(aws: Any) -> None:
    """A handler on before-send sees the HTTP request as it would leave."""
    seen: list[Any] = []
    sts = boto3.client("sts")
    sts.meta.events.register("before-send.sts.*", lambda request, **_: seen.append(request))
    sts.get_caller_identity()
    assert [request.method for request in seen] == ["POST"]
    assert "Action=GetCallerIdentity" in seen[0].body
    assert b"AWS4-HMAC-SHA256" in seen[0].headers["Authorization"]


def test_before_send_handler_may_answer(aws: Any) -> None:
    """A handler that answers is the answer."""
    from botocore.awsrequest import AWSResponse

    class Raw:
        """A body."""

        def stream(self, **_: Any) -> Iterator[bytes]:
            yield b'{"TableNames": ["made up"]}'

    ddb = boto3.client("dynamodb")
    ddb.meta.events.register("before-send", lambda request, **_: AWSResponse(request.url, 200, {}, Raw()))
    assert ddb.list_tables()["TableNames"] == ["made up"]


@pytest.mark.parametrize("event", ["before-call", "after-call", "before-parameter-build", "provide-client-params"])
def test_other_handlers_see_typed_calls(aws: Any, event: str) -> None:
    """Handlers on events that the typed seam emits are called once."""
    seen = []
    iam = boto3.client("iam")
    iam.meta.events.register(f"{event}.iam.ListUsers", lambda **_: seen.append(event))
    iam.list_users()
    assert seen == [event]


def test_handler_that_changes_parameters(aws: Any) -> None:
    """A handler may change the parameters before they are sent."""
    iam = boto3.client("iam")
    iam.meta.events.register("before-parameter-build.iam.CreateUser", lambda params, **_: params.update(Path="/x/"))
    assert iam.create_user(UserName="ann")["User"]["Path"] == "/x/"


def test_handler_that_comes_and_goes(aws: Any) -> None:
    """A handler counts from when it is registered until it is taken away."""
    seen: list[int] = []

    def look(**_: Any) -> None:
        seen.append(1)

    iam = boto3.client("iam")
    iam.list_users()
    iam.meta.events.register("before-send", look)
    iam.list_users()
    iam.meta.events.unregister("before-send", look)
    iam.list_users()
    assert seen == [1]


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_retry_modes(aws: Any, mode: str) -> None:
    """Each retry mode gets over a throttle without sleeping."""
    ddb = boto3.client("dynamodb", config=Config(retries={"mode": mode, "total_max_attempts": 4}))
    aws.faults.inject("dynamodb", error="ThrottlingException", times=2)
    assert ddb.list_tables()["ResponseMetadata"]["RetryAttempts"] == 2


# -- timestamps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_timestamps_of_answers(aws: Any, seam: str, zone: str) -> None:
    """Timestamps are aware and show the cloud's time, whatever the process's zone."""
    moment = datetime(2040, 5, 6, 7, 8, 9, 123456, tzinfo=timezone.utc)
    aws.clock.freeze(moment)
    created = client("iam", seam).create_user(UserName="ann")["User"]["CreateDate"]
    assert created == moment.replace(microsecond=0)
    table = client("dynamodb", seam).create_table(**TABLE)["TableDescription"]
    assert abs((table["CreationDateTime"] - moment).total_seconds()) < 0.001


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_time_of_a_test_that_replaces_it(aws: Any, seam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test may replace ``time.time`` alone: its clients still sign by ``datetime``, and are no strangers for that."""
    sqs = client("sqs", seam)
    monkeypatch.setattr("time.time", lambda: 1_620_256_567.0)
    assert sqs.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_undone_exactly() -> None:
    """After the mock botocore's classes are as before."""
    from botocore.client import BaseClient
    from botocore.endpoint import Endpoint
    from botocore.httpsession import URLLib3Session

    def now() -> list[Any]:
        return [BaseClient._make_request, BaseClient._convert_to_request_dict, Endpoint._send, URLLib3Session.send]

    before = now()
    with mock_serverless():
        assert now() != before
    assert now() == before


def test_powertools_do_not_slow_clients_down(aws: Any) -> None:
    """The handler by which Powertools for AWS names itself in the User-Agent does not send clients over the wire."""
    user_agent = pytest.importorskip("aws_lambda_powertools.shared.user_agent")
    session = boto3.session.Session(region_name="us-east-1")
    user_agent.register_feature_to_botocore_session(session._session, "parameters")
    dynamodb = session.client("dynamodb")
    model = dynamodb.meta.service_model.operation_model("ListTables")
    assert takes_wire(dynamodb, model) is False
