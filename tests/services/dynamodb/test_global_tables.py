"""Tables in several regions of one cloud."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless
from tests.services.dynamodb.conftest import definition, index, key

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


@pytest.fixture
def there(aws: Any) -> Any:
    """A client of another region."""
    return boto3.client("dynamodb", region_name="eu-west-1")


@pytest.fixture
def both(ddb: Any, there: Any, table: str) -> str:
    """A table with a replica."""
    ddb.put_item(TableName=table, Item=key("old"))
    create = {"Create": {"RegionName": "eu-west-1"}}
    ddb.update_table(TableName=table, ReplicaUpdates=[create])
    return table


def held(client: Any) -> list[str]:
    return sorted(item["p"]["S"] for item in client.scan(TableName="tab")["Items"])


def test_replica_takes_over_what_is_there(ddb: Any, there: Any, both: str) -> None:
    """A new replica holds the items, and both sides describe the other."""
    assert held(there) == ["old"]
    for client, other in ((ddb, "eu-west-1"), (there, "us-east-1")):
        shown = client.describe_table(TableName=both)["Table"]
        regions = [one["RegionName"] for one in shown["Replicas"]]
        assert (shown["GlobalTableVersion"], regions) == ("2019.11.21", [other])


def test_writes_replicate_both_ways(ddb: Any, there: Any, both: str) -> None:
    """Puts, updates and deletes arrive in the other region."""
    ddb.put_item(TableName=both, Item=key("here"))
    there.put_item(TableName=both, Item=key("there"))
    there.delete_item(TableName=both, Key=key("old"))
    assert held(ddb) == held(there) == ["here", "there"]


def test_replication_is_seen_in_streams(ddb: Any, there: Any, both: str) -> None:
    """A replicated write is a record in the other region's stream."""
    ddb.put_item(TableName=both, Item=key("here"))
    streams = boto3.client("dynamodbstreams", region_name="eu-west-1")
    arn = there.describe_table(TableName=both)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
    assert [record["dynamodb"]["Keys"] for record in records] == [key("here")]
    assert {record["awsRegion"] for record in records} == {"eu-west-1"}


def test_last_writer_wins() -> None:
    """Writes that cross are settled by their time in both regions; without delivery nothing arrives."""
    with mock_serverless(region="us-east-1", delivery="manual") as aws:
        here, there = (boto3.client("dynamodb", region_name=region) for region in ("us-east-1", "eu-west-1"))
        here.create_table(TableName="tab", **definition(p="S", c="N"))
        here.update_table(TableName="tab", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
        here.put_item(TableName="tab", Item={**key(), "by": {"S": "here"}})
        assert there.scan(TableName="tab")["Items"] == []
        aws.clock.advance(seconds=1)
        there.put_item(TableName="tab", Item={**key(), "by": {"S": "there"}})
        aws.settle()
        found = [client.get_item(TableName="tab", Key=key())["Item"]["by"] for client in (here, there)]
        assert found == [{"S": "there"}] * 2


def test_indexes_are_made_in_all_regions(ddb: Any, there: Any, both: str) -> None:
    """A global index that is added in one region is there in the others."""
    create = {"Create": index("by_a", "a")}
    definitions = [{"AttributeName": "a", "AttributeType": "S"}]
    ddb.update_table(TableName=both, AttributeDefinitions=definitions, GlobalSecondaryIndexUpdates=[create])
    ddb.put_item(TableName=both, Item={**key("here"), "a": {"S": "v"}})
    assert there.scan(TableName=both, IndexName="by_a")["Count"] == 1


def test_replica_goes(ddb: Any, there: Any, both: str) -> None:
    """A deleted replica's table is gone; the other is an ordinary table again."""
    ddb.update_table(TableName=both, ReplicaUpdates=[{"Delete": {"RegionName": "eu-west-1"}}])
    assert there.list_tables()["TableNames"] == []
    assert "Replicas" not in ddb.describe_table(TableName=both)["Table"]
    ddb.put_item(TableName=both, Item=key("alone"))


def test_refused_replicas(ddb: Any, there: Any, both: str) -> None:
    """A region has one replica, and only known ones are deleted."""
    for update, message in (
        ({"Create": {"RegionName": "eu-west-1"}}, "one or more replicas already existed as tables"),
        ({"Delete": {"RegionName": "eu-west-2"}}, "one or more replicas were not part of the global table"),
    ):
        with pytest.raises(ClientError, match=message):
            ddb.update_table(TableName=both, ReplicaUpdates=[update])


def test_expiry_replicates(aws: Any, ddb: Any, there: Any, both: str) -> None:
    """Items expire in all regions."""
    ddb.update_time_to_live(TableName=both, TimeToLiveSpecification={"Enabled": True, "AttributeName": "e"})
    soon = str(int(aws.clock.now().timestamp()) + 60)
    ddb.put_item(TableName=both, Item={**key("brief"), "e": {"N": soon}})
    aws.clock.advance(minutes=2)
    assert held(there) == ["old"]


def test_first_version(ddb: Any, there: Any) -> None:
    """Tables of one name are joined into a global table of the first version, and parted again."""
    for client in (ddb, there):
        client.create_table(TableName="tab", StreamSpecification=STREAM, **definition(p="S", c="N"))
    group = [{"RegionName": region} for region in ("us-east-1", "eu-west-1")]
    made = ddb.create_global_table(GlobalTableName="tab", ReplicationGroup=group)["GlobalTableDescription"]
    assert made["GlobalTableStatus"] == "CREATING"
    ddb.put_item(TableName="tab", Item=key("here"))
    assert held(there) == ["here"]
    assert [one["GlobalTableName"] for one in there.list_global_tables()["GlobalTables"]] == ["tab"]
    ddb.update_global_table(GlobalTableName="tab", ReplicaUpdates=[{"Delete": {"RegionName": "eu-west-1"}}])
    ddb.put_item(TableName="tab", Item=key("alone"))
    assert held(there) == ["here"]


def test_first_version_refusals(ddb: Any, table: str) -> None:
    """Joining needs tables with streams; unknown global tables are said to be so."""
    group = [{"RegionName": "us-east-1"}]
    with pytest.raises(ClientError, match="must have a stream"):
        ddb.create_global_table(GlobalTableName=table, ReplicationGroup=group)
    with pytest.raises(ddb.exceptions.GlobalTableNotFoundException, match="'nope' does not exist"):
        ddb.describe_global_table(GlobalTableName="nope")
    with pytest.raises(ddb.exceptions.TableNotFoundException):
        ddb.create_global_table(GlobalTableName="nope", ReplicationGroup=group)


def test_settings_of_the_first_version(ddb: Any, there: Any) -> None:
    """Write units hold for all regions, read units for one."""
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    made = {**definition(p="S", c="N"), "BillingMode": "PROVISIONED", "ProvisionedThroughput": units}
    for client in (ddb, there):
        client.create_table(TableName="tab", StreamSpecification=STREAM, **made)
    group = [{"RegionName": region} for region in ("us-east-1", "eu-west-1")]
    ddb.create_global_table(GlobalTableName="tab", ReplicationGroup=group)
    ddb.update_global_table_settings(
        GlobalTableName="tab",
        GlobalTableProvisionedWriteCapacityUnits=7,
        ReplicaSettingsUpdate=[{"RegionName": "eu-west-1", "ReplicaProvisionedReadCapacityUnits": 5}],
    )
    settings = ddb.describe_global_table_settings(GlobalTableName="tab")["ReplicaSettings"]
    assert [
        (one["RegionName"], one["ReplicaProvisionedReadCapacityUnits"], one["ReplicaProvisionedWriteCapacityUnits"])
        for one in settings
    ] == [("eu-west-1", 5, 7), ("us-east-1", 1, 7)]


def test_auto_scaling_is_kept(ddb: Any, both: str) -> None:
    """Auto scaling settings of replicas are shown as they were given."""
    scaling = {"MinimumUnits": 1, "MaximumUnits": 9}
    ddb.update_table_replica_auto_scaling(TableName=both, ProvisionedWriteCapacityAutoScalingUpdate=scaling)
    shown = ddb.describe_table_replica_auto_scaling(TableName=both)["TableAutoScalingDescription"]["Replicas"]
    assert [one["ReplicaProvisionedWriteCapacityAutoScalingSettings"] for one in shown] == [scaling] * 2
