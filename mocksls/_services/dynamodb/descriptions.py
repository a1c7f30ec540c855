"""Tables and indexes as the API describes them."""

from __future__ import annotations

from typing import Any

from mocksls._services.dynamodb import throughput_changes, vectors
from mocksls._services.dynamodb.definitions import WARM_READS, WARM_WRITES
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.store import VERSION, Index, Table
from mocksls._services.dynamodb.stream_records import label_of


def table_description(table: Table, now: float, status: str = "ACTIVE") -> dict[str, Any]:
    """The TableDescription of a table."""
    return {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in table.attribute_types.items()
        ],
        "TableName": table.name,
        "KeySchema": table.key_schema,
        "TableStatus": status,
        "CreationDateTime": moment(table.created),
        "ProvisionedThroughput": throughput_changes.description(table.history, table.throughput, now),
        "TableSizeBytes": sum(row.size for row in table.rows.values()),
        "ItemCount": len(table.rows),
        "TableArn": table.arn,
        "TableId": table.table_id,
        "BillingModeSummary": _billing(table, status),
        "LocalSecondaryIndexes": _indexes(table, False, status, now),
        "GlobalSecondaryIndexes": _indexes(table, True, status, now),
        "VectorIndexes": [vectors.description(table, index, status) for index in table.vectors.values()] or None,
        **_stream(table),
        "GlobalTableVersion": table.global_settings.get("GlobalTableVersion"),
        "Replicas": _replicas(table),
        "GlobalTableSettingsReplicationMode": table.global_settings.get("GlobalTableSettingsReplicationMode"),
        "MultiRegionConsistency": table.global_settings.get("MultiRegionConsistency"),
        "GlobalTableWitnesses": table.global_settings.get("GlobalTableWitnesses"),
        "DisassociationProtectionEnabled": _disassociation_protection(table),
        "RestoreSummary": {**table.restored, "RestoreInProgress": False} if table.restored is not None else None,
        "SSEDescription": table.sse,
        "TableClassSummary": {"TableClass": table.table_class} if table.table_class is not None else None,
        "DeletionProtectionEnabled": table.deletion_protection,
        "OnDemandThroughput": table.settings.get("OnDemandThroughput"),
        "WarmThroughput": _warm_throughput(table.settings.get("WarmThroughput"), table.throughput)
        if status == "ACTIVE"
        else None,
    }


def restored_description(table: Table, now: float) -> dict[str, Any]:
    """The TableDescription that a restore answers."""
    described = table_description(table, now, "CREATING")
    return {**described, "RestoreSummary": {**(table.restored or {}), "RestoreInProgress": True}}


def deleting_description(table: Table, now: float) -> dict[str, Any]:
    """The TableDescription that DeleteTable answers."""
    return {
        "TableName": table.name,
        "TableStatus": "DELETING",
        "ProvisionedThroughput": throughput_changes.description(table.history, table.throughput, now),
        "TableSizeBytes": sum(row.size for row in table.rows.values()),
        "ItemCount": len(table.rows),
        "TableArn": table.arn,
        "TableId": table.table_id,
        "BillingModeSummary": _billing(table, "ACTIVE"),
        **_stream(table),
        "DeletionProtectionEnabled": False,
    }


def _billing(table: Table, status: str) -> dict[str, Any] | None:
    if table.on_demand_since is None:
        return None
    summary: dict[str, Any] = {"BillingMode": table.billing_mode}
    if status != "CREATING":
        summary["LastUpdateToPayPerRequestDateTime"] = moment(table.on_demand_since)
    return summary


def _stream(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if table.stream_arn is not None:
        found["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": table.stream_view}
    latest = table.settings.get("LatestStreamArn")
    if latest is not None:
        found |= {"LatestStreamLabel": label_of(latest), "LatestStreamArn": latest}
    return found


def _replicas(table: Table) -> list[dict[str, Any]] | None:
    """The other regions of a global table; None for tables that are in one region only."""
    if not table.replicas:
        return None
    return [{"RegionName": region, "ReplicaStatus": "ACTIVE", **more} for region, more in table.replicas.items()]


def _disassociation_protection(table: Table) -> bool | None:
    """Only replicas with eventual consistency can be disassociated at all."""
    settings = table.global_settings
    if settings.get("GlobalTableVersion") != VERSION or settings.get("MultiRegionConsistency") == "STRONG":
        return None
    protected: bool = settings.get("DisassociationProtectionEnabled", True)
    return protected


def _warm_throughput(given: dict[str, int] | None, throughput: dict[str, int]) -> dict[str, Any]:
    """What was asked for, or else what every table and global index has: its provisioned units, or the least."""
    units = given or {
        "ReadUnitsPerSecond": throughput.get("ReadCapacityUnits") or WARM_READS,
        "WriteUnitsPerSecond": throughput.get("WriteCapacityUnits") or WARM_WRITES,
    }
    return {**units, "Status": "ACTIVE"}


def _indexes(table: Table, are_global: bool, status: str, now: float) -> list[dict[str, Any]] | None:
    found = [_index(table, index, status, now) for index in table.indexes.values() if index.is_global == are_global]
    return found or None


def _index(table: Table, index: Index, status: str, now: float) -> dict[str, Any]:
    description: dict[str, Any] = {
        "IndexName": index.name,
        "KeySchema": index.key_schema,
        "Projection": index.projection,
        "IndexSizeBytes": sum(row.size for row in index.ordering.rows()),
        "ItemCount": index.ordering.count(),
        "IndexArn": f"{table.arn}/index/{index.name}",
    }
    if index.is_global:
        description["IndexStatus"] = "CREATING" if status == "CREATING" else "ACTIVE"
        description["ProvisionedThroughput"] = throughput_changes.description(
            index.history, index.throughput or {}, now
        )
        description |= {name: value for name, value in index.settings.items() if name != "WarmThroughput"}
        if status == "ACTIVE":
            description["WarmThroughput"] = _warm_throughput(
                index.settings.get("WarmThroughput"), index.throughput or {}
            )
    return description


def as_moto_describes(description: dict[str, Any]) -> dict[str, Any]:
    """A TableDescription with the members that moto's users rely on and AWS leaves out where they say nothing."""
    summary = description["BillingModeSummary"] or {"BillingMode": "PROVISIONED"}
    return {
        **description,
        "BillingModeSummary": {"BillingMode": summary["BillingMode"]},
        "LocalSecondaryIndexes": description["LocalSecondaryIndexes"] or [],
        "GlobalSecondaryIndexes": description["GlobalSecondaryIndexes"] or [],
    }
