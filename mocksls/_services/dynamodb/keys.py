"""Primary keys and index keys: their shape, and how keys of requests and items are checked against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mocksls._services.dynamodb import errors, numbers
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.values import AttributeValue, Item, kind_of, sortable, utf8_length

MAX_HASH_BYTES = 2048
MAX_RANGE_BYTES = 1024

Attributes = tuple[tuple[str, str], ...]
"""Names and types (S, N, B) of key attributes, in the schema's order."""


class KeyShape(NamedTuple):
    """The key attributes of a table or index."""

    hash: Attributes
    range: Attributes
    attributes: Attributes
    names: frozenset[str]


def key_shape(hash_: Attributes, range_: Attributes) -> KeyShape:
    """The shape of a key with these hash and range attributes."""
    return KeyShape(hash_, range_, hash_ + range_, frozenset(name for name, _ in hash_ + range_))


def attribute_parts(item: Mapping[str, AttributeValue], attributes: Attributes) -> Parts | None:
    """What orders an item by some attributes; None if it lacks one. The item is checked already."""
    parts = []
    for name, kind in attributes:
        value = item.get(name)
        if value is None:
            return None
        parts.append(sortable(kind, value[kind]))
    return tuple(parts)


def requested_key(shape: KeyShape, key: Mapping[str, AttributeValue]) -> tuple[Item, Parts]:
    """The key that a request names, canonical, and what it is found by.

    Raises: ValidationException unless it has exactly the key attributes, with their types and within their sizes.
    """
    if len(key) != len(shape.attributes):
        raise errors.key_mismatch()
    canonical: Item = {}
    parts = []
    for name, kind in shape.attributes:
        value = key.get(name)
        if value is None or len(value) != 1 or kind not in value:
            raise errors.key_mismatch()
        content = value[kind]
        if kind == "N":
            text = numbers.canonical(content)
            value = value if text == content else {"N": text}
            parts.append(numbers.sortable(text))
        else:
            parts.append(content)
        canonical[name] = value
    check_sizes(shape, canonical)
    return canonical, tuple(parts)


def item_key(shape: KeyShape, item: Item) -> Parts:
    """What a checked item is found by.

    Raises: ValidationException if a key attribute is missing, of another type, empty or too long.
    """
    parts = []
    for name, kind in shape.attributes:
        value = item.get(name)
        if value is None:
            raise errors.missing_key(name)
        if kind not in value:
            raise errors.key_type_mismatch(name, kind, kind_of(value))
        parts.append(numbers.sortable(value[kind]) if kind == "N" else value[kind])
    check_sizes(shape, item)
    return tuple(parts)


def check_sizes(shape: KeyShape, item: Mapping[str, AttributeValue]) -> None:
    """Check that key values are neither empty nor too long.

    Raises: ValidationException.
    """
    for name, kind in shape.attributes:
        content = item[name][kind]
        if not content:
            raise errors.empty_key(name, kind)
        if len(content) > MAX_RANGE_BYTES // 4:
            _check_length(name, kind, content, shape)


def _check_length(name: str, kind: str, content: str | bytes, shape: KeyShape) -> None:
    size = key_bytes(content)
    if kind != "N" and any(name == one for one, _ in shape.hash) and size > MAX_HASH_BYTES:
        raise errors.hash_key_too_large()
    if kind != "N" and any(name == one for one, _ in shape.range) and size > MAX_RANGE_BYTES:
        raise errors.range_key_too_large()


def key_bytes(content: str | bytes) -> int:
    """The length in bytes of a key's content."""
    return len(content) if isinstance(content, bytes) else utf8_length(content)


def fits_index(shape: KeyShape, item: Mapping[str, AttributeValue]) -> bool:
    """Whether an item can stand in an index: it has all key attributes, rightly typed, neither empty nor too long."""
    for attributes, limit in ((shape.hash, MAX_HASH_BYTES), (shape.range, MAX_RANGE_BYTES)):
        for name, kind in attributes:
            value = item.get(name)
            if value is None or kind not in value or not 0 < key_bytes(value[kind]) <= limit:
                return False
    return True
