"""Invocations of functions made from callables."""

from __future__ import annotations

import base64
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import FunctionError, current, mock_serverless

from . import handlers


def aws() -> Any:
    """The handle of the active mock."""
    return current()


@mock_serverless(region="us-east-1")
@pytest.mark.parametrize("value", [None, True, 1, 1.5, "x", [1, 2], {"a": {"b": "ü"}}])
def test_result_is_json(value: Any) -> None:
    """Any JSON value goes in and comes out."""
    function = aws().function(handlers.echo)
    payload = boto3.client("lambda").invoke(FunctionName=function.name, Payload=json.dumps(value))["Payload"].read()
    assert value == json.loads(payload)


@mock_serverless(region="us-east-1")
def test_no_payload_is_an_empty_event() -> None:
    """A handler that is sent nothing gets an empty object."""
    aws().function(handlers.echo)
    answer = boto3.client("lambda").invoke(FunctionName="echo")
    assert (b"{}", 200, "$LATEST") == (answer["Payload"].read(), answer["StatusCode"], answer["ExecutedVersion"])


@mock_serverless(region="us-east-1")
def test_error_of_the_handler() -> None:
    """An exception is AWS's error object, with its trace."""
    function = aws().function(handlers.fails)
    with pytest.raises(FunctionError) as caught:
        function.invoke({"what": "luck"})
    payload = caught.value.payload
    assert ("ValueError", "no luck") == (payload["errorType"], payload["errorMessage"])
    assert "in fails" in payload["stackTrace"][-1]


@mock_serverless(region="us-east-1")
def test_unhandled_error_answers_200() -> None:
    """Invoke itself succeeds when the function fails."""
    aws().function(handlers.fails)
    answer = boto3.client("lambda").invoke(FunctionName="fails")
    assert (200, "Unhandled") == (answer["StatusCode"], answer["FunctionError"])


@mock_serverless(region="us-east-1")
def test_timeout() -> None:
    """A handler is ended at its timeout, which the error names with two decimals."""
    function = aws().function(handlers.sleeps, Timeout=1)
    with pytest.raises(FunctionError) as caught:
        function.invoke()
    assert caught.value.payload["errorType"] == "Sandbox.Timedout"
    assert caught.value.payload["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")


@mock_serverless(region="us-east-1")
def test_exit_of_the_process() -> None:
    """A handler that ends its process is told as AWS tells it."""
    function = aws().function(handlers.leaves)
    with pytest.raises(FunctionError) as caught:
        function.invoke()
    assert caught.value.payload["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")


@mock_serverless(region="us-east-1")
def test_environment_stays_warm() -> None:
    """Globals live on between invocations, until the configuration changes."""
    function = aws().function(handlers.counts_calls)
    counted = [function.invoke(), function.invoke()]
    boto3.client("lambda").update_function_configuration(FunctionName=function.name, Timeout=9)
    assert [1, 2, 1] == [*counted, function.invoke()]


@mock_serverless(region="eu-west-1")
def test_context_and_environment() -> None:
    """The context object and the environment carry the configuration."""
    function = aws().function(handlers.tells_context, MemorySize=256, Environment={"Variables": {"STAGE": "test"}})
    told = function.invoke()
    assert 0 < told.pop("left") <= 3000
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:tells_context"
    expected = {"name": "tells_context", "memory": "256", "arn": arn, "region": "eu-west-1", "stage": "test"}
    assert expected == told


@mock_serverless(region="us-east-1")
def test_calls_home_as_the_role() -> None:
    """What a handler calls is the test's cloud, and it acts as the function's role."""
    make_table()
    role = "arn:aws:sts::123456789012:assumed-role/mocksls-function/writes_item"
    assert role == aws().function(handlers.writes_item).invoke({"id": "a"})
    assert boto3.client("dynamodb").scan(TableName="items")["Items"] == [{"id": {"S": "a"}}]


@mock_serverless(region="us-east-1")
def test_event_is_tried_three_times() -> None:
    """An asynchronous invocation that fails is retried twice, under one request id."""
    function = aws().function(handlers.fails)
    answer = boto3.client("lambda").invoke(FunctionName="fails", InvocationType="Event", Payload=b"{}")
    starts = [line for line in function.logs if line.startswith("START")]
    assert (202, 3, 1) == (answer["StatusCode"], len(starts), len(set(starts)))


@mock_serverless(region="us-east-1", delivery="manual")
def test_manual_delivery_waits_for_settle() -> None:
    """In manual delivery an event runs when the test settles."""
    function = aws().function(handlers.echo)
    boto3.client("lambda").invoke(FunctionName="echo", InvocationType="Event")
    before = len(function.logs)
    assert (0, 1, True) == (before, aws().settle(), bool(function.logs))


@mock_serverless(region="us-east-1")
def test_loop_is_cut() -> None:
    """A function that leads to its own invocation is stopped after 16 rounds."""
    function = aws().function(handlers.calls_itself)
    boto3.client("lambda").invoke(FunctionName=function.name, InvocationType="Event")
    assert 16 == len(aws().trace.filter(kind="invocation"))


@mock_serverless(region="us-east-1")
def test_tail() -> None:
    """LogType=Tail brings the log of the invocation."""
    aws().function(handlers.fails)
    answer = boto3.client("lambda").invoke(FunctionName="fails", LogType="Tail")
    lines = base64.b64decode(answer["LogResult"]).decode().splitlines()
    assert lines[0].startswith("START RequestId: ")
    assert lines[1] == "about to fail"
    assert lines[-1].startswith("REPORT RequestId: ")


@mock_serverless(region="us-east-1")
def test_dry_run() -> None:
    """A dry run answers 204 and runs nothing."""
    function = aws().function(handlers.echo)
    assert boto3.client("lambda").invoke(FunctionName="echo", InvocationType="DryRun")["StatusCode"] == 204
    assert function.logs == []


@mock_serverless(region="us-east-1")
def test_unknown_function() -> None:
    """An unknown function's ARN is told with the version that would have run."""
    with pytest.raises(ClientError) as caught:
        boto3.client("lambda").invoke(FunctionName="nobody")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:nobody:$LATEST"
    error = caught.value.response["Error"]
    assert {"Code": "ResourceNotFoundException", "Message": f"Function not found: {arn}"} == error


@mock_serverless(region="us-east-1")
def test_payload_that_is_no_json() -> None:
    """A payload must be JSON."""
    aws().function(handlers.echo)
    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        boto3.client("lambda").invoke(FunctionName="echo", Payload=b"{nonsense")


@mock_serverless(region="us-east-1", executor="inline")
@pytest.mark.filterwarnings("ignore::mocksls.MockslsWarning")
def test_inline_handlers_share_the_process() -> None:
    """An inline handler runs in the test's own process, and its calls reach the cloud."""
    make_table()
    function = aws().function(handlers.writes_item)
    assert function.invoke({"id": "b"}).endswith("/writes_item")
    counter = aws().function(handlers.counts_calls)
    before = handlers._calls
    assert (before + 1, before + 1) == (counter.invoke(), handlers._calls)


@mock_serverless(region="us-east-1", executor="inline")
def test_inline_handler_acts_as_its_role_over_http() -> None:
    """Also where a handler of the client's events has it send real HTTP."""
    function = aws().function(handlers.tells_caller_over_http)
    assert function.invoke().endswith("/tells_caller_over_http")


def make_table() -> None:
    """A table named ``items``."""
    boto3.client("dynamodb").create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.mark.parametrize(
    ("kind", "size", "text"),
    [
        ("RequestResponse", 6_291_457, "Request must be smaller than 6291456 bytes for the InvokeFunction operation"),
        ("Event", 6_291_457, "Request must be smaller than 6291456 bytes for the InvokeFunction operation"),
        ("Event", 1_048_577, "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)"),
    ],
)
@mock_serverless(region="us-east-1")
def test_payload_too_large(kind: str, size: int, text: str) -> None:
    """Payloads have a limit for each kind of invocation (texts as AWS's users report them)."""
    aws().function(handlers.echo)
    payload = b'"%s"' % (b"x" * (size - 2))
    with pytest.raises(ClientError) as raised:
        boto3.client("lambda").invoke(FunctionName="echo", InvocationType=kind, Payload=payload)
    assert ("RequestEntityTooLargeException", text, 413) == (
        raised.value.response["Error"]["Code"],
        raised.value.response["Error"]["Message"],
        raised.value.response["ResponseMetadata"]["HTTPStatusCode"],
    )


@mock_serverless(region="us-east-1")
def test_tail_is_four_kilobytes() -> None:
    """LogResult holds the end of a long log."""
    function = aws().function(handlers.prints_much)
    answer = boto3.client("lambda").invoke(FunctionName=function.name, LogType="Tail")
    tail = base64.b64decode(answer["LogResult"])
    assert (4096, True) == (len(tail), b"REPORT RequestId" in tail)


@mock_serverless(region="us-east-1")
@pytest.mark.parametrize("constant", ["NaN", "-Infinity"])
def test_payload_beyond_json(constant: str) -> None:
    """What Python's ``json`` takes beyond JSON is none."""
    aws().function(handlers.echo)
    with pytest.raises(ClientError, match=f"Non-standard token '{constant}'"):
        boto3.client("lambda").invoke(FunctionName="echo", Payload=constant.encode())


@mock_serverless(region="us-east-1")
def test_line_that_no_event_holds() -> None:
    """A line that is larger than an event of CloudWatch Logs comes in several, whole."""
    function = aws().function(handlers.fails_at_length)
    with pytest.raises(FunctionError):
        function.invoke(1_000_000)
    error = [line for line in function.logs if "üü" in line]
    assert len(error) == 2
    assert "".join(error).count("ü") == 1_000_000


@mock_serverless(region="us-east-1")
def test_result_that_contains_itself() -> None:
    """A result that contains itself is told as such."""
    with pytest.raises(FunctionError, match="Unable to marshal response: Circular reference detected"):
        aws().function(handlers.returns_itself).invoke()
