"""Service calls made by hand, by plain HTTP libraries, reach the same dispatch."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import boto3
import httpx
import pytest
import requests
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

from mocksls._kernel.http import HttpRequest
from mocksls._transport.hosts import Target, target_of

JSON = {"Content-Type": "application/x-amz-json-1.0"}


def sign(service: str, region: str, method: str, url: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    """The headers of a signed request."""
    request = AWSRequest(method, url, headers=dict(headers), data=body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(boto3.Session().get_credentials(), service, region).add_auth(request)
    return dict(request.headers.items())


def post(service: str, target: str, members: Any, region: str = "us-east-1") -> requests.Response:
    """A signed JSON call."""
    url = f"https://{service}.{region}.amazonaws.com/"
    body = json.dumps(members).encode()
    headers = sign(service, region, "POST", url, body, {**JSON, "X-Amz-Target": target})
    return requests.post(url, data=body, headers=headers, timeout=5)


def test_json(aws: Any) -> None:
    """A JSON post with X-Amz-Target is the operation of that name, in the region of its host."""
    table = {
        "TableName": "tab",
        "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    answer = post("dynamodb", "DynamoDB_20120810.CreateTable", table, "eu-west-1")
    assert answer.json()["TableDescription"]["TableArn"] == "arn:aws:dynamodb:eu-west-1:123456789012:table/tab"
    assert boto3.client("dynamodb", region_name="eu-west-1").list_tables()["TableNames"] == ["tab"]
    assert boto3.client("dynamodb", region_name="us-east-1").list_tables()["TableNames"] == []


def test_json_errors(aws: Any) -> None:
    """Errors are AWS's, with its headers."""
    answer = post("dynamodb", "DynamoDB_20120810.DescribeTable", {"TableName": "missing"})
    assert (answer.status_code, answer.json()["__type"].rsplit("#")[-1]) == (400, "ResourceNotFoundException")
    answer = post("dynamodb", "DynamoDB_20120810.Nonsense", {})
    assert (answer.status_code, answer.json()["__type"].rsplit("#")[-1]) == (400, "UnknownOperationException")


def test_json_1_1(aws: Any) -> None:
    """The same in the other version of the protocol."""
    assert post("logs", "Logs_20140328.CreateLogGroup", {"logGroupName": "group"}).status_code == 200
    assert boto3.client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "group"


def test_query_by_get(aws: Any) -> None:
    """A query call may be a GET."""
    url = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
    answer = httpx.get(url, headers=sign("sts", "us-east-1", "GET", url, b"", {}))
    assert "<Account>123456789012</Account>" in answer.text


@pytest.mark.parametrize("style", ["virtual", "path"])
def test_s3(aws: Any, style: str) -> None:
    """S3's REST calls, with the bucket in the host or in the path."""
    boto3.client("s3").create_bucket(Bucket="bucket")
    host = {"virtual": "bucket.s3.us-east-1.amazonaws.com/", "path": "s3.us-east-1.amazonaws.com/bucket/"}[style]
    url = f"https://{host}{quote('a key/ü.txt')}"
    headers = sign("s3", "us-east-1", "PUT", url, b"data", {})
    assert requests.put(url, data=b"data", headers=headers, timeout=5).status_code == 200
    assert boto3.client("s3").get_object(Bucket="bucket", Key="a key/ü.txt")["Body"].read() == b"data"


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize("addressing", ["virtual", "path"])
def test_presigned_urls(aws: Any, version: str, addressing: Any) -> None:
    """URLs presigned by either version are good for any HTTP library."""
    config = Config(signature_version=version, s3={"addressing_style": addressing})
    s3 = boto3.client("s3", config=config)
    s3.create_bucket(Bucket="bucket")
    where = {"Bucket": "bucket", "Key": "a key"}
    url = s3.generate_presigned_url("put_object", Params={**where, "ContentType": "text/plain"})
    assert requests.put(url, data=b"data", headers={"Content-Type": "text/plain"}, timeout=5).status_code == 200
    assert httpx.get(s3.generate_presigned_url("get_object", Params=where)).content == b"data"
    assert httpx.get(s3.generate_presigned_url("get_object", Params=where) + "x").status_code == 403


def test_presigned_call_of_sts(aws: Any) -> None:
    """A presigned GetCallerIdentity (as EKS and Vault use it) names the caller."""
    url = boto3.client("sts").generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert "arn:aws:iam::123456789012:user/test" in requests.get(url, timeout=5).text


def test_unsigned_call(aws: Any) -> None:
    """An unsigned call is the anonymous caller's."""
    answer = requests.get("https://bucket.s3.us-east-1.amazonaws.com/key", timeout=5)
    assert (answer.status_code, "NoSuchBucket" in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://dynamodb.eu-west-1.amazonaws.com/", Target("dynamodb", "eu-west-1")),
        ("https://123456789012.ddb.us-east-1.amazonaws.com/", Target("dynamodb", "us-east-1")),
        ("https://streams.dynamodb.us-west-2.amazonaws.com/", Target("dynamodbstreams", "us-west-2")),
        ("https://monitoring.us-east-1.amazonaws.com/", Target("cloudwatch", "us-east-1")),
        ("https://iam.amazonaws.com/", Target("iam")),
        ("https://sts.amazonaws.com/", Target("sts")),
        ("https://sts-fips.us-east-1.amazonaws.com/", Target("sts", "us-east-1")),
        ("https://lambda.us-gov-west-1.amazonaws.com/", Target("lambda", "us-gov-west-1")),
        ("https://lambda.us-east-1.api.aws/", Target("lambda", "us-east-1")),
        ("https://sqs.cn-north-1.amazonaws.com.cn/", Target("sqs", "cn-north-1")),
        ("https://us-east-2.queue.amazonaws.com/", Target("sqs", "us-east-2")),
        ("https://queue.amazonaws.com/", Target("sqs")),
        ("https://b.s3.amazonaws.com/", Target("s3", None, "b")),
        ("https://b.c.s3.eu-west-1.amazonaws.com/", Target("s3", "eu-west-1", "b.c")),
        ("https://s3.dualstack.eu-west-1.amazonaws.com/", Target("s3", "eu-west-1")),
        ("https://b.s3-accelerate.amazonaws.com/", Target("s3", None, "b")),
        ("https://b.s3-us-west-2.amazonaws.com/", Target("s3", "us-west-2", "b")),
        ("https://b.s3-fips.us-east-1.amazonaws.com/", Target("s3", "us-east-1", "b")),
        ("https://example.com/", None),
    ],
)
def test_hosts(url: str, expected: Target | None) -> None:
    """A host names service, region and bucket."""
    assert target_of(HttpRequest("GET", url)) == expected


def test_scope_of_the_signature() -> None:
    """Where the host names no region, the signature does; where it names no service, too."""
    headers = [
        ("Authorization", "AWS4-HMAC-SHA256 Credential=k/20200101/eu-west-3/monitoring/aws4_request, Signature=s")
    ]
    assert target_of(HttpRequest("POST", "http://localhost:1/", headers)) == Target("cloudwatch", "eu-west-3")
    assert target_of(HttpRequest("POST", "https://iam.amazonaws.com/", headers)) == Target("iam", "eu-west-3")
