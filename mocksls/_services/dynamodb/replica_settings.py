"""Settings of global tables by region: throughput, and the auto scaling that was asked for (which nothing carries out).

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.names import managed_table
from mocksls._services.dynamodb.replica_groups import members
from mocksls._services.dynamodb.store import OLD_VERSION, Index, Store, Table

_Scaling = Mapping[str, Any]
_INDEX_SETTINGS = "GlobalTableGlobalSecondaryIndexSettingsUpdate"


class ReplicaSettings:
    """The operations on settings of replicas."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe_table_replica_auto_scaling(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell the auto scaling settings of a table in all its regions.

        Raises: ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html
        """
        table = managed_table(self._store, request["TableName"])
        return {"TableAutoScalingDescription": _scaling_description(table, "ACTIVE", call)}

    def update_table_replica_auto_scaling(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keep auto scaling settings of a global table.

        Raises: ResourceNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
        """
        table = managed_table(self._store, request["TableName"])
        by_region = dict([(call.region, table), *members(table, call)])
        updates = request.get("ReplicaUpdates", [])
        for update in updates:
            if update["RegionName"] not in by_region:
                raise errors.validation(f"The replica for region {update['RegionName']} does not exist")
        missing = _unknown_index(table, request, "GlobalSecondaryIndexUpdates", "ReplicaGlobalSecondaryIndexUpdates")
        if missing is not None:
            raise errors.arn_not_found(f"{table.arn}/index/{missing}")
        for one in by_region.values():
            _keep(one, "Write", "", request.get("ProvisionedWriteCapacityAutoScalingUpdate"))
            for index in request.get("GlobalSecondaryIndexUpdates", []):
                _keep(one, "Write", index["IndexName"], index.get("ProvisionedWriteCapacityAutoScalingUpdate"))
        for update in updates:
            one = by_region[update["RegionName"]]
            _keep(one, "Read", "", update.get("ReplicaProvisionedReadCapacityAutoScalingUpdate"))
            for index in update.get("ReplicaGlobalSecondaryIndexUpdates", []):
                _keep(one, "Read", index["IndexName"], index.get("ProvisionedReadCapacityAutoScalingUpdate"))
        return {"TableAutoScalingDescription": _scaling_description(table, "UPDATING", call)}

    def describe_global_table_settings(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell the settings of a global table of the first version, region by region.

        Raises: GlobalTableNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html
        """
        table = self._global(request)
        return {"GlobalTableName": table.name, "ReplicaSettings": _settings(table, call)}

    def update_global_table_settings(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change throughput and billing of a global table of the first version in all its regions, or in one.

        Raises: GlobalTableNotFoundException, ReplicaNotFoundException, IndexNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTableSettings.html
        """
        table = self._global(request)
        by_region = dict([(call.region, table), *members(table, call)])
        updates = request.get("ReplicaSettingsUpdate", [])
        for update in updates:
            if update["RegionName"] not in by_region:
                raise errors.replica_not_found(update["RegionName"])
        missing = _unknown_index(table, request, _INDEX_SETTINGS, "ReplicaGlobalSecondaryIndexSettingsUpdate")
        if missing is not None:
            raise errors.global_index_not_found(missing)
        for one in by_region.values():
            _update_everywhere(one, request)
        for update in updates:
            _update_replica(by_region[update["RegionName"]], update)
        return {"GlobalTableName": table.name, "ReplicaSettings": _settings(table, call)}

    def _global(self, request: Mapping[str, Any]) -> Table:
        table = self._store.tables.get(request["GlobalTableName"])
        if table is None or table.global_settings.get("GlobalTableVersion") != OLD_VERSION:
            raise errors.global_table_not_found(request["GlobalTableName"])
        return table


def _unknown_index(table: Table, request: Mapping[str, Any], member: str, of_replica: str) -> str | None:
    """The first index whose settings would change and that is no global index of the table."""
    replicas = request.get("ReplicaUpdates", request.get("ReplicaSettingsUpdate", ()))
    given = [*request.get(member, ()), *(index for one in replicas for index in one.get(of_replica, ()))]
    names = [str(index.get("IndexName", "")) for index in given]
    known = {index.name for index in _global_indexes(table)}
    return next((name for name in names if name not in known), None)


def _keep(table: Table, kind: str, index: str, scaling: _Scaling | None) -> None:
    if scaling is not None:
        table.settings.setdefault("AutoScaling", {})[f"{index}/{kind}"] = dict(scaling)


def _shown_scaling(table: Table, kind: str, index: str = "") -> dict[str, Any] | None:
    """AutoScalingSettingsDescription of what was asked for; None where nothing was."""
    given = table.settings.get("AutoScaling", {}).get(f"{index}/{kind}")
    if given is None:
        return None
    policy = given.get("ScalingPolicyUpdate")
    shown = {name: value for name, value in given.items() if name != "ScalingPolicyUpdate"}
    if policy is not None:
        shown["ScalingPolicies"] = [policy]
    return shown


def _scaling_description(table: Table, status: str, call: Call) -> dict[str, Any]:
    tables = [(call.region, table), *members(table, call)]
    return {
        "TableName": table.name,
        "TableStatus": status,
        "Replicas": [
            {
                "RegionName": region,
                "GlobalSecondaryIndexes": [_index_scaling(one, index) for index in _global_indexes(one)] or None,
                "ReplicaProvisionedReadCapacityAutoScalingSettings": _shown_scaling(one, "Read"),
                "ReplicaProvisionedWriteCapacityAutoScalingSettings": _shown_scaling(one, "Write"),
                "ReplicaStatus": "ACTIVE",
            }
            for region, one in tables
        ],
    }


def _global_indexes(table: Table) -> list[Index]:
    return [index for index in table.indexes.values() if index.is_global]


def _index_scaling(table: Table, index: Index) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "IndexStatus": "ACTIVE",
        "ProvisionedReadCapacityAutoScalingSettings": _shown_scaling(table, "Read", index.name),
        "ProvisionedWriteCapacityAutoScalingSettings": _shown_scaling(table, "Write", index.name),
    }


def _update_everywhere(table: Table, request: Mapping[str, Any]) -> None:
    if "GlobalTableBillingMode" in request:
        table.billing_mode = request["GlobalTableBillingMode"]
    if "GlobalTableProvisionedWriteCapacityUnits" in request:
        units = request["GlobalTableProvisionedWriteCapacityUnits"]
        table.throughput = {**table.throughput, "WriteCapacityUnits": units}
    _keep(table, "Write", "", request.get("GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate"))
    for given in request.get(_INDEX_SETTINGS, []):
        _update_index(table, given, "Write")


def _update_replica(table: Table, update: Mapping[str, Any]) -> None:
    if "ReplicaProvisionedReadCapacityUnits" in update:
        units = update["ReplicaProvisionedReadCapacityUnits"]
        table.throughput = {**table.throughput, "ReadCapacityUnits": units}
    if "ReplicaTableClass" in update:
        table.table_class = update["ReplicaTableClass"]
    _keep(table, "Read", "", update.get("ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate"))
    for given in update.get("ReplicaGlobalSecondaryIndexSettingsUpdate", []):
        _update_index(table, given, "Read")


def _update_index(table: Table, given: Mapping[str, Any], kind: str) -> None:
    index = table.indexes[given["IndexName"]]
    units = given.get(f"Provisioned{kind}CapacityUnits")
    if units is not None:
        index.throughput = {**(index.throughput or table.throughput), f"{kind}CapacityUnits": units}
    _keep(table, kind, index.name, given.get(f"Provisioned{kind}CapacityAutoScalingSettingsUpdate"))


def _settings(table: Table, call: Call) -> list[dict[str, Any]]:
    return [
        {
            "RegionName": region,
            "ReplicaStatus": "ACTIVE",
            "ReplicaBillingModeSummary": {"BillingMode": one.billing_mode},
            "ReplicaProvisionedReadCapacityUnits": one.throughput["ReadCapacityUnits"],
            "ReplicaProvisionedReadCapacityAutoScalingSettings": _shown_scaling(one, "Read"),
            "ReplicaProvisionedWriteCapacityUnits": one.throughput["WriteCapacityUnits"],
            "ReplicaProvisionedWriteCapacityAutoScalingSettings": _shown_scaling(one, "Write"),
            "ReplicaGlobalSecondaryIndexSettings": [_index_settings(one, index) for index in _global_indexes(one)]
            or None,
            "ReplicaTableClassSummary": {"TableClass": one.table_class} if one.table_class else None,
        }
        for region, one in sorted([(call.region, table), *members(table, call)], key=lambda pair: pair[0])
    ]


def _index_settings(table: Table, index: Index) -> dict[str, Any]:
    units = index.throughput or {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    return {
        "IndexName": index.name,
        "IndexStatus": "ACTIVE",
        "ProvisionedReadCapacityUnits": units["ReadCapacityUnits"],
        "ProvisionedReadCapacityAutoScalingSettings": _shown_scaling(table, "Read", index.name),
        "ProvisionedWriteCapacityUnits": units["WriteCapacityUnits"],
        "ProvisionedWriteCapacityAutoScalingSettings": _shown_scaling(table, "Write", index.name),
    }
