"""S3: configurations of buckets are kept and come back as they were."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import BUCKET
from .test_versions import failure

METRICS = {"Id": "m", "Filter": {"Prefix": "logs/"}}
ANALYTICS = {"Id": "a", "StorageClassAnalysis": {}}
TIERING = {"Id": "t", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}
INVENTORY = {
    "Id": "i",
    "IsEnabled": True,
    "IncludedObjectVersions": "All",
    "Schedule": {"Frequency": "Daily"},
    "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::x", "Format": "CSV"}},
}
KINDS = [("metrics", METRICS), ("analytics", ANALYTICS), ("intelligent_tiering", TIERING), ("inventory", INVENTORY)]


def word(kind: str) -> str:
    """A kind's name in members."""
    return "".join(part.capitalize() for part in kind.split("_")) + "Configuration"


@pytest.mark.parametrize(("kind", "given"), KINDS)
def test_configurations_with_ids(s3: Any, kind: str, given: dict[str, Any]) -> None:
    """Put, shown, listed, deleted; then there is none."""
    member = word(kind)

    def call(verb: str, **more: Any) -> Any:
        return getattr(s3, f"{verb}_bucket_{kind}_configuration")(Bucket=BUCKET, Id=given["Id"], **more)

    call("put", **{member: given})
    assert call("get")[member] == given
    listed = getattr(s3, f"list_bucket_{kind}_configurations")(Bucket=BUCKET)
    assert (listed["IsTruncated"], listed[f"{member}List"]) == (False, [given])
    call("delete")
    error = failure(getattr(s3, f"get_bucket_{kind}_configuration"), Id=given["Id"]).response["Error"]
    assert error["Code"] == "NoSuchConfiguration"


def test_pages_of_configurations(s3: Any) -> None:
    """A hundred to a page."""
    for number in range(101):
        name = f"m{number:03}"
        s3.put_bucket_metrics_configuration(Bucket=BUCKET, Id=name, MetricsConfiguration={"Id": name})
    first = s3.list_bucket_metrics_configurations(Bucket=BUCKET)
    assert (len(first["MetricsConfigurationList"]), first["IsTruncated"]) == (100, True)
    token = first["NextContinuationToken"]
    rest = s3.list_bucket_metrics_configurations(Bucket=BUCKET, ContinuationToken=token)
    assert [each["Id"] for each in rest["MetricsConfigurationList"]] == ["m100"]


def test_acceleration(s3: Any) -> None:
    """Nothing is said until it is set; names with dots cannot have it."""
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=BUCKET)
    s3.put_bucket_accelerate_configuration(Bucket=BUCKET, AccelerateConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_accelerate_configuration(Bucket=BUCKET)["Status"] == "Enabled"
    bad = failure(s3.put_bucket_accelerate_configuration, AccelerateConfiguration={"Status": "enabled"})
    assert bad.response["Error"]["Code"] == "MalformedXML"


def test_request_payment(s3: Any) -> None:
    """The owner pays unless it is said otherwise."""
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "BucketOwner"
    s3.put_bucket_request_payment(Bucket=BUCKET, RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "Requester"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_bucket_tagging", "NoSuchTagSet"),
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_policy_status", "NoSuchBucketPolicy"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
    ],
)
def test_what_is_not_set(s3: Any, operation: str, code: str) -> None:
    """Each has an error of its own, and a bucket that is not there has another."""
    assert failure(getattr(s3, operation)).response["Error"]["Code"] == code
    s3.delete_bucket(Bucket=BUCKET)
    assert failure(getattr(s3, operation)).response["Error"]["Code"] == "NoSuchBucket"


@pytest.mark.parametrize("name", ["ab", "UPPER", "a..b", "192.168.0.1", "xn--a", "a-s3alias", "sthree-a", "a_b", "-ab"])
def test_bad_names(s3: Any, name: str) -> None:
    """What breaks the rules is no bucket's name."""
    with pytest.raises(s3.exceptions.ClientError, match="InvalidBucketName"):
        s3.create_bucket(Bucket=name)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([{"Key": "a", "Value": "1"}] * 2, "InvalidTag"),
        ([{"Key": "a,b", "Value": "1"}], "InvalidTag"),
        ([{"Key": "a", "Value": "1,2"}], "InvalidTag"),
        ([{"Key": "aws:a", "Value": "1"}], "InvalidTag"),
        ([{"Key": str(number), "Value": "1"} for number in range(51)], "BadRequest"),
    ],
)
def test_bad_tags(s3: Any, tags: list[Any], code: str) -> None:
    """What S3 does not take as tags leaves those that are there."""
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "old", "Value": "1"}]})
    assert failure(s3.put_bucket_tagging, Tagging={"TagSet": tags}).response["Error"]["Code"] == code
    assert s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"] == [{"Key": "old", "Value": "1"}]


def test_operations_that_are_not_here(s3: Any) -> None:
    """They say so, and pretend nothing."""
    assert failure(s3.get_bucket_metadata_table_configuration).response["Error"]["Code"] == "NotImplemented"
