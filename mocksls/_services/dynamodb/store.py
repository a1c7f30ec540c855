"""The state of DynamoDB in one account and region: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mocksls._kernel.buckets import TokenBucket
from mocksls._services.dynamodb.keys import KeyShape, attribute_parts
from mocksls._services.dynamodb.ordering import Ordering, Parts, Row
from mocksls._services.dynamodb.values import AttributeValue, Item, item_size

KeySchema = list[dict[str, str]]
VERSION = "2019.11.21"
"""The version of global tables, and the former one."""
OLD_VERSION = "2017.11.29"


@dataclass(slots=True, eq=False)
class ThroughputHistory:
    """When throughput was decreased (on the last day of that) and increased; the last switches to on-demand."""

    decreases: list[float] = field(default_factory=list)
    increased: float | None = None
    switches: list[float] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Index:
    """A secondary index. ``projected`` names the attributes it holds; None means all of them."""

    name: str
    is_global: bool
    key_schema: KeySchema
    shape: KeyShape
    projection: dict[str, Any]
    projected: frozenset[str] | None
    throughput: dict[str, int] | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    ordering: Ordering = field(default_factory=Ordering)
    history: ThroughputHistory = field(default_factory=ThroughputHistory)

    def position(self, item: Item, base_key: Parts) -> tuple[Parts, Parts] | None:
        """Where an item stands in the index; None if it lacks a key attribute of it."""
        hash_ = attribute_parts(item, self.shape.hash)
        if hash_ is None:
            return None
        range_ = attribute_parts(item, self.shape.range)
        if range_ is None:
            return None
        return hash_, range_ + base_key

    def entry(self, row: Row) -> Row:
        """What the index holds of a row: the row itself, or one with the projected attributes."""
        if self.projected is None:
            return row
        shown = {name: value for name, value in row.item.items() if name in self.projected}
        return Row(shown, item_size(shown), row.key)


class VectorIndex(NamedTuple):
    """A vector index. ``schema`` holds the attributes of its search schema with their roles (HASH, INLINE_FILTER)."""

    name: str
    attribute: str
    dimensions: int
    distance: str
    projection: dict[str, Any]
    projected: frozenset[str] | None
    schema: dict[str, str]


class IndexKey(NamedTuple):
    """What holds for an attribute that is an index key: its type, the index that names it first, its role."""

    kind: str
    index_name: str
    in_range: bool


@dataclass(slots=True, eq=False)
class Recovery:
    """Point-in-time recovery of a table: since when, for how many days, and what undoes each write since then."""

    since: float
    days: int
    undo: list[tuple[float, Parts, Item | None]] = field(default_factory=list)


class ResourcePolicy(NamedTuple):
    """A table's, index's or stream's policy with its revision."""

    text: str
    revision: str


@dataclass(slots=True, eq=False)
class Table:
    """A table with its items and indexes.

    ``replicas`` are the other regions of a global table, with their overrides; ``written`` says when and where each of
    its items was written last. ``policies`` are by the ARN of the table or its stream.
    """

    name: str
    arn: str
    table_id: str
    created: float
    attribute_types: dict[str, str]
    key_schema: KeySchema
    shape: KeyShape
    billing_mode: str
    throughput: dict[str, int]
    on_demand_since: float | None = None
    history: ThroughputHistory = field(default_factory=ThroughputHistory)
    indexes: dict[str, Index] = field(default_factory=dict)
    index_keys: dict[str, IndexKey] = field(default_factory=dict)
    vectors: dict[str, VectorIndex] = field(default_factory=dict)
    rows: dict[Parts, Row] = field(default_factory=dict)
    ordering: Ordering = field(default_factory=Ordering)
    stream_arn: str | None = None
    stream_view: str | None = None
    stream_shard: str = ""
    stream_sequence: int = 0
    deletion_protection: bool = False
    table_class: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    ttl_attribute: str | None = None
    ttl_changed: float | None = None
    expiries: list[tuple[float, Parts]] = field(default_factory=list)
    next_expiry: float | None = None
    sse: dict[str, Any] | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    buckets: dict[str, TokenBucket] = field(default_factory=dict)
    recovery: Recovery | None = None
    restored: dict[str, Any] | None = None
    policies: dict[str, ResourcePolicy] = field(default_factory=dict)
    replicas: dict[str, dict[str, Any]] = field(default_factory=dict)
    global_settings: dict[str, Any] = field(default_factory=dict)
    written: dict[Parts, tuple[float, str]] = field(default_factory=dict)
    insights: dict[str, dict[str, Any]] = field(default_factory=dict)
    destinations: dict[str, dict[str, Any]] = field(default_factory=dict)

    def refresh_index_keys(self) -> None:
        """Note which attributes are index keys, and what holds for them."""
        self.index_keys = {}
        for index in self.indexes.values():
            for name, kind in index.shape.attributes:
                known = self.index_keys.get(name)
                in_range = (name, kind) in index.shape.range or (known is not None and known.in_range)
                self.index_keys[name] = IndexKey(kind, known.index_name if known else index.name, in_range)

    def used_names(self) -> frozenset[str]:
        """The attributes that the table's key or any index of it is made of."""
        keys = self.shape.names.union(*(index.shape.names for index in self.indexes.values()))
        return keys.union(*(index.schema for index in self.vectors.values()))

    def key_of(self, item: Item) -> dict[str, AttributeValue]:
        """The key attributes of an item."""
        return {name: item[name] for name, _ in self.shape.attributes}


class Done(NamedTuple):
    """A transaction that was carried out: what it was, when, its answer, and what reading that again consumes."""

    request: Any
    at: float
    answer: dict[str, Any]
    units: dict[str, float]


class Backup(NamedTuple):
    """A backup: the definition of its table as it was, and its items. ``kind`` is USER or SYSTEM."""

    arn: str
    name: str
    kind: str
    created: float
    table: Table
    items: list[Item]
    size: int
    ttl_attribute: str | None = None
    expires: float | None = None


@dataclass(slots=True, eq=False)
class Transfer:
    """An export to or an import from S3: its description, and the request it came from."""

    description: dict[str, Any]
    request: dict[str, Any]


@dataclass(slots=True, eq=False)
class Store:
    """All of an account and region."""

    tables: dict[str, Table] = field(default_factory=dict)
    transactions: dict[str, Done] = field(default_factory=dict)
    backups: dict[str, Backup] = field(default_factory=dict)
    exports: dict[str, Transfer] = field(default_factory=dict)
    imports: dict[str, Transfer] = field(default_factory=dict)
