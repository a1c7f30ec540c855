"""S3: multipart uploads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mocksls import mock_serverless

from .conftest import BUCKET
from .test_versions import failure

BIG = b"a" * 5_242_880


def begin(s3: Any, **more: Any) -> str:
    """Begin an upload of ``k``; its id."""
    return str(s3.create_multipart_upload(Bucket=BUCKET, Key="k", **more)["UploadId"])


def part(s3: Any, upload: str, number: int, body: bytes, **more: Any) -> dict[str, Any]:
    """Upload a part; what completing names it by."""
    answer = s3.upload_part(Bucket=BUCKET, Key="k", UploadId=upload, PartNumber=number, Body=body, **more)
    sums = {name: value for name, value in answer.items() if name.startswith("Checksum")}
    return {"PartNumber": number, "ETag": answer["ETag"], **(sums if more else {})}


def complete(s3: Any, upload: str, parts: list[Any], **more: Any) -> Any:
    """Put an upload's parts together."""
    return s3.complete_multipart_upload(
        Bucket=BUCKET, Key="k", UploadId=upload, MultipartUpload={"Parts": parts}, **more
    )


def refused(s3: Any, upload: str, parts: list[Any], **more: Any) -> str:
    """The code of the error that completing ends in."""
    params = {"Key": "k", "UploadId": upload, "MultipartUpload": {"Parts": parts}, **more}
    return str(failure(s3.complete_multipart_upload, **params).response["Error"]["Code"])


def test_parts_make_an_object(s3: Any) -> None:
    """In the order of their numbers; the ETag is made of theirs."""
    upload = begin(s3, Metadata={"a": "b"}, ContentType="text/plain")
    parts = [part(s3, upload, 2, b"end"), part(s3, upload, 1, BIG)][::-1]
    answer = complete(s3, upload, parts)
    digests = hashlib.md5(BIG).digest() + hashlib.md5(b"end").digest()
    assert answer["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-2"'
    assert answer["Location"] == f"https://{BUCKET}.s3.us-east-1.amazonaws.com/k"
    found = s3.get_object(Bucket=BUCKET, Key="k")
    assert (found["Metadata"], found["ContentType"]) == ({"a": "b"}, "text/plain")
    assert found["Body"].read() == BIG + b"end"


def test_reading_one_part(s3: Any) -> None:
    """Its bytes, the number of parts, and the whole's ETag."""
    upload = begin(s3)
    complete(s3, upload, [part(s3, upload, 1, BIG), part(s3, upload, 2, b"end")])
    found = s3.get_object(Bucket=BUCKET, Key="k", PartNumber=2)
    shown = (found["Body"].read(), found["PartsCount"], found["ResponseMetadata"]["HTTPStatusCode"])
    assert shown == (b"end", 2, 206)
    error = failure(s3.get_object, Key="k", PartNumber=3).response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("InvalidPartNumber", 416)


def test_completing_twice(s3: Any) -> None:
    """The same call again gets the same answer."""
    upload = begin(s3)
    parts = [part(s3, upload, 1, b"x")]
    assert complete(s3, upload, parts)["ETag"] == complete(s3, upload, parts)["ETag"]


def test_what_completing_refuses(s3: Any) -> None:
    """Parts that are not there, superseded, out of order, or too small; and nothing is lost by it."""
    upload = begin(s3)
    old = part(s3, upload, 1, b"old")
    new = part(s3, upload, 1, b"new")
    last = part(s3, upload, 2, b"end")
    codes = [
        refused(s3, upload, parts) for parts in ([old], [new, {**last, "PartNumber": 3}], [last, new], [new, last], [])
    ]
    assert codes == ["InvalidPart", "InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"]
    assert complete(s3, upload, [new])["ETag"].endswith('-1"')


def test_aborting(s3: Any) -> None:
    """An upload that was given up is gone."""
    upload = begin(s3)
    s3.abort_multipart_upload(Bucket=BUCKET, Key="k", UploadId=upload)
    assert failure(s3.list_parts, Key="k", UploadId=upload).response["Error"]["Code"] == "NoSuchUpload"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def test_composite_checksums(s3: Any) -> None:
    """The checksum of the parts' checksums; every part must come with its own."""
    upload = begin(s3, ChecksumAlgorithm="SHA256")
    one = part(s3, upload, 1, BIG, ChecksumAlgorithm="SHA256")
    two = part(s3, upload, 2, b"end", ChecksumAlgorithm="SHA256")
    assert refused(s3, upload, [{name: one[name] for name in ("PartNumber", "ETag")}, two]) == "InvalidRequest"
    assert refused(s3, upload, [{**one, "ChecksumSHA256": two["ChecksumSHA256"]}, two]) == "InvalidPart"
    answer = complete(s3, upload, [one, two])
    assert (answer["ChecksumType"], answer["ChecksumSHA256"][-2:]) == ("COMPOSITE", "-2")
    found = s3.get_object_attributes(Bucket=BUCKET, Key="k", ObjectAttributes=["Checksum", "ObjectParts"])
    assert found["Checksum"]["ChecksumSHA256"] == answer["ChecksumSHA256"].removesuffix("-2")
    sums = [each["ChecksumSHA256"] for each in found["ObjectParts"]["Parts"]]
    assert sums == [one["ChecksumSHA256"], two["ChecksumSHA256"]]


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_full_object_checksums(s3: Any, algorithm: str) -> None:
    """Made of the parts', and equal to that of the whole."""
    upload = begin(s3, ChecksumAlgorithm=algorithm, ChecksumType="FULL_OBJECT")
    bodies = [BIG, b"end"]
    parts = []
    for number, body in enumerate(bodies, 1):
        answer = s3.upload_part(
            Bucket=BUCKET, Key="k", UploadId=upload, PartNumber=number, Body=body, **sums_of(algorithm, body)
        )
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    member = f"Checksum{algorithm}"
    assert complete(s3, upload, parts)[member] == sums_of(algorithm, b"".join(bodies))[member]


def sums_of(algorithm: str, body: bytes) -> dict[str, str]:
    """A checksum as a client would state it."""
    from mocksls._services.s3.checksums import encoded

    return {f"Checksum{algorithm}": encoded(algorithm, body)}


def test_types_that_do_not_go_together(s3: Any) -> None:
    """SHA is never of the full object, CRC64NVME always."""
    for algorithm, kind in (("SHA256", "FULL_OBJECT"), ("CRC64NVME", "COMPOSITE")):
        error = failure(s3.create_multipart_upload, Key="k", ChecksumAlgorithm=algorithm, ChecksumType=kind)
        assert error.response["Error"]["Code"] == "InvalidRequest"


def test_wrong_sizes(s3: Any) -> None:
    """A size that is stated must be right."""
    upload = begin(s3)
    assert refused(s3, upload, [part(s3, upload, 1, b"x")], MpuObjectSize=9) == "InvalidRequest"


@pytest.mark.parametrize(
    ("asked", "code"),
    [("bytes=0-100", "InvalidArgument"), ("0-8", "InvalidArgument"), ("bytes=1-", "InvalidArgument"),
     ("bytes=100-200", "InvalidRequest")],
)  # fmt: skip
def test_ranges_of_copied_parts(s3: Any, asked: str, code: str) -> None:
    """A range lies inside of the source, and says both ends."""
    s3.put_object(Bucket=BUCKET, Key="source", Body=b"0123456789")
    params = {"Key": "k", "UploadId": begin(s3), "PartNumber": 1, "CopySource": f"{BUCKET}/source"}
    assert failure(s3.upload_part_copy, **params, CopySourceRange=asked).response["Error"]["Code"] == code
    answer = s3.upload_part_copy(Bucket=BUCKET, **params, CopySourceRange="bytes=2-4")
    assert answer["CopyPartResult"]["ETag"] == f'"{hashlib.md5(b"234").hexdigest()}"'


def test_conditions_hold_when_completing(s3: Any) -> None:
    """What is there counts, and a key that changed since the upload began conflicts."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    upload = begin(s3)
    parts = [part(s3, upload, 1, b"y")]
    assert refused(s3, upload, parts, IfNoneMatch="*") == "PreconditionFailed"
    s3.delete_object(Bucket=BUCKET, Key="k")
    assert refused(s3, upload, parts, IfNoneMatch="*") == "ConditionalRequestConflict"
    again = begin(s3)
    assert complete(s3, again, [part(s3, again, 1, b"y")], IfNoneMatch="*")["Key"] == "k"


def test_uploads_are_listed(s3: Any) -> None:
    """By key, the oldest first; both markers lead on."""
    ids = [begin(s3), begin(s3)]
    page = s3.list_multipart_uploads(Bucket=BUCKET, MaxUploads=1)
    assert [each["UploadId"] for each in page["Uploads"]] == [ids[0]]
    markers = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
    assert [each["UploadId"] for each in s3.list_multipart_uploads(Bucket=BUCKET, **markers)["Uploads"]] == [ids[1]]


@pytest.fixture
def quiet() -> Iterator[Any]:
    """A client that sends checksums only where they are asked for, with a bucket."""
    with mock_serverless(region="us-east-1"):
        client = boto3.client("s3", config=Config(request_checksum_calculation="when_required"))
        client.create_bucket(Bucket=BUCKET)
        yield client


def test_parts_of_composite_checksums_bring_one(quiet: Any) -> None:
    """Where the checksum is made of those of parts, each must bring one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    """
    upload = begin(quiet, ChecksumAlgorithm="SHA256")
    error = failure(quiet.upload_part, Key="k", UploadId=upload, PartNumber=1, Body=b"x").response["Error"]
    text = "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null"
    assert ("InvalidRequest", text) == (error["Code"], error["Message"])


def test_parts_of_full_checksums_need_none(quiet: Any) -> None:
    """Where the checksum is that of the whole object, S3 computes those of parts."""
    upload = begin(quiet, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    answer = quiet.upload_part(Bucket=BUCKET, Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    assert answer["ChecksumCRC32"] == "jNwWgw=="
