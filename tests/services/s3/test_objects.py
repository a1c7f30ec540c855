"""Objects: put, read, copied, deleted."""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import BUCKET


def code_of(caught: pytest.ExceptionInfo[ClientError]) -> str:
    """The error's code."""
    code: str = caught.value.response["Error"]["Code"]
    return code


def test_body_comes_back(s3: Any) -> None:
    """What is put is got."""
    s3.put_object(Bucket=BUCKET, Key="a b/ü.txt", Body=b"content", Metadata={"Mood": "good"}, ContentType="text/plain")
    found = s3.get_object(Bucket=BUCKET, Key="a b/ü.txt")
    assert (b"content", {"mood": "good"}, "text/plain", 7) == (
        found["Body"].read(),
        found["Metadata"],
        found["ContentType"],
        found["ContentLength"],
    )


def test_answer_of_put(s3: Any) -> None:
    """A put answers the MD5 as ETag, and the checksum that clients send by default."""
    answer = s3.put_object(Bucket=BUCKET, Key="k", Body=b"content")
    crc32 = base64.b64encode(zlib.crc32(b"content").to_bytes(4, "big")).decode()
    assert (f'"{hashlib.md5(b"content").hexdigest()}"', crc32, "FULL_OBJECT", "AES256") == (
        answer["ETag"],
        answer["ChecksumCRC32"],
        answer["ChecksumType"],
        answer["ServerSideEncryption"],
    )


@pytest.mark.parametrize(
    ("asked", "body", "shown"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_ranges(s3: Any, asked: str, body: bytes, shown: str) -> None:
    """A range answers 206 with the bytes asked for."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket=BUCKET, Key="k", Range=asked)
    status = found["ResponseMetadata"]["HTTPStatusCode"]
    assert (body, shown, 206) == (found["Body"].read(), found["ContentRange"], status)


@pytest.mark.parametrize("asked", ["bytes=4-2", "bytes=0-1,3-4", "lines=1-2"])
def test_ranges_that_are_none(s3: Any, asked: str) -> None:
    """A range that S3 cannot read answers the whole object."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket=BUCKET, Key="k", Range=asked)
    assert (10, 200, False) == (
        found["ContentLength"],
        found["ResponseMetadata"]["HTTPStatusCode"],
        "ContentRange" in found,
    )


def test_range_beyond_the_end(s3: Any) -> None:
    """A range outside of the object cannot be satisfied."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"0123456789")
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket=BUCKET, Key="k", Range="bytes=10-")
    assert code_of(caught) == "InvalidRange"


def test_missing_key(s3: Any) -> None:
    """An object that is not there is told with its key."""
    with pytest.raises(s3.exceptions.NoSuchKey) as caught:
        s3.get_object(Bucket=BUCKET, Key="nothing")
    assert ("The specified key does not exist.", "nothing") == (
        caught.value.response["Error"]["Message"],
        caught.value.response["Error"]["Key"],
    )


def test_head_of_missing_key(s3: Any) -> None:
    """HEAD has no body: its code is the status."""
    with pytest.raises(ClientError) as caught:
        s3.head_object(Bucket=BUCKET, Key="nothing")
    assert {"Code": "404", "Message": "Not Found"} == caught.value.response["Error"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"IfMatch": '"other"'}, "PreconditionFailed"),
        ({"IfNoneMatch": "*"}, "304"),
    ],
)
def test_conditional_reads(s3: Any, condition: dict[str, str], code: str) -> None:
    """Conditions of a read are kept."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket=BUCKET, Key="k", **condition)
    assert code_of(caught) == code


def test_put_only_where_nothing_is(s3: Any) -> None:
    """If-None-Match keeps what is there."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"second", IfNoneMatch="*")
    assert ("PreconditionFailed", b"first") == (
        code_of(caught),
        s3.get_object(Bucket=BUCKET, Key="k")["Body"].read(),
    )


def test_wrong_checksum_writes_nothing(s3: Any) -> None:
    """A body that is not what was announced is refused."""
    md5 = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"content", ContentMD5=md5)
    assert ("BadDigest", 0) == (code_of(caught), s3.list_objects_v2(Bucket=BUCKET)["KeyCount"])


def test_copy(s3: Any) -> None:
    """A copy has the source's body and metadata."""
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"content", Metadata={"m": "1"})
    s3.copy_object(Bucket=BUCKET, Key="b", CopySource={"Bucket": BUCKET, "Key": "a"})
    found = s3.get_object(Bucket=BUCKET, Key="b")
    assert (b"content", {"m": "1"}) == (found["Body"].read(), found["Metadata"])


def test_delete_is_idempotent(s3: Any) -> None:
    """An object that is not there is deleted, too."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    statuses = [s3.delete_object(Bucket=BUCKET, Key="k")["ResponseMetadata"]["HTTPStatusCode"] for _ in range(2)]
    assert ([204, 204], 0) == (statuses, s3.list_objects_v2(Bucket=BUCKET)["KeyCount"])


def test_delete_many(s3: Any) -> None:
    """Unknown keys count as deleted."""
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"x")
    deleted = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})["Deleted"]
    assert [{"Key": "a"}, {"Key": "b"}] == deleted


def test_deleting_many_leaves_the_others(s3: Any) -> None:
    """Keys that are not there, and those named twice, are answered as all are, and the rest is listed as before."""
    for name in "abcdefgh":
        s3.put_object(Bucket=BUCKET, Key=name)
    wanted = [{"Key": name} for name in ("f", "b", "missing", "b", "d")]
    assert s3.delete_objects(Bucket=BUCKET, Delete={"Objects": wanted})["Deleted"] == wanted
    quiet = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "h"}], "Quiet": True})
    assert not {"Deleted", "Errors"} & set(quiet)
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["a", "c", "e", "g"]
    s3.put_object(Bucket=BUCKET, Key="b")
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["a", "b", "c", "e", "g"]


def test_files_by_transfer_threads(s3: Any) -> None:
    """A file of several parts goes up and comes down by s3transfer, and its progress is told."""
    content = bytes(9 * 1024 * 1024 + 5)
    seen: list[int] = []
    s3.upload_fileobj(io.BytesIO(content), BUCKET, "big", Callback=seen.append)
    down = io.BytesIO()
    s3.download_fileobj(BUCKET, "big", down)
    assert (len(content), True, True) == (
        sum(seen),
        down.getvalue() == content,
        s3.head_object(Bucket=BUCKET, Key="big")["ETag"].endswith('-2"'),
    )


def test_tags(s3: Any) -> None:
    """Tags of an object are kept beside it."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x", Tagging="a=1&b=2")
    s3.put_object_tagging(Bucket=BUCKET, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "3"}]})
    assert [{"Key": "c", "Value": "3"}] == s3.get_object_tagging(Bucket=BUCKET, Key="k")["TagSet"]
