"""How DynamoDB compares attribute values: typed, and false where types differ or a value is missing, never an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mocksls._services.dynamodb.values import SCALARS, SETS, AttributeValue, kind_of, same, sortable, utf8_length

Compared = AttributeValue | None
Predicate = Callable[[Mapping[str, AttributeValue]], bool]
_Getter = Callable[[Mapping[str, AttributeValue]], Compared]
_ELEMENTS = {"SS": "S", "NS": "N", "BS": "B"}


def equal(left: Compared, right: Compared) -> bool:
    """Deep equality by type and value; false where a value is missing."""
    return left is not None and right is not None and (left == right or same(left, right))


def not_equal(left: Compared, right: Compared) -> bool:
    """What ``equal`` is not: true where a value is missing."""
    return not equal(left, right)


def _ordered(test: Callable[[int], bool]) -> Callable[[Compared, Compared], bool]:
    def compare(left: Compared, right: Compared) -> bool:
        order = _order(left, right)
        return order is not None and test(order)

    return compare


def _order(left: Compared, right: Compared) -> int | None:
    """-1, 0 or 1; None where there is no order between the two."""
    if left is None or right is None:
        return None
    kind = kind_of(left)
    if kind not in SCALARS or kind_of(right) != kind:
        return None
    one, other = sortable(kind, left[kind]), sortable(kind, right[kind])
    return int(one > other) - int(one < other)


less = _ordered(lambda order: order < 0)
less_or_equal = _ordered(lambda order: order <= 0)
greater = _ordered(lambda order: order > 0)
greater_or_equal = _ordered(lambda order: order >= 0)

OPERATORS: Mapping[str, Callable[[Compared, Compared], bool]] = {
    "=": equal,
    "<>": not_equal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def between(value: Compared, low: Compared, high: Compared) -> bool:
    """Whether a value lies between two others, both included."""
    return greater_or_equal(value, low) and less_or_equal(value, high)


def begins_with(value: Compared, prefix: Compared) -> bool:
    """Whether a text or binary begins with another."""
    if value is None or prefix is None:
        return False
    kind = kind_of(value)
    if kind not in ("S", "B") or kind not in prefix:
        return False
    return bool(value[kind].startswith(prefix[kind]))


def contains(value: Compared, part: Compared) -> bool:
    """Whether a text or binary has another inside it, or a set or list an element."""
    if value is None or part is None:
        return False
    kind = kind_of(value)
    if kind in ("S", "B"):
        return kind in part and part[kind] in value[kind]
    if kind in SETS:
        return _ELEMENTS[kind] in part and part[_ELEMENTS[kind]] in value[kind]
    if kind == "L":
        return any(same(element, part) for element in value["L"])
    return False


def size(value: Compared) -> Compared:
    """The size of a value as a number; None for what has no size."""
    if value is None:
        return None
    kind = kind_of(value)
    if kind in ("N", "BOOL", "NULL"):
        return None
    content = value[kind]
    return {"N": str(utf8_length(content) if kind == "S" else len(content))}


def exists(get: _Getter) -> Predicate:
    """The predicate that something is there."""
    return lambda item: get(item) is not None


def missing(get: _Getter) -> Predicate:
    """The predicate that something is not there."""
    return lambda item: get(item) is None


def all_of(tests: Sequence[Predicate]) -> Predicate:
    """The predicate that all of several hold."""

    def test(item: Mapping[str, AttributeValue]) -> bool:
        for part in tests:  # noqa: SIM110 - a generator would cost a frame per level
            if not part(item):
                return False
        return True

    return test


def any_of(tests: Sequence[Predicate]) -> Predicate:
    """The predicate that at least one of several holds."""

    def test(item: Mapping[str, AttributeValue]) -> bool:
        for part in tests:  # noqa: SIM110 - a generator would cost a frame per level
            if part(item):
                return True
        return False

    return test
