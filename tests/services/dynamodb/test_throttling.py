"""Throughput that runs out, with ``capacity="enforce"``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mocksls import mock_serverless
from tests.services.dynamodb.conftest import definition, index, key

UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
BURST = 300


@pytest.fixture
def aws() -> Iterator[Any]:
    """A cloud whose throughput runs out, its clock frozen."""
    with mock_serverless(region="us-east-1", capacity="enforce") as handle:
        handle.clock.freeze()
        yield handle


@pytest.fixture
def ddb(aws: Any) -> Any:
    """A client that does not retry."""
    return boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


def provisioned(**types: str) -> dict[str, Any]:
    return {**definition(**types), "BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}


def write(ddb: Any, count: int, **attributes: Any) -> None:
    for number in range(count):
        ddb.put_item(TableName="tab", Item={**key("x", number), **attributes})


def test_burst_and_refill(aws: Any, ddb: Any) -> None:
    """Five minutes of throughput are there at first; then a unit comes back each second."""
    ddb.create_table(TableName="tab", **provisioned(p="S", c="N"))
    write(ddb, BURST)
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException) as caught:
        write(ddb, 1)
    assert caught.value.response["Error"]["Message"] == (
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
        "provisioning level with the UpdateTable API."
    )
    aws.clock.advance(seconds=2)
    write(ddb, 2)
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException):
        write(ddb, 1)


def test_refused_write_changes_nothing(ddb: Any) -> None:
    """A throttled write leaves the item as it was."""
    ddb.create_table(TableName="tab", **provisioned(p="S", c="N"))
    write(ddb, BURST)
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException):
        ddb.put_item(TableName="tab", Item={**key("x", 1), "new": {"BOOL": True}})
    assert ddb.get_item(TableName="tab", Key=key("x", 1))["Item"] == key("x", 1)


def test_reads_have_their_own_throughput(ddb: Any) -> None:
    """Reads count by their size, half where they need not be consistent."""
    ddb.create_table(TableName="tab", **provisioned(p="S", c="N"))
    for _ in range(2 * BURST):
        ddb.get_item(TableName="tab", Key=key())
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException):
        ddb.query(TableName="tab", KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": {"S": "x"}})


def test_index_throttles_the_write(ddb: Any) -> None:
    """A global index without throughput left refuses the writes that it takes part in."""
    made = provisioned(p="S", c="N", a="S")
    made["KeySchema"] = made["KeySchema"][:2]
    made["ProvisionedThroughput"] = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 100}
    ddb.create_table(
        TableName="tab", GlobalSecondaryIndexes=[{**index("by_a", "a"), "ProvisionedThroughput": UNITS}], **made
    )
    write(ddb, BURST, a={"S": "v"})
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException, match="global secondary indexes"):
        ddb.put_item(TableName="tab", Item={**key("y"), "a": {"S": "v"}})
    ddb.put_item(TableName="tab", Item=key("y"))


def test_batches_give_back_what_is_throttled(ddb: Any) -> None:
    """A batch writes what it may and gives the rest back; only a batch without any room fails."""
    ddb.create_table(TableName="tab", **provisioned(p="S", c="N"))
    write(ddb, BURST - 1)
    puts = [{"PutRequest": {"Item": key("y", number)}} for number in range(3)]
    assert ddb.batch_write_item(RequestItems={"tab": puts})["UnprocessedItems"] == {"tab": puts[1:]}
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException):
        ddb.batch_write_item(RequestItems={"tab": puts[1:]})


def test_transactions_say_which_action_was_throttled(ddb: Any) -> None:
    """A transaction without throughput is cancelled, with the reason in its place."""
    ddb.create_table(TableName="tab", **provisioned(p="S", c="N"))
    ddb.create_table(TableName="free", **definition(p="S", c="N"))
    write(ddb, BURST)
    puts = [{"Put": {"TableName": name, "Item": key("y")}} for name in ("free", "tab")]
    with pytest.raises(ddb.exceptions.TransactionCanceledException) as caught:
        ddb.transact_write_items(TransactItems=puts)
    codes = [reason["Code"] for reason in caught.value.response["CancellationReasons"]]
    assert (codes, ddb.scan(TableName="free")["Count"]) == (["None", "ProvisionedThroughputExceeded"], 0)


def test_maximum_of_an_on_demand_table(aws: Any, ddb: Any) -> None:
    """An on-demand table throttles at its configured maximum, second by second."""
    maximum = {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 5}
    ddb.create_table(TableName="tab", OnDemandThroughput=maximum, **definition(p="S", c="N"))
    write(ddb, 5)
    with pytest.raises(ddb.exceptions.ThrottlingException, match="Throughput exceeds the current capacity"):
        write(ddb, 1)
    aws.clock.advance(seconds=1)
    write(ddb, 5)


def test_more_throughput_helps(ddb: Any) -> None:
    """UpdateTable refills nothing, but what comes back comes faster."""
    ddb.create_table(TableName="tab", **provisioned(p="S", c="N"))
    write(ddb, BURST)
    ddb.update_table(TableName="tab", ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 50})
    with pytest.raises(ddb.exceptions.ProvisionedThroughputExceededException):
        write(ddb, 1)


def test_retries_outlast_throttling() -> None:
    """With a running clock botocore's retries wait until there is throughput again, in no real time."""
    with mock_serverless(region="us-east-1", capacity="enforce"):
        client = boto3.client("dynamodb")
        client.create_table(TableName="tab", **provisioned(p="S", c="N"))
        write(client, BURST + 5)
        assert client.describe_table(TableName="tab")["Table"]["ItemCount"] == BURST + 5


def test_decreases_are_limited(aws: Any, ddb: Any) -> None:
    """Throughput goes down four times a day, then once in an hour."""
    ddb.create_table(TableName="tab", **{**provisioned(p="S"), "ProvisionedThroughput": sized(10)})
    aws.clock.advance(hours=24 - aws.clock.now().hour)
    for units in (9, 8, 7, 6):
        ddb.update_table(TableName="tab", ProvisionedThroughput=sized(units))
    with pytest.raises(ddb.exceptions.LimitExceededException, match="Number of decreases today: 4"):
        ddb.update_table(TableName="tab", ProvisionedThroughput=sized(5))
    aws.clock.advance(hours=1, seconds=1)
    ddb.update_table(TableName="tab", ProvisionedThroughput=sized(5))
    shown = ddb.describe_table(TableName="tab")["Table"]["ProvisionedThroughput"]
    assert (shown["NumberOfDecreasesToday"], shown["WriteCapacityUnits"]) == (5, 5)


def sized(units: int) -> dict[str, int]:
    return {"ReadCapacityUnits": units, "WriteCapacityUnits": units}
