"""The compiled matcher against a naive evaluator that tries every choice of array elements."""

from __future__ import annotations

import fnmatch
import itertools
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.patterns import EVENTS, compile_pattern

_TEXTS = st.sampled_from(["", "a", "b", "ab", "AB", "aab", "10.0.0.1", "10.0.1.1"])
_NUMBERS = st.sampled_from([-1, 0, 1, 1.5, 2, 10, 0.1, 0.30000000000000004])
_SCALARS = st.one_of(_TEXTS, _NUMBERS, st.booleans(), st.none())
_KEYS = st.sampled_from(["a", "b", "c"])


def _expressions() -> st.SearchStrategy[Any]:
    lists = st.one_of(st.lists(_TEXTS, min_size=1, max_size=3), st.lists(_NUMBERS, min_size=1, max_size=3))
    affix = _TEXTS.filter(bool)
    turned = st.one_of(
        *(st.builds(dict, **{name: affix}) for name in ("prefix", "suffix", "wildcard")),
        st.builds(lambda text: {"equals-ignore-case": text}, _TEXTS),
    )
    return st.one_of(
        _SCALARS,
        st.builds(lambda text: {"prefix": text}, _TEXTS),
        st.builds(lambda text: {"suffix": text}, _TEXTS),
        st.builds(lambda text: {"equals-ignore-case": text}, _TEXTS),
        st.builds(lambda text: {"prefix": {"equals-ignore-case": text}}, _TEXTS),
        st.builds(lambda text: {"wildcard": text}, st.sampled_from(["*", "a*", "*b", "a*b", "*a*"])),
        st.builds(lambda value: {"anything-but": value}, st.one_of(_TEXTS, _NUMBERS, lists, turned)),
        st.builds(lambda op, number: {"numeric": [op, number]}, st.sampled_from(["=", "<", "<=", ">", ">="]), _NUMBERS),
        st.builds(lambda low, top: {"numeric": [">=", low, "<", top]}, st.integers(-2, 1), st.integers(2, 11)),
        st.builds(lambda yes: {"exists": yes}, st.booleans()),
        st.just({"cidr": "10.0.0.0/24"}),
    )


_LEAVES = st.lists(_expressions(), min_size=1, max_size=3)
_PLAIN = st.recursive(
    st.dictionaries(_KEYS, _LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(_KEYS, st.one_of(inner, _LEAVES), min_size=1, max_size=3),
    max_leaves=5,
)
_PATTERNS = st.one_of(
    _PLAIN,
    st.builds(lambda plain, options: {**plain, "$or": options}, _PLAIN, st.lists(_PLAIN, min_size=2, max_size=3)),
)
_EVENTS = st.dictionaries(
    _KEYS,
    st.recursive(
        _SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
        max_leaves=6,
    ),
    max_size=3,
)


def _choices(value: Any) -> list[Any]:
    """Every tree that comes of taking one element of each array (none of an empty one)."""
    if isinstance(value, list):
        return [choice for each in value for choice in _choices(each)] or [...]
    if isinstance(value, dict):
        keys = list(value)
        return [dict(zip(keys, tree, strict=True)) for tree in itertools.product(*(_choices(value[k]) for k in keys))]
    return [value]


def _leaf(tree: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(tree, dict) or key not in tree:
            return ...
        tree = tree[key]
    return ... if isinstance(tree, dict) else tree


def _alternatives(pattern: dict, path: tuple[str, ...] = ()) -> list[dict]:
    rules: list[dict] = [{}]
    for key, value in pattern.items():
        if key == "$or":
            rules = [{**rule, **more} for rule in rules for each in value for more in _alternatives(each, path)]
        elif isinstance(value, dict):
            rules = [{**rule, **more} for rule in rules for more in _alternatives(value, (*path, key))]
        else:
            rules = [{**rule, (*path, key): value} for rule in rules]
    return rules


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(wanted: Any, value: Any) -> bool:
    if _is_number(wanted) and _is_number(value):
        return Decimal(repr(wanted)) == Decimal(repr(value))
    return type(wanted) is type(value) and wanted == value


def _compares(numeric: list, value: Any) -> bool:
    if not _is_number(value):
        return False
    tests = {"=": "__eq__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
    number = Decimal(repr(value))
    return all(getattr(number, tests[op])(Decimal(repr(n))) for op, n in zip(numeric[::2], numeric[1::2], strict=True))


def _agrees(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, dict):
        return _same(wanted, value)
    [(name, operand)] = wanted.items()
    if name == "exists":
        return bool(operand)
    if name == "numeric":
        return _compares(operand, value)
    if name == "anything-but":
        listed = operand if isinstance(operand, list) else [operand]
        return not any(_agrees(each, value) for each in listed)
    if not isinstance(value, str):
        return False
    if isinstance(operand, dict):
        return value.lower().startswith(operand["equals-ignore-case"].lower())
    verdicts: dict[str, bool] = {
        "prefix": value.startswith(operand),
        "suffix": value.endswith(operand),
        "equals-ignore-case": value.lower() == operand.lower(),
        "wildcard": fnmatch.fnmatchcase(value, operand),
        "cidr": value.startswith("10.0.0."),
    }
    return verdicts[name]


def _naive(pattern: dict, event: dict) -> bool:
    trees = _choices(event)

    def field(tree: Any, path: tuple[str, ...], values: list) -> bool:
        found = _leaf(tree, path)
        if found is ...:
            return {"exists": False} in values and all(_leaf(each, path) is ... for each in trees)
        return any(_agrees(value, found) for value in values)

    return any(
        all(field(tree, path, values) for path, values in rule.items())
        for rule in _alternatives(pattern)
        for tree in trees
    )


@given(_PATTERNS, _EVENTS)
def test_the_matcher_agrees_with_a_naive_evaluator(pattern: dict, event: dict) -> None:
    """Whatever the pattern and the event, both say the same."""
    assert _naive(pattern, event) == compile_pattern(json.dumps(pattern), EVENTS).matches(event)
