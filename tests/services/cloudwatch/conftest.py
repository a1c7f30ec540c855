"""A cloud with a client of CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.session import Session

from mocksls import mock_serverless

BEGIN = datetime(2030, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud, its clock standing at the start of 2030."""
    with mock_serverless(region="us-east-1") as handle:
        handle.clock.freeze(BEGIN)
        yield handle


@pytest.fixture
def cloudwatch(aws: Any) -> Any:
    """A client of CloudWatch."""
    return boto3.client("cloudwatch")


def put(cloudwatch: Any, *values: float, name: str = "m", **datum: Any) -> None:
    """Put values of a metric, as single ones."""
    data = [{"MetricName": name, "Value": value, **datum} for value in values]
    cloudwatch.put_metric_data(Namespace="N", MetricData=data)


def stat(name: str = "Sum", metric: str = "m", period: int = 60, **more: Any) -> dict[str, Any]:
    """A MetricStat."""
    return {"Metric": {"Namespace": "N", "MetricName": metric}, "Period": period, "Stat": name, **more}


def data(cloudwatch: Any, *queries: dict[str, Any], minutes: int = 60, **more: Any) -> list[dict[str, Any]]:
    """The results of queries over some minutes from the start of 2030."""
    end = BEGIN + timedelta(minutes=minutes)
    found: list[dict[str, Any]] = cloudwatch.get_metric_data(
        MetricDataQueries=list(queries), StartTime=BEGIN, EndTime=end, **more
    )["MetricDataResults"]
    return found


def knows(operation: str) -> pytest.MarkDecorator:
    """Leave a test out where this botocore has no such operation."""
    names = Session().get_service_model("cloudwatch").operation_names
    return pytest.mark.skipif(operation not in names, reason=f"botocore knows no {operation}")
