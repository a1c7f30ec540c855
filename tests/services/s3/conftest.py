"""A bucket, by the typed and by the wire seam."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless

BUCKET = "a-bucket"


@pytest.fixture(params=["typed", "wire"])
def s3(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client with an empty bucket; a handler of the user on before-send forces the wire."""
    with mock_serverless(region="us-east-1"):
        client = boto3.client("s3")
        if request.param == "wire":
            client.meta.events.register("before-send.s3.*", lambda **kwargs: None)
        client.create_bucket(Bucket=BUCKET)
        yield client
