"""Tables: made, described, listed and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._services.dynamodb import definitions, errors, stream_records, vectors
from mocksls._services.dynamodb.descriptions import as_moto_describes, deleting_description, table_description
from mocksls._services.dynamodb.encryption import sse_description
from mocksls._services.dynamodb.names import check_name, managed_table, plain_name
from mocksls._services.dynamodb.store import Store, Table

_MAX_LISTED = 100


class Tables:
    """The operations that make and unmake tables."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a table; it is CREATING in this answer and ACTIVE from the next call on.

        Raises: ResourceInUseException, ValidationException, LimitExceededException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
        Differs: no global tables of several accounts.
        """
        if "GlobalTableSourceArn" in request:
            raise errors.left_out("CreateTable", "GlobalTableSourceArn")
        name = plain_name(request["TableName"])
        check_name(name, "tableName")
        table = defined_table(name, request, call)
        if name in self._store.tables:
            raise errors.table_exists(name)
        stream = request.get("StreamSpecification", {})
        if stream.get("StreamEnabled"):
            stream_records.open_stream(table, stream["StreamViewType"], call)
        if "ResourcePolicy" in request:
            from mocksls._services.dynamodb.resource_policies import new_policy

            table.policies[table.arn] = new_policy(request["ResourcePolicy"], None, call)
        self._store.tables[name] = table
        described = table_description(table, call.cloud.clock.time(), "CREATING")
        if call.cloud.options.compat == "moto":
            described = as_moto_describes(described)
        return {"TableDescription": described}

    def describe_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Describe a table.

        Raises: ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
        """
        table = managed_table(self._store, request["TableName"])
        described = table_description(table, call.cloud.clock.time())
        if call.cloud.options.compat == "moto":
            described = as_moto_describes(described)
        return {"Table": described}

    def list_tables(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List the names of the tables, in order, behind an exclusive start.

        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
        """
        start = request.get("ExclusiveStartTableName", "")
        limit = request.get("Limit", _MAX_LISTED)
        names = [name for name in sorted(self._store.tables) if name > start]
        if call.cloud.options.compat == "moto":
            names = _behind(list(self._store.tables), start)
        answer: dict[str, Any] = {"TableNames": names[:limit]}
        if len(names) > limit:
            answer["LastEvaluatedTableName"] = names[limit - 1]
        return answer

    def delete_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a table with its items; its stream stays readable until its records are too old.

        Raises: ResourceNotFoundException, ValidationException (deletion protection).
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
        """
        table = managed_table(self._store, request["TableName"])
        if table.deletion_protection:
            raise errors.validation(
                "Resource cannot be deleted as it is currently protected against deletion. "
                "Disable deletion protection first."
            )
        answer = {"TableDescription": deleting_description(table, call.cloud.clock.time())}
        if table.recovery is not None:
            from mocksls._services.dynamodb.backups import make_backup

            make_backup(self._store, table, f"{table.name}$DeletedTableBackup", "SYSTEM", call)
        if table.replicas or table.global_settings:
            from mocksls._services.dynamodb.replica_groups import leave_replicas

            leave_replicas(table, call)
        stream_records.close_stream(table, call)
        del self._store.tables[table.name]
        return answer


def _behind(names: list[str], start: str) -> list[str]:
    """The names behind one of them, in the order of their making, as moto lists them."""
    return names[names.index(start) + 1 :] if start in names else names


def defined_table(name: str, request: Mapping[str, Any], call: Call) -> Table:
    """The table that a request defines, every rule checked."""
    if call.cloud.options.compat == "moto":
        request = as_moto_accepts(request)
    definitions.check_given(request)
    billing_mode = request.get("BillingMode", "PROVISIONED")
    types = definitions.attribute_types(request["AttributeDefinitions"])
    schema = list(request["KeySchema"])
    throughput = definitions.throughput_of(request.get("ProvisionedThroughput"), billing_mode, "table")
    definitions.check_warm_throughput(request.get("WarmThroughput"), billing_mode, "table")
    shape = definitions.table_shape(schema, types)
    strict = call.cloud.options.compat != "moto"
    local = definitions.local_indexes(request.get("LocalSecondaryIndexes"), types, schema, shape, strict)
    worldwide = definitions.global_indexes(request.get("GlobalSecondaryIndexes"), types, shape, billing_mode)
    definitions.check_indexes([*local, *worldwide])
    given = request.get("VectorIndexes", [])
    found = [vectors.vector_index(one, types, shape.names) for one in given]
    vectors.check_together(found, billing_mode, (index.name for index in [*local, *worldwide]))
    searched = frozenset(name for index in found for name in index.schema)
    definitions.check_all_used(types, shape, [*local, *worldwide], searched)
    if "ResourcePolicy" in request:
        from mocksls._services.dynamodb.resource_policies import check_policy

        check_policy(request["ResourcePolicy"])
    if "StreamSpecification" in request:
        stream_records.check_specification(request["StreamSpecification"])
    now = call.cloud.clock.time()
    table = Table(
        name=name,
        arn=make_arn("dynamodb", call.region, call.account_id, f"table/{name}"),
        table_id=call.cloud.ids.uuid(),
        created=now,
        attribute_types=types,
        key_schema=schema,
        shape=shape,
        billing_mode=billing_mode,
        throughput=throughput,
        on_demand_since=now if billing_mode == "PAY_PER_REQUEST" else None,
        indexes={index.name: index for index in [*local, *worldwide]},
        vectors={index.name: index for index in found},
        deletion_protection=request.get("DeletionProtectionEnabled", False),
        table_class=request.get("TableClass"),
        tags=_tags(request),
        sse=sse_description(request.get("SSESpecification"), call),
        settings={name: request[name] for name in ("OnDemandThroughput", "WarmThroughput") if name in request},
    )
    table.refresh_index_keys()
    return table


def _tags(request: Mapping[str, Any]) -> dict[str, str]:
    if not request.get("Tags"):
        return {}
    from mocksls._services.dynamodb.table_tags import checked_tags

    return tags.from_list(checked_tags(request["Tags"]))


def as_moto_accepts(request: Mapping[str, Any]) -> dict[str, Any]:
    """A CreateTable request with what moto lets its users leave out: throughput of global indexes."""
    given = dict(request)
    throughput = given.get("ProvisionedThroughput")
    if throughput is not None and "GlobalSecondaryIndexes" in given:
        given["GlobalSecondaryIndexes"] = [
            {"ProvisionedThroughput": throughput, **index} for index in given["GlobalSecondaryIndexes"]
        ]
    return given
