"""No mock, no configuration of AWS around these tests unless they bring it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import mocksls


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts without AWS variables, and leaves no mock of its own behind."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    before = mocksls.current() is None  # a class's own mock may be active already
    yield
    assert (mocksls.current() is None) == before
