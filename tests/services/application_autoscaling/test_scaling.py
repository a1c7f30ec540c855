"""DynamoDB's capacity follows its load and its schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

WRITES = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/tab",
    "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
}
INDEX_READS = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/tab/index/gix",
    "ScalableDimension": "dynamodb:index:ReadCapacityUnits",
}
UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud with a table ``tab`` of five units and an index."""
    with mock_serverless(region="us-east-1") as handle:
        handle.clock.freeze(datetime(2030, 1, 1, tzinfo=timezone.utc))
        boto3.client("dynamodb").create_table(
            TableName="tab",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "g")],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "gix",
                    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": UNITS,
                }
            ],
            ProvisionedThroughput=UNITS,
        )
        yield handle


@pytest.fixture
def scaling(aws: Any) -> Any:
    """A client of Application Auto Scaling."""
    return boto3.client("application-autoscaling")


def writes() -> int:
    """The table's write capacity."""
    table = boto3.client("dynamodb").describe_table(TableName="tab")["Table"]
    units: int = table["ProvisionedThroughput"]["WriteCapacityUnits"]
    return units


def track(scaling: Any, kind: str = "Write", target: dict[str, str] = WRITES, **settings: Any) -> dict[str, Any]:
    """Register a target between 5 and 50, and track 70 % of it."""
    scaling.register_scalable_target(**target, MinCapacity=5, MaxCapacity=50)
    metric = {"PredefinedMetricType": f"DynamoDB{kind}CapacityUtilization"}
    tracking = {"TargetValue": 70.0, "PredefinedMetricSpecification": metric, **settings}
    answer: dict[str, Any] = scaling.put_scaling_policy(
        **target,
        PolicyName="policy",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
    return answer


def load(aws: Any, items: int, minutes: int) -> None:
    """Write as many items in each of some minutes."""
    dynamodb = boto3.client("dynamodb")
    for _ in range(minutes):
        for first in range(0, items, 25):
            puts = [{"PutRequest": {"Item": {"id": {"S": str(n)}}}} for n in range(first, min(first + 25, items))]
            dynamodb.batch_write_item(RequestItems={"tab": puts})
        aws.clock.advance(minutes=1)


def test_capacity_rises_and_falls_with_the_load(aws: Any, scaling: Any) -> None:
    """Ten writes a second need fifteen units at 70 %; a quiet quarter of an hour brings them down again."""
    track(scaling)
    load(aws, 600, 2)
    assert writes() == 15
    load(aws, 1, 16)
    assert writes() == 5
    causes = [
        each["StatusMessage"]
        for each in scaling.describe_scaling_activities(ServiceNamespace="dynamodb")["ScalingActivities"]
    ]
    assert causes == [
        f"Successfully set write capacity units to {units}. Change successfully fulfilled by dynamodb."
        for units in (5, 15)
    ]


def test_capacity_stays_within_its_bounds(aws: Any, scaling: Any) -> None:
    """More load than the maximum provides for gets the maximum."""
    track(scaling)
    load(aws, 3000, 2)
    assert writes() == 50


def test_scaling_can_be_suspended(aws: Any, scaling: Any) -> None:
    """A target whose scaling out is suspended stays."""
    track(scaling)
    scaling.register_scalable_target(**WRITES, SuspendedState={"DynamicScalingOutSuspended": True})
    load(aws, 600, 2)
    assert writes() == 5


def test_policy_has_alarms(aws: Any, scaling: Any) -> None:
    """A policy makes two alarms, one without scaling in; they go with it."""
    cloudwatch = boto3.client("cloudwatch")
    assert len(track(scaling)["Alarms"]) == 2
    assert len(track(scaling, DisableScaleIn=True)["Alarms"]) == 1
    (alarm,) = cloudwatch.describe_alarms(AlarmNamePrefix="TargetTracking-table/tab-AlarmHigh-")["MetricAlarms"]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (5 * 0.7 * 60, 2)
    scaling.delete_scaling_policy(**WRITES, PolicyName="policy")
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_scheduled_action(aws: Any, scaling: Any) -> None:
    """At its time an action sets the bounds, and capacity is brought between them."""
    scaling.register_scalable_target(**WRITES, MinCapacity=5, MaxCapacity=50)
    for name, hour, bounds in (("up", 8, {"MinCapacity": 20}), ("down", 20, {"MinCapacity": 1, "MaxCapacity": 3})):
        scaling.put_scheduled_action(
            **WRITES, ScheduledActionName=name, Schedule=f"cron(0 {hour} * * ? *)", ScalableTargetAction=bounds
        )
    found = []
    for hours in (7, 2, 12):
        aws.clock.advance(hours=hours)
        found.append(writes())
    assert found == [5, 20, 3]
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 3)


def test_deleted_actions_do_nothing(aws: Any, scaling: Any) -> None:
    """What was planned ends with the action."""
    scaling.register_scalable_target(**WRITES, MinCapacity=5, MaxCapacity=50)
    place = {**WRITES, "ScheduledActionName": "up"}
    scaling.put_scheduled_action(**place, Schedule="at(2030-01-01T01:00:00)", ScalableTargetAction={"MinCapacity": 9})
    scaling.delete_scheduled_action(**place)
    aws.clock.advance(hours=2)
    assert writes() == 5
    assert scaling.describe_scheduled_actions(ServiceNamespace="dynamodb")["ScheduledActions"] == []


def test_indexes_are_scaled(aws: Any, scaling: Any) -> None:
    """A global index has a capacity of its own."""
    scaling.register_scalable_target(**INDEX_READS, MinCapacity=5, MaxCapacity=50)
    scaling.put_scheduled_action(
        **INDEX_READS, ScheduledActionName="up", Schedule="rate(1 hour)", ScalableTargetAction={"MinCapacity": 9}
    )
    aws.clock.advance(hours=1)
    (index,) = boto3.client("dynamodb").describe_table(TableName="tab")["Table"]["GlobalSecondaryIndexes"]
    units = index["ProvisionedThroughput"]
    assert (units["ReadCapacityUnits"], units["WriteCapacityUnits"]) == (9, 5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"MinCapacity": 9, "MaxCapacity": 5}, "ValidationException"),
        ({"MaxCapacity": None}, "ValidationException"),
        ({"ResourceId": "table/none"}, "ValidationException"),
        ({"ResourceId": "nonsense"}, "ValidationException"),
        ({"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}, "NotImplemented"),
    ],
)
def test_bad_targets_are_refused(scaling: Any, change: dict[str, Any], code: str) -> None:
    """A target needs a table that is there, and sound bounds; other services are not scaled."""
    request = {**WRITES, "MinCapacity": 5, "MaxCapacity": 50, **change}
    with pytest.raises(ClientError) as caught:
        scaling.register_scalable_target(**{name: value for name, value in request.items() if value is not None})
    assert caught.value.response["Error"]["Code"] == code


def test_what_is_not_registered(scaling: Any) -> None:
    """Policies and actions need a registered target, and must be there to be deleted."""
    calls: tuple[tuple[Any, dict[str, str]], ...] = (
        (scaling.deregister_scalable_target, {}),
        (scaling.delete_scaling_policy, {"PolicyName": "p"}),
        (scaling.delete_scheduled_action, {"ScheduledActionName": "s"}),
        (scaling.put_scheduled_action, {"ScheduledActionName": "s", "Schedule": "rate(1 day)"}),
    )
    for call, params in calls:
        with pytest.raises(ClientError) as caught:
            call(**WRITES, **params)
        assert caught.value.response["Error"]["Code"] == "ObjectNotFoundException"


def test_tags(scaling: Any) -> None:
    """Scalable targets have tags."""
    arn = scaling.register_scalable_target(**WRITES, MinCapacity=5, MaxCapacity=50, Tags={"a": "1"})[
        "ScalableTargetARN"
    ]
    scaling.tag_resource(ResourceARN=arn, Tags={"b": "2"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"b": "2"}
