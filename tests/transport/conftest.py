"""A mock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mocksls import mock_serverless


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle
