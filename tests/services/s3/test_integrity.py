"""S3: checksums, conditions, and what is checked of keys, metadata and tags."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.httpchecksum import Crc32Checksum, Sha1Checksum, Sha256Checksum

from mocksls._services.s3.checksums import encoded

from .conftest import BUCKET
from .test_versions import failure

BODY = b"some content"


@pytest.mark.parametrize(
    ("algorithm", "oracle"), [("CRC32", Crc32Checksum), ("SHA1", Sha1Checksum), ("SHA256", Sha256Checksum)]
)
def test_checksums_are_botocores(s3: Any, algorithm: str, oracle: Any) -> None:
    """What is kept is what botocore computes, and is shown to those who ask."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=BODY, ChecksumAlgorithm=algorithm)
    found = s3.head_object(Bucket=BUCKET, Key="k", ChecksumMode="ENABLED")
    assert found[f"Checksum{algorithm}"] == oracle().handle(BODY)


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5"])
def test_stated_checksums_are_verified(s3: Any, algorithm: str) -> None:
    """A right one is kept, a wrong one refused, and what is none is told apart."""
    member = f"Checksum{algorithm}"
    if member not in s3.meta.service_model.operation_model("PutObject").input_shape.members:
        pytest.skip("this botocore does not know the algorithm")
    right = encoded(algorithm, BODY)
    assert s3.put_object(Bucket=BUCKET, Key="k", Body=BODY, **{member: right})[member] == right
    wrong = encoded(algorithm, b"other")
    codes = [
        failure(s3.put_object, Key="k", Body=BODY, **{member: value}).response["Error"]["Code"]
        for value in (wrong, "AAAA", "not base 64")
    ]
    assert codes == ["BadDigest", "InvalidRequest", "InvalidRequest"]


def test_without_any_checksum(aws: Any) -> None:
    """S3 computes CRC64NVME itself."""
    client = boto3.client("s3", region_name="us-east-1", config=Config(request_checksum_calculation="when_required"))
    client.create_bucket(Bucket=BUCKET)
    answer = client.put_object(Bucket=BUCKET, Key="k", Body=b"123456789")
    assert answer["ChecksumCRC64NVME"] == base64.b64encode(0xAE8B14860A799888.to_bytes(8, "big")).decode()
    assert client.list_objects_v2(Bucket=BUCKET)["Contents"][0]["ChecksumAlgorithm"] == ["CRC64NVME"]


def test_content_md5(s3: Any) -> None:
    """What is no MD5 is told from what is another's."""
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    codes = [
        failure(s3.put_object, Key="k", Body=BODY, ContentMD5=value).response["Error"]["Code"]
        for value in (wrong, "AAAA")
    ]
    assert codes == ["BadDigest", "InvalidDigest"]


def put_with_trailer(checksum: str) -> int:
    """Send a body in chunks with a checksum behind it; the status of the answer."""
    body = b"c\r\nsome content\r\n0\r\nx-amz-checksum-crc32c:" + checksum.encode() + b"\r\n\r\n"
    headers = {
        "content-encoding": "gzip, aws-chunked",
        "x-amz-decoded-content-length": "12",
        "x-amz-trailer": "x-amz-checksum-crc32c",
    }
    request = AWSRequest("PUT", f"https://{BUCKET}.s3.amazonaws.com/k", headers=headers, data=body)
    request.context = {"checksum": {"request_algorithm": {"in": "trailer"}}}
    S3SigV4Auth(boto3.Session().get_credentials(), "s3", "us-east-1").add_auth(request)
    return requests.put(request.url, data=body, headers=dict(request.headers), timeout=5).status_code


def test_trailers(s3: Any) -> None:
    """A body in chunks with its checksum behind it: decoded, verified, and stored without its framing."""
    assert put_with_trailer(encoded("CRC32C", b"other")) == 400
    assert put_with_trailer(encoded("CRC32C", BODY)) == 200
    found = s3.get_object(Bucket=BUCKET, Key="k")
    assert (found["Body"].read(), found["ContentEncoding"]) == (BODY, "gzip")


@pytest.mark.parametrize("name", ["put_object", "copy_object"])
def test_conditional_writes(s3: Any, name: str) -> None:
    """Only onto nothing, or onto what is named."""
    s3.put_object(Bucket=BUCKET, Key="source", Body=BODY)
    etag = s3.put_object(Bucket=BUCKET, Key="k", Body=b"old")["ETag"]
    more = {"CopySource": f"{BUCKET}/source"} if name == "copy_object" else {"Body": BODY}
    call = getattr(s3, name)
    operation = s3.meta.method_to_api_mapping[name]
    if "IfNoneMatch" not in s3.meta.service_model.operation_model(operation).input_shape.members:
        pytest.skip("this botocore knows no conditions of copies")

    def code(**condition: Any) -> str:
        return str(failure(call, **{"Key": "k", **more, **condition}).response["Error"]["Code"])

    assert code(IfNoneMatch="*") == "PreconditionFailed"
    assert code(IfMatch='"other"') == "PreconditionFailed"
    assert code(IfMatch=etag, Key="missing") == "NoSuchKey"
    assert code(IfMatch="*") == "NotImplemented"
    assert code(IfMatch=etag, IfNoneMatch="*") == "NotImplemented"
    assert call(Bucket=BUCKET, Key="k", **more, IfMatch=etag)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_conditional_reads(s3: Any) -> None:
    """A true If-Match beats If-Unmodified-Since; a hit of If-None-Match is not modified."""
    etag = s3.put_object(Bucket=BUCKET, Key="k", Body=BODY)["ETag"]
    long_ago = datetime(2000, 1, 1, tzinfo=timezone.utc)
    assert s3.get_object(Bucket=BUCKET, Key="k", IfMatch=etag, IfUnmodifiedSince=long_ago)["ETag"] == etag
    statuses = [
        failure(s3.get_object, Key="k", **condition).response["ResponseMetadata"]["HTTPStatusCode"]
        for condition in ({"IfNoneMatch": etag}, {"IfMatch": "x"}, {"IfUnmodifiedSince": long_ago})
    ]
    assert statuses == [304, 412, 412]


def test_conditional_deletes(s3: Any) -> None:
    """Of what is named, and of nothing else."""
    etag = s3.put_object(Bucket=BUCKET, Key="k", Body=BODY)["ETag"]
    assert failure(s3.delete_object, Key="k", IfMatch="x").response["Error"]["Code"] == "PreconditionFailed"
    assert failure(s3.delete_object, Key="k", IfMatchSize=1).response["Error"]["Code"] == "NotImplemented"
    s3.delete_object(Bucket=BUCKET, Key="k", IfMatch=etag)
    assert failure(s3.head_object, Key="k").response["Error"]["Code"] == "404"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"Key": "k" * 1025}, "KeyTooLongError"),
        ({"Key": "é" * 513}, "KeyTooLongError"),
        ({"Key": "k", "Metadata": {"a": "b" * 2048}}, "MetadataTooLarge"),
        ({"Key": "k", "StorageClass": "COLD"}, "InvalidStorageClass"),
        ({"Key": "k", "WebsiteRedirectLocation": "nowhere"}, "InvalidRedirectLocation"),
        ({"Key": "k", "Tagging": "a=1&a=2"}, "InvalidArgument"),
        ({"Key": "k", "Tagging": "&".join(f"{n}=1" for n in range(11))}, "BadRequest"),
        ({"Key": "k", "Tagging": "a=" + "x" * 257}, "InvalidTag"),
        ({"Key": "k", "ObjectLockLegalHoldStatus": "ON"}, "InvalidRequest"),
    ],
)
def test_what_writes_refuse(s3: Any, given: dict[str, Any], code: str) -> None:
    """Each in AWS's words; nothing is written."""
    assert failure(s3.put_object, **given).response["Error"]["Code"] == code
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_copies_of_themselves(s3: Any) -> None:
    """An object is copied onto itself only to change it."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=BODY, Metadata={"a": "1"}, Tagging="t=1")
    source = {"Key": "k", "CopySource": f"{BUCKET}/k"}
    assert failure(s3.copy_object, **source).response["Error"]["Code"] == "InvalidRequest"
    s3.copy_object(Bucket=BUCKET, **source, MetadataDirective="REPLACE", Metadata={"a": "2"})
    found = s3.head_object(Bucket=BUCKET, Key="k")
    assert (found["Metadata"], found["TagCount"]) == ({"a": "2"}, 1)
    assert failure(s3.copy_object, **source, MetadataDirective="MIX").response["Error"]["Code"] == "InvalidArgument"
