"""What times and watches: events held against many rules, and a month of a schedule in one advance.

``python -m benchmarks.schedules`` prints CPU times, the best of several rounds, and fails above what they may cost.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import boto3

from mocksls import mock_serverless

_RULES, _ROUNDS = 1_000, 15
_MOST_PUT_MS = 2.0
_MOST_MONTH_S = 2.0
_QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"


def _make_queue() -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": _QUEUE}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    attributes = {"Policy": policy, "MessageRetentionPeriod": "1209600"}
    boto3.client("sqs").create_queue(QueueName="q", Attributes=attributes)


def _best(rounds: int, call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        call()
        best = min(best, time.process_time() - begun)
    return best


def _put_events() -> float:
    """Ten events, each for one of a thousand rules with a queue, in milliseconds."""
    with mock_serverless(region="us-east-1"):
        _make_queue()
        events = boto3.client("events")
        for number in range(_RULES):
            name = f"rule-{number}"
            events.put_rule(Name=name, EventPattern=json.dumps({"source": [f"source-{number}"]}))
            events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": _QUEUE}])
        entries = [{"Source": f"source-{number * 97}", "DetailType": "t", "Detail": '{"n": 1}'} for number in range(10)]
        events.put_events(Entries=entries)
        return _best(_ROUNDS, lambda: events.put_events(Entries=entries)) * 1000


def _month(make: Callable[[], Any]) -> float:
    """Thirty days of a five-minute schedule with a queue as its target, in seconds."""
    with mock_serverless(region="us-east-1") as aws:
        aws.clock.freeze(datetime(2030, 1, 1, tzinfo=timezone.utc))
        _make_queue()
        make()
        spent = _best(1, lambda: aws.clock.advance(days=30))
        fired = len(aws.trace.filter(service="sqs", name="SendMessage"))
        if fired < 8_640:
            raise SystemExit(f"only {fired} firings")
        return spent


def _rule() -> None:
    events = boto3.client("events")
    events.put_rule(Name="rule", ScheduleExpression="rate(5 minutes)")
    events.put_targets(Rule="rule", Targets=[{"Id": "queue", "Arn": _QUEUE}])


def _schedule() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    boto3.client("scheduler").create_schedule(
        Name="schedule",
        ScheduleExpression="rate(5 minutes)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": _QUEUE, "RoleArn": role},
    )


def main() -> None:
    """Print what each costs, and fail if it is more than it may be."""
    put, rule, schedule = _put_events(), _month(_rule), _month(_schedule)
    print(f"put_events of 10 against {_RULES} rules  {put:5.2f} ms (at most {_MOST_PUT_MS})")
    print(f"8,640 firings of a rule           {rule:5.2f} s  (at most {_MOST_MONTH_S})")
    print(f"8,640 firings of a schedule       {schedule:5.2f} s  (at most {_MOST_MONTH_S})")
    if put > _MOST_PUT_MS or max(rule, schedule) > _MOST_MONTH_S:
        raise SystemExit("time costs too much")


if __name__ == "__main__":
    main()
