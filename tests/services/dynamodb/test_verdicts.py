"""Expressions on one item and what they are; the verdicts are those of AWS's own engine (DynamoDB Local)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mocksls._services.dynamodb.expressions.scope import Scope

ITEM: dict[str, Any] = {
    "a": {"N": "5"},
    "s": {"S": "hello"},
    "b": {"B": b"\x01\xff"},
    "t": {"BOOL": True},
    "nul": {"NULL": True},
    "big": {"N": "1" + 30 * "0"},
    "neg": {"N": "-2"},
    "frac": {"N": "0.1"},
    "l": {"L": [{"N": "1"}, {"S": "z"}, {"M": {"deep": {"M": {"z": {"BOOL": True}}}}}]},
    "m": {"M": {"x": {"N": "1"}}},
    "ss": {"SS": ["a", "b"]},
    "ns": {"NS": ["1", "2"]},
    "bs": {"BS": [b"\x01", b"\x02"]},
    "dot.ted": {"N": "1"},
}
NAMES = {"#dot": "dot.ted", "#x": "x"}
NUMBERS = {"n": "5.0", "five": "5", "one": "1", "two": "2", "three": "3", "n2": "2.0", "frac": "0.10", "frac0": "0.09"}
TEXTS = {"he": "he", "hello": "hello", "ell": "ell", "z": "z", "empty": "", "s": "x", "s5": "5", "sa": "a"}
TEXTS |= {"tn": "N", "ts": "S", "tl": "L", "tnull": "NULL", "tss": "SS"}
VALUES: dict[str, Any] = {
    **{f":{name}": {"N": number} for name, number in NUMBERS.items()},
    **{f":{name}": {"S": text} for name, text in TEXTS.items()},
    ":big": {"N": "1" + 30 * "0"},
    ":b": {"B": b"\x01\xff"},
    ":b1": {"B": b"\x01"},
    ":b2": {"B": b"\x02"},
    ":ss": {"SS": ["b", "a"]},
    ":ss1": {"SS": ["a"]},
    ":ns": {"NS": ["2", "1"]},
    ":bs": {"BS": [b"\x02", b"\x01"]},
    ":l": ITEM["l"],
    ":l0": {"L": []},
    ":m": ITEM["m"],
    ":m0": {"M": {}},
    ":nul": {"NULL": True},
    ":true": {"BOOL": True},
    ":false": {"BOOL": False},
}
TRUE = """
a = :five | a >= :five | a <= :n | :n >= a | a <> :one | a > :one | :one < :five
a BETWEEN :one AND :n | a BETWEEN :n AND :n | s BETWEEN :he AND :z | :five BETWEEN :one AND a | b BETWEEN :b AND :b
a IN (:one, :n) | s IN (a, :hello) | :n IN (a) | NOT a IN (:one) | l[1] IN (:z, :he)
a = :n AND s = :hello OR a = :one | a = :one OR a = :n AND s = :hello | NOT a = :one AND s = :hello
NOT (a = :one OR s = :he) | (a = :one OR a = :n) AND s = :hello | NOT NOT a = :n
nope <> :n | nope <> :s5 | a <> :s5 | m.y <> :n | l[7] <> :n | nope <> nada | NOT nope = :n | NOT nope < :n
NOT a < :s5
ss = :ss | ns = :ns | bs = :bs | ss <> :ss1 | l = :l | m = :m | m <> :l | nul = :nul | t = :true | t <> :false
b = :b
attribute_exists(a) | attribute_exists(m.x) | attribute_exists(l[0]) | attribute_exists(l[2].deep.z)
attribute_not_exists(m.y)
attribute_not_exists(l[9]) | attribute_not_exists(a.b) | attribute_not_exists(s[0]) | attribute_exists(#dot)
attribute_not_exists(nope.x.y)
attribute_type(a, :tn) | attribute_type(s, :ts) | attribute_type(l, :tl) | attribute_type(nul, :tnull)
attribute_type(ss, :tss) | NOT attribute_type(nope, :tn)
begins_with(s, :he) | begins_with(s, :hello) | begins_with(s, :empty) | begins_with(b, :b1)
NOT begins_with(nope, :he) | NOT begins_with(a, :he)
contains(s, :ell) | contains(ss, :sa) | contains(ns, :n2) | contains(bs, :b1) | contains(l, :one) | contains(l, :z)
NOT contains(l, :he) | NOT contains(m, :one)
NOT contains(nope, :ell) | contains(b, :b1) | NOT contains(ss, :n2) | NOT contains(a, :five)
size(s) = :five | size(l) = :three | size(m) = :one | size(ss) = :two | size(b) = :two | size(ns) = :two
:five = size(s) | size(s) > size(l)
size(m.x) <> :one | NOT size(a) = :one | NOT size(nope) = :one | size(s) BETWEEN :one AND :five | size(s) IN (:five)
s > :he | s < :z | :he < s | b >= :b1 | b < :b2 | big > :five | neg < :one | neg < a | frac = :frac | frac > :frac0
big = :big
l[0] = :one | l[1] = :z | l[2].deep.z = :true | #dot = :one | m.x = :one | m.#x = :one | l[0] < a
(a = :n) | (((a) = (:n)) AND (s = :hello)) | a = :n and s = :hello | a between :one and :n | not a = :one
"""
FALSE = """
a < :s5 | a = :s5 | nope = :n | nope < :n | nope = nada | a > b | s < :n | nul < nul2 | t = :nul | size(nope) = :one
size(a) = :one
a.b = :one | s[0] = :he | l[9] = :one | m[0] = :one | l.x = :one | l[2].deep.q = :one
a BETWEEN :he AND :z | nope BETWEEN :one AND :n | a IN (:s5) | nope IN (:n) | NOT a = :n | NOT nope <> :n
begins_with(s, :ell) | begins_with(l, :he) | contains(ss, :s) | contains(s, :z) | contains(l, :n2)
contains(nope, :one)
attribute_exists(nope) | attribute_not_exists(a) | attribute_type(a, :ts) | attribute_type(nope, :tnull)
ss = :l | ns = :ss | l = :l0 | m = :m0 | ss = :ss1 | s = :empty | a = :one AND s = :hello | a = :one OR s = :he
b > :b2 | big < :five | frac = :frac0 | neg > :one | attribute_exists(dot.ted) | t = :false
"""


def verdict(text: str) -> bool:
    """Whether the item fulfils the condition."""
    request: dict[str, Any] = {"ConditionExpression": text}
    for parameter, mark, given in (
        ("ExpressionAttributeNames", "#", NAMES),
        ("ExpressionAttributeValues", ":", VALUES),
    ):
        used = {name: given[name] for name in re.findall(mark + r"\w+", text)}
        request |= {parameter: used} if used else {}
    bound = Scope(request, ("ConditionExpression",)).condition("ConditionExpression")
    assert bound is not None
    return bound.test(ITEM)


def cases(block: str) -> list[str]:
    """The expressions of a block."""
    return [text.strip() for text in re.split(r"[|\n]", block.strip())]


@pytest.mark.parametrize("text", cases(TRUE))
def test_true(text: str) -> None:
    """The item fulfils it."""
    assert verdict(text)


@pytest.mark.parametrize("text", cases(FALSE))
def test_false(text: str) -> None:
    """The item does not fulfil it, and that is no error."""
    assert not verdict(text)
