"""The resource classes that few tests need: their modules are imported at the first call of an operation of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import import_module

from mocksls._kernel.service import Later
from mocksls._services.dynamodb.store import Store

_OPERATIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("statements", "Statements"): (
        "execute_statement",
        "batch_execute_statement",
        "execute_transaction",
    ),
    ("backups", "Backups"): (
        "create_backup",
        "describe_backup",
        "list_backups",
        "delete_backup",
        "restore_table_from_backup",
    ),
    ("continuous_backups", "ContinuousBackups"): (
        "describe_continuous_backups",
        "update_continuous_backups",
        "restore_table_to_point_in_time",
    ),
    ("exports", "Exports"): (
        "export_table_to_point_in_time",
        "describe_export",
        "list_exports",
    ),
    ("imports", "Imports"): (
        "import_table",
        "describe_import",
        "list_imports",
    ),
    ("global_tables", "GlobalTables"): (
        "create_global_table",
        "describe_global_table",
        "list_global_tables",
        "update_global_table",
    ),
    ("replica_settings", "ReplicaSettings"): (
        "describe_table_replica_auto_scaling",
        "update_table_replica_auto_scaling",
        "describe_global_table_settings",
        "update_global_table_settings",
    ),
    ("resource_policies", "ResourcePolicies"): (
        "put_resource_policy",
        "get_resource_policy",
        "delete_resource_policy",
    ),
    ("contributor_insights", "ContributorInsights"): (
        "update_contributor_insights",
        "describe_contributor_insights",
        "list_contributor_insights",
    ),
    ("kinesis_destinations", "KinesisDestinations"): (
        "enable_kinesis_streaming_destination",
        "disable_kinesis_streaming_destination",
        "update_kinesis_streaming_destination",
        "describe_kinesis_streaming_destination",
    ),
    ("vector_searches", "VectorSearches"): ("search_vectors",),
}


def rarely_needed(store: Store) -> Sequence[Later]:
    """Those resource objects of an account and region."""
    return [Later(partial(_made, *names, store), operations) for names, operations in _OPERATIONS.items()]


def _made(module: str, name: str, store: Store) -> object:
    made: object = getattr(import_module(f"mocksls._services.dynamodb.{module}"), name)(store)
    return made
