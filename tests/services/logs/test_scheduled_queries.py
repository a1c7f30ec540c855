"""Scheduled queries, lookup tables, anomaly detectors and settings."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put, knows

ROLE = "arn:aws:iam::123456789012:role/r"
MINUTE_MS = 60_000


def schedule(logs: Any, **more: Any) -> str:
    """A query that runs every five minutes over the last five."""
    usual = {
        "name": "q",
        "queryLanguage": "CWLI",
        "queryString": "stats count(*) as events by @logStream",
        "logGroupIdentifiers": ["g"],
        "scheduleExpression": "cron(0/5 * * * ? *)",
        "executionRoleArn": ROLE,
    }
    arn: str = logs.create_scheduled_query(**{**usual, **more})["scheduledQueryArn"]
    return arn


def runs(logs: Any) -> list[dict[str, Any]]:
    """The runs of the query, the newest first."""
    found: list[dict[str, Any]] = logs.get_scheduled_query_history(
        identifier="q", startTime=NOW, endTime=NOW + 86_400_000
    )["triggerHistory"]
    return found


@knows("CreateScheduledQuery")
def test_query_runs_by_its_schedule(aws: Any, logs: Any, put: Put) -> None:
    """A run keeps what it found, under an id of its own."""
    put((0, "a"), (1, "b"))
    arn = schedule(logs)
    aws.clock.advance(minutes=11)
    second, first = runs(logs)
    assert (NOW + 5 * MINUTE_MS, "Complete") == (first["triggeredTimestamp"], first["executionStatus"])
    (row,) = logs.get_query_results(queryId=first["queryId"])["results"]
    assert [{"field": "@logStream", "value": "s"}, {"field": "events", "value": "2"}] == row
    assert [] == logs.get_query_results(queryId=second["queryId"])["results"]
    found = logs.get_scheduled_query(identifier=arn)
    assert (NOW + 10 * MINUTE_MS, "CUSTOMER_MANAGED") == (found["lastTriggeredTime"], found["scheduleType"])


@knows("CreateScheduledQuery")
def test_results_go_to_a_bucket_and_a_table(aws: Any, logs: Any, put: Put) -> None:
    """A bucket is given an object for each run, a lookup table is made anew."""
    if "lookupTableConfiguration" not in logs.meta.service_model.shape_for("DestinationConfiguration").members:
        pytest.skip("botocore knows no lookup tables")
    boto3.client("s3").create_bucket(Bucket="results")
    put((0, "a"))
    bucket = {"destinationIdentifier": "s3://results/some", "roleArn": ROLE}
    table = {"tableName": "t", "roleArn": ROLE}
    schedule(logs, destinationConfiguration={"s3Configuration": bucket, "lookupTableConfiguration": table})
    aws.clock.advance(minutes=5)
    to_bucket, to_table = runs(logs)[0]["destinations"]
    key = to_bucket["processedIdentifier"].removeprefix("s3://results/")
    body = boto3.client("s3").get_object(Bucket="results", Key=key)["Body"].read()
    assert [{"@logStream": "s", "events": "1"}] == json.loads(body)
    arn = logs.describe_lookup_tables()["lookupTables"][0]["lookupTableArn"]
    assert ("COMPLETE", "@logStream,events\ns,1\n") == (
        to_table["status"],
        logs.get_lookup_table(lookupTableArn=arn)["tableBody"],
    )


@knows("CreateScheduledQuery")
def test_bucket_that_is_not_there_is_told(aws: Any, logs: Any) -> None:
    """The run is complete; its destination failed."""
    bucket = {"destinationIdentifier": "s3://nobody", "roleArn": ROLE}
    schedule(logs, destinationConfiguration={"s3Configuration": bucket})
    aws.clock.advance(minutes=5)
    (run,) = runs(logs)
    assert ("Complete", "CLIENT_ERROR") == (run["executionStatus"], run["destinations"][0]["status"])


@knows("CreateScheduledQuery")
def test_query_is_changed_and_deleted(aws: Any, logs: Any) -> None:
    """A query that is off does not run; one that is deleted is gone."""
    arn = schedule(logs)
    changed = {"queryLanguage": "CWLI", "queryString": "limit 1", "executionRoleArn": ROLE, "state": "DISABLED"}
    logs.update_scheduled_query(identifier="q", scheduleExpression="cron(* * * * ? *)", **changed)
    aws.clock.advance(hours=1)
    assert ([], []) == (runs(logs), logs.list_scheduled_queries(state="ENABLED")["scheduledQueries"])
    logs.delete_scheduled_query(identifier=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_scheduled_query(identifier="q")


@knows("CreateScheduledQuery")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"queryString": "nonsense"}, "ValidationException"),
        ({"scheduleExpression": "rate(5 minutes)"}, "ValidationException"),
        ({"timezone": "Nowhere"}, "ValidationException"),
        ({"logGroupIdentifiers": ["none"]}, "ResourceNotFoundException"),
        ({"startTimeOffset": 0}, "ValidationException"),
    ],
)
def test_bad_queries_are_refused(logs: Any, wrong: dict[str, Any], code: str) -> None:
    """What cannot be run is not kept."""
    with pytest.raises(ClientError, match=code):
        schedule(logs, **wrong)
    assert [] == logs.list_scheduled_queries()["scheduledQueries"]


@knows("CreateScheduledQuery")
def test_names_are_taken_once(logs: Any) -> None:
    """A second query of a name is refused."""
    schedule(logs)
    with pytest.raises(ClientError, match="ConflictException"):
        schedule(logs)


@knows("CreateLookupTable")
def test_lookup_tables(logs: Any) -> None:
    """A table is made, described, replaced and deleted."""
    arn = logs.create_lookup_table(lookupTableName="t", tableBody="id,name\n1,a\n2,b\n")["lookupTableArn"]
    (found,) = logs.describe_lookup_tables(lookupTableNamePrefix="t")["lookupTables"]
    assert (["id", "name"], 2, 16) == (found["tableFields"], found["recordsCount"], found["sizeBytes"])
    logs.update_lookup_table(lookupTableArn=arn, tableBody="id\n")
    assert "id\n" == logs.get_lookup_table(lookupTableArn=arn)["tableBody"]
    logs.delete_lookup_table(lookupTableArn=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_lookup_table(lookupTableArn=arn)


@knows("CreateLookupTable")
@pytest.mark.parametrize("given", [{}, {"tableBody": "a,a\n"}, {"tableBody": "a,b\n1\n"}, {"queryId": "none"}])
def test_bad_lookup_tables_are_refused(logs: Any, given: dict[str, str]) -> None:
    """A table has a header, and rows that are as long."""
    with pytest.raises(ClientError, match=r"ValidationException|InvalidParameterException"):
        logs.create_lookup_table(lookupTableName="t", **given)
    assert [] == logs.describe_lookup_tables()["lookupTables"]


def test_anomaly_detectors(aws: Any, logs: Any) -> None:
    """A detector is trained for a day, paused and deleted; it finds nothing."""
    group = "arn:aws:logs:us-east-1:123456789012:log-group:g"
    arn = logs.create_log_anomaly_detector(logGroupArnList=[group])["anomalyDetectorArn"]
    states = []
    for hours in (0, 1, 24):
        aws.clock.advance(hours=hours)
        states.append(logs.get_log_anomaly_detector(anomalyDetectorArn=arn)["anomalyDetectorStatus"])
    assert ["INITIALIZING", "TRAINING", "ANALYZING"] == states
    logs.update_log_anomaly_detector(anomalyDetectorArn=arn, enabled=False)
    (found,) = logs.list_log_anomaly_detectors(filterLogGroupArn=group)["anomalyDetectors"]
    assert ("PAUSED", []) == (found["anomalyDetectorStatus"], logs.list_anomalies(anomalyDetectorArn=arn)["anomalies"])
    logs.delete_log_anomaly_detector(anomalyDetectorArn=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.list_anomalies(anomalyDetectorArn=arn)


def test_delivery_is_configured(logs: Any) -> None:
    """A delivery's fields are replaced."""
    resource = "arn:aws:cloudfront::123456789012:distribution/E1"
    logs.put_delivery_source(name="s", resourceArn=resource, logType="ACCESS_LOGS")
    place = {"destinationResourceArn": "arn:aws:s3:::bucket"}
    arn = logs.put_delivery_destination(name="d", deliveryDestinationConfiguration=place)["deliveryDestination"]["arn"]
    made = logs.create_delivery(deliverySourceName="s", deliveryDestinationArn=arn)["delivery"]
    logs.update_delivery_configuration(id=made["id"], recordFields=["date"])
    assert ["date"] == logs.get_delivery(id=made["id"])["delivery"]["recordFields"]


@knows("PutStorageTierPolicy")
def test_storage_tier(logs: Any) -> None:
    """Nothing is chosen until something is."""
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_storage_tier_policy()
    logs.put_storage_tier_policy(storageTier="INTELLIGENT_TIERING")
    assert ("INTELLIGENT_TIERING", NOW) == tuple(
        logs.get_storage_tier_policy()[n] for n in ("storageTier", "lastUpdatedTime")
    )


@knows("PutBearerTokenAuthentication")
def test_bearer_tokens(logs: Any) -> None:
    """A group shows that it takes them."""
    logs.put_bearer_token_authentication(logGroupIdentifier="g", bearerTokenAuthenticationEnabled=True)
    assert logs.describe_log_groups()["logGroups"][0]["bearerTokenAuthenticationEnabled"] is True
