"""Functions from ZIP files, their permissions and their event source mappings."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import current, mock_serverless

from . import handlers

ROLE = "arn:aws:iam::123456789012:role/app"
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def zipped(source: str) -> bytes:
    """A ZIP file with one module ``app``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.py", source)
    return content.getvalue()


def make_role(trusted: str = "lambda.amazonaws.com") -> None:
    """The role of these tests' functions."""
    statement = {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boto3.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=document)


def create(source: str = "def handler(event, context):\n    return 'one'\n", **config: Any) -> Any:
    """A function ``f`` from a ZIP file."""
    return boto3.client("lambda").create_function(
        **{
            "FunctionName": "f",
            "Runtime": "python3.12",
            "Role": ROLE,
            "Handler": "app.handler",
            "Code": {"ZipFile": zipped(source)},
            **config,
        }
    )


def payload_of(name: str = "f") -> Any:
    """What a function returns."""
    return json.loads(boto3.client("lambda").invoke(FunctionName=name)["Payload"].read())


@mock_serverless(region="us-east-1")
def test_zip_runs() -> None:
    """A function's handler comes from its ZIP file."""
    make_role()
    created = create()
    assert ("Pending", "one") == (created["State"], payload_of())


@mock_serverless(region="us-east-1")
def test_new_code_runs() -> None:
    """After an update the new code runs."""
    make_role()
    create()
    before = payload_of()
    code = zipped("def handler(event, context):\n    return 'two'\n")
    boto3.client("lambda").update_function_code(FunctionName="f", ZipFile=code)
    assert ("one", "two") == (before, payload_of())


@mock_serverless(region="us-east-1")
def test_active_waiter() -> None:
    """A function is active at once: waiters do not wait."""
    make_role()
    create()
    boto3.client("lambda").get_waiter("function_active_v2").wait(FunctionName="f")
    assert boto3.client("lambda").get_function(FunctionName="f")["Configuration"]["State"] == "Active"


@mock_serverless(region="us-east-1")
def test_deleted_function_is_gone() -> None:
    """A deleted function is not found."""
    make_role()
    create()
    boto3.client("lambda").delete_function(FunctionName="f")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        boto3.client("lambda").get_function(FunctionName="f")


@mock_serverless(region="us-east-1")
@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"Code": {"ZipFile": b"no zip"}},
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
        ({"Role": f"{ROLE}-other"}, "The role defined for the function cannot be assumed by Lambda."),
        ({"Runtime": "python3.7"}, "The runtime parameter of python3.7 is no longer supported"),
    ],
)
def test_refused_functions(config: dict[str, Any], message: str) -> None:
    """What AWS refuses is refused with its words."""
    make_role()
    with pytest.raises(ClientError) as caught:
        create(**config)
    assert caught.value.response["Error"]["Message"].startswith(message)


@mock_serverless(region="us-east-1")
def test_role_must_trust_lambda() -> None:
    """A role that does not trust Lambda cannot be a function's."""
    make_role("ec2.amazonaws.com")
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        create()


@mock_serverless(region="us-east-1", compat="moto")
def test_moto_compatibility_asks_for_the_role_only() -> None:
    """Where moto's suites come from, the role need only exist."""
    boto3.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument="some policy")
    create()
    assert payload_of() == "one"


@mock_serverless(region="us-east-1")
def test_existing_name() -> None:
    """Two functions cannot have one name."""
    make_role()
    create()
    with pytest.raises(ClientError, match="Function already exist: f"):
        create()


@mock_serverless(region="us-east-1")
def test_permission_statement() -> None:
    """A permission is a statement of the function's resource policy."""
    make_role()
    create()
    arn = "arn:aws:s3:::bucket"
    client = boto3.client("lambda")
    client.add_permission(
        FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com", SourceArn=arn
    )
    statement = json.loads(client.get_policy(FunctionName="f")["Policy"])["Statement"][0]
    assert {"ArnLike": {"AWS:SourceArn": arn}} == statement["Condition"]


def make_stream() -> str:
    """A table ``items`` with a stream; the stream's ARN."""
    table = boto3.client("dynamodb").create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification=STREAM,
    )
    arn: str = table["TableDescription"]["LatestStreamArn"]
    return arn


def put(key: str) -> None:
    """Write an item."""
    boto3.client("dynamodb").put_item(TableName="items", Item={"id": {"S": key}})


def printed(function: Any) -> list[str]:
    """What a handler printed itself."""
    return [line for line in function.logs if line.startswith(("INSERT", "MODIFY", "REMOVE"))]


@mock_serverless(region="us-east-1")
def test_stream_triggers_function() -> None:
    """Every write to the table has reached the function when it returns."""
    stream = make_stream()
    function = current().function(handlers.tells_records)  # type: ignore[union-attr]
    boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName=function.name, StartingPosition="LATEST"
    )
    put("a")
    boto3.client("dynamodb").delete_item(TableName="items", Key={"id": {"S": "a"}})
    assert printed(function) == ["INSERT a", "REMOVE a"]


@mock_serverless(region="us-east-1")
def test_failing_batch_is_given_up() -> None:
    """A batch is tried as often as the mapping says, then the next one comes."""
    stream = make_stream()
    function = current().function(handlers.tells_records)  # type: ignore[union-attr]
    boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName=function.name, StartingPosition="LATEST", MaximumRetryAttempts=1
    )
    put("bad")
    put("good")
    assert printed(function) == ["INSERT bad", "INSERT bad", "INSERT good"]


@mock_serverless(region="us-east-1")
def test_blocked_shard_goes_on_with_the_clock() -> None:
    """Without a bound three attempts are made at once, the next when the clock has moved."""
    aws = current()
    assert aws is not None
    stream = make_stream()
    function = aws.function(handlers.tells_records)
    boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName=function.name, StartingPosition="LATEST"
    )
    put("bad")
    at_once = len(printed(function))
    aws.clock.advance(seconds=1.5)
    assert (3, True) == (at_once, len(printed(function)) > 3)


@mock_serverless(region="us-east-1")
def test_mapping_exists() -> None:
    """A stream is mapped to a function only once."""
    stream = make_stream()
    function = current().function(handlers.tells_records)  # type: ignore[union-attr]
    mapping = {"EventSourceArn": stream, "FunctionName": function.name, "StartingPosition": "LATEST"}
    boto3.client("lambda").create_event_source_mapping(**mapping)
    with pytest.raises(ClientError, match="ResourceConflictException"):
        boto3.client("lambda").create_event_source_mapping(**mapping)
