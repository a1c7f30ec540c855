"""Whatever is asked of EventBridge, Scheduler, CloudWatch, logs and auto scaling ends in an answer or AWS's error."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from mocksls import mock_serverless
from tests.protocol.shape_values import Fullest, ShapeValues
from tests.seams.conftest import client

SERVICES = ("events", "scheduler", "cloudwatch", "application-autoscaling", "logs")
BEGIN = datetime(2030, 1, 1, tzinfo=timezone.utc)
HEAD = "arn:aws:{}:us-east-1:123456789012:{}"
WORDS = (
    *("default", "one", "two", "*", "123456789012", "{}", '{"source": ["one"]}', '{"Statement": []}', "$.detail"),
    *("rate(1 minute)", "rate(5 minutes)", "cron(0 8 * * ? *)", "at(2030-01-01T01:00:00)", "Europe/Berlin", "q * 2"),
    *("Sum", "p90", "TM(1:9)", "N", "AWS/X", "missing", "ALARM(one) OR OK(two)", "SELECT SUM(one) FROM N"),
    *("SEARCH('one','Sum')", "events:PutEvents", "%{WORD:one} %{IP:two.three}", "yyyy-MM-dd HH:mm", "a,b", "$.one"),
    *("fields @message | stats count(*) by one", '[{"parseJSON": {}}]', '{"Fields": ["one"]}', "{ $.one = 1 }"),
    *(HEAD.format("logs", "log-group:one"), HEAD.format("logs", "lookup-table:one"), "s3://one-two/three"),
    *(HEAD.format("events", "event-bus/default"), HEAD.format("events", "archive/one"), HEAD.format("sqs", "q")),
    *(HEAD.format("cloudwatch", "alarm:one"), "arn:aws:iam::123456789012:role/one", "table/one", "https://one.example/*"),
    *(HEAD.format("events", "rule/one"), HEAD.format("scheduler", "schedule-group/one"), '<one>"<two>"', "x" * 70),
)  # fmt: skip


class Telling(Fullest):
    """Chooses at random among values that mean something somewhere."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    def wants(self, is_required: bool, is_repeated: bool) -> bool:
        return is_required or (not is_repeated and self._random.random() < 0.35)

    def size(self, is_repeated: bool) -> int:
        return 0 if is_repeated else self._random.choice((0, 1, 1, 2))

    def pick(self, options: list[Any]) -> Any:
        return self._random.choice(options)

    def text(self, is_plain: bool) -> str:
        return self._random.choice(WORDS)

    def whole(self) -> int:
        return self._random.choice((-1, 0, 1, 2, 5, 10, 60, 86_400))

    def number(self) -> float:
        return self._random.choice((-1.5, 0.0, 1.0, 70.0, 1e300, 1e-300))

    def moment(self) -> datetime:
        return BEGIN + timedelta(minutes=self._random.randint(-100, 100))

    def truth(self) -> bool:
        return self._random.random() < 0.5


def ask(service: str, random: Random, aws: Any, count: int) -> int:
    """Make some requests of a service; how many were answered otherwise than by an error."""
    model, made = Session().get_service_model(service), client(service, "typed")
    answered = 0
    for _ in range(count):
        operation = model.operation_model(random.choice(model.operation_names))
        shape = operation.input_shape
        params = ShapeValues(Telling(random), model.protocol).members(shape) if shape else {}
        try:
            made._make_api_call(operation.name, params)
        except (ClientError, BotoCoreError):
            continue
        finally:
            aws.clock.advance(minutes=random.choice((0, 0, 0, 1, 7)))
        answered += 1
    return answered


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("seed", range(2))
def test_any_request_is_answered(service: str, seed: int) -> None:
    """No request, in any order, and nothing that follows from it, fails inside."""
    random = Random(f"{service}-{seed}")
    with mock_serverless(region="us-east-1", seed=seed) as aws:
        aws.clock.freeze(BEGIN)
        client("dynamodb", "typed").create_table(
            TableName="one",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        )
        assert ask(service, random, aws, 150)
