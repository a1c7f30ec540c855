"""Buckets, listings and multipart uploads."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocksls import mock_serverless

from .conftest import BUCKET


def test_bucket_is_listed(s3: Any) -> None:
    """A bucket is found by its name."""
    assert [BUCKET] == [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_unknown_bucket(s3: Any) -> None:
    """A bucket that is not there is told with its name."""
    with pytest.raises(s3.exceptions.NoSuchBucket) as caught:
        s3.list_objects_v2(Bucket="nothing-here")
    assert caught.value.response["Error"]["BucketName"] == "nothing-here"


@pytest.mark.parametrize("name", ["Upper-case", "a..b", "192.168.0.1"])
def test_bad_names(s3: Any, name: str) -> None:
    """Names follow S3's rules."""
    with pytest.raises(ClientError, match="InvalidBucketName"):
        s3.create_bucket(Bucket=name)


def test_location(s3: Any) -> None:
    """A bucket has the region of its constraint; us-east-1 has no name here."""
    s3.create_bucket(Bucket="in-europe", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    names = [s3.get_bucket_location(Bucket=name).get("LocationConstraint") for name in (BUCKET, "in-europe")]
    assert [None, "eu-west-1"] == names


def test_full_bucket_stays(s3: Any) -> None:
    """A bucket with objects cannot be deleted."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        s3.delete_bucket(Bucket=BUCKET)
    assert s3.head_bucket(Bucket=BUCKET)["BucketRegion"] == "us-east-1"


def test_waiters(s3: Any) -> None:
    """Waiters see what is there without waiting."""
    s3.get_waiter("bucket_exists").wait(Bucket=BUCKET)
    s3.delete_bucket(Bucket=BUCKET)
    s3.get_waiter("bucket_not_exists").wait(Bucket=BUCKET)
    assert s3.list_buckets()["Buckets"] == []


def test_common_prefixes(s3: Any) -> None:
    """Keys below a delimiter are one entry."""
    for key in ("a/1", "a/2", "b", "c/1"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    found = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/")
    prefixes = [each["Prefix"] for each in found["CommonPrefixes"]]
    assert (["b"], ["a/", "c/"], 3) == ([each["Key"] for each in found["Contents"]], prefixes, found["KeyCount"])


def test_keys_with_odd_characters(s3: Any) -> None:
    """Keys come back as they were given."""
    keys = ["a b+c&d", "ü/ö", "x\ty"]
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    found = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert sorted(keys, key=str.encode) == found


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    keys=st.sets(st.text("ab/ü", min_size=1, max_size=5), max_size=12),
    size=st.integers(1, 5),
    prefix=st.sampled_from(["", "a", "a/"]),
)
def test_pages_make_the_whole(keys: set[str], size: int, prefix: str) -> None:
    """The pages of a listing are the sorted keys and prefixes, each once."""
    with mock_serverless(region="us-east-1"):
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        for key in keys:
            client.put_object(Bucket=BUCKET, Key=key, Body=b"")
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=BUCKET, Prefix=prefix, Delimiter="/", PaginationConfig={"PageSize": size}
        )
        found = [
            each.get("Key", each.get("Prefix"))
            for page in pages
            for each in sorted(
                page.get("Contents", []) + page.get("CommonPrefixes", []),
                key=lambda each: each.get("Key", each.get("Prefix")).encode(),
            )
        ]
    expected = set()
    for key in keys:
        if key.startswith(prefix):
            cut = key.find("/", len(prefix))
            expected.add(key if cut < 0 else key[: cut + 1])
    assert sorted(expected, key=str.encode) == found


def begin(s3: Any) -> dict[str, Any]:
    """Begin a multipart upload."""
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="k")["UploadId"]
    return {"Bucket": BUCKET, "Key": "k", "UploadId": upload}


def test_small_parts_are_refused(s3: Any) -> None:
    """All parts but the last have at least 5 MiB; the upload stays."""
    upload = begin(s3)
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=b"x")["ETag"]}
        for number in (1, 2)
    ]
    with pytest.raises(ClientError, match="EntityTooSmall"):
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert [1, 2] == [part["PartNumber"] for part in s3.list_parts(**upload)["Parts"]]


def test_unknown_part(s3: Any) -> None:
    """Only uploaded parts can be put together."""
    upload = begin(s3)
    with pytest.raises(ClientError, match="InvalidPart"):
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": "x"}]})


def test_aborted_upload_is_gone(s3: Any) -> None:
    """An aborted upload is not found, and leaves no object."""
    upload = begin(s3)
    s3.abort_multipart_upload(**upload)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.list_parts(**upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


@pytest.mark.parametrize("name", ["with_underscore", "WithCapitals"])
def test_names_that_moto_takes(name: str) -> None:
    """Names of the time before 2018 are for suites written for moto only."""
    with mock_serverless(compat="moto"):
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=name)
        client.put_object(Bucket=name, Key="k", Body=b"body")
        assert client.get_object(Bucket=name, Key="k")["Body"].read() == b"body"
    with mock_serverless(), pytest.raises(ClientError, match="InvalidBucketName"):
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=name)
