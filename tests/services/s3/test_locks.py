"""S3: object lock and legal holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .test_versions import failure

BUCKET = "locked"


@pytest.fixture
def locked(aws: Any) -> Any:
    """A client with a bucket that locks."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    return client


def put(client: Any, **more: Any) -> str:
    """Write an object; its version id."""
    return str(client.put_object(Bucket=BUCKET, Key="k", Body=b"x", **more)["VersionId"])


def delete(client: Any, version_id: str, **more: Any) -> str:
    """Delete a version; ``ok`` or the code of the error."""
    try:
        client.delete_object(Bucket=BUCKET, Key="k", VersionId=version_id, **more)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def test_locking_turns_versioning_on(locked: Any) -> None:
    """And it cannot be suspended any more."""
    assert locked.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    with pytest.raises(ClientError, match="versioning state cannot be changed"):
        locked.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})


def test_default_retention(aws: Any, locked: Any) -> None:
    """New versions get the bucket's default, which ends as the clock moves on."""
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 2}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    locked.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration=configuration)
    version_id = put(locked)
    assert locked.head_object(Bucket=BUCKET, Key="k")["ObjectLockMode"] == "COMPLIANCE"
    assert delete(locked, version_id, BypassGovernanceRetention=True) == "AccessDenied"
    assert locked.delete_object(Bucket=BUCKET, Key="k")["DeleteMarker"] is True
    aws.clock.advance(days=3)
    assert delete(locked, version_id) == "ok"


def test_governance_can_be_bypassed(aws: Any, locked: Any) -> None:
    """With the header that says so."""
    until = aws.clock.now() + timedelta(days=1)
    version_id = put(locked, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
    assert delete(locked, version_id) == "AccessDenied"
    assert delete(locked, version_id, BypassGovernanceRetention=True) == "ok"


def test_retention_is_only_extended(aws: Any, locked: Any) -> None:
    """Compliance is never shortened, nor made another mode."""
    version_id = put(locked)

    def retain(mode: str, days: int) -> str:
        until = aws.clock.now() + timedelta(days=days)
        params = {"Bucket": BUCKET, "Key": "k", "VersionId": version_id}
        try:
            locked.put_object_retention(**params, Retention={"Mode": mode, "RetainUntilDate": until})
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "ok"

    answers = [retain("COMPLIANCE", 2), retain("COMPLIANCE", 3), retain("COMPLIANCE", 1), retain("GOVERNANCE", 9)]
    assert answers == ["ok", "ok", "AccessDenied", "AccessDenied"]


def test_legal_hold(locked: Any) -> None:
    """A hold keeps a version until it is let go, whatever else."""
    version_id = put(locked, ObjectLockLegalHoldStatus="ON")
    answer = locked.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "k", "VersionId": version_id}]})
    assert answer["Errors"][0]["Code"] == "AccessDenied"
    locked.put_object_legal_hold(Bucket=BUCKET, Key="k", LegalHold={"Status": "OFF"})
    assert locked.get_object_legal_hold(Bucket=BUCKET, Key="k")["LegalHold"] == {"Status": "OFF"}
    assert delete(locked, version_id) == "ok"


@pytest.mark.parametrize(
    "rule",
    [{"Mode": "NONSENSE", "Days": 1}, {"Mode": "GOVERNANCE"}, {"Mode": "GOVERNANCE", "Days": 1, "Years": 1}],
)
def test_bad_defaults(locked: Any, rule: dict[str, Any]) -> None:
    """What is no retention is no valid document."""
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": rule}}
    with pytest.raises(ClientError) as caught:
        locked.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration=configuration)
    assert caught.value.response["Error"]["Code"] == "MalformedXML"


def test_buckets_without_lock(s3: Any) -> None:
    """They keep no retention, and have no lock to bypass."""
    s3.put_object(Bucket="a-bucket", Key="k")
    assert failure(s3.get_object_retention, Key="k").response["Error"]["Code"] == "InvalidRequest"
    error = failure(s3.delete_object, Key="k", BypassGovernanceRetention=True).response["Error"]
    assert (error["Code"], error["ArgumentName"]) == ("InvalidArgument", "x-amz-bypass-governance-retention")


def test_locking_later_needs_versioning(s3: Any) -> None:
    """A bucket that was made without it gets it once it keeps versions."""
    configuration = {"ObjectLockEnabled": "Enabled"}
    error = failure(s3.put_object_lock_configuration, ObjectLockConfiguration=configuration).response["Error"]
    assert error["Code"] == "InvalidBucketState"
    s3.put_bucket_versioning(Bucket="a-bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object_lock_configuration(Bucket="a-bucket", ObjectLockConfiguration=configuration)
    assert s3.get_object_lock_configuration(Bucket="a-bucket")["ObjectLockConfiguration"] == configuration
