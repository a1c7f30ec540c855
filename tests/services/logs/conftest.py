"""A cloud with a client of CloudWatch Logs, and a log stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.session import Session

from mocksls import mock_serverless

MOMENT = datetime(2040, 1, 1, tzinfo=timezone.utc)
NOW = int(MOMENT.timestamp() * 1000)
Put = Callable[..., dict[str, Any]]


def knows(operation: str) -> pytest.MarkDecorator:
    """Leave a test out where this botocore has no such operation."""
    names = Session().get_service_model("logs").operation_names
    return pytest.mark.skipif(operation not in names, reason=f"botocore knows no {operation}")


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud, its clock standing."""
    with mock_serverless(region="us-east-1") as handle:
        handle.clock.freeze(MOMENT)
        yield handle


@pytest.fixture
def logs(aws: Any) -> Any:
    """A client, with a group ``g`` and its stream ``s``."""
    client = boto3.client("logs")
    client.create_log_group(logGroupName="g")
    client.create_log_stream(logGroupName="g", logStreamName="s")
    return client


@pytest.fixture
def put(logs: Any) -> Put:
    """Put lines, each at an offset from now in milliseconds."""

    def lines(*pairs: tuple[int, str], stream: str = "s") -> dict[str, Any]:
        events = [{"timestamp": NOW + offset, "message": text} for offset, text in pairs]
        found: dict[str, Any] = logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=events)
        return found

    return lines
