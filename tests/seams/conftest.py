"""A mock, and clients that take one seam or the other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud, its clock standing."""
    with mock_serverless(region="us-east-1", seed=1) as handle:
        yield handle


def on_the_wire(client: Any) -> Any:
    """The client, forced to the wire by a handler of the user."""
    client.meta.events.register("before-send", _look)
    return client


def _look(**_: Any) -> None:
    """Do nothing."""


def client(service: str, seam: str) -> Any:
    """A client of a seam."""
    made = boto3.client(service, region_name="us-east-1")
    return on_the_wire(made) if seam == "wire" else made


@pytest.fixture(params=["UTC", "XYZ-5:30"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The process's time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
