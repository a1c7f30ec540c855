"""Ids in AWS's formats."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.ids import Ids, account_of_access_key

FORMATS: dict[str, tuple[Callable[[Ids], str], str]] = {
    "uuid": (lambda ids: ids.uuid(), r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "hex": (lambda ids: ids.hex(7), r"[0-9a-f]{7}"),
    "digits": (lambda ids: ids.digits(56), r"\d{56}"),
    "alnum": (lambda ids: ids.alnum(10), r"[a-z0-9]{10}"),
    "role": (lambda ids: ids.unique_id("AROA"), r"AROA[A-Z2-7]{17}"),
    "key": (lambda ids: ids.access_key("123456789012"), r"AKIA[A-Z2-7]{16}"),
    "temporary key": (lambda ids: ids.access_key("123456789012", "ASIA"), r"ASIA[A-Z2-7]{16}"),
    "secret": (lambda ids: ids.secret_key(), r"[A-Za-z0-9+/]{40}"),
    "token": (lambda ids: ids.session_token(), r"[A-Za-z0-9+/]{300,}={0,2}"),
    "S3 request": (lambda ids: ids.request_id("s3"), r"[A-Z0-9]{16}"),
    "S3 host": (lambda ids: ids.host_id(), r"[A-Za-z0-9+/]{74,76}={0,2}"),
    "DynamoDB request": (lambda ids: ids.request_id("dynamodb"), r"[A-V0-9]{52}"),
    "other request": (lambda ids: ids.request_id("lambda"), r"[0-9a-f-]{36}"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_format(name: str) -> None:
    """Each kind of id has AWS's format, time after time."""
    make, pattern = FORMATS[name]
    ids = Ids(7)
    assert all(re.fullmatch(pattern, make(ids)) for _ in range(50))


def test_a_seed_repeats_everything() -> None:
    """Two clouds with one seed make the same ids, other seeds others."""
    first, second, other = ([make(ids) for make, _ in FORMATS.values()] for ids in (Ids(1), Ids(1), Ids(2)))
    assert first == second
    assert first != other


def test_a_seed_is_picked_and_told() -> None:
    """Without a seed one is picked, which repeats the run."""
    ids = Ids()
    assert Ids(ids.seed).uuid() == ids.uuid()


@given(account=st.integers(0, 10**12 - 1), seed=st.integers(0, 2**32))
def test_an_access_key_tells_its_account(account: int, seed: int) -> None:
    """The account that an access key was made for can be read from it."""
    text = f"{account:012d}"
    assert account_of_access_key(Ids(seed).access_key(text)) == text


@given(st.text(max_size=30))
def test_any_text_as_access_key(text: str) -> None:
    """Whatever is given as a key, the answer is an account id or nothing."""
    account = account_of_access_key(text)
    assert account is None or re.fullmatch(r"\d{12}", account)
