"""S3 as data tools use it: boto3's transfers, s3fs, smart_open, Powertools' streams."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.s3.transfer import TransferConfig

BUCKET = "a-bucket"
BODY = bytes(range(256)) * 50_000  # 12.8 MB: three parts of 5 MiB


@pytest.fixture
def client(aws: Any) -> Any:
    """A client with a bucket."""
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    return s3


def test_transfers(client: Any, tmp_path: Path) -> None:
    """Files go up in parts and come down in ranges, unchanged."""
    config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(BODY)
    client.upload_file(str(source), BUCKET, "k", Config=config)
    assert client.head_object(Bucket=BUCKET, Key="k", PartNumber=1)["PartsCount"] == 3
    client.download_file(BUCKET, "k", str(target), Config=config)
    assert target.read_bytes() == BODY
    client.copy({"Bucket": BUCKET, "Key": "k"}, BUCKET, "copy", Config=config)
    buffer = io.BytesIO()
    client.download_fileobj(BUCKET, "copy", buffer)
    assert buffer.getvalue() == BODY


def test_streams(client: Any) -> None:
    """A body is read in pieces and by lines."""
    client.upload_fileobj(io.BytesIO(b"one\ntwo\nthree"), BUCKET, "k")
    assert list(client.get_object(Bucket=BUCKET, Key="k")["Body"].iter_lines()) == [b"one", b"two", b"three"]
    chunks = list(client.get_object(Bucket=BUCKET, Key="k")["Body"].iter_chunks(5))
    assert (chunks[0], b"".join(chunks)) == (b"one\nt", b"one\ntwo\nthree")


def test_resources(client: Any) -> None:
    """Collections, waiters and objects of boto3's resources."""
    bucket = boto3.resource("s3", region_name="us-east-1").Bucket(BUCKET)
    bucket.put_object(Key="a/1", Body=b"x")
    bucket.Object("a/1").wait_until_exists()
    assert [each.key for each in bucket.objects.filter(Prefix="a/")] == ["a/1"]
    bucket.objects.all().delete()
    assert list(bucket.objects.all()) == []


def test_s3fs(client: Any) -> None:
    """Written, listed, walked, read, removed as files."""
    s3fs = pytest.importorskip("s3fs")
    files = s3fs.S3FileSystem(skip_instance_cache=True)
    with files.open(f"{BUCKET}/dir/a.txt", "wb") as file:
        file.write(b"hello")
    files.pipe(f"{BUCKET}/dir/sub/b.txt", b"b" * 10)
    assert files.ls(f"{BUCKET}/dir") == [f"{BUCKET}/dir/a.txt", f"{BUCKET}/dir/sub"]
    assert [names for _, _, names in files.walk(f"{BUCKET}/dir")] == [["a.txt"], ["b.txt"]]
    with files.open(f"{BUCKET}/dir/a.txt", "rb") as file:
        file.seek(1)
        assert file.read(3) == b"ell"
    files.copy(f"{BUCKET}/dir/a.txt", f"{BUCKET}/c.txt")
    files.rm(f"{BUCKET}/dir", recursive=True)
    assert files.find(BUCKET) == [f"{BUCKET}/c.txt"]


def test_smart_open(client: Any) -> None:
    """Text is written and read line by line."""
    smart_open = pytest.importorskip("smart_open")
    params = {"client": client}
    with smart_open.open(f"s3://{BUCKET}/t.txt.gz", "w", transport_params=params) as file:
        file.write("one\ntwo\n")
    with smart_open.open(f"s3://{BUCKET}/t.txt.gz", transport_params=params) as file:
        assert list(file) == ["one\n", "two\n"]


def test_powertools_streams(client: Any) -> None:
    """Powertools reads an object with seeks, by ranges."""
    streaming = pytest.importorskip("aws_lambda_powertools.utilities.streaming")
    client.put_object(Bucket=BUCKET, Key="k", Body=b"0123456789")
    stream = streaming.S3Object(bucket=BUCKET, key="k", boto3_client=client)
    stream.seek(4)
    assert (stream.read(3), stream.size) == (b"456", 10)
