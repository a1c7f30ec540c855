"""Where code may come from, and what is refused. Texts as recorded from AWS."""

from __future__ import annotations

import struct
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import Make, answer, zipped

RETURNS = "def handler(event, context):\n    return {!r}\n"


@pytest.fixture
def bucket(aws: Any) -> str:
    """A bucket with versions."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="code")
    s3.put_bucket_versioning(Bucket="code", VersioningConfiguration={"Status": "Enabled"})
    return "code"


def test_code_in_s3_has_a_version(client: Any, role: str, bucket: str) -> None:
    """A version of the object may be named; without one the newest is taken."""
    s3 = boto3.client("s3")
    packages = [zipped({"m.py": RETURNS.format(text)}) for text in ("old", "new")]
    old, _ = [s3.put_object(Bucket=bucket, Key="k.zip", Body=body)["VersionId"] for body in packages]
    place = {"S3Bucket": bucket, "S3Key": "k.zip"}
    settings = {"Runtime": "python3.12", "Role": role, "Handler": "m.handler"}
    client.create_function(FunctionName="new", Code=place, **settings)
    client.create_function(FunctionName="old", Code={**place, "S3ObjectVersion": old}, **settings)
    assert ["new", "old"] == [answer(client.invoke(FunctionName=name)) for name in ("new", "old")]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (("code", "none"), "S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."),
        (("nowhere", "k"), "S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist"),
    ],
)
def test_code_that_is_not_in_s3(client: Any, make: Make, bucket: str, place: tuple[str, str], text: str) -> None:
    """The error tells what S3 said."""
    make()
    with pytest.raises(ClientError) as raised:
        client.update_function_code(FunctionName="f", S3Bucket=place[0], S3Key=place[1])
    assert f"Error occurred while GetObject. {text}" == raised.value.response["Error"]["Message"]


def unpacked_as(size: int) -> bytes:
    """A package that says of itself to unpack to so many bytes."""
    content = zipped({"m.py": ""})
    entry = content.rindex(b"PK\x01\x02")
    return content[: entry + 24] + struct.pack("<I", size) + content[entry + 28 :]


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (
            b"no ZIP",
            "InvalidParameterValueException",
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
        (
            unpacked_as(262_144_000),
            "InvalidParameterValueException",
            "Unzipped size must be smaller than 262144000 bytes",
        ),
        (
            bytes(52_428_801),
            "RequestEntityTooLargeException",
            "Zipped size must be smaller than 52428800 bytes",
        ),
        (
            bytes(52_700_000),
            "RequestEntityTooLargeException",
            "Request must be smaller than 70167211 bytes for the UpdateFunctionCode operation",
        ),
    ],
    ids=["no ZIP", "unzipped", "zipped", "request"],
)
def test_package_that_is_refused(client: Any, make: Make, content: bytes, code: str, text: str) -> None:
    """The function keeps its code."""
    made = make()
    with pytest.raises(ClientError) as raised:
        client.update_function_code(FunctionName="f", ZipFile=content)
    assert (code, text) == (raised.value.response["Error"]["Code"], raised.value.response["Error"]["Message"])
    assert made["CodeSha256"] == client.get_function_configuration(FunctionName="f")["CodeSha256"]


def test_dry_run_changes_nothing(client: Any, make: Make) -> None:
    """UpdateFunctionCode with DryRun only checks."""
    before = make()["CodeSha256"]
    client.update_function_code(FunctionName="f", ZipFile=zipped({"m.py": "other = 1"}), DryRun=True)
    assert before == client.get_function_configuration(FunctionName="f")["CodeSha256"]


def test_image_for_a_package_and_the_other_way_round(client: Any, make: Make, role: str) -> None:
    """A function stays what it was made as."""
    make()
    uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/r:t"
    client.create_function(FunctionName="i", PackageType="Image", Role=role, Code={"ImageUri": uri})
    with pytest.raises(
        ClientError, match="Please don't provide ImageUri when updating a function with packageType Zip"
    ):
        client.update_function_code(FunctionName="f", ImageUri=uri)
    with pytest.raises(ClientError, match=r"Please provide ImageUri when updating a function with packageType Image\."):
        client.update_function_code(FunctionName="i", ZipFile=zipped({"m.py": ""}))
    code = client.get_function(FunctionName="i")["Code"]
    assert ("ECR", uri) == (code["RepositoryType"], code["ImageUri"])
