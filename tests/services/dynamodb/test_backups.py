"""Backups on demand, and tables restored to a point in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, index, key


def numbers(ddb: Any, table: str) -> list[str]:
    return sorted(item["c"]["N"] for item in ddb.scan(TableName=table)["Items"])


def put(ddb: Any, *found: int) -> None:
    for number in found:
        ddb.put_item(TableName="tab", Item=key("x", number))


def recover(ddb: Any, enabled: bool = True, **more: Any) -> dict[str, Any]:
    specification = {"PointInTimeRecoveryEnabled": enabled, **more}
    answer = ddb.update_continuous_backups(TableName="tab", PointInTimeRecoverySpecification=specification)
    described: dict[str, Any] = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return described


def test_backup_holds_what_was_there(ddb: Any, table: str) -> None:
    """A restored table holds the items of the backup's moment, and the two do not hang together."""
    put(ddb, 1, 2)
    arn = ddb.create_backup(TableName=table, BackupName="first")["BackupDetails"]["BackupArn"]
    put(ddb, 3)
    made = ddb.restore_table_from_backup(TargetTableName="copy", BackupArn=arn)["TableDescription"]
    ddb.delete_item(TableName="copy", Key=key("x", 1))
    assert (made["TableStatus"], made["RestoreSummary"]["SourceBackupArn"]) == ("CREATING", arn)
    assert (numbers(ddb, "copy"), numbers(ddb, table)) == (["2"], ["1", "2", "3"])


def test_backup_life_cycle(ddb: Any, table: str) -> None:
    """Backups are described, listed and deleted; one outlives its table."""
    arn = ddb.create_backup(TableName=table, BackupName="first")["BackupDetails"]["BackupArn"]
    ddb.delete_table(TableName=table)
    described = ddb.describe_backup(BackupArn=arn)["BackupDescription"]
    assert (described["BackupDetails"]["BackupStatus"], described["SourceTableDetails"]["ItemCount"]) == (
        "AVAILABLE",
        0,
    )
    assert [one["BackupArn"] for one in ddb.list_backups(TableName=table)["BackupSummaries"]] == [arn]
    assert ddb.delete_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]["BackupStatus"] == "DELETED"
    with pytest.raises(ddb.exceptions.BackupNotFoundException, match=f"Backup not found: {arn}"):
        ddb.describe_backup(BackupArn=arn)


def test_listing_in_pages(ddb: Any, table: str) -> None:
    """Backups are listed a page at a time, by table and time."""
    arns = [ddb.create_backup(TableName=table, BackupName=f"b-{n}")["BackupDetails"]["BackupArn"] for n in range(3)]
    pages = ddb.get_paginator("list_backups").paginate(TableName=table, PaginationConfig={"PageSize": 2})
    assert [[one["BackupArn"] for one in page["BackupSummaries"]] for page in pages] == [arns[:2], arns[2:]]
    assert ddb.list_backups(TimeRangeUpperBound=datetime(2001, 1, 1))["BackupSummaries"] == []


def test_restore_with_overrides(ddb: Any) -> None:
    """A restore may leave indexes out and change the billing."""
    made = definition(p="S", c="N", a="S")
    made["KeySchema"] = made["KeySchema"][:2]
    ddb.create_table(TableName="tab", GlobalSecondaryIndexes=[index("by_a", "a")], **made)
    ddb.put_item(TableName="tab", Item={**key(), "a": {"S": "v"}})
    arn = ddb.create_backup(TableName="tab", BackupName="first")["BackupDetails"]["BackupArn"]
    units = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
    ddb.restore_table_from_backup(
        TargetTableName="copy",
        BackupArn=arn,
        GlobalSecondaryIndexOverride=[],
        BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride=units,
    )
    shown = ddb.describe_table(TableName="copy")["Table"]
    assert ("GlobalSecondaryIndexes" in shown, shown["ProvisionedThroughput"]["WriteCapacityUnits"]) == (False, 4)
    assert [one["AttributeName"] for one in shown["AttributeDefinitions"]] == ["p", "c"]
    ddb.restore_table_from_backup(TargetTableName="whole", BackupArn=arn)
    assert ddb.scan(TableName="whole", IndexName="by_a")["Count"] == 1


def test_unknown_sources_and_taken_targets(ddb: Any, table: str) -> None:
    """Restores need a source that is there and a name that is free."""
    arn = ddb.create_backup(TableName=table, BackupName="first")["BackupDetails"]["BackupArn"]
    with pytest.raises(ddb.exceptions.TableAlreadyExistsException, match="Table already exists: tab"):
        ddb.restore_table_from_backup(TargetTableName=table, BackupArn=arn)
    with pytest.raises(ddb.exceptions.TableNotFoundException, match="Table not found: nope"):
        ddb.create_backup(TableName="nope", BackupName="first")


def test_recovery_to_any_second(aws: Any, ddb: Any, table: str) -> None:
    """Each second of the window can be restored, whatever was put, changed and deleted since."""
    put(ddb, 1)
    recover(ddb)
    moments = []
    for step in (
        lambda: put(ddb, 2),
        lambda: ddb.delete_item(TableName=table, Key=key("x", 1)),
        lambda: put(ddb, 1, 3),
    ):
        moments.append(aws.clock.now())
        aws.clock.advance(seconds=10)
        step()
    held = []
    for number, at in enumerate([*moments, aws.clock.now()]):
        name = f"copy-{number}"
        ddb.restore_table_to_point_in_time(SourceTableName=table, TargetTableName=name, RestoreDateTime=at)
        held.append(numbers(ddb, name))
    assert held == [["1"], ["1", "2"], ["2"], ["1", "2", "3"]]


def test_recovery_window(aws: Any, ddb: Any, table: str) -> None:
    """What lies before the window, or ahead, cannot be restored."""
    began = aws.clock.now()
    assert recover(ddb, RecoveryPeriodInDays=2)["RecoveryPeriodInDays"] == 2
    aws.clock.advance(days=3)
    with pytest.raises(ddb.exceptions.InvalidRestoreTimeException):
        ddb.restore_table_to_point_in_time(SourceTableName=table, TargetTableName="copy", RestoreDateTime=began)


def test_recovery_that_is_off(ddb: Any, table: str) -> None:
    """Without point-in-time recovery nothing is restored."""
    recover(ddb)
    assert recover(ddb, enabled=False) == {"PointInTimeRecoveryStatus": "DISABLED"}
    with pytest.raises(ClientError, match="Point in time recovery is not enabled for table 'tab'"):
        ddb.restore_table_to_point_in_time(SourceTableName=table, TargetTableName="copy", UseLatestRestorableTime=True)


def test_deleted_table_leaves_a_system_backup(aws: Any, ddb: Any, table: str) -> None:
    """A table that is deleted with recovery on is kept for 35 days."""
    put(ddb, 1)
    recover(ddb)
    ddb.delete_table(TableName=table)
    (backup,) = ddb.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    assert backup["BackupName"] == "tab$DeletedTableBackup"
    ddb.restore_table_from_backup(TargetTableName="copy", BackupArn=backup["BackupArn"])
    assert numbers(ddb, "copy") == ["1"]
    aws.clock.advance(days=36)
    assert ddb.list_backups()["BackupSummaries"] == []
