"""Event source mappings of DynamoDB streams: how batches are made, tried again, split and given up."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import boto3

from mocksls import current, mock_serverless

from . import handlers
from .conftest import permit, queue, received


def aws() -> Any:
    """The handle of the active mock."""
    return current()


def table() -> str:
    """Make a table with a stream; its ARN."""
    made = boto3.client("dynamodb").create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    arn: str = made["TableDescription"]["LatestStreamArn"]
    return arn


def write(*keys: str) -> None:
    """Write items in one call, so that their records come together."""
    puts = [{"Put": {"TableName": "items", "Item": {"id": {"S": key}}}} for key in keys]
    boto3.client("dynamodb").transact_write_items(TransactItems=puts)


def mapped(handler: Any, **settings: Any) -> tuple[Any, str]:
    """A function that reads the table's stream from now on, and the mapping's id."""
    function = aws().function(handler)
    settings = {"StartingPosition": "LATEST", **settings}
    source = boto3.client("dynamodbstreams").list_streams(TableName="items")["Streams"][0]["StreamArn"]
    made = boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=source, FunctionName=function.name, **settings
    )
    return function, made["UUID"]


def batches(function: Any) -> list[str]:
    """The keys of each batch that the handler was given, in order."""
    return [line.removeprefix("batch ") for line in function.logs if line.startswith("batch ")]


@mock_serverless(region="us-east-1")
def test_records_come_together_up_to_the_batch_size() -> None:
    """A batch holds what waits, but no more than BatchSize records."""
    table()
    function, _ = mapped(handlers.tells_batch, BatchSize=2)
    write("a", "b", "c")
    assert ["a b", "c"] == batches(function)


@mock_serverless(region="us-east-1")
def test_failing_batch_is_split() -> None:
    """With BisectBatchOnFunctionError the halves are tried by themselves; only the bad record alone is retried."""
    table()
    function, _ = mapped(handlers.tells_batch, BisectBatchOnFunctionError=True, MaximumRetryAttempts=2)
    write("a", "bad", "c", "d")
    seen = batches(function)
    assert (["a bad c d", "a bad", "a"], "c d") == (seen[:3], seen[-1])
    assert seen.count("bad") == 3


@mock_serverless(region="us-east-1")
def test_reported_failure_is_where_the_next_try_begins() -> None:
    """With ReportBatchItemFailures what came before the first failed record is not sent again."""
    table()
    function, _ = mapped(
        handlers.reports_failures, FunctionResponseTypes=["ReportBatchItemFailures"], MaximumRetryAttempts=1
    )
    write("a", "bad", "c")
    assert ["a bad c", "bad c"] == batches(function)[:2]


@mock_serverless(region="us-east-1")
def test_batching_window_gathers_records() -> None:
    """Records wait for the batch to fill, or for the window to end on the cloud's clock."""
    table()
    function, _ = mapped(handlers.tells_batch, BatchSize=10, MaximumBatchingWindowInSeconds=30)
    write("a")
    write("b")
    early = batches(function)
    aws().clock.advance(seconds=31)
    assert ([], ["a b"]) == (early, batches(function))


@mock_serverless(region="us-east-1")
def test_trim_horizon_reads_what_was_written_before() -> None:
    """TRIM_HORIZON begins with the oldest record that the stream has."""
    table()
    write("before")
    function, _ = mapped(handlers.tells_batch, StartingPosition="TRIM_HORIZON")
    assert ["before"] == batches(function)


@mock_serverless(region="us-east-1")
def test_disabled_mapping_reads_on_when_enabled() -> None:
    """What was written while a mapping was disabled arrives when it is enabled."""
    table()
    function, uuid = mapped(handlers.tells_batch)
    client = boto3.client("lambda")
    client.update_event_source_mapping(UUID=uuid, Enabled=False)
    write("meanwhile")
    before = batches(function)
    client.update_event_source_mapping(UUID=uuid, Enabled=True)
    assert ([], ["meanwhile"]) == (before, batches(function))


@mock_serverless(region="us-east-1")
def test_records_too_old_are_skipped() -> None:
    """What exceeds MaximumRecordAgeInSeconds is given up, and the trace says so."""
    table()
    function, uuid = mapped(handlers.tells_batch, MaximumRecordAgeInSeconds=60)
    client = boto3.client("lambda")
    client.update_event_source_mapping(UUID=uuid, Enabled=False)
    write("old")
    aws().clock.advance(seconds=120)
    client.update_event_source_mapping(UUID=uuid, Enabled=True)
    assert ([], True) == (batches(function), "older than 60 s" in str(aws().trace))


@mock_serverless(region="us-east-1")
def test_records_too_old_are_told_the_failure_destination() -> None:
    """One message for each batch, without an answer of the function; AWS counts one invocation."""
    table()
    url, arn = queue("failures")
    settings = {"MaximumRecordAgeInSeconds": 60, "BatchSize": 2}
    _, uuid = mapped(handlers.tells_batch, DestinationConfig={"OnFailure": {"Destination": arn}}, **settings)
    client = boto3.client("lambda")
    client.update_event_source_mapping(UUID=uuid, Enabled=False)
    write("a", "b", "c")
    aws().clock.advance(seconds=120)
    client.update_event_source_mapping(UUID=uuid, Enabled=True)
    told = received(url)
    assert [2, 1] == [record["DDBStreamBatchInfo"]["batchSize"] for record in told]
    context = told[0]["requestContext"]
    assert ("RecordAgeExceeded", 1) == (context["condition"], context["approximateInvokeCount"])
    assert {"version", "timestamp", "requestContext", "DDBStreamBatchInfo"} == told[0].keys()


@mock_serverless(region="us-east-1")
def test_exhausted_retries_are_told_the_failure_destination() -> None:
    """The message counts the attempts and names the batch."""
    table()
    url, arn = queue("failures")
    topic = boto3.client("sns").create_topic(Name="failures")["TopicArn"]
    permit(url, arn)
    boto3.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
    )
    mapped(handlers.tells_batch, MaximumRetryAttempts=2, DestinationConfig={"OnFailure": {"Destination": topic}})
    write("bad")
    (told,) = received(url)
    context = told["requestContext"]
    assert ("RetryAttemptsExhausted", 3) == (context["condition"], context["approximateInvokeCount"])
    assert {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"} == told["responseContext"]


@mock_serverless(region="us-east-1")
def test_given_up_batch_is_told_in_the_trace() -> None:
    """A batch whose attempts are used up leaves its reason."""
    table()
    mapped(handlers.tells_batch, MaximumRetryAttempts=0)
    write("bad")
    assert "given up after 1 attempts" in str(aws().trace)


@mock_serverless(region="us-east-1")
def test_records_that_agree_with_no_filter_are_left_out() -> None:
    """Filter criteria look at the whole record; the trace tells what was left out."""
    table()
    pattern = '{"dynamodb": {"Keys": {"id": {"S": [{"prefix": "x"}]}}}}'
    function, _ = mapped(handlers.tells_batch, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    write("a", "xa", "b", "xb")
    assert ["xa xb"] == batches(function)
    assert any("agree with no filter" in str(entry) for entry in aws().trace)


@mock_serverless(region="us-east-1")
def test_tumbling_window_carries_its_state() -> None:
    """State goes from batch to batch until the window ends on the clock, with one last invocation."""
    aws().clock.freeze(datetime(2040, 1, 1, tzinfo=timezone.utc))
    table()
    function, _ = mapped(handlers.sums_in_windows, TumblingWindowInSeconds=60, BatchSize=2)
    write("a", "b", "c")
    aws().clock.advance(seconds=61)
    windows = [line for line in function.logs if line.startswith("window")]
    assert ["window False 2", "window False 3", "window True 3"] == windows


@mock_serverless(region="us-east-1")
def test_parallel_batches_do_not_block_each_other() -> None:
    """With a parallelization factor a failing item holds up only the items that go its way."""
    table()
    function, _ = mapped(handlers.tells_batch, ParallelizationFactor=10, BatchSize=1, MaximumRetryAttempts=-1)
    write("bad", *(f"k{number}" for number in range(20)))
    seen = {key for key in batches(function) if key != "bad"}
    assert 10 < len(seen) <= 20


@mock_serverless(region="us-east-1")
def test_failure_destination_in_s3_has_the_records() -> None:
    """The object lies under the mapping and the shard, and holds the payload."""
    table()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="failures")
    target = {"OnFailure": {"Destination": "arn:aws:s3:::failures"}}
    _, uuid = mapped(handlers.tells_batch, MaximumRetryAttempts=0, DestinationConfig=target)
    write("bad")
    (found,) = s3.list_objects_v2(Bucket="failures")["Contents"]
    report = json.loads(s3.get_object(Bucket="failures", Key=found["Key"])["Body"].read())
    assert found["Key"].startswith(f"aws/lambda/{uuid}/shardId-")
    assert "bad" == json.loads(report["payload"])["Records"][0]["dynamodb"]["Keys"]["id"]["S"]
