"""What users may do to buses, rules, events and schedules."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from .conftest import allow, arn, deny, refused, trust

PATTERN = '{"source": ["shop"]}'
KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}


def entry(**more: str) -> dict[str, str]:
    """An entry of PutEvents."""
    return {"Source": "shop", "DetailType": "order", "Detail": "{}", **more}


def test_events_are_put_on_the_buses_a_policy_names(user: Any, aws: Any) -> None:
    """Every bus that the entries name is judged."""
    boto3.client("events").create_event_bus(Name="mine")
    events = user(allow("events:PutEvents", arn("events", "event-bus/mine")))("events")

    assert events.put_events(Entries=[entry(EventBusName="mine")])["FailedEntryCount"] == 0
    assert refused(events.put_events, Entries=[entry(EventBusName="mine"), entry()]) == "events:PutEvents"


@pytest.mark.parametrize("key", ["events:source", "events:detail-type"])
def test_sources_and_types_are_conditions(user: Any, aws: Any, key: str) -> None:
    """All sources and types of the entries are judged."""
    value = "shop" if key == "events:source" else "order"
    events = user(allow("events:PutEvents", Condition={"ForAllValues:StringEquals": {key: value}}))("events")

    assert events.put_events(Entries=[entry()])["FailedEntryCount"] == 0
    other = entry(Source="house", DetailType="sale")
    assert refused(events.put_events, Entries=[entry(), other]) == "events:PutEvents"


def test_rules_are_judged_by_their_bus(user: Any, aws: Any) -> None:
    """The ARN of a rule has its bus, if that is not the default one."""
    boto3.client("events").create_event_bus(Name="mine")
    events = user(allow("events:PutRule", arn("events", "rule/mine/r")))("events")

    events.put_rule(Name="r", EventPattern=PATTERN, EventBusName="mine")
    assert refused(events.put_rule, Name="r", EventPattern=PATTERN) == "events:PutRule"


def test_a_rules_tags_decide(user: Any, aws: Any) -> None:
    """The tags of what is tagged are keys of tagging."""
    rule = boto3.client("events").put_rule(Name="r", EventPattern=PATTERN, Tags=[{"Key": "team", "Value": "red"}])
    red = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    events = user(allow("events:*"), deny("events:UntagResource", Condition=red))("events")

    request = {"ResourceARN": rule["RuleArn"], "TagKeys": ["team"]}
    assert refused(events.untag_resource, **request) == "events:UntagResource"


def test_roles_of_targets_are_passed(user: Any, aws: Any) -> None:
    """A target's role is passed to EventBridge."""
    boto3.client("events").put_rule(Name="r", EventPattern=PATTERN)
    role = boto3.client("iam").create_role(
        RoleName="sender", AssumeRolePolicyDocument=trust({"Service": "events.amazonaws.com"})
    )["Role"]["Arn"]
    passing = allow("iam:PassRole", role, Condition={"StringEquals": {"iam:PassedToService": "events.amazonaws.com"}})
    target = {"Id": "t", "Arn": arn("events", "event-bus/default"), "RoleArn": role}

    without = user(allow("events:PutTargets"))("events")
    assert refused(without.put_targets, Rule="r", Targets=[target]) == "iam:PassRole"
    assert user(allow("events:PutTargets"), passing, name="bob")("events").put_targets(Rule="r", Targets=[target])


def test_connections_are_judged_by_their_name(user: Any, aws: Any) -> None:
    """The ARN of a connection ends in an id, which policies leave open."""
    for name in ("mine", "other"):
        boto3.client("events").create_connection(Name=name, AuthorizationType="API_KEY", AuthParameters=KEY)
    events = user(allow("events:DescribeConnection", arn("events", "connection/mine/*")))("events")

    assert events.describe_connection(Name="mine")["Name"] == "mine"
    assert refused(events.describe_connection, Name="other") == "events:DescribeConnection"


@pytest.fixture
def schedules(aws: Any) -> dict[str, Any]:
    """A tagged group of schedules; the request that makes a schedule in it."""
    role = boto3.client("iam").create_role(
        RoleName="ticker", AssumeRolePolicyDocument=trust({"Service": "scheduler.amazonaws.com"})
    )["Role"]["Arn"]
    boto3.client("scheduler").create_schedule_group(Name="g", Tags=[{"Key": "team", "Value": "red"}])
    return {
        "Name": "s",
        "GroupName": "g",
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": arn("sqs", "q"), "RoleArn": role, "Input": json.dumps({})},
    }


def test_schedules_are_judged_by_their_group(user: Any, schedules: dict[str, Any]) -> None:
    """The ARN of a schedule has its group; the role is passed to Scheduler."""
    mine = allow("scheduler:CreateSchedule", arn("scheduler", "schedule/g/*"))
    passing = allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}})

    assert refused(user(mine)("scheduler").create_schedule, **schedules) == "iam:PassRole"
    scheduler = user(mine, passing, name="bob")("scheduler")
    assert scheduler.create_schedule(**schedules)["ScheduleArn"] == arn("scheduler", "schedule/g/s")
    assert refused(scheduler.create_schedule, **{**schedules, "GroupName": "default"}) == "scheduler:CreateSchedule"


def test_a_groups_tags_are_its_schedules(user: Any, schedules: dict[str, Any]) -> None:
    """The tags of a group decide about its schedules."""
    boto3.client("scheduler").create_schedule(**schedules)
    red = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    scheduler = user(allow("scheduler:*"), deny("scheduler:Delete*", Condition=red))("scheduler")

    assert refused(scheduler.delete_schedule, Name="s", GroupName="g") == "scheduler:DeleteSchedule"
    assert refused(scheduler.delete_schedule_group, Name="g") == "scheduler:DeleteScheduleGroup"
    group = arn("scheduler", "schedule-group/g")
    assert scheduler.list_tags_for_resource(ResourceArn=group)["Tags"] == [{"Key": "team", "Value": "red"}]
