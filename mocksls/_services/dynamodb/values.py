"""Attribute values: checked and brought to their canonical spelling in one pass, measured, told equal, ordered.

An attribute value is the mapping of the API, ``{"S": "text"}``. Values that are kept are canonical (numbers in one
spelling) and never changed in place.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mocksls._services.dynamodb import errors, numbers

AttributeValue = dict[str, Any]
Item = dict[str, AttributeValue]
Sortable = Any

MAX_DEPTH = 32
MAX_ITEM_BYTES = 400 * 1024
MAX_LISTED_DEPTH = 62
"""How deep a value may be that the newer checks of single writes still read (AWS answers so up to there)."""
_MAX_NAME_BYTES = 65535
_Checked = tuple[Any, int]


def utf8_length(text: str) -> int:
    """How many bytes a text has in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def checked_item(item: Mapping[str, AttributeValue]) -> tuple[Item, int]:
    """An item with its values checked and canonical, and its size in bytes; the given one is not changed.

    Raises: ValidationException for any value that DynamoDB refuses.
    """
    size = 0
    replaced: Item = {}
    for name, value in item.items():
        if len(value) != 1:
            raise errors.value_ambiguous() if value else errors.value_empty()
        ((kind, content),) = value.items()
        if kind == "S":
            size += len(name) + len(content) if content.isascii() and name.isascii() else _text_size(name, content)
            continue
        check = _CHECKS.get(kind)
        if check is None:
            raise errors.value_empty()
        new, bytes_ = check(content, 1)
        if new is not content:
            replaced[name] = {kind: new}
        size += bytes_ + (len(name) if name.isascii() else utf8_length(name))
    if "" in item:
        raise errors.empty_attribute_name()
    if size > _MAX_NAME_BYTES:
        _check_names(item)
    return ({**item, **replaced}, size) if replaced else (dict(item), size)


def _text_size(name: str, content: str) -> int:
    return utf8_length(name) + utf8_length(content)


def _check_names(item: Mapping[str, AttributeValue]) -> None:
    """Check the names of an item's attributes, and those in maps and lists."""
    if any(utf8_length(name) > _MAX_NAME_BYTES for name in item):
        raise errors.attribute_name_too_long()
    for value in item.values():
        _check_inner_names(value)


def _check_inner_names(value: AttributeValue) -> None:
    ((kind, content),) = value.items()
    if kind == "M":
        _check_names(content)
    elif kind == "L":
        for element in content:
            _check_inner_names(element)


def checked(value: AttributeValue, depth: int = 1) -> tuple[AttributeValue, int]:
    """A value, canonical, and its size in bytes; the value itself where it is canonical already.

    Raises: ValidationException for a value that DynamoDB refuses.
    """
    if len(value) != 1:
        raise errors.value_ambiguous() if value else errors.value_empty()
    if depth > MAX_DEPTH:
        raise errors.value_too_deep()
    ((kind, content),) = value.items()
    check = _CHECKS.get(kind)
    if check is None:
        raise errors.value_empty()
    new, size = check(content, depth)
    return (value if new is content else {kind: new}), size


def _check_string(content: str, _depth: int) -> _Checked:
    return content, utf8_length(content)


def _check_number(content: str, _depth: int) -> _Checked:
    text, size = _number(content)
    return (content if text == content else text), size


@lru_cache(maxsize=4096)
def _number(content: str) -> _Checked:
    text = numbers.canonical(content)
    return text, numbers.size_bytes(text)


def _check_binary(content: bytes, _depth: int) -> _Checked:
    return content, len(content)


def _check_bool(content: bool, _depth: int) -> _Checked:
    return content, 1


def _check_null(content: bool, _depth: int) -> _Checked:
    if content is not True:
        raise errors.invalid("Null attribute value types must have the value of true")
    return content, 1


def _check_string_set(content: list[str], _depth: int) -> _Checked:
    if not content:
        raise errors.invalid("An string set  may not be empty")
    if len(set(content)) != len(content):
        shown = ", ".join(f'"{text}"' for text in _up_to_repeat(content))
        raise errors.duplicate_members(f"[{', '.join(content)}] contains", f"[{shown}] contains")
    return _in_order(content, sorted(content)), utf8_length("".join(content))


def _check_number_set(content: list[str], _depth: int) -> _Checked:
    if not content:
        raise errors.invalid("An number set  may not be empty")
    canonical = [numbers.canonical(text) for text in content]
    if len(set(canonical)) != len(canonical):
        raise errors.duplicate_numbers()
    size = sum(map(numbers.size_bytes, canonical))
    return _in_order(content, sorted(canonical, key=numbers.sortable)), size


def _check_binary_set(content: list[bytes], _depth: int) -> _Checked:
    if not content:
        raise errors.invalid("Binary sets should not be empty")
    if len(set(content)) != len(content):
        older = ", ".join(b64encode(element).decode() for element in content)
        shown = ",".join(f'"{b64encode(element).decode()}"' for element in _up_to_repeat(content))
        raise errors.duplicate_members(f"[{older}]of type BS contains", f"[{shown}]of type BS contains")
    return _in_order(content, sorted(content)), sum(map(len, content))


def _in_order(content: list[Any], ordered: list[Any]) -> list[Any]:
    """The members of a set as DynamoDB keeps and shows them: texts and binaries by bytes, numbers by value."""
    return content if content == ordered else ordered


def _up_to_repeat(content: Sequence[Any]) -> list[Any]:
    """A set's members as AWS shows those of a set with duplicates: in order up to the first that is there already."""
    at = next(at for at, element in enumerate(content) if element in content[:at])
    return [*sorted(content[:at]), *content[at:]]


def _check_list(content: list[AttributeValue], depth: int) -> _Checked:
    size = 3
    canonical = []
    same = True
    for element in content:
        new, bytes_ = checked(element, depth + 1)
        same = same and new is element
        canonical.append(new)
        size += 1 + bytes_
    return (content if same else canonical), size


def _check_map(content: dict[str, AttributeValue], depth: int) -> _Checked:
    size = 3
    replaced: Item = {}
    for name, element in content.items():
        if not name:
            raise errors.empty_attribute_name()
        new, bytes_ = checked(element, depth + 1)
        if new is not element:
            replaced[name] = new
        size += 1 + utf8_length(name) + bytes_
    return ({**content, **replaced} if replaced else content), size


_CHECKS: dict[str, Callable[[Any, int], _Checked]] = {
    "S": _check_string,
    "N": _check_number,
    "B": _check_binary,
    "BOOL": _check_bool,
    "NULL": _check_null,
    "SS": _check_string_set,
    "NS": _check_number_set,
    "BS": _check_binary_set,
    "L": _check_list,
    "M": _check_map,
}

TYPES = tuple(_CHECKS)
SETS = frozenset({"SS", "NS", "BS"})
SCALARS = frozenset({"S", "N", "B"})


def kind_of(value: Mapping[str, Any]) -> str:
    """The type of a checked value (``S``, ``N`` ...)."""
    return next(iter(value))


def depth_of(value: Mapping[str, Any]) -> int:
    """How many levels a value has that is not checked, itself the first."""
    deepest = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(element, depth + 1) for element in (*one.get("L", ()), *one.get("M", {}).values())]
    return deepest


def item_size(item: Mapping[str, AttributeValue]) -> int:
    """The size in bytes of an item that is checked already."""
    return sum(utf8_length(name) + checked(value)[1] for name, value in item.items())


def same(left: AttributeValue, right: AttributeValue) -> bool:
    """Deep equality by type and value; sets are unordered. Both values are canonical."""
    if left == right:
        return True
    kind = kind_of(left)
    if kind_of(right) != kind:
        return False
    mine, other = left[kind], right[kind]
    if kind in SETS:
        return len(mine) == len(other) and set(mine) == set(other)
    if kind == "L":
        return len(mine) == len(other) and all(map(same, mine, other))
    if kind == "M":
        return same_items(mine, other)
    return False


def same_items(left: Mapping[str, AttributeValue], right: Mapping[str, AttributeValue]) -> bool:
    """Deep equality of items (or of the contents of maps)."""
    if left.keys() != right.keys():
        return False
    return all(same(value, right[name]) for name, value in left.items())


def sortable(kind: str, content: Any) -> Sortable:
    """What orders S, N and B as DynamoDB does: text by UTF-8 bytes, numbers by value, binaries unsigned."""
    return numbers.sortable(content) if kind == "N" else content


def shown(value: AttributeValue) -> str:
    """A value as AWS's messages print it: ``{N:1}``."""
    kind = kind_of(value)
    content = b64encode(value[kind]).decode() if kind == "B" else value[kind]
    return f"{{{kind}:{content}}}"
