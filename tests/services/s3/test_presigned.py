"""Presigned URLs through an HTTP library."""

from __future__ import annotations

import urllib.request

import boto3
import pytest
import requests
import responses
from botocore.config import Config

from mocksls import current, mock_serverless

BUCKET = "a-bucket"


def presigned(method: str, version: str, **params: str) -> str:
    """A URL for an object of the bucket."""
    client = boto3.client("s3", config=Config(signature_version=version))
    url: str = client.generate_presigned_url(method, Params={"Bucket": BUCKET, "Key": "a b", **params}, ExpiresIn=60)
    return url


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@mock_serverless(region="us-east-1")
def test_put_and_get(version: str) -> None:
    """What is put by one URL is got by another."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    put = requests.put(presigned("put_object", version), data=b"content", timeout=5)
    got = requests.get(presigned("get_object", version), timeout=5)
    assert (200, b"content") == (put.status_code, got.content)


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@mock_serverless(region="us-east-1")
def test_expiry_by_the_clock(version: str) -> None:
    """A URL that was fresh expires when the cloud's clock moves."""
    aws = current()
    assert aws is not None
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    boto3.client("s3").put_object(Bucket=BUCKET, Key="a b", Body=b"x")
    aws.clock.advance(hours=5)
    url = presigned("get_object", version)
    before = requests.get(url, timeout=5).status_code
    aws.clock.advance(minutes=2)
    after = requests.get(url, timeout=5)
    assert (200, 403, True) == (before, after.status_code, "Request has expired" in after.text)


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@mock_serverless(region="us-east-1")
def test_signature_is_checked(version: str) -> None:
    """A URL that was changed is refused."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    url = presigned("get_object", version).replace("a%20b", "other")
    answer = requests.get(url, timeout=5)
    assert (403, True) == (answer.status_code, "SignatureDoesNotMatch" in answer.text)


@mock_serverless(region="us-east-1")
def test_urllib() -> None:
    """The standard library's client reaches the cloud."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    boto3.client("s3").put_object(Bucket=BUCKET, Key="a b", Body=b"content")
    with urllib.request.urlopen(presigned("get_object", "s3v4")) as answer:
        assert answer.read() == b"content"


@mock_serverless(region="us-east-1")
def test_mocks_of_the_test_win() -> None:
    """The test's own mock answers its hosts; AWS's hosts reach the cloud."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    boto3.client("s3").put_object(Bucket=BUCKET, Key="a b", Body=b"content")
    with responses.RequestsMock() as mocks:
        mocks.get("https://example.com/", body="mocked")
        answers = [requests.get(url, timeout=5).text for url in ("https://example.com/", presigned("get_object", "s3"))]
    assert ["mocked", "content"] == answers


@responses.activate
def test_mock_inside_of_responses() -> None:
    """The other nesting works alike."""
    responses.get("https://example.com/", body="mocked")
    with mock_serverless(region="us-east-1"):
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        boto3.client("s3").put_object(Bucket=BUCKET, Key="a b", Body=b"content")
        url = presigned("get_object", "s3v4")
        assert ["mocked", "content"] == [requests.get(each, timeout=5).text for each in ("https://example.com/", url)]


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@mock_serverless(region="us-east-1")
def test_one_mechanism_only(version: str) -> None:
    """A header that a client takes along to a presigned URL spoils it (a redirect from an API with bearer tokens)."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    answer = requests.get(presigned("get_object", version), headers={"Authorization": "Bearer x"}, timeout=5)
    assert answer.status_code == 400
    assert "<Message>Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, " in answer.text
    assert "<ArgumentName>Authorization</ArgumentName><ArgumentValue>Bearer x</ArgumentValue>" in answer.text


@mock_serverless(region="us-east-1")
def test_other_schemes() -> None:
    """S3 reads no other scheme's header, not even where everybody may read."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    answer = requests.get(f"https://{BUCKET}.s3.amazonaws.com/k", auth=("user", "password"), timeout=5)
    assert (400, True) == (answer.status_code, "<Message>Unsupported Authorization Type</Message>" in answer.text)
