"""Typed values on the channel: what is unpacked equals what was packed."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._seams.encoding import pack, unpack

_times = st.datetimes(timezones=st.just(dt.timezone.utc) | st.just(dt.timezone(dt.timedelta(hours=-5, minutes=30))))
_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | _times
    | st.datetimes()
)
_keys = st.text() | st.sampled_from(["\0b", "\0t", "\0p", "\0"])
_values = st.recursive(_leaves, lambda inner: st.lists(inner) | st.dictionaries(_keys, inner), max_leaves=12)


@given(_values)
def test_round_trip(value: Any) -> None:
    """Any nesting of the types that AWS's shapes have comes back equal, keys that look like tags too."""
    text, blobs = pack(value)
    assert unpack(text, blobs) == value
    assert unpack(text.encode(), blobs) == value


def test_floats_that_are_not_finite() -> None:
    """Infinities and not-a-number arrive."""
    text, blobs = pack([math.inf, -math.inf, math.nan])
    high, low, none = unpack(text, blobs)
    assert (high, low, math.isnan(none)) == (math.inf, -math.inf, True)


def test_time_zone_is_kept() -> None:
    """An aware time stays aware, with its own offset."""
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, 6, dt.timezone(dt.timedelta(hours=2)))
    assert unpack(*pack(moment)).utcoffset() == dt.timedelta(hours=2)


@pytest.mark.parametrize("text", ['{"\\u0000b": 1}', '{"\\u0000b": -1}', '{"\\u0000t": 3}', '{"\\u0000p": [1]}'])
def test_references_that_lead_nowhere(text: str) -> None:
    """A forged text is refused as a value error."""
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(text, [b"one"])


def test_other_types_are_refused() -> None:
    """What has no tag cannot be packed."""
    with pytest.raises(TypeError, match="complex"):
        pack({"a": 1j})


def test_plain_values_are_plain_json() -> None:
    """Without tags the text is ordinary JSON."""
    assert json.loads(pack({"TableName": "t", "n": [1, 2.5, None, True]})[0]) == {
        "TableName": "t",
        "n": [1, 2.5, None, True],
    }
