"""The CBOR codec."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.errors import AwsError
from mocksls._protocol import cbor

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.binary(max_size=30)
    | st.integers(-(10**9), 10**10).map(lambda seconds: datetime.fromtimestamp(seconds, timezone.utc)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_round_trip(value: Any) -> None:
    """What is encoded decodes to itself."""
    assert cbor.decode(cbor.encode(value)) == value


@given(st.binary(max_size=40))
def test_any_bytes(body: bytes) -> None:
    """Bytes are an item, or AWS's error; never another exception."""
    with contextlib.suppress(AwsError):
        cbor.decode(body)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1bffffffffffffffff", 2**64 - 1),
        ("3bffffffffffffffff", -(2**64)),
        ("f93c00", 1.0),
        ("f97bff", 65504.0),
        ("fa47c35000", 100000.0),
        ("fb3ff199999999999a", 1.1),
        ("f97c00", math.inf),
        ("f6", None),
        ("f7", None),
        ("c11a514b67b0", datetime(2013, 3, 21, 20, 4, tzinfo=timezone.utc)),
        ("c1fb41d452d9ec200000", datetime(2013, 3, 21, 20, 4, 0, 500_000, tzinfo=timezone.utc)),
        ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf6346756ef563416d7421ff", {"Fun": True, "Amt": -2}),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ],
)
def test_examples(text: str, value: Any) -> None:
    """Examples of RFC 8949, appendix A."""
    assert cbor.decode(bytes.fromhex(text)) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x00",
        b"\x18",
        b"\x1c",
        b"\xff",
        b"\xf8\xff",
        b"\x62\xff\xff",
        b"\x5f\x61\x61\xff",
        b"\x5f\x5f\xff\xff",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xbb\x00\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x01\x01",
        b"\xc0\x00",
        b"\xc1\x61\x61",
        b"\xc1\xf9\x7e\x00",
        b"\x81" * 100_000,
        b"\xd8\x01" * 100_000,
    ],
)
def test_refused(body: bytes) -> None:
    """Cut, trailing, reserved, mistyped, too long, too deep."""
    with pytest.raises(AwsError, match="SerializationException"):
        cbor.decode(body)


def test_not_a_number() -> None:
    """Which equals nothing, not even itself."""
    assert math.isnan(cbor.decode(cbor.encode(math.nan)))


def test_integers_have_64_bits() -> None:
    """A larger one is a mistake of ours."""
    with pytest.raises(ValueError, match="64 bits"):
        cbor.encode(2**64)
