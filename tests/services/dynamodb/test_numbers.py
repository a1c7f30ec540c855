"""Numbers in their one canonical spelling."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import numbers

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=10)


@pytest.mark.parametrize(
    ("given_text", "canonical"),
    [("1e3", "1000"), ("1.0", "1"), ("-0", "0"), ("1e-3", "0.001"), (".5", "0.5"), ("+1", "1"), ("0012.3400", "12.34")],
)
def test_spelling(given_text: str, canonical: str) -> None:
    """Leading and trailing zeros, plus signs and exponents go."""
    assert numbers.canonical(given_text) == canonical


@pytest.mark.parametrize("text", ["", " 1", "NaN", "Infinity", "dog", "1_0", ".", "0x1", "1e", "\u0661"])
def test_what_is_no_number(text: str) -> None:
    """Python's further spellings of numbers are refused as AWS does."""
    with pytest.raises(AwsError, match="cannot be converted to a numeric value"):
        numbers.canonical(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1e126", "Number overflow"),
        ("1e999999999999", "Number overflow"),
        ("1e-131", "Number underflow"),
        ("1" * 39, "more than 38 significant digits"),
    ],
)
def test_limits(text: str, words: str) -> None:
    """Range and precision are limited, whatever the exponent."""
    with pytest.raises(AwsError, match=words):
        numbers.canonical(text)


@settings(max_examples=50)
@given(DECIMALS)
def test_value_is_kept(value: Decimal) -> None:
    """Canonical text has the value of the text that it came from, and is canonical itself."""
    text = numbers.canonical(str(value))
    assert (Decimal(text), numbers.canonical(text)) == (value, text)


@settings(max_examples=50)
@given(DECIMALS, DECIMALS)
def test_order_is_by_value(left: Decimal, right: Decimal) -> None:
    """Sort keys compare as the numbers do."""
    one, other = (numbers.sortable(numbers.canonical(str(value))) for value in (left, right))
    assert (one < other, one == other) == (left < right, left == right)


def test_inexact_sums_are_refused() -> None:
    """A sum that needs more than 38 digits is an error, never rounded."""
    with pytest.raises(AwsError, match="38 significant digits"):
        numbers.add("1" + "0" * 50, "1")
