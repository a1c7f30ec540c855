"""EventBridge, Scheduler, CloudWatch, logs, auto scaling: one answer by both seams, and by CloudWatch's protocols."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import botocore
import pytest
from botocore.session import Session

from mocksls import mock_serverless
from tests.seams.conftest import client, on_the_wire
from tests.seams.test_comparison import MOMENT, Step, answer, kinds

BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}
TARGET = {"Arn": QUEUE, "RoleArn": "arn:aws:iam::123456789012:role/none"}
SPAN = {"StartTime": MOMENT - timedelta(minutes=5), "EndTime": MOMENT + timedelta(minutes=5)}
STAT = {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "p90"}
ALARM: dict[str, Any] = {
    "AlarmName": "a",
    "Namespace": "N",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
    "Tags": [{"Key": "k", "Value": "v"}],
}
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
LOG_ALARM: dict[str, Any] = {
    "AlarmName": "l",
    "ScheduledQueryConfiguration": {
        "QueryString": "",
        "ScheduledQueryRoleARN": "arn:aws:iam::123456789012:role/none",
        "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
        "AggregationExpression": "count(*)",
    },
    "QueryResultsToEvaluate": 1,
    "QueryResultsToAlarm": 1,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
}
SCALED = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/none",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
STEPS: dict[str, list[Step]] = {
    "events": [
        ("create_event_bus", {"Name": "bus", "Description": "ü"}),
        ("create_event_bus", {"Name": "bus"}),
        ("describe_event_bus", {}),
        ("put_permission", {"Action": "events:PutEvents", "Principal": "*", "StatementId": "s"}),
        ("list_event_buses", {"Limit": 1}),
        ("put_rule", {"Name": "r", "EventPattern": '{"source": ["x"]}', "Tags": [{"Key": "k", "Value": "v"}]}),
        ("put_rule", {"Name": "r", "EventPattern": "{"}),
        ("put_rule", {"Name": "s", "ScheduleExpression": "rate(1 minutes)"}),
        ("put_targets", {"Rule": "r", "Targets": [{"Id": "!", "Arn": QUEUE}]}),
        ("put_targets", {"Rule": "r", "Targets": [{"Id": "t", "Arn": QUEUE, "InputPath": "$.detail"}]}),
        ("list_targets_by_rule", {"Rule": "r"}),
        ("describe_rule", {"Name": "r"}),
        ("describe_rule", {"Name": "none"}),
        ("create_archive", {"ArchiveName": "ar", "EventSourceArn": BUS, "RetentionDays": 1}),
        ("put_events", {"Entries": [{"Source": "x", "DetailType": "d", "Detail": "{}", "Time": MOMENT}, {}]}),
        ("describe_archive", {"ArchiveName": "ar"}),
        ("create_connection", {"Name": "c", "AuthorizationType": "API_KEY", "AuthParameters": API_KEY}),
        ("describe_connection", {"Name": "c"}),
        ("test_event_pattern", {"EventPattern": '{"a": [1]}', "Event": "{}"}),
        ("list_tags_for_resource", {"ResourceARN": BUS}),
    ],
    "scheduler": [
        ("create_schedule_group", {"Name": "g", "Tags": [{"Key": "k", "Value": "v"}], "ClientToken": "t"}),
        ("get_schedule_group", {"Name": "g"}),
        ("list_schedule_groups", {"MaxResults": 1}),
        ("create_schedule", {"Name": "s", "ScheduleExpression": "rate(1 day)", "Target": TARGET,
                             "FlexibleTimeWindow": {"Mode": "OFF"}, "StartDate": MOMENT}),
        ("create_schedule", {"Name": "s", "ScheduleExpression": "cron()", "Target": TARGET,
                             "FlexibleTimeWindow": {"Mode": "OFF"}}),
        ("get_schedule", {"Name": "none"}),
        ("list_schedules", {"NamePrefix": "s"}),
        ("delete_schedule_group", {"Name": "g"}),
    ],
    "cloudwatch": [
        ("put_metric_data", {"Namespace": "N", "MetricData": [{"MetricName": "m", "Values": [1.0, 2.5]}]}),
        ("put_metric_data", {"Namespace": "N", "MetricData": [{"MetricName": "m", "Value": 1.0, "Values": [1.0]}]}),
        ("list_metrics", {}),
        ("get_metric_statistics", {"Namespace": "N", "MetricName": "m", "Period": 60, "Statistics": ["Sum"],
                                   "ExtendedStatistics": ["p50"], **SPAN}),
        ("get_metric_data", {"MetricDataQueries": [{"Id": "q", "MetricStat": STAT},
                                                   {"Id": "e", "Expression": "q * 2"}], **SPAN}),
        ("get_metric_data", {"MetricDataQueries": [{"Id": "e", "Expression": "q *"}], **SPAN}),
        ("put_metric_alarm", ALARM),
        ("describe_alarms", {}),
        ("set_alarm_state", {"AlarmName": "a", "StateValue": "INVALID", "StateReason": "x"}),
        ("set_alarm_state", {"AlarmName": "none", "StateValue": "OK", "StateReason": "x"}),
        ("set_alarm_state", {"AlarmName": "a", "StateValue": "OK", "StateReason": "<x>"}),
        ("describe_alarm_history", {"AlarmName": "a"}),
        ("put_dashboard", {"DashboardName": "d", "DashboardBody": '{"widgets": []}'}),
        ("get_dashboard", {"DashboardName": "none"}),
        ("list_dashboards", {}),
        ("put_anomaly_detector", {"Namespace": "N", "MetricName": "m", "Stat": "Sum"}),
        ("describe_anomaly_detectors", {}),
        ("delete_alarms", {"AlarmNames": ["a"]}),
        ("put_managed_insight_rules", {"ManagedRules": [{"TemplateName": "none", "ResourceARN": QUEUE}]}),
        ("list_managed_insight_rules", {"ResourceARN": "arn:aws:ec2:us-east-1:1:vpc-endpoint-service/s"}),
        ("describe_alarm_contributors", {"AlarmName": "a"}),
        ("get_dataset", {"DatasetIdentifier": "default"}),
        ("associate_dataset_kms_key", {"DatasetIdentifier": "default", "KmsKeyArn": KEY}),
        ("start_otel_enrichment", {"IncludeFilters": [{"Namespace": "AWS/SQS", "MetricNames": ["x"]}]}),
        ("create_resource_metrics_configuration", {"ResourceArn": BUS}),
        ("create_resource_metrics_configuration", {"ResourceArn": BUS}),
        ("put_log_alarm", LOG_ALARM),
        ("describe_alarms", {"AlarmTypes": ["LogAlarm"]}),
    ],
    "logs": [
        ("create_log_group", {"logGroupName": "g", "tags": {"k": "v"}}),
        ("create_log_stream", {"logGroupName": "g", "logStreamName": "s"}),
        ("put_transformer", {"logGroupIdentifier": "g", "transformerConfig": [{"parseJSON": {}}]}),
        ("put_transformer", {"logGroupIdentifier": "g", "transformerConfig": [{"grok": {"match": "x"}}]}),
        ("test_transformer", {"transformerConfig": [{"csv": {}}], "logEventMessages": ["a,ü"]}),
        ("put_data_protection_policy", {"logGroupIdentifier": "g", "policyDocument": "{"}),
        ("put_index_policy", {"logGroupIdentifier": "g", "policyDocument": '{"Fields": ["a"]}'}),
        ("put_log_events", {"logGroupName": "g", "logStreamName": "s", "logEvents": [
            {"timestamp": int(MOMENT.timestamp() * 1000), "message": '{"a": 1}'}]}),
        ("get_log_events", {"logGroupName": "g", "logStreamName": "s", "unmask": True}),
        ("describe_field_indexes", {"logGroupIdentifiers": ["g"]}),
        ("get_log_group_fields", {"logGroupName": "g"}),
        ("describe_log_streams", {"logGroupIdentifier": "g:*"}),
        ("create_lookup_table", {"lookupTableName": "t", "tableBody": "a,b\n1,2\n"}),
        ("describe_lookup_tables", {}),
        ("create_log_anomaly_detector", {"logGroupArnList": ["arn:aws:logs:us-east-1:123456789012:log-group:g"]}),
        ("list_log_anomaly_detectors", {}),
        ("create_scheduled_query", {"name": "q", "queryLanguage": "CWLI", "queryString": "limit 1",
                                    "scheduleExpression": "cron(0 * * * ? *)", "executionRoleArn": "r"}),
        ("list_scheduled_queries", {}),
        ("describe_log_groups", {}),
    ],
    "application-autoscaling": [
        ("register_scalable_target", {**SCALED, "MinCapacity": 1, "MaxCapacity": 2}),
        ("deregister_scalable_target", SCALED),
        ("describe_scalable_targets", {"ServiceNamespace": "dynamodb"}),
        ("list_tags_for_resource", {"ResourceARN": "arn:aws:application-autoscaling:us-east-1:1:scalable-target/x"}),
    ],
}  # fmt: skip


def answers(service: str, seam: str) -> list[tuple[Step, dict[str, Any]]]:
    """All steps with their answers in a fresh cloud."""
    with mock_serverless(region="us-east-1", seed=5) as aws:
        # older models carry CloudWatch's times as text, of which the typed seam takes the whole seconds
        aws.clock.freeze(MOMENT if botocore.__version__ >= "1.43" else MOMENT.replace(microsecond=0))
        made = client(service, seam)
        # older botocores lack some operations
        return [(step, answer(getattr(made, step[0]), step[1])) for step in STEPS[service] if hasattr(made, step[0])]


@pytest.mark.parametrize("service", STEPS)
def test_seams_agree(service: str) -> None:
    """Members, their types, status, headers and errors are equal."""
    for (step, typed), (_, wire) in zip(answers(service, "typed"), answers(service, "wire"), strict=True):
        assert (step, kinds(typed)) == (step, kinds(wire))
        assert (step, typed) == (step, wire)


@pytest.mark.parametrize("seam", ["typed", "wire"])
def test_most_steps_succeed(seam: str) -> None:
    """The comparison compares answers, not only errors."""
    found = [each for service in STEPS for _, each in answers(service, seam)]
    assert sum("Error" not in str(each) for each in found) >= len(found) // 2


def one_protocol(protocol: str) -> Any:
    """A client of CloudWatch whose model has one protocol only; other clients' models stay as they are."""
    session = Session()
    loader = session.get_component("data_loader")
    load = loader.load_service_model

    def loaded(service_name: str, type_name: str, api_version: str | None = None) -> Any:
        found = load(service_name, type_name, api_version)
        if (service_name, type_name) != ("cloudwatch", "service-2"):
            return found
        return {**found, "metadata": {**found["metadata"], "protocol": protocol, "protocols": [protocol]}}

    loader.load_service_model = loaded
    return on_the_wire(session.create_client("cloudwatch", region_name="us-east-1"))


@pytest.mark.skipif(botocore.__version__ < "1.43", reason="older models have one protocol only")
@pytest.mark.parametrize(
    ("protocol", "content"), [("smithy-rpc-v2-cbor", "cbor"), ("json", "x-amz-json-1.0"), ("query", "form-urlencoded")]
)
def test_cloudwatch_speaks_three_protocols(protocol: str, content: str) -> None:
    """Each of CloudWatch's protocols carries the same data and the same error."""
    with mock_serverless(region="us-east-1"):
        cloudwatch = one_protocol(protocol)
        sent: list[str] = []
        cloudwatch.meta.events.register(
            "before-send", lambda request, **_: sent.append(str(request.headers["Content-Type"]))
        )
        cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", "Value": 41.0}])
        (metric,) = cloudwatch.list_metrics()["Metrics"]
        assert metric == {"Namespace": "N", "MetricName": "m", "Dimensions": []}
        with pytest.raises(cloudwatch.exceptions.ClientError) as caught:
            cloudwatch.set_alarm_state(AlarmName="a", StateValue="INVALID", StateReason="x")
        assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert all(content in each for each in sent), sent
