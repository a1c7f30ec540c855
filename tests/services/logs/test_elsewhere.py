"""What leaves CloudWatch Logs, or belongs to no group: exports, live tail, policies, destinations, deliveries."""

from __future__ import annotations

import gzip
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put, knows


def test_export_writes_a_streams_events(logs: Any, put: Put) -> None:
    """One packed object for each stream, a line with time and message for each event."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bucket")
    put((-2, "a"), (-1, "b"))
    task = logs.create_export_task(logGroupName="g", fromTime=NOW - 10, to=NOW, destination="bucket")["taskId"]
    (found,) = logs.describe_export_tasks(taskId=task)["exportTasks"]
    body = s3.get_object(Bucket="bucket", Key=f"exportedlogs/{task}/s/000000.gz")["Body"].read()
    lines = "2039-12-31T23:59:59.998Z a\n2039-12-31T23:59:59.999Z b\n"
    assert ("COMPLETED", lines) == (found["status"]["code"], gzip.decompress(body).decode())


def test_export_needs_a_bucket(logs: Any) -> None:
    """AWS looks for it first."""
    with pytest.raises(ClientError, match=r"The given bucket does not exist\. Please make sure the bucket is valid\."):
        logs.create_export_task(logGroupName="g", fromTime=0, to=NOW, destination="none")


def test_finished_export_is_not_cancelled(logs: Any) -> None:
    """Nor is one that never was."""
    boto3.client("s3").create_bucket(Bucket="bucket")
    task = logs.create_export_task(logGroupName="g", fromTime=0, to=NOW, destination="bucket")["taskId"]
    with pytest.raises(ClientError, match="InvalidOperationException"):
        logs.cancel_export_task(taskId=task)
    with pytest.raises(ClientError, match=r"The specified export task does not exist\."):
        logs.cancel_export_task(taskId="none")


def test_live_tail_shows_what_is_there(logs: Any, put: Put) -> None:
    """A session's start, its events, and its end."""
    put((-2, "ERROR a"), (-1, "fine"))
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:g"
    answered = logs.start_live_tail(logGroupIdentifiers=[arn], logEventFilterPattern="ERROR")
    start, update = list(answered["responseStream"])
    assert [arn] == start["sessionStart"]["logGroupIdentifiers"]
    assert ["ERROR a"] == [event["message"] for event in update["sessionUpdate"]["sessionResults"]]


def test_resource_policies(logs: Any) -> None:
    """Made, changed, listed, deleted."""
    for document in ('{"Version": "2012-10-17", "Statement": []}', "{}"):
        logs.put_resource_policy(policyName="p", policyDocument=document)
    (found,) = logs.describe_resource_policies()["resourcePolicies"]
    logs.delete_resource_policy(policyName="p")
    assert ("{}", "ACCOUNT", NOW) == (found["policyDocument"], found["policyScope"], found["lastUpdatedTime"])
    with pytest.raises(ClientError, match=r"Policy with name \[p\] does not exist."):
        logs.delete_resource_policy(policyName="p")


def test_destinations(logs: Any) -> None:
    """A destination with its policy and tags."""
    role, target = "arn:aws:iam::123456789012:role/r", "arn:aws:kinesis:us-east-1:123456789012:stream/s"
    made = logs.put_destination(destinationName="d", targetArn=target, roleArn=role, tags={"a": "b"})["destination"]
    logs.put_destination_policy(destinationName="d", accessPolicy="{}")
    (found,) = logs.describe_destinations()["destinations"]
    tags = logs.list_tags_for_resource(resourceArn=made["arn"])["tags"]
    assert ("{}", {"a": "b"}) == (found["accessPolicy"], tags)


def test_deliveries(logs: Any) -> None:
    """A source and a destination, joined once, and kept while they are."""
    source = logs.put_delivery_source(
        name="s", resourceArn="arn:aws:cloudfront::123456789012:distribution/E1", logType="ACCESS_LOGS"
    )["deliverySource"]
    destination = logs.put_delivery_destination(
        name="d", deliveryDestinationConfiguration={"destinationResourceArn": "arn:aws:s3:::bucket"}
    )["deliveryDestination"]
    made = logs.create_delivery(deliverySourceName="s", deliveryDestinationArn=destination["arn"])["delivery"]
    with pytest.raises(ClientError, match="ConflictException"):
        logs.delete_delivery_source(name="s")
    logs.delete_delivery(id=made["id"])
    with pytest.raises(ClientError, match=r"Requested Delivery does not exist in this account\."):
        logs.get_delivery(id=made["id"])
    assert ("cloudfront", "S3") == (source["service"], made["deliveryDestinationType"])


@knows("PutLogGroupDeletionProtection")
def test_protected_group_stays(logs: Any) -> None:
    """Until it is protected no longer."""
    logs.put_log_group_deletion_protection(logGroupIdentifier="g", deletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="protected"):
        logs.delete_log_group(logGroupName="g")
    logs.put_log_group_deletion_protection(logGroupIdentifier="g", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="g")
    assert [] == logs.list_log_groups()["logGroups"]


def test_export_tries_the_bucket_first(logs: Any, put: Put) -> None:
    """The object that tries the bucket lies under the prefix that was given, else at the top."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bucket")
    span = {"fromTime": 0, "to": NOW, "destination": "bucket"}
    logs.create_export_task(logGroupName="g", **span)
    logs.create_export_task(logGroupName="g", destinationPrefix="p", **span)
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="bucket")["Contents"]]
    assert ["aws-logs-write-test", "p/aws-logs-write-test"] == keys


@pytest.mark.parametrize(
    ("resource", "kind", "code"),
    [
        ("arn:aws:s3:::bucket", "ACCESS_LOGS", "ResourceNotFoundException"),
        ("arn:aws:cloudfront::123456789012:distribution/E1", "EVENT_LOGS", "ValidationException"),
    ],
)
def test_sources_send_certain_logs(logs: Any, resource: str, kind: str, code: str) -> None:
    """A service that is no source, or does not send such logs, is refused."""
    with pytest.raises(ClientError, match=code):
        logs.put_delivery_source(name="s", resourceArn=resource, logType=kind)


def test_output_format_of_a_destination_stays(logs: Any) -> None:
    """A delivery destination is changed, its format is not."""
    place = {"destinationResourceArn": "arn:aws:s3:::bucket"}
    logs.put_delivery_destination(name="d", outputFormat="json", deliveryDestinationConfiguration=place)
    with pytest.raises(ClientError, match="ValidationException"):
        logs.put_delivery_destination(name="d", outputFormat="plain", deliveryDestinationConfiguration=place)


def test_bad_group_identifier_is_not_repeated(logs: Any) -> None:
    """AWS does not repeat the value of an identifier that it refuses."""
    with pytest.raises(ClientError, match="Value at 'logGroupIdentifier' failed to satisfy constraint"):
        logs.describe_log_streams(logGroupIdentifier="arn:aws:logs:us-east-1:123456789012:log-group:g:*")


def test_long_group_of_a_metric_filter(logs: Any) -> None:
    """Where a metric filter is deleted, a group's name that is too long has a text of its own (recorded from AWS)."""
    with pytest.raises(ClientError, match="Invalid LogGroup or LogStream, both must have length less than or equal"):
        logs.delete_metric_filter(logGroupName="g" * 513, filterName="f")
