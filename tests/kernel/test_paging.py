"""Pages and their tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.paging import decode_token, encode_token, page


class BadToken(Exception):
    """What the caller wants raised."""


def pages(items: list[str], limit: int) -> list[list[str]]:
    """All pages of a list."""
    found, token = [], None
    while True:
        shown, token = page(items, limit, token, str, BadToken)
        found.append(shown)
        if token is None:
            return found


@given(items=st.lists(st.text(), unique=True).map(sorted), limit=st.integers(1, 10))
def test_pages_are_the_list(items: list[str], limit: int) -> None:
    """The pages hold every item once, in order, each full but the last, and no page is empty but the only one."""
    found = pages(items, limit)
    assert [item for each in found for item in each] == items
    assert all(len(each) == limit for each in found[:-1])
    assert found[-1] or not items


def test_items_that_come_and_go_shift_nothing() -> None:
    """A token names the last item shown, so changes before it do not repeat or lose items."""
    _, token = page(["b", "d", "f"], 2, None, str, BadToken)
    assert page(["a", "b", "e", "f"], 2, token, str, BadToken) == (["e", "f"], None)


@pytest.mark.parametrize("token", ["", "nonsense!", "YQ", "ÿ", "gICA"])
def test_foreign_tokens(token: str) -> None:
    """A token that is not ours raises what the caller wants; the empty text is its own."""
    if decode_token(token) is None:
        with pytest.raises(BadToken):
            page(["a"], 1, token, str, BadToken)
    else:
        assert page(["a"], 1, token, str, BadToken) == (["a"], None)


@given(st.text())
def test_tokens_come_back(text: str) -> None:
    """A text survives its token."""
    assert decode_token(encode_token(text)) == text
