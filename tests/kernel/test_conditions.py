"""Condition operators, case by case.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import Any

import pytest

from mocksls._kernel.conditions import Condition, arn_like, like

KEY = "aws:key"
ARN = "arn:aws:s3:::bucket/a:b"

SINGLE = [
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", "a", ["x", "a"], True),
    ("StringNotEquals", "a", ["x", "y"], True),
    ("StringNotEquals", "a", ["x", "a"], False),
    ("StringEqualsIgnoreCase", "aB", "Ab", True),
    ("StringNotEqualsIgnoreCase", "aB", "Ab", False),
    ("StringLike", "home/ann/x", "home/*/?", True),
    ("StringLike", "home/ann/xy", "home/*/?", False),
    ("StringNotLike", "home/ann", "home/*", False),
    ("stringlike", "abc", "a*", True),
    ("NumericEquals", "10", 10, True),
    ("NumericEquals", "10.0", "10", True),
    ("NumericLessThan", "9", "10", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "11", "10", True),
    ("NumericGreaterThanEquals", "9", "10", False),
    ("NumericNotEquals", "9", "10", True),
    ("NumericEquals", "ten", "10", False),
    ("DateGreaterThan", "2030-01-02T00:00:00Z", "2030-01-01T00:00:00Z", True),
    ("DateLessThan", "2030-01-02T00:00:00Z", "2030-01-01", False),
    ("DateEquals", "2030-01-01T00:00:00Z", "1893456000", True),
    ("DateLessThanEquals", "never", "2030-01-01", False),
    ("Bool", "true", True, True),
    ("Bool", "false", "true", False),
    ("BinaryEquals", "QUJD", "QUJD", True),
    ("BinaryEquals", "QUJD", "not base 64", False),
    ("IpAddress", "203.0.113.7", "203.0.113.0/24", True),
    ("IpAddress", "203.0.114.7", ["203.0.113.0/24", "10.0.0.0/8"], False),
    ("NotIpAddress", "203.0.114.7", "203.0.113.0/24", True),
    ("IpAddress", "2001:db8::1", "2001:db8::/32", True),
    ("IpAddress", "nowhere", "203.0.113.0/24", False),
    ("ArnLike", ARN, "arn:aws:s3:::bucket/*", True),
    ("ArnEquals", ARN, "arn:*:s3:::bucket/*", True),
    ("ArnNotLike", ARN, "arn:aws:s3:::other/*", True),
    ("StringMatches", "a", "a", False),
]


@pytest.mark.parametrize(("operator", "value", "wanted", "expected"), SINGLE)
def test_one_value(operator: str, value: str, wanted: Any, expected: bool) -> None:
    """An operator compares the one value of a key with those that are wanted."""
    assert Condition(operator, KEY, wanted).holds({KEY: value}) is expected


MISSING = [
    ("StringEquals", False),
    ("StringNotEquals", True),
    ("StringEqualsIfExists", True),
    ("ArnNotLikeIfExists", True),
    ("NumericLessThan", False),
    ("Bool", False),
    ("BoolIfExists", True),
    ("ForAllValues:StringEquals", True),
    ("ForAnyValue:StringEquals", False),
    ("ForAnyValue:StringNotEquals", False),
]


@pytest.mark.parametrize(("operator", "expected"), MISSING)
@pytest.mark.parametrize("context", [{}, {KEY: ()}])
def test_key_that_is_not_there(operator: str, expected: bool, context: Any) -> None:
    """A missing key fails what wants a value, and meets negated, ...IfExists and ForAllValues operators."""
    assert Condition(operator, KEY, "1").holds(context) is expected


MANY = [
    ("ForAllValues:StringEquals", ("a", "b"), ["a", "b", "c"], True),
    ("ForAllValues:StringEquals", ("a", "z"), ["a", "b", "c"], False),
    ("ForAnyValue:StringEquals", ("a", "z"), ["a", "b", "c"], True),
    ("ForAnyValue:StringEquals", ("y", "z"), ["a", "b", "c"], False),
    ("ForAnyValue:StringLike", ("prod-1",), ["prod-*"], True),
    ("ForAllValues:StringNotEquals", ("a", "z"), ["a"], False),
]


@pytest.mark.parametrize(("operator", "values", "wanted", "expected"), MANY)
def test_many_values(operator: str, values: tuple[str, ...], wanted: list[str], expected: bool) -> None:
    """The quantifiers tell whether each or any value of a key must agree."""
    assert Condition(operator, KEY, wanted).holds({KEY: values}) is expected


@pytest.mark.parametrize(
    ("context", "wanted", "expected"),
    [({}, "true", True), ({}, "false", False), ({KEY: "x"}, "true", False), ({KEY: "x"}, False, True)],
)
def test_null(context: dict[str, str], wanted: Any, expected: bool) -> None:
    """Null asks whether a key is absent."""
    assert Condition("Null", KEY, wanted).holds(context) is expected


def test_keys_ignore_case() -> None:
    """The names of keys are not case-sensitive."""
    assert Condition("StringEquals", "AWS:SourceArn", "x").holds({"aws:sourcearn": "x"})


@pytest.mark.parametrize(
    ("operator", "known"),
    [
        ("StringLike", True),
        ("StringLikeIfExists", True),
        ("ForAllValues:StringLike", True),
        ("Null", True),
        ("StringMatches", False),
        ("ForSome:StringLike", False),
    ],
)
def test_knows(operator: str, known: bool) -> None:
    """The operators that there are can be told from others."""
    assert Condition.knows(operator) is known


def test_wildcards() -> None:
    """A star stands for anything, colons and slashes too; an ARN agrees part by part."""
    assert like("a.b/c:d\n", "a.?/*")
    assert not like("axb", "a.b")
    assert arn_like("arn:aws:sns:us-east-1:1:t", "arn:aws:sns:*:*:t")
    assert not arn_like("arn:aws:sns:us-east-1:1:t", "arn:aws:s*:t:t:t:t")


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringEquals", "${aws:username}", "ann", True),
        ("StringEquals", "home/${a:star}", "home/*", True),
        ("StringLike", "home/${a:star}", "home/x", False),
        ("StringLike", "home/${a:star}/*", "home/*/x", True),
        ("StringLike", "a${*}b", "a*b", True),
        ("StringLike", "a${*}b", "axb", False),
        ("StringLike", "a${?}b", "axb", False),
        ("StringEquals", "${$}{x}", "${x}", True),
        ("ArnLike", "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::1:user/ann", True),
        ("NumericLessThan", "${a:limit}", "9", True),
    ],
)
def test_variables_bring_in_no_wildcards(operator: str, wanted: str, value: str, expected: bool) -> None:
    """Variables are filled in, and what they bring is taken literally."""
    context = {KEY: value, "aws:username": "ann", "a:star": "*", "a:limit": "10"}
    assert Condition(operator, KEY, wanted).holds(context) is expected


def test_variables_belong_to_the_newer_version() -> None:
    """In documents before 2012-10-17 the text is as it stands."""
    assert Condition("StringEquals", KEY, "${aws:username}", variables=False).holds({KEY: "${aws:username}"})


def test_numbers_are_compared_exactly() -> None:
    """What a double could not tell apart is told apart."""
    assert not Condition("NumericEquals", KEY, "9007199254740993").holds({KEY: "9007199254740992"})
    assert not Condition("NumericEquals", KEY, "NaN").holds({KEY: "NaN"})
