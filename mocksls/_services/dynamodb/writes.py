"""Writing items: a change is planned with every check first, then made, with its index entries and stream record."""

from __future__ import annotations

from typing import NamedTuple

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors, expiry, replication, stream_records, vectors
from mocksls._services.dynamodb.keys import MAX_HASH_BYTES, MAX_RANGE_BYTES, key_bytes
from mocksls._services.dynamodb.ordering import Parts, Row
from mocksls._services.dynamodb.store import Index, IndexKey, Table
from mocksls._services.dynamodb.values import MAX_ITEM_BYTES, AttributeValue, Item, kind_of


class Change(NamedTuple):
    """What a write does to one item: ``old`` and ``new`` are None where there is no item."""

    table: Table
    key: Parts
    row: Row | None
    old: Item | None
    new: Item | None
    old_size: int
    new_size: int


def planned(table: Table, key: Parts, new: Item | None, new_size: int, *, update: bool = False) -> Change:
    """The change that makes ``new`` (checked, canonical) what is kept under a key; nothing is written yet.

    Raises: ValidationException if the item is too large, or cannot stand in an index that its attributes name.
    """
    row = table.rows.get(key)
    if new_size > MAX_ITEM_BYTES:
        raise errors.update_too_large() if update else errors.item_too_large()
    if new is not None and table.index_keys:
        _check_index_keys(table, new, update)
    if new is not None and table.vectors:
        vectors.check_item(table, new)
    if row is None:
        return Change(table, key, None, None, new, 0, new_size)
    return Change(table, key, row, row.item, new, row.size, new_size)


def _check_index_keys(table: Table, item: Item, update: bool) -> None:
    for name, key in table.index_keys.items():
        value = item.get(name)
        if value is not None:
            _check_index_key(name, key, value, update)


def _check_index_key(name: str, key: IndexKey, value: AttributeValue, update: bool) -> None:
    kind = key.kind
    if kind not in value:
        raise errors.index_key_mismatch(name, kind, kind_of(value), key.index_name)
    content = value[kind]
    if not content:
        raise errors.updated_index_key_empty(kind) if update else errors.empty_index_key(name, kind, key.index_name)
    if len(content) > MAX_RANGE_BYTES // 4:
        size = key_bytes(content)
        if key.in_range and size > MAX_RANGE_BYTES:
            raise errors.range_key_too_large()
        if size > MAX_HASH_BYTES:
            raise errors.hash_key_too_large()


def carry_out(change: Change, call: Call, by_service: str | None = None, *, replicated: bool = False) -> None:
    """Make a planned change.

    ``by_service`` is the AWS service that made it by itself (TTL); ``replicated`` changes come from another region.
    """
    table, key, row, old, new = change[:5]
    if new is None and row is None:
        return
    enter(change)
    if table.recovery is not None:
        table.recovery.undo.append((call.cloud.clock.time(), key, old))
    if table.ttl_attribute is not None and new is not None:
        expiry.note(table, key, new, call)
    if table.stream_arn is not None:
        stream_records.append(table, old, new, call, by_service)
    if table.replicas and not replicated:
        replication.send(table, key, new, old, call)


def enter(change: Change) -> None:
    """Put the item of a change into its table and indexes, or take it out; nobody is told."""
    table, key, row, old, new = change[:5]
    if new is None:
        assert row is not None
        _drop(table, row)
    elif row is None:
        row = Row(new, change.new_size, key)
        table.rows[key] = row
        split = len(table.shape.hash)
        table.ordering.put(key[:split], key[split:], row)
    else:
        row.item, row.size = new, change.new_size
    for index in table.indexes.values():
        _move(index, key, row, old, new)


def _drop(table: Table, row: Row) -> None:
    key, split = row.key, len(table.shape.hash)
    del table.rows[key]
    table.ordering.remove(key[:split], key[split:])


def _move(index: Index, key: Parts, row: Row, old: Item | None, new: Item | None) -> None:
    before = index.position(old, key) if old is not None else None
    after = index.position(new, key) if new is not None else None
    if before is not None and before != after:
        index.ordering.remove(*before)
    if after is not None and (before != after or index.projected is not None):
        index.ordering.put(*after, index.entry(row))
