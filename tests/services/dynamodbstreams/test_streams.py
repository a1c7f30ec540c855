"""Change streams, as the streams API shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless
from tests.services.dynamodb.conftest import definition, key


@pytest.fixture
def aws() -> Iterator[Any]:
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def ddb(aws: Any) -> Any:
    return boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture
def streams(aws: Any) -> Any:
    return boto3.client("dynamodbstreams", region_name="us-east-1")


@pytest.fixture
def arn(ddb: Any) -> str:
    specification = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    made = ddb.create_table(TableName="tab", **definition(p="S", c="N"), StreamSpecification=specification)
    return str(made["TableDescription"]["LatestStreamArn"])


def iterator(streams: Any, arn: str, kind: str = "TRIM_HORIZON", **more: Any) -> str:
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    answer = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType=kind, **more)
    return str(answer["ShardIterator"])


def records(streams: Any, arn: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = streams.get_records(ShardIterator=iterator(streams, arn))["Records"]
    return found


def test_records_of_a_life(ddb: Any, streams: Any, arn: str) -> None:
    """Insert, change and removal leave one record each, with the images that belong to them."""
    ddb.put_item(TableName="tab", Item=key())
    ddb.put_item(TableName="tab", Item={**key(), "a": {"S": "1"}})
    ddb.delete_item(TableName="tab", Key=key())
    shown = [
        (record["eventName"], record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage"))
        for record in records(streams, arn)
    ]
    changed = {**key(), "a": {"S": "1"}}
    assert shown == [("INSERT", None, key()), ("MODIFY", key(), changed), ("REMOVE", changed, None)]


def test_no_record_where_nothing_changed(ddb: Any, streams: Any, arn: str) -> None:
    """Identical puts and deletes of nothing leave no record (recorded from AWS)."""
    for _ in range(2):
        ddb.put_item(TableName="tab", Item={**key(), "s": {"SS": ["a", "b"]}})
    ddb.put_item(TableName="tab", Item={**key(), "s": {"SS": ["b", "a"]}})
    ddb.delete_item(TableName="tab", Key=key("y"))
    assert [record["eventName"] for record in records(streams, arn)] == ["INSERT"]


def test_size_of_a_record(ddb: Any, streams: Any) -> None:
    """SizeBytes counts keys and images (recorded from AWS: 12 for the key id=Fred)."""
    specification = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    made = ddb.create_table(TableName="names", **definition(id="S"), StreamSpecification=specification)
    ddb.put_item(TableName="names", Item={"id": {"S": "Fred"}})
    ddb.put_item(TableName="names", Item={"id": {"S": "Fred"}, "name": {"S": "Fred"}})
    arn = made["TableDescription"]["LatestStreamArn"]
    assert [record["dynamodb"]["SizeBytes"] for record in records(streams, arn)] == [12, 26]


def test_latest_starts_behind_everything(ddb: Any, streams: Any, arn: str) -> None:
    """LATEST shows what comes after it, again and again."""
    ddb.put_item(TableName="tab", Item=key("x", 1))
    latest = iterator(streams, arn, "LATEST")
    ddb.put_item(TableName="tab", Item=key("x", 2))
    for _ in range(2):
        found = streams.get_records(ShardIterator=latest)["Records"]
        assert [record["dynamodb"]["Keys"] for record in found] == [key("x", 2)]


def test_from_a_sequence_number(ddb: Any, streams: Any, arn: str) -> None:
    """AT shows the record of the number, AFTER those behind it."""
    for number in (1, 2):
        ddb.put_item(TableName="tab", Item=key("x", number))
    first = records(streams, arn)[0]["dynamodb"]["SequenceNumber"]
    counts = [
        len(streams.get_records(ShardIterator=iterator(streams, arn, kind, SequenceNumber=first))["Records"])
        for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER")
    ]
    assert counts == [2, 1]


def test_disabled_stream_ends(ddb: Any, streams: Any, arn: str) -> None:
    """A stream that was switched off stays readable to its end; switching on makes another."""
    ddb.put_item(TableName="tab", Item=key())
    ddb.update_table(TableName="tab", StreamSpecification={"StreamEnabled": False})
    answer = streams.get_records(ShardIterator=iterator(streams, arn))
    assert (len(answer["Records"]), "NextShardIterator" in answer) == (1, False)
    assert streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamStatus"] == "DISABLED"
    again = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    made = ddb.update_table(TableName="tab", StreamSpecification=again)["TableDescription"]
    assert made["LatestStreamArn"] != arn


def test_records_live_for_a_day(aws: Any, ddb: Any, streams: Any, arn: str) -> None:
    """Records older than 24 hours are gone."""
    ddb.put_item(TableName="tab", Item=key("x", 1))
    aws.clock.advance(hours=25)
    ddb.put_item(TableName="tab", Item=key("x", 2))
    assert [record["dynamodb"]["Keys"] for record in records(streams, arn)] == [key("x", 2)]


def test_expired_item(aws: Any, ddb: Any, streams: Any, arn: str) -> None:
    """Time to live leaves a removal by the service itself."""
    ddb.update_time_to_live(TableName="tab", TimeToLiveSpecification={"Enabled": True, "AttributeName": "at"})
    at = str(int(aws.clock.now().timestamp()) + 60)
    ddb.put_item(TableName="tab", Item={**key(), "at": {"N": at}})
    aws.clock.advance(minutes=2)
    removal = records(streams, arn)[-1]
    assert (removal["eventName"], removal["userIdentity"]) == (
        "REMOVE",
        {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"},
    )


def test_unknown_stream(streams: Any, arn: str) -> None:
    """A stream that is not there is named in the error (recorded from AWS)."""
    other = arn[:-1] + "x"
    with pytest.raises(ClientError) as caught:
        streams.describe_stream(StreamArn=other)
    text = f"Requested resource not found: Stream: {other} not found"
    assert caught.value.response["Error"]["Message"] == text


def test_list_streams_of_a_table(streams: Any, arn: str) -> None:
    """ListStreams names table, ARN and label."""
    label = arn.rsplit("/", 1)[-1]
    listed = streams.list_streams(TableName="tab")["Streams"]
    assert listed == [{"StreamArn": arn, "TableName": "tab", "StreamLabel": label}]


def test_trimmed_records(aws: Any, ddb: Any, streams: Any, arn: str) -> None:
    """A number, and an iterator, of a record that is gone by now lead nowhere; the horizon is behind it."""
    ddb.put_item(TableName="tab", Item=key())
    number = records(streams, arn)[0]["dynamodb"]["SequenceNumber"]
    aws.clock.advance(hours=23, minutes=55)
    early = iterator(streams, arn)
    aws.clock.advance(minutes=10)
    with pytest.raises(streams.exceptions.TrimmedDataAccessException):
        iterator(streams, arn, "AT_SEQUENCE_NUMBER", SequenceNumber=number)
    with pytest.raises(streams.exceptions.TrimmedDataAccessException):
        streams.get_records(ShardIterator=early)
    ddb.put_item(TableName="tab", Item=key("new"))
    assert [record["dynamodb"]["Keys"] for record in records(streams, arn)] == [key("new")]


def test_iterator_grows_old(aws: Any, streams: Any, arn: str) -> None:
    """An iterator lives for fifteen minutes."""
    made = iterator(streams, arn)
    aws.clock.advance(minutes=16)
    with pytest.raises(streams.exceptions.ExpiredIteratorException):
        streams.get_records(ShardIterator=made)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ShardIteratorType": "AT_SEQUENCE_NUMBER"}, "SequenceNumber must be specified"),
        (
            {"ShardId": "shardId-00000000000000000000-00000000"},
            "Shard: shardId-00000000000000000000-00000000 in Stream",
        ),
        ({"StreamArn": "arn:aws:dynamodb:us-east-1:123456789012:table/tab"}, "Invalid StreamArn"),
    ],
)
def test_refused_iterators(streams: Any, arn: str, change: dict[str, Any], message: str) -> None:
    """An iterator needs a stream, a shard of it, and a number where its type says so."""
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    request = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "LATEST", **change}
    with pytest.raises(ClientError, match=message):
        streams.get_shard_iterator(**request)


def test_foreign_iterator(streams: Any, arn: str) -> None:
    """Text that this service did not give is no iterator, and limits have an end."""
    with pytest.raises(ClientError, match="Invalid ShardIterator"):
        streams.get_records(ShardIterator=f"{arn}|1|bm8=")
    with pytest.raises(ClientError, match="less than or equal to 1000"):
        streams.get_records(ShardIterator=iterator(streams, arn), Limit=1001)


def test_streams_in_pages(ddb: Any, streams: Any, arn: str) -> None:
    """Streams are listed behind an exclusive start."""
    specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    ddb.create_table(TableName="tab2", **definition(p="S"), StreamSpecification=specification)
    first = streams.list_streams(Limit=1)
    second = streams.list_streams(ExclusiveStartStreamArn=first["LastEvaluatedStreamArn"])
    assert [one["TableName"] for one in first["Streams"] + second["Streams"]] == ["tab", "tab2"]
    assert "LastEvaluatedStreamArn" not in second
