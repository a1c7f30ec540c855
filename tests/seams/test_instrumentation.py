"""Instrumentation of botocore works over both seams."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import client

TABLE: dict[str, Any] = {
    "TableName": "tab",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def spans() -> Iterator[Any]:
    """The spans that OpenTelemetry has seen."""
    from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor: Any = BotocoreInstrumentor()  # type: ignore[no-untyped-call]
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()
    provider.shutdown()


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_opentelemetry(spans: Any, aws: Any, seam: str) -> None:
    """OpenTelemetry sees operation, table, status and request id, of errors as well."""
    ddb = client("dynamodb", seam)
    answer = ddb.create_table(**TABLE)
    with pytest.raises(ClientError):
        ddb.describe_table(TableName="missing")
    made, failed = spans.get_finished_spans()
    assert (made.attributes["rpc.method"], made.attributes["http.status_code"]) == ("CreateTable", 200)
    assert made.attributes["aws.request_id"] == answer["ResponseMetadata"]["RequestId"]
    assert (failed.attributes["http.status_code"], failed.status.is_ok) == (400, False)


XRAY = """
from aws_xray_sdk.core import patch, xray_recorder
patch(["botocore"], raise_errors=True)
xray_recorder.configure(sampling=False, streaming_threshold=1000)
import boto3
from mocksls import mock_serverless
segment = xray_recorder.begin_segment("test")
with mock_serverless(region="us-east-1"):
    ddb = boto3.client("dynamodb")
    answers = [ddb.list_tables()]
    ddb.meta.events.register("before-send", lambda **_: None)
    answers.append(ddb.list_tables())
calls = segment.subsegments
assert [(call.name, call.aws["operation"]) for call in calls] == [("dynamodb", "ListTables")] * 2, calls
assert [call.http["response"]["status"] for call in calls] == [200, 200]
assert [call.aws["request_id"] for call in calls] == [answer["ResponseMetadata"]["RequestId"] for answer in answers]
"""


def test_xray() -> None:
    """The X-Ray SDK sees operation, status and request id by both seams; it cannot be unpatched, hence a process."""
    subprocess.run([sys.executable, "-c", XRAY], check=True)


def test_clients_that_were_made_before(spans: Any) -> None:
    """A client that instrumentation has seen before the mock is seen in it."""
    from mocksls import mock_serverless

    iam = boto3.client("iam", aws_access_key_id="a", aws_secret_access_key="b")
    with mock_serverless():
        iam.list_users()
    assert [span.attributes["rpc.method"] for span in spans.get_finished_spans()] == ["ListUsers"]
