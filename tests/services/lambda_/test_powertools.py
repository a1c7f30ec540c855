"""Powertools for AWS Lambda, used inside of real handlers."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import boto3
import pytest

from . import powertools_handlers as handlers
from .conftest import queue

if importlib.util.find_spec("aws_lambda_powertools") is None:
    pytest.skip("needs aws-lambda-powertools", allow_module_level=True)
_VARIABLES = {"POWERTOOLS_SERVICE_NAME": "shop", "POWERTOOLS_TRACE_DISABLED": "1", "POWERTOOLS_METRICS_NAMESPACE": "n"}
_CONFIG: dict[str, Any] = {"Environment": {"Variables": _VARIABLES}, "Timeout": 20, "MemorySize": 512}


def test_logger_writes_the_context(aws: Any) -> None:
    """Its lines are JSON with the function's name, the request and the cold start."""
    function = aws.function(handlers.logs, **_CONFIG)
    function.invoke({"order": 7})
    line = next(json.loads(each) for each in function.logs if each.startswith("{"))
    assert ("shop", function.name, True, 7) == (
        line["service"],
        line["function_name"],
        line["cold_start"],
        line["order"],
    )


def test_idempotent_function_runs_once(aws: Any) -> None:
    """A second event of the same key gets the first one's answer, from DynamoDB."""
    boto3.client("dynamodb").create_table(
        TableName="idempotency",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    function = aws.function(handlers.pays, **_CONFIG)
    first, again, other = (function.invoke({"order": order}) for order in (1, 1, 2))
    assert (1, 1, 2) == (first["number"], again["number"], other["number"])


def test_batch_processor_reports_what_failed(aws: Any) -> None:
    """Its answer is what the mapping understands: only the failed message stays."""
    url, arn = queue("orders", VisibilityTimeout="30")
    function = aws.function(handlers.processes, **_CONFIG)
    boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function.name, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    entries = [{"Id": body, "MessageBody": body} for body in ("a", "bad", "c")]
    boto3.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    names = ["ApproximateNumberOfMessagesNotVisible"]
    left = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert "1" == left[names[0]]


def test_resolver_answers_a_function_url(aws: Any, client: Any) -> None:
    """Routes, parameters and errors of the event handler, over HTTP."""
    import requests

    function = aws.function(handlers.routes, **_CONFIG)
    url = client.create_function_url_config(FunctionName=function.name, AuthType="NONE")["FunctionUrl"]
    for action, key in (("InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}), ("InvokeFunction", {})):
        client.add_permission(
            FunctionName=function.name, StatementId=action, Action=f"lambda:{action}", Principal="*", **key
        )
    found = requests.get(f"{url}orders/7?detail=yes")
    assert ({"order": "7", "detail": "yes"}, 404) == (found.json(), requests.get(f"{url}nowhere").status_code)


def test_event_source_data_classes_read_our_events(aws: Any) -> None:
    """A record of a stream, through its data class."""
    made = boto3.client("dynamodb").create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    function = aws.function(handlers.reads_stream, **_CONFIG)
    boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=made["TableDescription"]["LatestStreamArn"],
        FunctionName=function.name,
        StartingPosition="TRIM_HORIZON",
    )
    boto3.client("dynamodb").put_item(TableName="items", Item={"id": {"S": "a"}, "n": {"N": "1.5"}})
    assert "INSERT a 1.5" in function.logs
