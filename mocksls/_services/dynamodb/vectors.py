"""Vector indexes: defined, held against what is written, described.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndex.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.definitions import check_projection
from mocksls._services.dynamodb.names import check_name
from mocksls._services.dynamodb.store import Table, VectorIndex
from mocksls._services.dynamodb.values import AttributeValue, Item, checked, kind_of, utf8_length

MAX_INDEXES = 5
MAX_DIMENSIONS = 4096
_FLOOR_BYTES = 1024
_DIMENSION_BYTES = 4


def vector_index(definition: Mapping[str, Any], types: Mapping[str, str], table_names: frozenset[str]) -> VectorIndex:
    """A vector index as a request defines it.

    Raises: ValidationException.
    """
    name = definition["IndexName"]
    check_name(name, "indexName")
    schema = {one["AttributeName"]: one["SearchSchemaElementType"] for one in definition.get("SearchSchema", [])}
    if any(attribute not in types for attribute in schema):
        raise errors.invalid("One element in SearchSchema is not defined in attribute definitions")
    if definition["Dimensions"] > MAX_DIMENSIONS:
        raise errors.invalid("Number of dimensions must be between 1 and 4096 inclusive.")
    attribute = definition["VectorAttribute"]["AttributeName"]
    projection = definition["Projection"]
    check_projection(projection)
    projected = None
    if projection["ProjectionType"] != "ALL":
        projected = frozenset((*table_names, *schema, attribute, *projection.get("NonKeyAttributes", ())))
    return VectorIndex(
        name, attribute, definition["Dimensions"], definition["DistanceFunction"], dict(projection), projected, schema
    )


def check_together(indexes: Sequence[VectorIndex], billing_mode: str, others: Iterable[str]) -> None:
    """Check the vector indexes of a table together, and next to the names of its ``others``.

    Raises: ValidationException.
    """
    if not indexes:
        return
    if billing_mode != "PAY_PER_REQUEST":
        raise errors.invalid("Vector indexes are only supported for PAY_PER_REQUEST tables")
    if len(indexes) > MAX_INDEXES:
        raise errors.invalid("VectorIndex count exceeds the per-table limit of 5")
    dimensions: dict[str, int] = {}
    names = set(others)
    for index in indexes:
        if index.name in names:
            raise errors.invalid(f"Duplicate index name: {index.name}")
        names.add(index.name)
        if dimensions.setdefault(index.attribute, index.dimensions) != index.dimensions:
            raise errors.invalid(
                f"Conflicting attribute definition for '{index.attribute}'. All VectorIndexes on the same vector "
                "attribute must use the same dimensions."
            )


def check_item(table: Table, item: Item) -> None:
    """Check that an item's vectors fit the indexes that they stand in.

    Raises: ValidationException.
    """
    for index in table.vectors.values():
        value = item.get(index.attribute)
        if value is not None:
            _check_vector(index, value)
        for name in index.schema:
            _check_schema_attribute(table, index, name, item.get(name))


def _check_vector(index: VectorIndex, value: AttributeValue) -> None:
    if "L" not in value:
        raise _invalid(
            f"Invalid type for parameter {index.attribute}, Expected: 32-bit floating point number list IndexName: "
            f"{index.name}"
        )
    elements = value["L"]
    for position, element in enumerate(elements):
        if as_float(element) is None:
            raise _invalid(
                f"Invalid type for parameter {index.attribute}[{position}], Expected: 32-bit floating point number, "
                f"Actual: {kind_of(element)}. IndexName: {index.name}"
            )
    if len(elements) != index.dimensions:
        raise _invalid(
            f"Invalid size for parameter {index.attribute}, Expected: {index.dimensions}, Actual: {len(elements)} "
            f"IndexName: {index.name}"
        )


def _check_schema_attribute(table: Table, index: VectorIndex, name: str, value: AttributeValue | None) -> None:
    kind = table.attribute_types[name]
    if value is None:
        return
    if kind not in value:
        raise errors.index_key_mismatch(name, kind, kind_of(value), index.name)
    if not value[kind]:
        raise errors.empty_index_key(name, kind, index.name)


def _invalid(message: str) -> AwsError:
    return errors.validation(f"One or more parameter values were invalid. {message}")


def as_float(value: AttributeValue) -> float | None:
    """A number as the index holds it, a 32-bit float; None for what is none."""
    if "N" not in value:
        return None
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", float(value["N"])))[0]
    except OverflowError:
        return None
    return rounded


def entry(index: VectorIndex, item: Item | None) -> Item | None:
    """What an index holds of an item; None where the item does not stand in it."""
    if item is None or index.attribute not in item:
        return None
    if any(kind == "HASH" and name not in item for name, kind in index.schema.items()):
        return None
    if index.projected is None:
        return item
    return {name: value for name, value in item.items() if name in index.projected}


def entries(table: Table, index: VectorIndex) -> Iterator[Item]:
    """The entries of an index."""
    for row in table.rows.values():
        held = entry(index, row.item)
        if held is not None:
            yield held


def entry_bytes(index: VectorIndex, held: Item) -> int:
    """The size of an entry: vectors count four bytes a dimension, a thousand and twenty-four at least."""
    size = utf8_length(index.attribute) + _DIMENSION_BYTES * index.dimensions
    for name, value in held.items():
        if name != index.attribute:
            size += utf8_length(name) + checked(value)[1]
    return max(size, _FLOOR_BYTES)


def description(table: Table, index: VectorIndex, status: str) -> dict[str, Any]:
    """The VectorIndexDescription of an index."""
    held = list(entries(table, index))
    return {
        "IndexName": index.name,
        "SearchSchema": [
            {"AttributeName": name, "SearchSchemaElementType": kind} for name, kind in index.schema.items()
        ]
        or None,
        "Projection": index.projection,
        "VectorAttribute": {"AttributeName": index.attribute},
        "Dimensions": index.dimensions,
        "DistanceFunction": index.distance,
        "IndexStatus": "CREATING" if status == "CREATING" else "ACTIVE",
        "IndexSizeBytes": sum(entry_bytes(index, one) for one in held),
        "ItemCount": len(held),
        "IndexArn": f"{table.arn}/index/{index.name}",
    }
