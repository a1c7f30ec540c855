"""S3: objects listed, exactly and in order, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import BUCKET
from .test_versions import failure


def fill(s3: Any, *keys: str) -> None:
    """Write objects."""
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")


def test_order_is_that_of_the_bytes(s3: Any) -> None:
    """Upper case first, letters beyond ASCII last, also those of two code units."""
    keys = ["a", "B", "é", "\U0001f600", "\uffee", "a/b"]
    fill(s3, *keys)
    found = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert found == sorted(keys, key=str.encode)


def test_prefixes_count_towards_the_page(s3: Any) -> None:
    """And a token or a marker leads behind all that they stand for."""
    fill(s3, "a/1", "a/2", "b", "c/1")
    first = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/", MaxKeys=1)
    assert (first["CommonPrefixes"], first["KeyCount"], first["IsTruncated"]) == ([{"Prefix": "a/"}], 1, True)
    token = first["NextContinuationToken"]
    rest = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/", ContinuationToken=token)
    assert ([each["Key"] for each in rest["Contents"]], rest["CommonPrefixes"]) == (["b"], [{"Prefix": "c/"}])
    older = s3.list_objects(Bucket=BUCKET, Delimiter="/", MaxKeys=1)
    assert older["NextMarker"] == "a/"
    assert "NextMarker" not in s3.list_objects(Bucket=BUCKET, MaxKeys=1)


def test_a_marker_inside_of_a_prefix(s3: Any) -> None:
    """The prefix was passed."""
    fill(s3, "folder/sub/1", "folder/sub/2", "folder/file")
    page = s3.list_objects(Bucket=BUCKET, Prefix="folder/", Delimiter="/", Marker="folder/sub/1")
    assert "Contents" not in page
    assert "CommonPrefixes" not in page


def test_an_empty_page(s3: Any) -> None:
    """No keys may be asked for, and none are shown."""
    fill(s3, "a")
    page = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)
    assert (page["KeyCount"], page["IsTruncated"], "Contents" in page) == (0, False, False)


def test_owner_only_when_asked(s3: Any) -> None:
    """The newer operation leaves it out."""
    fill(s3, "a")
    assert "Owner" not in s3.list_objects_v2(Bucket=BUCKET)["Contents"][0]
    assert "Owner" in s3.list_objects_v2(Bucket=BUCKET, FetchOwner=True)["Contents"][0]
    assert "Owner" in s3.list_objects(Bucket=BUCKET)["Contents"][0]


@pytest.mark.parametrize("name", ["list_objects_v2", "list_objects", "list_object_versions", "list_multipart_uploads"])
def test_encoding_types(s3: Any, name: str) -> None:
    """There is one."""
    error = failure(getattr(s3, name), EncodingType="value").response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidArgument", "Invalid Encoding Method specified in Request")


def test_bad_tokens(s3: Any) -> None:
    """A token that was never given out is refused."""
    for token in ("nonsense!", ""):
        assert failure(s3.list_objects_v2, ContinuationToken=token).response["Error"]["Code"] == "InvalidArgument"


def test_buckets_page_by_page(s3: Any) -> None:
    """With the region of each, as soon as a page is asked for."""
    for name in ("b-bucket", "c-bucket"):
        s3.create_bucket(Bucket=name)
    first = s3.list_buckets(MaxBuckets=2)
    assert [each["Name"] for each in first["Buckets"]] == [BUCKET, "b-bucket"]
    rest = s3.list_buckets(ContinuationToken=first["ContinuationToken"])
    assert [(each["Name"], each["BucketRegion"]) for each in rest["Buckets"]] == [("c-bucket", "us-east-1")]


def test_checksums_are_listed(s3: Any) -> None:
    """By their algorithm and type."""
    s3.put_object(Bucket=BUCKET, Key="a", ChecksumAlgorithm="SHA256")
    entry = s3.list_objects_v2(Bucket=BUCKET)["Contents"][0]
    assert (entry["ChecksumAlgorithm"], entry["ChecksumType"]) == (["SHA256"], "FULL_OBJECT")
