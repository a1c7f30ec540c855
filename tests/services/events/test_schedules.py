"""Rules with a schedule, on the cloud's clock."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from .conftest import ACCOUNT, make_queue, received


def scheduled(events: Any, expression: str, name: str = "rule", queue: str = "q") -> None:
    """A rule with a schedule over a queue."""
    events.put_rule(Name=name, ScheduleExpression=expression)
    events.put_targets(Rule=name, Targets=[{"Id": "one", "Arn": make_queue(queue)}])


def times(queue: str = "q") -> list[str]:
    """The times of the events in a queue."""
    return sorted(json.loads(body)["time"][11:16] for body in received(queue))


def test_scheduled_event(frozen: Any, events: Any) -> None:
    """The event of a schedule is AWS's own."""
    scheduled(events, "rate(5 minutes)")
    frozen.clock.advance(minutes=5)
    (body,) = received("q")
    event = json.loads(body)
    assert event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": "2030-01-01T00:05:30Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:{ACCOUNT}:rule/rule"],
        "detail": {},
    }


def test_rate_counts_from_its_rule(frozen: Any, events: Any) -> None:
    """A rate fires first when its period has passed."""
    scheduled(events, "rate(1 hour)")
    frozen.clock.advance(minutes=59)
    assert times() == []
    frozen.clock.advance(hours=2)
    assert times() == ["01:00", "02:00"]


def test_cron(frozen: Any, events: Any) -> None:
    """A cron expression fires at its times in UTC."""
    scheduled(events, "cron(15 10,12 * * ? *)")
    frozen.clock.advance(days=1)
    assert times() == ["10:15", "12:15"]


def test_disabled_schedule_stands(frozen: Any, events: Any) -> None:
    """A rule that is off does not fire; switched on it begins anew."""
    scheduled(events, "rate(10 minutes)")
    events.disable_rule(Name="rule")
    frozen.clock.advance(minutes=25)
    events.enable_rule(Name="rule")
    frozen.clock.advance(minutes=10)
    assert times() == ["00:35"]


def test_another_expression_replaces_the_first(frozen: Any, events: Any) -> None:
    """A rule that is put again with another schedule follows that one only."""
    scheduled(events, "rate(10 minutes)")
    events.put_rule(Name="rule", ScheduleExpression="rate(30 minutes)")
    frozen.clock.advance(minutes=30)
    assert times() == ["00:30"]


def test_deleted_rule_fires_no_more(frozen: Any, events: Any) -> None:
    """What was planned ends with its rule."""
    scheduled(events, "rate(1 minute)")
    events.remove_targets(Rule="rule", Ids=["one"])
    events.delete_rule(Name="rule")
    frozen.clock.advance(minutes=5)
    assert times() == []


def test_a_day_in_one_advance_fires_in_order(frozen: Any, events: Any) -> None:
    """Several schedules fire in the order of their times, not of their rules."""
    expressions = {"c": "rate(7 hours)", "a": "cron(0 8 * * ? *)", "b": "cron(30 6,20 * * ? *)"}
    queue = make_queue("all")
    for name, expression in expressions.items():
        events.put_rule(Name=name, ScheduleExpression=expression)
        events.put_targets(Rule=name, Targets=[{"Id": "one", "Arn": queue}])
    frozen.clock.advance(days=1)
    calls = [json.loads(body) for body in received("all")]
    fired = sorted((event["time"][11:16], event["resources"][0][-1]) for event in calls)
    assert fired == [("06:30", "b"), ("07:00", "c"), ("08:00", "a"), ("14:00", "c"), ("20:30", "b"), ("21:00", "c")]
    assert [(event["time"][11:16], event["resources"][0][-1]) for event in calls] == fired


def test_manual_delivery_makes_up_for_all() -> None:
    """In manual delivery the firings wait for settle, each of them."""
    with mock_serverless(region="us-east-1", delivery="manual") as aws:
        aws.clock.freeze(datetime(2030, 1, 1, tzinfo=timezone.utc))
        scheduled(boto3.client("events"), "rate(6 hours)")
        aws.clock.advance(days=1)
        aws.settle()
        assert times() == ["00:00", "06:00", "12:00", "18:00"]


@pytest.mark.parametrize(
    "expression", ["rate(1 minutes)", "rate(0 minutes)", "cron(0 8 * * * *)", "at(2030-01-01T00:00:00)"]
)
def test_bad_expressions_are_refused(events: Any, expression: str) -> None:
    """Expressions that rules do not know."""
    with pytest.raises(ClientError) as caught:
        events.put_rule(Name="rule", ScheduleExpression=expression)
    assert caught.value.response["Error"]["Message"] == "Parameter ScheduleExpression is not valid."
