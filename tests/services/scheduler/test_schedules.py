"""Schedules: when they fire, and how they are stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, BEGIN, OFF, QUEUE, MakeSchedule, bodies, make_role


def error_of(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_one_time_schedule(aws: Any, schedule: MakeSchedule) -> None:
    """An at expression fires once, in its time zone."""
    schedule("at(2030-01-01T09:00:00)", ScheduleExpressionTimezone="Europe/Berlin")
    aws.clock.advance(days=2)
    assert bodies() == ["2030-01-01T08:00:00Z"]


def test_rate_fires_at_its_start_first(aws: Any, schedule: MakeSchedule) -> None:
    """A rate begins with its making, or at its start date."""
    schedule("rate(6 hours)")
    schedule("rate(6 hours)", "later", StartDate=BEGIN + timedelta(hours=1))
    aws.clock.advance(hours=13)
    assert [body[11:16] for body in bodies()] == ["00:00", "01:00", "06:00", "07:00", "12:00", "13:00"]


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [(3, 30, ["03-30T01", "04-01T00", "04-02T00"]), (10, 26, ["10-27T00", "10-28T01"])],
)
def test_summer_time(aws: Any, schedule: MakeSchedule, month: int, day: int, expected: list[str]) -> None:
    """A cron in a zone with summer time keeps its local hour: left out when it is skipped, done once when repeated."""
    aws.clock.freeze(BEGIN.replace(month=month, day=day))
    schedule("cron(0 2 * * ? *)", ScheduleExpressionTimezone="Europe/Berlin")
    aws.clock.advance(days=3)
    assert [body[5:13] for body in bodies()] == expected


def test_end_date(aws: Any, schedule: MakeSchedule) -> None:
    """Nothing is invoked at or after the end."""
    schedule("cron(0 * * * ? *)", EndDate=BEGIN + timedelta(hours=3))
    aws.clock.advance(hours=6)
    assert [body[11:16] for body in bodies()] == ["01:00", "02:00"]


def test_flexible_window(aws: Any, schedule: MakeSchedule) -> None:
    """A window puts the invocation off by less than its length; the scheduled time stays."""
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
    schedule("at(2030-01-01T01:00:00)", FlexibleTimeWindow=window)
    aws.clock.advance(hours=1, minutes=30)
    assert bodies() == ["2030-01-01T01:00:00Z"]
    (sent,) = aws.trace.filter(service="sqs", name="SendMessage")
    assert 0 <= sent.time - (BEGIN + timedelta(hours=1)).timestamp() < 1800


def test_deleted_after_completion(aws: Any, scheduler: Any, schedule: MakeSchedule) -> None:
    """A schedule may go when it has fired for the last time."""
    schedule("at(2030-01-01T01:00:00)", "gone", ActionAfterCompletion="DELETE")
    schedule("at(2030-01-01T01:00:00)", "kept")
    aws.clock.advance(hours=2)
    assert [each["Name"] for each in scheduler.list_schedules()["Schedules"]] == ["kept"]
    assert len(bodies()) == 2


def test_disabled_and_updated(aws: Any, scheduler: Any, schedule: MakeSchedule) -> None:
    """A schedule that is off does not fire; an update replaces all of it."""
    schedule("cron(0 * * * ? *)", State="DISABLED", Description="old")
    aws.clock.advance(hours=2)
    target = {"Arn": QUEUE, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/role", "Input": "new"}
    scheduler.update_schedule(Name="s", ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF, Target=target)
    aws.clock.advance(hours=1)
    assert bodies() == ["new", "new"]
    assert "Description" not in scheduler.get_schedule(Name="s")


def test_schedule_is_told(scheduler: Any, schedule: MakeSchedule) -> None:
    """A schedule is told with its defaults."""
    arn = schedule("rate(1 day)")
    found = scheduler.get_schedule(Name="s")
    assert arn == found["Arn"] == f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/default/s"
    told = (found["State"], found["ScheduleExpressionTimezone"], found["ActionAfterCompletion"], found["GroupName"])
    assert told == ("ENABLED", "UTC", "NONE", "default")
    assert found["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def test_names_are_taken_once(scheduler: Any, schedule: MakeSchedule) -> None:
    """A second schedule of a name is refused, unless it is the same request again."""
    first = schedule("rate(1 day)", ClientToken="token")
    assert schedule("rate(1 day)", ClientToken="token") == first
    with pytest.raises(ClientError) as caught:
        schedule("rate(1 day)")
    assert caught.value.response["Error"]["Code"] == "ConflictException"


def test_groups(aws: Any, scheduler: Any, schedule: MakeSchedule) -> None:
    """A group is deleted with its schedules; the default one stays."""
    scheduler.create_schedule_group(Name="g", Tags=[{"Key": "a", "Value": "1"}])
    schedule("cron(0 * * * ? *)", GroupName="g")
    scheduler.delete_schedule_group(Name="g")
    aws.clock.advance(hours=2)
    assert bodies() == []
    assert [group["Name"] for group in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["default"]
    assert error_of(scheduler.delete_schedule_group, Name="default")[0] == "ValidationException"
    missing = ("ResourceNotFoundException", "Schedule group g does not exist.")
    assert error_of(scheduler.list_schedules, GroupName="g") == missing


def test_lists_come_in_pages(scheduler: Any, schedule: MakeSchedule) -> None:
    """A list that is cut goes on where it ended."""
    for name in ("a1", "a2", "a3", "b"):
        schedule("rate(1 day)", name)
    first = scheduler.list_schedules(NamePrefix="a", MaxResults=2)
    rest = scheduler.list_schedules(NamePrefix="a", MaxResults=2, NextToken=first["NextToken"])
    assert [each["Name"] for page in (first, rest) for each in page["Schedules"]] == ["a1", "a2", "a3"]


def test_group_tags(scheduler: Any) -> None:
    """Groups have tags."""
    arn = scheduler.create_schedule_group(Name="g")["ScheduleGroupArn"]
    scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    scheduler.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 1 * * * *)",
        "rate(10 seconds)",
        "rate( 10 minutes )",
        "at(2021-12-31T23:59:59Z)",
        "at(2021-12-31)",
        "cron()",
    ],
)
def test_bad_expressions_are_refused(schedule: MakeSchedule, expression: str) -> None:
    """AWS's recorded answers to expressions that are none."""
    with pytest.raises(ClientError) as caught:
        schedule(expression)
    error = {"Code": "ValidationException", "Message": f"Invalid Schedule Expression {expression}."}
    assert caught.value.response["Error"] == error


def test_role_must_trust_scheduler(scheduler: Any) -> None:
    """A role that is not there, or trusts another service, is refused."""
    message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    for role in (f"arn:aws:iam::{ACCOUNT}:role/none", make_role("lambda.amazonaws.com", "other")):
        target = {"Arn": QUEUE, "RoleArn": role}
        params = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": OFF, "Target": target}
        assert error_of(scheduler.create_schedule, **params) == ("ValidationException", message)


def test_dates_are_checked(schedule: MakeSchedule) -> None:
    """A start may be five minutes old at most."""
    with pytest.raises(ClientError) as caught:
        schedule("rate(1 day)", StartDate=BEGIN - timedelta(minutes=6))
    message = "The StartDate you specify cannot be earlier than 5 minutes ago."
    assert caught.value.response["Error"]["Message"] == message
