"""Definitions of tables and indexes, checked as CreateTable and UpdateTable check them.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.keys import KeyShape, key_shape
from mocksls._services.dynamodb.names import check_name
from mocksls._services.dynamodb.store import Index, KeySchema
from mocksls._services.dynamodb.values import utf8_length

MAX_LOCAL_INDEXES = 5
MAX_GLOBAL_INDEXES = 20
MAX_PROJECTED_NAMES = 100
WARM_READS = 12000
WARM_WRITES = 4000
_MAX_COMPOSITE = 4
_TYPES = ("S", "N", "B")
_PROJECTIONS = ("ALL", "KEYS_ONLY", "INCLUDE")
_INDEX_MEMBERS = ("OnDemandThroughput", "WarmThroughput")


def check_given(request: Mapping[str, Any]) -> None:
    """Check that a table is defined at all; the newest models let both members be absent.

    Raises: ValidationException.
    """
    members = {"AttributeDefinitions": "attributeDefinitions", "KeySchema": "keySchema"}
    missing = [errors.null_at(shown) for member, shown in members.items() if member not in request]
    if missing:
        raise errors.constraints(missing)


def attribute_types(definitions: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Names and types of AttributeDefinitions.

    Raises: ValidationException for a name given twice, or too long.
    """
    types: dict[str, str] = {}
    for definition in definitions:
        name = definition["AttributeName"]
        if name in types:
            raise errors.invalid(f"Duplicate AttributeName found in AttributeDefinitions: {name}")
        types[name] = definition["AttributeType"]
    return types


def table_shape(schema: KeySchema, types: Mapping[str, str]) -> KeyShape:
    """The shape of a table's key.

    Raises: ValidationException.
    """
    _check_table_schema(schema)
    if len(schema) > len(types):
        raise errors.validation("Invalid KeySchema: Some index key attribute have no definition")
    _check_defined(schema, types)
    _check_distinct(schema)
    named = [(element["AttributeName"], types[element["AttributeName"]]) for element in schema]
    return key_shape(tuple(named[:1]), tuple(named[1:]))


def _check_table_schema(schema: KeySchema) -> None:
    if len(schema) > 2:
        shown = ", ".join(
            f"KeySchemaElement(attributeName={one['AttributeName']}, keyType={one['KeyType']})" for one in schema
        )
        raise errors.constraint(f"[{shown}]", "keySchema", "Member must have length less than or equal to 2")
    if schema[0]["KeyType"] != "HASH":
        raise errors.invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if len(schema) == 2 and schema[1]["KeyType"] != "RANGE":
        raise errors.invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")


def _check_distinct(schema: KeySchema) -> None:
    names = [element["AttributeName"] for element in schema]
    if len(set(names)) < len(names):
        raise errors.invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")


def _check_defined(schema: KeySchema, types: Mapping[str, str]) -> None:
    names = [element["AttributeName"] for element in schema]
    if any(name not in types for name in names):
        if len(names) > len(types):
            raise errors.validation("Invalid KeySchema: Some index key attribute have no definition")
        raise errors.invalid(
            "Some index key attributes are not defined in AttributeDefinitions. "
            f"Keys: [{', '.join(sorted(names))}], AttributeDefinitions: [{', '.join(sorted(types))}]"
        )


def check_all_used(
    types: Mapping[str, str], shape: KeyShape, indexes: Iterable[Index], searched: frozenset[str] = frozenset()
) -> None:
    """Check that every defined attribute is a key of the table or of an index, or ``searched`` by a vector index.

    Raises: ValidationException.
    """
    used = set(shape.names | searched)
    indexes = list(indexes)
    for index in indexes:
        used |= index.shape.names
    if used >= set(types):
        return
    if not indexes:
        raise errors.invalid(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            "AttributeDefinitions"
        )
    keys = ", ".join(sorted(used))
    raise errors.invalid(
        f"Some AttributeDefinitions are not used. AttributeDefinitions: [{', '.join(sorted(types))}], "
        f"keys used: [{keys}]"
    )


# -- indexes ----------------------------------------------------------------------------------------------------------


def local_indexes(
    given: Sequence[Mapping[str, Any]] | None,
    types: Mapping[str, str],
    schema: KeySchema,
    shape: KeyShape,
    strict: bool = True,
) -> list[Index]:
    """The local secondary indexes of a CreateTable request; ``strict`` unless the table may lack a range key.

    Raises: ValidationException.
    """
    if given is None:
        return []
    if not given:
        raise errors.invalid("List of LocalSecondaryIndexes is empty")
    if len(given) > MAX_LOCAL_INDEXES:
        raise errors.invalid("Number of LocalSecondaryIndexes exceeds per-table limit of 5")
    if strict and not shape.range:
        raise errors.invalid(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
        )
    return [_local_index(definition, types, schema, shape, strict) for definition in given]


def _local_index(
    definition: Mapping[str, Any], types: Mapping[str, str], table_schema: KeySchema, table: KeyShape, strict: bool
) -> Index:
    name, schema = definition["IndexName"], definition["KeySchema"]
    _check_table_schema(schema)
    _check_defined(schema, types)
    if strict and len(schema) < 2:
        raise errors.invalid(f"Index KeySchema does not have a range key for index: {name}")
    mine, others = schema[0]["AttributeName"], table_schema[0]["AttributeName"]
    if mine != others:
        raise errors.invalid(
            f"Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. "
            f"index hash key: {mine}, table hash key: {others}"
        )
    return _index(definition, False, types, table)


def global_indexes(
    given: Sequence[Mapping[str, Any]] | None, types: Mapping[str, str], shape: KeyShape, billing_mode: str
) -> list[Index]:
    """The global secondary indexes of a CreateTable request.

    Raises: ValidationException.
    """
    if given is None:
        return []
    if not given:
        raise errors.invalid("List of GlobalSecondaryIndexes is empty")
    if len(given) > MAX_GLOBAL_INDEXES:
        raise errors.invalid("GlobalSecondaryIndex count exceeds the per-table limit of 20")
    return [global_index(definition, types, shape, billing_mode) for definition in given]


def global_index(definition: Mapping[str, Any], types: Mapping[str, str], table: KeyShape, billing_mode: str) -> Index:
    """One global secondary index.

    Raises: ValidationException.
    """
    name, schema = definition["IndexName"], definition["KeySchema"]
    _check_global_schema(schema)
    _check_defined(schema, types)
    index = _index(definition, True, types, table)
    index.throughput = throughput_of(definition.get("ProvisionedThroughput"), billing_mode, f"index: {name}")
    index.settings = {member: definition[member] for member in _INDEX_MEMBERS if member in definition}
    check_warm_throughput(definition.get("WarmThroughput"), billing_mode, f"index {name}")
    return index


def _check_global_schema(schema: KeySchema) -> None:
    kinds = [element["KeyType"] for element in schema]
    hashes = kinds.count("HASH")
    if not schema or kinds[0] != "HASH":
        raise errors.invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if kinds != ["HASH"] * hashes + ["RANGE"] * (len(kinds) - hashes):
        raise errors.invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
    if hashes > _MAX_COMPOSITE or len(kinds) - hashes > _MAX_COMPOSITE:
        raise errors.invalid("Invalid KeySchema: a key can have at most 4 HASH and 4 RANGE elements")
    _check_distinct(schema)


def _index(definition: Mapping[str, Any], is_global: bool, types: Mapping[str, str], table: KeyShape) -> Index:
    name, schema = definition["IndexName"], definition["KeySchema"]
    check_name(name, "indexName")
    projection = definition.get("Projection", {})
    check_projection(projection)
    shape = _shape(schema, types)
    projected = None
    if projection["ProjectionType"] != "ALL":
        projected = shape.names | table.names | frozenset(projection.get("NonKeyAttributes", ()))
    return Index(name, is_global, list(schema), shape, dict(projection), projected)


def _shape(schema: KeySchema, types: Mapping[str, str]) -> KeyShape:
    parts = {
        kind: tuple((one["AttributeName"], types[one["AttributeName"]]) for one in schema if one["KeyType"] == kind)
        for kind in ("HASH", "RANGE")
    }
    return key_shape(parts["HASH"], parts["RANGE"])


def check_projection(projection: Mapping[str, Any]) -> None:
    """Check the projection of an index of any kind.

    Raises: ValidationException.
    """
    kind, names = projection.get("ProjectionType"), projection.get("NonKeyAttributes")
    if kind not in _PROJECTIONS:
        raise errors.invalid(f"Unknown ProjectionType: {kind or 'null'}")
    if kind == "INCLUDE" and names is None:
        raise errors.invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
    if names is None:
        return
    if kind != "INCLUDE":
        raise errors.invalid(f"ProjectionType is {kind}, but NonKeyAttributes is specified")
    if len(set(names)) < len(names):
        raise errors.invalid("Duplicate value in NonKeyAttributes")
    for name in names:
        if utf8_length(name) > 255:
            raise errors.constraint(name, "nonKeyAttributes", "Member must have length less than or equal to 255")


def check_indexes(indexes: Sequence[Index]) -> None:
    """Check the indexes of a table together: names, and the number of projected names.

    Raises: ValidationException.
    """
    seen: set[str] = set()
    for index in indexes:
        if index.name in seen:
            raise errors.invalid(f"Duplicate index name: {index.name}")
        seen.add(index.name)
    if sum(len(index.projection.get("NonKeyAttributes", ())) for index in indexes) > MAX_PROJECTED_NAMES:
        raise errors.invalid(
            "The number of projected attributes in all indexes exceeds the limit of 100: "
            "Number of NonKeyAttributes exceeds per-table limit of 100"
        )


# -- throughput -----------------------------------------------------------------------------------------------------


def throughput_of(given: Mapping[str, int] | None, billing_mode: str, subject: str) -> dict[str, int]:
    """The provisioned throughput of a table or index; zeros where it is on demand.

    Raises: ValidationException.
    """
    if billing_mode == "PAY_PER_REQUEST":
        if given is not None:
            raise errors.invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            )
        return {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    if given is None:
        if subject == "table":
            raise errors.invalid(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            )
        raise errors.invalid(f"ProvisionedThroughput is not specified for {subject}")
    return {name: given[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def check_warm_throughput(given: Mapping[str, int] | None, billing_mode: str, subject: str) -> None:
    """Check that a warm throughput asks for no less than a table starts with.

    Raises: ValidationException.
    """
    if given is None or billing_mode != "PAY_PER_REQUEST":
        return
    for member, least in (("ReadUnitsPerSecond", WARM_READS), ("WriteUnitsPerSecond", WARM_WRITES)):
        if given.get(member, least) < least:
            raise errors.invalid(
                f"Requested {member} for WarmThroughput for {subject} is lower than initial throughput for OnDemand"
            )
