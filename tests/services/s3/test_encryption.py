"""S3: encryption with S3's keys, with KMS keys, and with keys of the customer."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import BUCKET
from .test_versions import failure

KEY = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
OTHER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "o" * 32}


def test_customer_keys_are_needed_to_read(s3: Any) -> None:
    """Without the key, or with another, nothing is read; the key itself is never shown."""
    answer = s3.put_object(Bucket=BUCKET, Key="k", Body=b"secret", **KEY)
    assert answer["SSECustomerAlgorithm"] == "AES256"
    assert "SSECustomerKey" not in answer
    assert failure(s3.get_object, Key="k").response["Error"]["Code"] == "InvalidRequest"
    assert failure(s3.get_object, Key="k", **OTHER).response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert s3.get_object(Bucket=BUCKET, Key="k", **KEY)["Body"].read() == b"secret"


def test_keys_for_plain_objects(s3: Any) -> None:
    """A key for an object that has none is refused."""
    s3.put_object(Bucket=BUCKET, Key="k")
    assert failure(s3.head_object, Key="k", **KEY).response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"SSECustomerAlgorithm": "AES256"}, "InvalidArgument"),
        ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "short"}, "InvalidArgument"),
        ({**KEY, "SSECustomerKeyMD5": "AAAAAAAAAAAAAAAAAAAAAA=="}, "InvalidArgument"),
        ({**KEY, "SSECustomerAlgorithm": "DES"}, "InvalidEncryptionAlgorithmError"),
        ({**KEY, "ServerSideEncryption": "AES256"}, "InvalidArgument"),
        ({"ServerSideEncryption": "AES256", "SSEKMSKeyId": "k"}, "InvalidArgument"),
        ({"SSEKMSKeyId": "k"}, "InvalidArgument"),
        ({"ServerSideEncryption": "ROT13"}, "InvalidArgument"),
    ],
)
def test_bad_parameters(s3: Any, given: dict[str, Any], code: str) -> None:
    """Half a set of parameters, or one that contradicts itself, is refused, and nothing is written."""
    assert failure(s3.put_object, Key="k", **given).response["Error"]["Code"] == code
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_copies_with_customer_keys(s3: Any) -> None:
    """Source and copy each have a key of their own."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"secret", **KEY)
    source = {"CopySource": f"{BUCKET}/k", **{f"CopySource{name}": value for name, value in KEY.items()}}
    answer = s3.copy_object(Bucket=BUCKET, Key="copy", **source, **OTHER)
    assert answer["SSECustomerAlgorithm"] == "AES256"
    assert s3.get_object(Bucket=BUCKET, Key="copy", **OTHER)["Body"].read() == b"secret"


def test_parts_need_the_uploads_key(s3: Any) -> None:
    """Every part comes with the key that the upload began with."""
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="k", **KEY)["UploadId"]
    part = {"Key": "k", "UploadId": upload, "PartNumber": 1}
    assert failure(s3.upload_part, **part).response["Error"]["Code"] == "InvalidRequest"
    assert failure(s3.upload_part, **part, **OTHER).response["Error"]["Code"] == "InvalidRequest"
    assert s3.upload_part(Bucket=BUCKET, **part, **KEY)["SSECustomerAlgorithm"] == "AES256"


def test_default_encryption(s3: Any) -> None:
    """Every bucket has one; it can be set, and goes back when it is deleted."""
    usual = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    assert usual == [default]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    answer = s3.put_object(Bucket=BUCKET, Key="k")
    assert (answer["ServerSideEncryption"], answer["BucketKeyEnabled"]) == ("aws:kms", True)
    assert answer["SSEKMSKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")
    s3.delete_bucket_encryption(Bucket=BUCKET)
    assert s3.put_object(Bucket=BUCKET, Key="k")["ServerSideEncryption"] == "AES256"


def test_kms_keys_are_shown_by_their_arns(s3: Any) -> None:
    """An id is that of a key of the bucket's account and region."""
    s3.put_object(Bucket=BUCKET, Key="k", ServerSideEncryption="aws:kms", SSEKMSKeyId="1234abcd")
    found = s3.head_object(Bucket=BUCKET, Key="k")
    assert found["SSEKMSKeyId"] == "arn:aws:kms:us-east-1:123456789012:key/1234abcd"


def test_defaults_must_make_sense(s3: Any) -> None:
    """A key id goes with KMS alone, and there is exactly one rule."""
    wrong = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "k"}}
    put = s3.put_bucket_encryption
    assert (
        failure(put, ServerSideEncryptionConfiguration={"Rules": [wrong]}).response["Error"]["Code"]
        == "InvalidArgument"
    )
    assert failure(put, ServerSideEncryptionConfiguration={"Rules": []}).response["Error"]["Code"] == "MalformedXML"
