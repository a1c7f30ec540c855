"""S3: lifecycle rules act as the clock moves on; archived objects are restored."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from .conftest import BUCKET
from .test_versions import failure


@pytest.fixture
def bucket(aws: Any) -> Any:
    """A client with a bucket."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    return client


def rule(s3: Any, **more: Any) -> None:
    """Give the bucket one rule."""
    made = {"ID": "rule", "Status": "Enabled", "Filter": {"Prefix": ""}, **more}
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [made]})


def keys(s3: Any) -> list[str]:
    """What a listing shows."""
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_objects_expire(aws: Any, bucket: Any) -> None:
    """At the midnight after their days, told by a header before; others stay."""
    rule(bucket, Filter={"And": {"Prefix": "log/", "Tags": [{"Key": "a", "Value": "1"}]}}, Expiration={"Days": 2})
    answer = bucket.put_object(Bucket=BUCKET, Key="log/a", Tagging="a=1")
    assert answer["Expiration"].endswith('rule-id="rule"')
    bucket.put_object(Bucket=BUCKET, Key="log/b")
    bucket.put_object(Bucket=BUCKET, Key="c", Tagging="a=1")
    aws.clock.advance(days=1)
    assert keys(bucket) == ["c", "log/a", "log/b"]
    aws.clock.advance(days=2)
    assert keys(bucket) == ["c", "log/b"]


def test_versions_expire_in_two_steps(aws: Any, bucket: Any) -> None:
    """A marker first, then the older versions, then the marker that nothing is behind."""
    bucket.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    bucket.put_object(Bucket=BUCKET, Key="k")
    rule(bucket, Expiration={"Days": 1}, NoncurrentVersionExpiration={"NoncurrentDays": 1})

    def found() -> tuple[int, int]:
        answer = bucket.list_object_versions(Bucket=BUCKET)
        return len(answer.get("Versions", [])), len(answer.get("DeleteMarkers", []))

    seen = [found()]
    for _ in range(3):
        aws.clock.advance(days=2)
        seen.append(found())
    assert seen[0] == (1, 0)
    assert seen[1] == (1, 1)
    assert seen[-1] == (0, 0)


def test_objects_move(aws: Any, bucket: Any) -> None:
    """To another class after their days; small ones stay where they are."""
    rule(bucket, Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 60, "StorageClass": "GLACIER"}])
    bucket.put_object(Bucket=BUCKET, Key="big", Body=b"x" * 131_072)
    bucket.put_object(Bucket=BUCKET, Key="small")
    classes = []
    for _ in range(2):
        aws.clock.advance(days=31)
        contents = bucket.list_objects_v2(Bucket=BUCKET)["Contents"]
        classes.append([each["StorageClass"] for each in contents])
    assert classes == [["STANDARD_IA", "STANDARD"], ["GLACIER", "STANDARD"]]


def test_unfinished_uploads_are_given_up(aws: Any, bucket: Any) -> None:
    """And say before when and why."""
    rule(bucket, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 3})
    answer = bucket.create_multipart_upload(Bucket=BUCKET, Key="k")
    assert answer["AbortRuleId"] == "rule"
    aws.clock.advance(days=2)
    assert len(bucket.list_multipart_uploads(Bucket=BUCKET)["Uploads"]) == 1
    aws.clock.advance(days=2)
    assert "Uploads" not in bucket.list_multipart_uploads(Bucket=BUCKET)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Expiration": {"Days": 1, "Date": "2030-01-01T00:00:00Z"}}, "MalformedXML"),
        ({"Expiration": {"Date": "2030-01-01T01:00:00Z"}}, "InvalidArgument"),
        ({}, "InvalidRequest"),
        ({"Status": "On", "Expiration": {"Days": 1}}, "MalformedXML"),
        ({"Prefix": "", "Expiration": {"Days": 1}}, "MalformedXML"),
        ({"ID": "x" * 256, "Expiration": {"Days": 1}}, "InvalidArgument"),
        ({"Transitions": [{"Days": 1, "StorageClass": "STANDARD_IA"}]}, "InvalidArgument"),
        ({"Expiration": {"Days": 5}, "Transitions": [{"Days": 9, "StorageClass": "GLACIER"}]}, "InvalidArgument"),
    ],
)
def test_bad_rules(s3: Any, bad: dict[str, Any], code: str) -> None:
    """A rule that S3 does not take leaves the old ones as they are."""
    rule(s3, Expiration={"Days": 9})
    made = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, **bad}
    put = s3.put_bucket_lifecycle_configuration
    assert failure(put, LifecycleConfiguration={"Rules": [made]}).response["Error"]["Code"] == code
    assert s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"][0]["Expiration"] == {"Days": 9}


def test_restoring(aws: Any, bucket: Any) -> None:
    """It takes its hours, lasts its days, and is over then."""
    bucket.put_object(Bucket=BUCKET, Key="k", Body=b"x", StorageClass="GLACIER")
    assert failure(bucket.get_object, Key="k").response["Error"]["Code"] == "InvalidObjectState"
    answer = bucket.restore_object(Bucket=BUCKET, Key="k", RestoreRequest={"Days": 2})
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    again = failure(bucket.restore_object, Key="k", RestoreRequest={"Days": 2}).response["Error"]["Code"]
    assert again == "RestoreAlreadyInProgress"
    assert bucket.head_object(Bucket=BUCKET, Key="k")["Restore"] == 'ongoing-request="true"'
    aws.clock.advance(hours=6)
    assert bucket.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"x"
    aws.clock.advance(days=4)
    assert failure(bucket.get_object, Key="k").response["Error"]["Code"] == "InvalidObjectState"


def test_restoring_what_is_not_archived(s3: Any) -> None:
    """There is nothing to restore."""
    s3.put_object(Bucket=BUCKET, Key="k")
    error = failure(s3.restore_object, Key="k", RestoreRequest={"Days": 1}).response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("InvalidObjectState", 403)
