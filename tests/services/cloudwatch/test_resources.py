"""Dashboards, insight rules, metric streams, anomaly detectors and tags as they are stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import BEGIN

ACCOUNT = "123456789012"
RULE = (
    '{"Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "Contribution": {"Keys": ["Ip"]}, "AggregateOn": "Count"}'
)


def code_of(call: Any, **params: Any) -> str:
    """The code of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    code: str = caught.value.response["Error"]["Code"]
    return code


def test_dashboard_lives(cloudwatch: Any) -> None:
    """A dashboard is put, shown, listed and deleted."""
    cloudwatch.put_dashboard(DashboardName="board", DashboardBody='{"widgets": []}')
    found = cloudwatch.get_dashboard(DashboardName="board")
    assert found["DashboardArn"] == f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/board"
    assert cloudwatch.list_dashboards()["DashboardEntries"][0]["Size"] == 15
    cloudwatch.delete_dashboards(DashboardNames=["board"])
    assert code_of(cloudwatch.get_dashboard, DashboardName="board") == "ResourceNotFound"


def test_bad_dashboards_are_refused(cloudwatch: Any) -> None:
    """Names and bodies are checked; a list with one unknown name deletes nothing."""
    assert code_of(cloudwatch.put_dashboard, DashboardName="a b", DashboardBody="{}") == "InvalidParameterValue"
    assert code_of(cloudwatch.put_dashboard, DashboardName="a", DashboardBody="{") == "InvalidParameterInput"
    cloudwatch.put_dashboard(DashboardName="a", DashboardBody="{}")
    assert code_of(cloudwatch.delete_dashboards, DashboardNames=["a", "none"]) == "ResourceNotFound"
    assert len(cloudwatch.list_dashboards()["DashboardEntries"]) == 1


def test_insight_rules(cloudwatch: Any) -> None:
    """A rule is stored and switched; its report names nobody."""
    cloudwatch.put_insight_rule(RuleName="rule", RuleDefinition=RULE)
    assert cloudwatch.disable_insight_rules(RuleNames=["rule", "none"])["Failures"][0]["FailureResource"] == "none"
    (rule,) = cloudwatch.describe_insight_rules()["InsightRules"]
    assert (rule["State"], rule["Schema"]) == ("DISABLED", "CloudWatchLogRule/1")
    end = BEGIN + timedelta(minutes=2)
    report = cloudwatch.get_insight_rule_report(RuleName="rule", StartTime=BEGIN, EndTime=end, Period=60)
    assert (report["KeyLabels"], report["Contributors"], len(report["MetricDatapoints"])) == (["Ip"], [], 2)
    cloudwatch.delete_insight_rules(RuleNames=["rule"])
    assert cloudwatch.describe_insight_rules()["InsightRules"] == []


def test_metric_streams(cloudwatch: Any) -> None:
    """A stream is stored, stopped and deleted."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/r"
    cloudwatch.put_metric_stream(Name="s", FirehoseArn=arn, RoleArn=arn, OutputFormat="json")
    cloudwatch.stop_metric_streams(Names=["s"])
    assert cloudwatch.get_metric_stream(Name="s")["State"] == "stopped"
    cloudwatch.delete_metric_stream(Name="s")
    assert code_of(cloudwatch.get_metric_stream, Name="s") == "ResourceNotFoundException"


def test_anomaly_detectors(cloudwatch: Any) -> None:
    """A detector is stored, and waits for its training."""
    metric = {"Namespace": "N", "MetricName": "m", "Stat": "Sum", "Dimensions": [{"Name": "D", "Value": "1"}]}
    cloudwatch.put_anomaly_detector(SingleMetricAnomalyDetector=metric)
    (found,) = cloudwatch.describe_anomaly_detectors(Namespace="N")["AnomalyDetectors"]
    assert found["StateValue"] == "PENDING_TRAINING"
    assert found["SingleMetricAnomalyDetector"] == {"AccountId": ACCOUNT, **metric}
    cloudwatch.delete_anomaly_detector(SingleMetricAnomalyDetector=metric)
    assert (
        code_of(cloudwatch.delete_anomaly_detector, SingleMetricAnomalyDetector=metric) == "ResourceNotFoundException"
    )


def test_tags(cloudwatch: Any) -> None:
    """Insight rules, alarms and streams have tags; what is not there has none."""
    cloudwatch.put_insight_rule(RuleName="rule", RuleDefinition=RULE, Tags=[{"Key": "a", "Value": "1"}])
    arn = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:insight-rule/rule"
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert cloudwatch.list_tags_for_resource(ResourceARN=f"{arn}x")["Tags"] == []
    assert code_of(cloudwatch.tag_resource, ResourceARN=f"{arn}x", Tags=[]) == "ResourceNotFoundException"


def test_images_are_not_made(cloudwatch: Any) -> None:
    """GetMetricWidgetImage says that it is not implemented."""
    assert code_of(cloudwatch.get_metric_widget_image, MetricWidget="{}") == "NotImplemented"
