"""Concurrency: reserved, provisioned, the account's. Texts as recorded from AWS."""

from __future__ import annotations

import threading
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from . import handlers
from .conftest import Make, answer, queue, received


def test_reserved_concurrency_is_shown_and_taken_back(client: Any, make: Make) -> None:
    """GetFunctionConcurrency answers it; without one it answers nothing."""
    make()
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=7)
    shown = client.get_function(FunctionName="f")["Concurrency"]
    client.delete_function_concurrency(FunctionName="f")
    assert {"ReservedConcurrentExecutions": 7} == shown
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName="f")


def test_no_concurrency_means_no_invocation(client: Any, make: Make) -> None:
    """A function with nothing reserved for it is throttled with AWS's reason."""
    make()
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as caught:
        client.invoke(FunctionName="f")
    answered = caught.value.response
    expected = ("TooManyRequestsException", "Rate Exceeded.", "ReservedFunctionConcurrentInvocationLimitExceeded")
    assert expected == (answered["Error"]["Code"], answered["Error"]["Message"], answered["Reason"])


def test_more_calls_than_reserved_are_throttled(aws: Any, client: Any) -> None:
    """While one invocation runs, a second one is refused."""
    function = aws.function(handlers.waits_for_file)
    client.put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=1)
    boto3.client("sqs").create_queue(QueueName="gate")
    first = threading.Thread(target=function.invoke)
    first.start()
    while not any("waiting" in str(entry) or entry.kind == "invocation" for entry in aws.trace):
        time.sleep(0.001)  # until the other thread's invocation has begun
    with pytest.raises(ClientError, match="Rate Exceeded"):
        function.invoke()
    boto3.client("sqs").send_message(QueueUrl=_url("gate"), MessageBody="go")
    first.join()


def _url(name: str) -> str:
    url: str = boto3.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    return url


def test_event_for_a_function_without_concurrency_goes_to_its_destination(client: Any, make: Make) -> None:
    """The record tells ZeroReservedConcurrency and no invocation."""
    make()
    url, arn = queue("failed")
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    client.put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnFailure": {"Destination": arn}}, MaximumRetryAttempts=0
    )
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"a": 1}')
    (record,) = received(url)
    context = record["requestContext"]
    assert ("ZeroReservedConcurrency", 0) == (context["condition"], context["approximateInvokeCount"])
    assert "responsePayload" not in record


def test_account_keeps_some_concurrency_unreserved(client: Any, make: Make) -> None:
    """No function may reserve the last hundred; the account's settings show what is left."""
    make()
    with pytest.raises(ClientError, match=r"below its minimum value of \[100\]"):
        client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=901)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=400)
    assert 600 == client.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"]


PROVISIONED = """
import os
started = os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
print("initialised")
def handler(event, context):
    return started
"""


def test_provisioned_environments_are_initialised_ahead(aws: Any, client: Any, make: Make) -> None:
    """The configuration becomes READY, and the environment knows how it was made."""
    make(source=PROVISIONED, Publish=True)
    asked = client.put_provisioned_concurrency_config(
        FunctionName="f", Qualifier="1", ProvisionedConcurrentExecutions=1
    )
    ready = client.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
    assert ("IN_PROGRESS", "READY", 1) == (
        asked["Status"],
        ready["Status"],
        ready["AvailableProvisionedConcurrentExecutions"],
    )
    assert "provisioned-concurrency" == answer(client.invoke(FunctionName="f", Qualifier="1"))


def test_failing_initialisation_fails_the_provisioning(client: Any, make: Make) -> None:
    """The status is FAILED, with AWS's reason."""
    make(source="raise ValueError('no')", Publish=True)
    client.put_provisioned_concurrency_config(FunctionName="f", Qualifier="1", ProvisionedConcurrentExecutions=1)
    found = client.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
    assert ("FAILED", "FUNCTION_ERROR_INIT_FAILURE") == (found["Status"], found["StatusReason"])


def test_provisioned_concurrency_needs_a_version(client: Any, make: Make) -> None:
    """``$LATEST`` cannot have it; a version without it says so."""
    make(Publish=True)
    with pytest.raises(ClientError, match="cannot be applied to unpublished function versions"):
        client.put_provisioned_concurrency_config(
            FunctionName="f", Qualifier="$LATEST", ProvisionedConcurrentExecutions=1
        )
    with pytest.raises(ClientError, match="No Provisioned Concurrency Config found for this function"):
        client.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
