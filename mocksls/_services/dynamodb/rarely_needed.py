"""The classes that many tests do without: their modules are imported when one of their operations is first called."""

from __future__ import annotations

RESOURCES: dict[str, tuple[str, ...]] = {
    "backups.Backups": (
        "create_backup",
        "describe_backup",
        "list_backups",
        "delete_backup",
        "restore_table_from_backup",
    ),
    "batches.Batches": (
        "batch_write_item",
        "batch_get_item",
    ),
    "continuous_backups.ContinuousBackups": (
        "describe_continuous_backups",
        "update_continuous_backups",
        "restore_table_to_point_in_time",
    ),
    "contributor_insights.ContributorInsights": (
        "update_contributor_insights",
        "describe_contributor_insights",
        "list_contributor_insights",
    ),
    "exports.Exports": (
        "export_table_to_point_in_time",
        "describe_export",
        "list_exports",
    ),
    "global_tables.GlobalTables": (
        "create_global_table",
        "describe_global_table",
        "list_global_tables",
        "update_global_table",
    ),
    "imports.Imports": (
        "import_table",
        "describe_import",
        "list_imports",
    ),
    "kinesis_destinations.KinesisDestinations": (
        "enable_kinesis_streaming_destination",
        "disable_kinesis_streaming_destination",
        "update_kinesis_streaming_destination",
        "describe_kinesis_streaming_destination",
    ),
    "replica_settings.ReplicaSettings": (
        "describe_table_replica_auto_scaling",
        "update_table_replica_auto_scaling",
        "describe_global_table_settings",
        "update_global_table_settings",
    ),
    "resource_policies.ResourcePolicies": (
        "put_resource_policy",
        "get_resource_policy",
        "delete_resource_policy",
    ),
    "scans.Scans": ("scan",),
    "statements.Statements": (
        "execute_statement",
        "batch_execute_statement",
        "execute_transaction",
    ),
    "table_tags.TableTags": (
        "tag_resource",
        "untag_resource",
        "list_tags_of_resource",
    ),
    "table_updates.TableUpdates": ("update_table",),
    "time_to_live.TimeToLive": (
        "update_time_to_live",
        "describe_time_to_live",
    ),
    "transactions.Transactions": (
        "transact_write_items",
        "transact_get_items",
    ),
    "vector_searches.VectorSearches": ("search_vectors",),
}
TASKS: dict[str, tuple[str, ...]] = {
    "expiry_tasks.ExpiryTasks": ("expire",),
    "replication_tasks.ReplicationTasks": ("replicate",),
}
