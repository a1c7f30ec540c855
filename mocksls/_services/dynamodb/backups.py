"""Backups on demand: made, described, listed, deleted, and restored into new tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import copies, errors
from mocksls._services.dynamodb.descriptions import restored_description
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.names import check_name, plain_name
from mocksls._services.dynamodb.store import Backup, Index, Store, Table

_MAX_LISTED = 100
_SYSTEM_DAYS = 35
_DAY_S = 24 * 3600


class Backups:
    """The operations on backups."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create_backup(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keep a table's items as they are now; a name may be used again.

        Raises: TableNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
        """
        table = backed_up_table(self._store, request["TableName"])
        backup = make_backup(self._store, table, request["BackupName"], "USER", call)
        return {"BackupDetails": _details(backup, "CREATING")}

    def describe_backup(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Describe a backup, with its table as it was.

        Raises: BackupNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html
        """
        return {"BackupDescription": _description(self._found(request["BackupArn"], call), "AVAILABLE")}

    def list_backups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List backups, oldest first; those of AWS Backup are not told of here.

        Raises: ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
        """
        self._forget_expired(call)
        found = [backup for backup in self._store.backups.values() if _is_wanted(backup, request)]
        start = request.get("ExclusiveStartBackupArn")
        if start is not None:
            arns = [backup.arn for backup in found]
            found = found[arns.index(start) + 1 :] if start in arns else []
        limit = request.get("Limit", _MAX_LISTED)
        answer: dict[str, Any] = {"BackupSummaries": [_summary(backup) for backup in found[:limit]]}
        if len(found) > limit:
            answer["LastEvaluatedBackupArn"] = found[limit - 1].arn
        return answer

    def delete_backup(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a backup.

        Raises: BackupNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html
        """
        backup = self._found(request["BackupArn"], call)
        del self._store.backups[backup.arn]
        return {"BackupDescription": _description(backup, "DELETED")}

    def restore_table_from_backup(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a table of what a backup holds; stream, TTL, tags and recovery are not taken over.

        Raises: TableAlreadyExistsException, BackupNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
        """
        backup = self._found(request["BackupArn"], call)
        check_target(self._store, request["TargetTableName"])
        table = copies.empty_copy(backup.table, request["TargetTableName"], call)
        copies.override(table, request, call)
        copies.load(table, backup.items)
        table.restored = {
            "SourceBackupArn": backup.arn,
            "SourceTableArn": backup.table.arn,
            "RestoreDateTime": moment(backup.created),
        }
        self._store.tables[table.name] = table
        return {"TableDescription": restored_description(table, call.cloud.clock.time())}

    def _found(self, arn: str, call: Call) -> Backup:
        self._forget_expired(call)
        backup = self._store.backups.get(arn)
        if backup is None:
            raise errors.backup_not_found(arn)
        return backup

    def _forget_expired(self, call: Call) -> None:
        now = call.cloud.clock.time()
        for backup in list(self._store.backups.values()):
            if backup.expires is not None and backup.expires <= now:
                del self._store.backups[backup.arn]


def backed_up_table(store: Store, given: str) -> Table:
    """The table that a call on backups names, by name or ARN.

    Raises: TableNotFoundException, ValidationException for a malformed name.
    """
    table = store.tables.get(plain_name(given))
    if table is None or given not in (table.name, table.arn):
        raise errors.source_table_not_found(given)
    return table


def check_target(store: Store, name: str) -> None:
    """Check the name of a table to be restored.

    Raises: TableAlreadyExistsException, ValidationException for a malformed name.
    """
    check_name(name, "targetTableName")
    if name in store.tables:
        raise errors.target_table_exists(name)


def make_backup(store: Store, table: Table, name: str, kind: str, call: Call) -> Backup:
    """Keep a table as it is; ``kind`` SYSTEM are those that a deleted table with recovery leaves for 35 days."""
    now = call.cloud.clock.time()
    definition = copies.empty_copy(table, table.name, call)
    definition.table_id, definition.created = table.table_id, table.created
    definition.stream_view, definition.on_demand_since = table.stream_view, table.on_demand_since
    arn = f"{table.arn}/backup/{int(now * 1000):014d}-{call.cloud.ids.hex(8)}"
    items = [row.item for row in table.rows.values()]
    backup = Backup(
        arn=arn,
        name=name,
        kind=kind,
        created=now,
        table=definition,
        items=items,
        size=sum(row.size for row in table.rows.values()),
        ttl_attribute=table.ttl_attribute,
        expires=now + _SYSTEM_DAYS * _DAY_S if kind == "SYSTEM" else None,
    )
    store.backups[arn] = backup
    return backup


def _is_wanted(backup: Backup, request: Mapping[str, Any]) -> bool:
    name, kind = request.get("TableName"), request.get("BackupType", "ALL")
    lower, upper = request.get("TimeRangeLowerBound"), request.get("TimeRangeUpperBound")
    return (
        (name is None or name in (backup.table.name, backup.table.arn))
        and kind in ("ALL", backup.kind)
        and (lower is None or backup.created >= lower.timestamp())
        and (upper is None or backup.created < upper.timestamp())
    )


# -- as the API shows them -------------------------------------------------------------------------------------------


def _details(backup: Backup, status: str) -> dict[str, Any]:
    return {
        "BackupArn": backup.arn,
        "BackupName": backup.name,
        "BackupSizeBytes": backup.size,
        "BackupStatus": status,
        "BackupType": backup.kind,
        "BackupCreationDateTime": moment(backup.created),
        "BackupExpiryDateTime": moment(backup.expires) if backup.expires is not None else None,
    }


def _summary(backup: Backup) -> dict[str, Any]:
    table = backup.table
    return {
        "TableName": table.name,
        "TableId": table.table_id,
        "TableArn": table.arn,
        **_details(backup, "AVAILABLE"),
    }


def _description(backup: Backup, status: str) -> dict[str, Any]:
    table = backup.table
    source = {
        "TableName": table.name,
        "TableId": table.table_id,
        "TableArn": table.arn,
        "TableSizeBytes": backup.size,
        "KeySchema": table.key_schema,
        "TableCreationDateTime": moment(table.created),
        "ProvisionedThroughput": table.throughput,
        "OnDemandThroughput": table.settings.get("OnDemandThroughput"),
        "ItemCount": len(backup.items),
        "BillingMode": table.billing_mode,
    }
    return {
        "BackupDetails": _details(backup, status),
        "SourceTableDetails": source,
        "SourceTableFeatureDetails": _features(backup),
    }


def _features(backup: Backup) -> dict[str, Any]:
    table = backup.table
    indexes = table.indexes.values()
    features: dict[str, Any] = {
        "LocalSecondaryIndexes": [_index(index) for index in indexes if not index.is_global] or None,
        "GlobalSecondaryIndexes": [_index(index) for index in indexes if index.is_global] or None,
        "SSEDescription": table.sse,
    }
    if table.stream_view is not None:
        features["StreamDescription"] = {"StreamEnabled": True, "StreamViewType": table.stream_view}
    if backup.ttl_attribute is not None:
        features["TimeToLiveDescription"] = {"TimeToLiveStatus": "ENABLED", "AttributeName": backup.ttl_attribute}
    return features


def _index(index: Index) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "KeySchema": index.key_schema,
        "Projection": index.projection,
        "ProvisionedThroughput": index.throughput if index.is_global else None,
    }
