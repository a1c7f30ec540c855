"""S3: events reach queues, and go nowhere where they are not let in; replication; access logs."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import BUCKET
from .test_versions import failure

OTHER = "other-bucket"


@pytest.fixture
def bucket(aws: Any) -> Any:
    """A client with a bucket."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    return client


def queue(*, lets_in: bool = True) -> tuple[Any, str, str]:
    """A client of queues, with the address and the ARN of one."""
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{BUCKET}"}},
    }
    if lets_in:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
    return sqs, url, arn


def configure(s3: Any, *configurations: Any, **more: Any) -> None:
    """Say which queues hear of what."""
    wanted = {"QueueConfigurations": list(configurations)}
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=wanted, **more)


def received(sqs: Any, url: str) -> list[Any]:
    """What lies in a queue."""
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for each in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return [json.loads(each["Body"]) for each in messages]


def test_queues_get_a_test_event_first(bucket: Any) -> None:
    """Then one message for each event."""
    sqs, url, arn = queue()
    configure(bucket, {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]})
    (test,) = received(sqs, url)
    assert (test["Service"], test["Event"], test["Bucket"]) == ("Amazon S3", "s3:TestEvent", BUCKET)
    bucket.put_object(Bucket=BUCKET, Key="a b", Body=b"xyz")
    (record,) = received(sqs, url)[0]["Records"]
    assert (record["eventName"], record["s3"]["object"]["size"]) == ("ObjectCreated:Put", 3)


def test_every_kind_of_event(aws: Any, bucket: Any) -> None:
    """Each change has its name."""
    sqs, url, arn = queue()
    names = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*", "s3:ObjectAcl:Put", "s3:ObjectRestore:*"]
    configure(bucket, {"QueueArn": arn, "Events": names})
    received(sqs, url)
    bucket.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    version = bucket.put_object(Bucket=BUCKET, Key="k", StorageClass="GLACIER")["VersionId"]
    bucket.put_object_tagging(Bucket=BUCKET, Key="k", Tagging={"TagSet": []})
    bucket.delete_object_tagging(Bucket=BUCKET, Key="k")
    bucket.put_object_acl(Bucket=BUCKET, Key="k", ACL="bucket-owner-full-control")
    bucket.restore_object(Bucket=BUCKET, Key="k", RestoreRequest={"Days": 1})
    aws.clock.advance(hours=9)
    bucket.delete_object(Bucket=BUCKET, Key="k")
    bucket.delete_object(Bucket=BUCKET, Key="k", VersionId=version)
    records = [message["Records"][0] for message in received(sqs, url)]
    assert sorted(record["eventName"] for record in records) == [
        "ObjectAcl:Put",
        "ObjectCreated:Put",
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "ObjectRestore:Completed",
        "ObjectRestore:Post",
        "ObjectTagging:Delete",
        "ObjectTagging:Put",
    ]
    versions = {record["eventVersion"] for record in records if record["eventName"].startswith("ObjectTagging")}
    assert versions == {"2.3"}


@pytest.mark.parametrize(
    ("lets_in", "problem"), [(False, "Permissions on the destination queue"), (True, "does not exist")]
)
def test_destinations_are_tried(bucket: Any, lets_in: bool, problem: str) -> None:
    """A queue that lets S3 not in, or is not there, is refused, unless that is not to be checked."""
    _, _, arn = queue(lets_in=lets_in)
    wanted = {"QueueArn": arn + "x" * lets_in, "Events": ["s3:ObjectCreated:Put"]}
    with pytest.raises(ClientError) as caught:
        configure(bucket, wanted)
    error = caught.value.response["Error"]
    assert error["Message"] == "Unable to validate the following destination configurations"
    assert problem in error["ArgumentValue1"]
    configure(bucket, wanted, SkipDestinationValidation=True)


def test_what_is_not_let_in_is_told(aws: Any, bucket: Any) -> None:
    """The trace says why an event went nowhere."""
    _, _, arn = queue(lets_in=False)
    configure(bucket, {"QueueArn": arn, "Events": ["s3:ObjectCreated:Put"]}, SkipDestinationValidation=True)
    bucket.put_object(Bucket=BUCKET, Key="k")
    (entry,) = [entry for entry in aws.trace if entry.kind == "skipped"]
    assert "do not allow S3 to publish" in entry.text


@pytest.mark.parametrize(
    ("configuration", "code"),
    [
        ({"Events": ["s3:ObjectMoved:*"]}, "InvalidArgument"),
        ({"Filter": {"Key": {"FilterRules": [{"Name": "middle", "Value": "x"}]}}}, "InvalidArgument"),
        ({"Filter": {"Key": {"FilterRules": [{"Name": "prefix"}]}}}, "MalformedXML"),
        ({"Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "x"}] * 2}}}, "InvalidArgument"),
        ({"QueueArn": "nonsense"}, "InvalidArgument"),
    ],
)
def test_bad_configurations(s3: Any, configuration: dict[str, Any], code: str) -> None:
    """What is no configuration is refused."""
    wanted = {"QueueArn": "arn:aws:sqs:us-east-1:123456789012:q", "Events": ["s3:ObjectCreated:*"], **configuration}
    put = s3.put_bucket_notification_configuration
    error = failure(put, NotificationConfiguration={"QueueConfigurations": [wanted]}).response["Error"]
    assert error["Code"] == code


@pytest.mark.parametrize(
    ("one", "other", "fine"),
    [
        ({"prefix": "a/"}, {"prefix": "b/"}, True),
        ({"prefix": "a/"}, {"prefix": "a/b/"}, False),
        ({"prefix": "a/", "suffix": ".jpg"}, {"prefix": "a/", "suffix": ".png"}, True),
        ({"suffix": ".jpg"}, {"prefix": "a/"}, False),
    ],
)
def test_overlaps(bucket: Any, one: dict[str, str], other: dict[str, str], fine: bool) -> None:
    """Two configurations may share an event only where no key fits both."""
    _, _, arn = queue()

    def filtered(rules: dict[str, str]) -> dict[str, Any]:
        listed = [{"Name": name, "Value": value} for name, value in rules.items()]
        return {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": listed}}}

    with nullcontext() if fine else pytest.raises(ClientError, match="Configurations overlap"):
        configure(bucket, filtered(one), filtered(other))
    assert ("QueueConfigurations" in bucket.get_bucket_notification_configuration(Bucket=BUCKET)) is fine


def test_event_bridge(aws: Any, bucket: Any) -> None:
    """It is switched on and shown; where nobody mocks it the trace says so, and the put goes on."""
    bucket.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert bucket.get_bucket_notification_configuration(Bucket=BUCKET)["EventBridgeConfiguration"] == {}
    answer = bucket.put_object(Bucket=BUCKET, Key="k")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


# -- replication ------------------------------------------------------------------------------------------------------


def replicate(s3: Any, **more: Any) -> None:
    """Have all of the bucket replicated."""
    rule = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "Destination": {"Bucket": f"arn:aws:s3:::{OTHER}"},
    }
    rule |= {"DeleteMarkerReplication": {"Status": "Enabled"}, **more}
    configuration = {"Role": "arn:aws:iam::123456789012:role/r", "Rules": [rule]}
    s3.put_bucket_replication(Bucket=BUCKET, ReplicationConfiguration=configuration)


def test_replication(bucket: Any) -> None:
    """New versions go over with their ids; both sides tell of it."""
    bucket.create_bucket(Bucket=OTHER)
    for name in (BUCKET, OTHER):
        bucket.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    replicate(bucket)
    version = bucket.put_object(Bucket=BUCKET, Key="k", Body=b"x", Metadata={"a": "b"})["VersionId"]
    copy = bucket.get_object(Bucket=OTHER, Key="k")
    assert (copy["VersionId"], copy["ReplicationStatus"], copy["Metadata"]) == (version, "REPLICA", {"a": "b"})
    assert bucket.head_object(Bucket=BUCKET, Key="k")["ReplicationStatus"] == "COMPLETED"
    bucket.delete_object(Bucket=BUCKET, Key="k")
    assert len(bucket.list_object_versions(Bucket=OTHER)["DeleteMarkers"]) == 1


def test_replication_needs_versioning(bucket: Any) -> None:
    """On both sides."""
    bucket.create_bucket(Bucket=OTHER)
    with pytest.raises(ClientError, match="Versioning must be 'Enabled' on the bucket"):
        replicate(bucket)
    bucket.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    with pytest.raises(ClientError, match="Destination bucket must have versioning enabled"):
        replicate(bucket)


# -- access logs ------------------------------------------------------------------------------------------------------


def log_to(s3: Any) -> None:
    """Have requests logged to the other bucket."""
    enabled = {"TargetBucket": OTHER, "TargetPrefix": "logs/"}
    s3.put_bucket_logging(Bucket=BUCKET, BucketLoggingStatus={"LoggingEnabled": enabled})


def test_access_logs(bucket: Any) -> None:
    """Each request is a line, its errors too, in a bucket that lets the log service write."""
    bucket.create_bucket(Bucket=OTHER)
    with pytest.raises(ClientError, match="log-delivery group"):
        log_to(bucket)
    service = {"Service": "logging.s3.amazonaws.com"}
    statement = {
        "Effect": "Allow",
        "Principal": service,
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{OTHER}/*",
    }
    bucket.put_bucket_policy(Bucket=OTHER, Policy=json.dumps({"Statement": [statement]}))
    log_to(bucket)
    bucket.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    failure(bucket.get_object, Key="missing")
    keys = [each["Key"] for each in bucket.list_objects_v2(Bucket=OTHER, Prefix="logs/")["Contents"]]
    lines = [bucket.get_object(Bucket=OTHER, Key=key)["Body"].read().decode() for key in keys]
    assert any(" REST.PUT.OBJECT k " in line and " 200 - " in line for line in lines)
    assert any(" REST.GET.OBJECT missing " in line and " 404 NoSuchKey " in line for line in lines)


def test_changes_of_logging_are_logged_where_it_was_set_before(bucket: Any) -> None:
    """The first is logged nowhere, the last in the old place."""
    bucket.create_bucket(Bucket=OTHER)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{OTHER}/*",
    }
    bucket.put_bucket_policy(Bucket=OTHER, Policy=json.dumps({"Statement": [statement]}))
    log_to(bucket)
    assert "Contents" not in bucket.list_objects_v2(Bucket=OTHER)
    bucket.put_bucket_logging(Bucket=BUCKET, BucketLoggingStatus={})
    (kept,) = bucket.list_objects_v2(Bucket=OTHER, Prefix="logs/")["Contents"]
    line = bucket.get_object(Bucket=OTHER, Key=kept["Key"])["Body"].read().decode()
    assert " REST.PUT.LOGGING_STATUS - " in line
