"""What users may do to alarms, rules, log groups and queries, by name, by ARN and by tag."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.session import Session

from .conftest import ACCOUNT, allow, arn, deny, refused, trust

ALARM = {
    "Namespace": "shop",
    "MetricName": "orders",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
HIDING = {
    "Name": "p",
    "Version": "2021-06-01",
    "Statement": [
        {
            "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
            "Operation": {"Audit": {"FindingsDestination": {}}},
        },
        {
            "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
            "Operation": {"Deidentify": {"MaskConfig": {}}},
        },
    ],
}
MEMBERS = Session().get_service_model("cloudwatch").operation_model("PutMetricAlarm").input_shape.members
tells_tags = pytest.mark.skipif("ActionConfiguration" not in MEMBERS, reason="botocore knows no tags in actions")


def knows(service: str, operation: str) -> pytest.MarkDecorator:
    """Leave a test out where this botocore has no such operation."""
    names = Session().get_service_model(service).operation_names
    return pytest.mark.skipif(operation not in names, reason=f"botocore knows no {operation}")


@pytest.fixture
def hidden(aws: Any) -> str:
    """A log group whose addresses are masked, with one event."""
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="orders")
    logs.create_log_stream(logGroupName="orders", logStreamName="s")
    logs.put_data_protection_policy(logGroupIdentifier="orders", policyDocument=json.dumps(HIDING))
    now = int(aws.clock.now().timestamp() * 1000)
    event = {"timestamp": now, "message": "to ann@example.com"}
    logs.put_log_events(logGroupName="orders", logStreamName="s", logEvents=[event])
    return "orders"


def test_sensitive_data_are_masked_for_who_may_only_read(user: Any, hidden: str) -> None:
    """Who may read events reads them masked."""
    logs = user(allow("logs:FilterLogEvents"))("logs")

    assert logs.filter_log_events(logGroupName=hidden)["events"][0]["message"] == "to ***************"


def test_sensitive_data_are_not_unmasked_without_leave(user: Any, hidden: str) -> None:
    """Asking for events as they are needs logs:Unmask too."""
    logs = user(allow("logs:FilterLogEvents"))("logs")

    assert refused(logs.filter_log_events, logGroupName=hidden, unmask=True) == "logs:Unmask"


def test_sensitive_data_are_unmasked_with_leave(user: Any, hidden: str) -> None:
    """logs:Unmask on the group shows its events as they are."""
    group = arn("logs", f"log-group:{hidden}:*")
    logs = user(allow(["logs:FilterLogEvents", "logs:Unmask"], group))("logs")

    assert logs.filter_log_events(logGroupName=hidden, unmask=True)["events"][0]["message"] == "to ann@example.com"


def test_unmasking_is_of_one_group(user: Any, hidden: str) -> None:
    """logs:Unmask on another group does not help."""
    other = allow("logs:Unmask", arn("logs", "log-group:other:*"))
    logs = user(allow("logs:GetLogEvents"), other)("logs")

    call = logs.get_log_events
    assert refused(call, logGroupName=hidden, logStreamName="s", unmask=True) == "logs:Unmask"


def scheduled(logs: Any, name: str, role: str) -> Any:
    """The ARN of a new scheduled query."""
    return logs.create_scheduled_query(
        name=name,
        queryLanguage="CWLI",
        queryString="fields @message",
        scheduleExpression="cron(0 * * * ? *)",
        executionRoleArn=role,
        logGroupIdentifiers=["orders"],
    )["scheduledQueryArn"]


@pytest.fixture
def query(hidden: str) -> str:
    """A scheduled query of the name ``hourly``; the ARN."""
    role = boto3.client("iam").create_role(
        RoleName="reader", AssumeRolePolicyDocument=trust({"Service": "logs.amazonaws.com"})
    )["Role"]["Arn"]
    return str(scheduled(boto3.client("logs"), "hourly", role))


@knows("logs", "CreateScheduledQuery")
@pytest.mark.parametrize("by", ["name", "arn"])
def test_a_scheduled_query_is_judged_by_its_arn(user: Any, query: str, by: str) -> None:
    """Leave for the ARN lets the query be read by its name and by its ARN."""
    logs = user(allow("logs:GetScheduledQuery", query))("logs")

    assert logs.get_scheduled_query(identifier="hourly" if by == "name" else query)["name"] == "hourly"


@knows("logs", "CreateScheduledQuery")
@pytest.mark.parametrize("by", ["name", "arn"])
def test_leave_for_another_scheduled_query_does_not_help(user: Any, query: str, by: str) -> None:
    """Leave for another ARN is none."""
    logs = user(allow("logs:DeleteScheduledQuery", f"{query}x"))("logs")

    identifier = "hourly" if by == "name" else query
    assert refused(logs.delete_scheduled_query, identifier=identifier) == "logs:DeleteScheduledQuery"


def test_events_are_read_of_the_streams_a_policy_names(user: Any, hidden: str) -> None:
    """GetLogEvents is judged on its stream."""
    boto3.client("logs").create_log_stream(logGroupName=hidden, logStreamName="t")
    logs = user(allow("logs:GetLogEvents", arn("logs", f"log-group:{hidden}:log-stream:s")))("logs")

    assert logs.get_log_events(logGroupName=hidden, logStreamName="s")["events"]
    assert refused(logs.get_log_events, logGroupName=hidden, logStreamName="t") == "logs:GetLogEvents"


def test_every_group_of_a_query_is_judged(user: Any, hidden: str) -> None:
    """A query over two groups needs leave for both."""
    boto3.client("logs").create_log_group(logGroupName="other")
    logs = user(allow("logs:StartQuery", arn("logs", f"log-group:{hidden}:*")))("logs")

    query = {"queryString": "fields @message", "startTime": 0, "endTime": 1}
    assert logs.start_query(logGroupNames=[hidden], **query)["queryId"]
    assert refused(logs.start_query, logGroupNames=[hidden, "other"], **query) == "logs:StartQuery"


def test_a_groups_tags_decide(user: Any, hidden: str) -> None:
    """The tags of a log group are keys of its calls."""
    group = arn("logs", f"log-group:{hidden}")
    boto3.client("logs").tag_resource(resourceArn=group, tags={"team": "red"})
    red = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    logs = user(allow("logs:*"), deny("logs:DeleteLogGroup", Condition=red))("logs")

    assert refused(logs.delete_log_group, logGroupName=hidden) == "logs:DeleteLogGroup"
    assert logs.list_tags_for_resource(resourceArn=group)["tags"] == {"team": "red"}


def test_metrics_are_put_into_the_namespaces_a_policy_names(user: Any) -> None:
    """cloudwatch:namespace is the key of PutMetricData."""
    shop = {"StringEquals": {"cloudwatch:namespace": "shop"}}
    cloudwatch = user(allow("cloudwatch:PutMetricData", Condition=shop))("cloudwatch")
    data = [{"MetricName": "orders", "Value": 1.0}]

    cloudwatch.put_metric_data(Namespace="shop", MetricData=data)
    assert refused(cloudwatch.put_metric_data, Namespace="house", MetricData=data) == "cloudwatch:PutMetricData"


def test_alarms_are_judged_each(user: Any, aws: Any) -> None:
    """DeleteAlarms needs leave for every alarm, and deletes none without."""
    for name in ("a", "b"):
        boto3.client("cloudwatch").put_metric_alarm(AlarmName=name, **ALARM)
    cloudwatch = user(allow("cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:a")))("cloudwatch")

    assert refused(cloudwatch.delete_alarms, AlarmNames=["a", "b"]) == "cloudwatch:DeleteAlarms"
    assert len(boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 2
    cloudwatch.delete_alarms(AlarmNames=["a"])


def test_an_alarms_tags_decide(user: Any, aws: Any) -> None:
    """The tags of an alarm are keys of its calls."""
    boto3.client("cloudwatch").put_metric_alarm(AlarmName="a", Tags=[{"Key": "team", "Value": "red"}], **ALARM)
    red = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    cloudwatch = user(allow("cloudwatch:*"), deny("cloudwatch:SetAlarmState", Condition=red))("cloudwatch")

    request = {"AlarmName": "a", "StateValue": "ALARM", "StateReason": "a drill"}
    assert refused(cloudwatch.set_alarm_state, **request) == "cloudwatch:SetAlarmState"


@knows("cloudwatch", "PutAlarmMuteRule")
def test_a_mute_rule_needs_leave_for_the_alarms_it_mutes(user: Any, aws: Any) -> None:
    """PutAlarmMuteRule is judged on the rule and on each alarm."""
    boto3.client("cloudwatch").put_metric_alarm(AlarmName="a", **ALARM)
    rule = arn("cloudwatch", "alarm-mute-rule:quiet")
    cloudwatch = user(allow("cloudwatch:PutAlarmMuteRule", rule))("cloudwatch")
    schedule = {"Schedule": {"Expression": "cron(0 2 * * *)", "Duration": "PT1H"}}

    cloudwatch.put_alarm_mute_rule(Name="quiet", Rule=schedule)
    request = {"Name": "quiet", "Rule": schedule, "MuteTargets": {"AlarmNames": ["a"]}}
    assert refused(cloudwatch.put_alarm_mute_rule, **request) == "cloudwatch:PutAlarmMuteRule"


def test_dashboards_are_of_no_region(user: Any, aws: Any) -> None:
    """The ARN of a dashboard has no region."""
    body = json.dumps({"widgets": []})
    boto3.client("cloudwatch").put_dashboard(DashboardName="d", DashboardBody=body)
    mine = f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/d"
    cloudwatch = user(allow("cloudwatch:GetDashboard", mine))("cloudwatch")

    assert cloudwatch.get_dashboard(DashboardName="d")["DashboardArn"] == mine
    assert refused(cloudwatch.get_dashboard, DashboardName="e") == "cloudwatch:GetDashboard"


def test_managed_rules_are_judged_by_the_resources_they_are_for(user: Any, aws: Any) -> None:
    """cloudwatch:requestManagedResourceARNs holds the resources of the rules."""
    mine, other = (arn("dynamodb", f"table/{name}") for name in ("mine", "other"))
    only = {"ForAllValues:StringEquals": {"cloudwatch:requestManagedResourceARNs": [mine]}}
    cloudwatch = user(allow("cloudwatch:ListManagedInsightRules", Condition=only))("cloudwatch")

    assert "ManagedRules" in cloudwatch.list_managed_insight_rules(ResourceARN=mine)
    assert refused(cloudwatch.list_managed_insight_rules, ResourceARN=other) == "cloudwatch:ListManagedInsightRules"


@tells_tags
def test_an_alarm_that_tells_its_tags_needs_leave_to_list_them(user: Any, aws: Any) -> None:
    """PutMetricAlarm needs cloudwatch:ListTagsForResource where the alarm tells its tags."""
    cloudwatch = user(allow("cloudwatch:PutMetricAlarm"))("cloudwatch")
    telling = {"ActionConfiguration": {"AlarmTagsPropagation": {"Enabled": True}}}

    cloudwatch.put_metric_alarm(AlarmName="a", **ALARM)
    refusal = refused(cloudwatch.put_metric_alarm, AlarmName="a", **ALARM, **telling)
    assert refusal == "cloudwatch:ListTagsForResource"
