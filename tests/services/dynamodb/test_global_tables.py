"""Tables in several regions of one cloud."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless
from tests.services.dynamodb.conftest import definition, index, is_modelled, key

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


LEAVE = [{"Disassociate": {"RegionName": "us-east-1", "DisassociationMode": "WAIT_FOR_REPLICATION"}}]


@pytest.mark.skipif(
    not is_modelled("UpdateTable", "DisassociationProtectionEnabled"), reason="botocore knows no disassociation"
)
class TestDisassociation:
    """A replica that leaves its global table and stays."""

    def test_protected_by_default(self, ddb: Any, both: str) -> None:
        """The protection is shown, and stands until it is switched off."""
        assert ddb.describe_table(TableName=both)["Table"]["DisassociationProtectionEnabled"] is True
        with pytest.raises(ClientError, match="protected against disassociation"):
            ddb.update_table(TableName=both, ReplicaUpdates=LEAVE)

    def test_both_stand_alone(self, ddb: Any, there: Any, both: str) -> None:
        """Of two replicas both become ordinary tables, with what they hold."""
        ddb.update_table(TableName=both, DisassociationProtectionEnabled=False)
        ddb.update_table(TableName=both, ReplicaUpdates=LEAVE)
        ddb.put_item(TableName=both, Item=key("new"))
        assert (held(ddb), held(there)) == (["new", "old"], ["old"])
        for client in (ddb, there):
            assert not {"Replicas", "GlobalTableVersion"} & set(client.describe_table(TableName=both)["Table"])

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"ReplicaUpdates": LEAVE, "DeletionProtectionEnabled": True}, "cannot be combined with any other change"),
            ({"DisassociationProtectionEnabled": True, "TableClass": "STANDARD"}, "cannot be combined"),
            ({"ReplicaUpdates": [*LEAVE, {"Delete": {"RegionName": "eu-west-1"}}]}, "must be the only replica update"),
        ],
    )
    def test_alone_in_its_request(self, ddb: Any, both: str, change: dict[str, Any], message: str) -> None:
        """Neither goes together with another change."""
        with pytest.raises(ClientError, match=message):
            ddb.update_table(TableName=both, **change)

    def test_ordinary_table(self, ddb: Any, table: str) -> None:
        """A table that is no replica cannot leave."""
        with pytest.raises(ClientError, match="is not a replica of a global table"):
            ddb.update_table(TableName=table, DisassociationProtectionEnabled=False)


def strong(*regions: str, witness: str = "") -> dict[str, Any]:
    """A request for strong consistency."""
    more = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": witness}}]} if witness else {}
    made = [{"Create": {"RegionName": region}} for region in regions]
    return {"ReplicaUpdates": made, "MultiRegionConsistency": "STRONG", **more}


@pytest.mark.skipif(not is_modelled("UpdateTable", "GlobalTableWitnessUpdates"), reason="botocore knows no witnesses")
class TestStrongConsistency:
    """Global tables of three regions."""

    def test_replica_and_witness(self, ddb: Any, table: str) -> None:
        """Both sides describe consistency and witness, and go together."""
        ddb.update_table(TableName=table, **strong("us-east-2", witness="us-west-2"))
        for region in ("us-east-1", "us-east-2"):
            shown = boto3.client("dynamodb", region_name=region).describe_table(TableName=table)["Table"]
            witnesses = [{"RegionName": "us-west-2", "WitnessStatus": "ACTIVE"}]
            assert (shown["MultiRegionConsistency"], shown["GlobalTableWitnesses"]) == ("STRONG", witnesses)
        deleted = {"Delete": {"RegionName": "us-east-2"}}
        with pytest.raises(ClientError, match="must be deleted together"):
            ddb.update_table(TableName=table, ReplicaUpdates=[deleted])
        gone = [{"Delete": {"RegionName": "us-west-2"}}]
        ddb.update_table(TableName=table, ReplicaUpdates=[deleted], GlobalTableWitnessUpdates=gone)
        assert "MultiRegionConsistency" not in ddb.describe_table(TableName=table)["Table"]

    @pytest.mark.parametrize(
        ("request_", "message"),
        [
            (strong("us-east-2"), "exactly three Regions"),
            (strong("us-east-2", "eu-west-1"), "cannot stand together"),
            ({"MultiRegionConsistency": "STRONG"}, "only be specified when a global table is created"),
            ({**strong("us-east-2", witness="us-west-2"), "MultiRegionConsistency": "EVENTUAL"}, "Witnesses are part"),
        ],
    )
    def test_refused(self, ddb: Any, table: str, request_: dict[str, Any], message: str) -> None:
        """Regions must be three of one set."""
        with pytest.raises(ClientError, match=message):
            ddb.update_table(TableName=table, **request_)

    def test_only_empty_tables(self, ddb: Any, table: str) -> None:
        """A table with items cannot become strong."""
        ddb.put_item(TableName=table, Item=key())
        with pytest.raises(ClientError, match="must be empty"):
            ddb.update_table(TableName=table, **strong("us-east-2", "us-west-2"))


def test_settings_of_first_version(ddb: Any, there: Any) -> None:
    """Write units hold in every region, read units in one; an unknown index leaves all as it was."""
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    made = {**definition(p="S"), "BillingMode": "PROVISIONED", "ProvisionedThroughput": units}
    for client in (ddb, there):
        client.create_table(TableName="tab", StreamSpecification=STREAM, **made)
    group = [{"RegionName": region} for region in ("us-east-1", "eu-west-1")]
    ddb.create_global_table(GlobalTableName="tab", ReplicationGroup=group)
    change: dict[str, Any] = {"GlobalTableName": "tab", "GlobalTableProvisionedWriteCapacityUnits": 9}
    change["ReplicaSettingsUpdate"] = [{"RegionName": "eu-west-1", "ReplicaProvisionedReadCapacityUnits": 7}]
    unknown = [{"IndexName": "none", "ProvisionedWriteCapacityUnits": 1}]
    with pytest.raises(ddb.exceptions.IndexNotFoundException):
        ddb.update_global_table_settings(**change, GlobalTableGlobalSecondaryIndexSettingsUpdate=unknown)
    assert settings(ddb) == {"us-east-1": (5, 5), "eu-west-1": (5, 5)}
    ddb.update_global_table_settings(**change)
    assert settings(there) == {"us-east-1": (5, 9), "eu-west-1": (7, 9)}


def settings(client: Any) -> dict[str, tuple[int, int]]:
    found = client.describe_global_table_settings(GlobalTableName="tab")["ReplicaSettings"]
    names = ("ReplicaProvisionedReadCapacityUnits", "ReplicaProvisionedWriteCapacityUnits")
    return {one["RegionName"]: (one[names[0]], one[names[1]]) for one in found}


def test_auto_scaling_settings(ddb: Any, both: str) -> None:
    """Auto scaling of replicas is kept and described; unknown regions and indexes are refused."""
    wanted = {"MinimumUnits": 1, "MaximumUnits": 9}
    ddb.update_table_replica_auto_scaling(TableName=both, ProvisionedWriteCapacityAutoScalingUpdate=wanted)
    found = ddb.describe_table_replica_auto_scaling(TableName=both)["TableAutoScalingDescription"]["Replicas"]
    assert [one["ReplicaProvisionedWriteCapacityAutoScalingSettings"] for one in found] == [wanted, wanted]
    with pytest.raises(ClientError, match="replica for region us-west-1 does not exist"):
        ddb.update_table_replica_auto_scaling(TableName=both, ReplicaUpdates=[{"RegionName": "us-west-1"}])
    with pytest.raises(ddb.exceptions.ResourceNotFoundException, match="index/none not found"):
        ddb.update_table_replica_auto_scaling(TableName=both, GlobalSecondaryIndexUpdates=[{"IndexName": "none"}])
