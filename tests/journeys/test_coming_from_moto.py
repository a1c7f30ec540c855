"""A suite in the forms that moto's users write, with nothing changed but the import."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from mocksls import mock_serverless as mock_aws


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mocked keys, as moto's documentation asks for."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def s3(credentials: None) -> Iterator[Any]:
    """A client that lives inside the mock."""
    with mock_aws():
        yield boto3.client("s3", region_name="us-east-1")


@pytest.fixture
def orders(credentials: None) -> Iterator[Any]:
    """A table of orders with an index by customer."""
    with mock_aws():
        table = boto3.resource("dynamodb", region_name="us-east-1").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "line", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "line", "AttributeType": "N"},
                {"AttributeName": "customer", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-customer",
                    "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                }
            ],
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        )
        table.wait_until_exists()
        yield table


class Storage:
    """The code under test: keeps its client."""

    def __init__(self) -> None:
        self.client = boto3.client("s3", region_name="us-east-1")

    def save(self, name: str, value: Any) -> None:
        """Store a JSON document."""
        self.client.put_object(Bucket="documents", Key=f"{name}.json", Body=json.dumps(value))

    def load(self, name: str) -> Any:
        """Read it again; None where there is none."""
        try:
            return json.load(self.client.get_object(Bucket="documents", Key=f"{name}.json")["Body"])
        except self.client.exceptions.NoSuchKey:
            return None


def test_bucket_in_a_fixture(s3: Any) -> None:
    """A client of a fixture sees what it made."""
    s3.create_bucket(Bucket="things")
    assert ["things"] == [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_code_under_test_makes_its_own_client(s3: Any) -> None:
    """All clients of the process share the cloud."""
    s3.create_bucket(Bucket="documents")
    storage = Storage()
    storage.save("a", {"x": 1})
    assert ({"x": 1}, None) == (storage.load("a"), storage.load("b"))


@mock_aws
def test_bare_decorator() -> None:
    """The decorator without parentheses."""
    resource = boto3.resource("s3", region_name="us-east-1")
    resource.create_bucket(Bucket="things")
    resource.Object("things", "key").put(Body=b"content")
    assert [b"content"] == [thing.get()["Body"].read() for thing in resource.Bucket("things").objects.all()]


@mock_aws()
def test_bucket_of_another_region() -> None:
    """A bucket's region is where it was made."""
    client = boto3.client("s3", region_name="eu-west-1")
    client.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert "eu-west-1" == client.get_bucket_location(Bucket="far")["LocationConstraint"]


@mock_aws()
def test_paginator_over_many_keys() -> None:
    """Listings come in pages."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="many")
    for number in range(25):
        client.put_object(Bucket="many", Key=f"{number:02}", Body=b"")
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="many", PaginationConfig={"PageSize": 10})
    assert [10, 10, 5] == [page["KeyCount"] for page in pages]


def test_batch_writer_and_query(orders: Any) -> None:
    """The table resource's batch writer and conditions."""
    with orders.batch_writer() as batch:
        for line in range(30):
            batch.put_item(Item={"id": "1", "line": line, "customer": "ann", "tags": {"new", "big"}})
    found = orders.query(KeyConditionExpression=Key("id").eq("1") & Key("line").between(10, 12))
    assert [10, 11, 12] == [int(item["line"]) for item in found["Items"]]


def test_index_and_filter(orders: Any) -> None:
    """A query of an index with a filter."""
    for line, customer in enumerate(["ann", "bob", "ann"]):
        orders.put_item(Item={"id": "1", "line": line, "customer": customer})
    found = orders.query(
        IndexName="by-customer", KeyConditionExpression=Key("customer").eq("ann"), FilterExpression=Attr("line").gt(0)
    )
    assert 1 == found["Count"]


def test_conditional_update(orders: Any) -> None:
    """A failed condition is the error that code under test catches."""
    orders.put_item(Item={"id": "1", "line": 1, "stock": 3})
    with pytest.raises(ClientError) as caught:
        orders.update_item(
            Key={"id": "1", "line": 1},
            UpdateExpression="SET stock = stock - :n",
            ConditionExpression="stock >= :n",
            ExpressionAttributeValues={":n": 5},
        )
    assert "ConditionalCheckFailedException" == caught.value.response["Error"]["Code"]


@mock_aws()
class TestClass:
    """A decorated class: each test has a cloud of its own."""

    def setup_method(self) -> None:
        """What the tests share in code, not in state."""
        self.client = boto3.client("s3", region_name="us-east-1")
        self.client.create_bucket(Bucket="mine")

    def test_first(self) -> None:
        """Leaves an object behind."""
        self.client.put_object(Bucket="mine", Key="left", Body=b"")
        assert 1 == self.client.list_objects_v2(Bucket="mine")["KeyCount"]

    def test_second(self) -> None:
        """Does not see what the other left."""
        assert 0 == self.client.list_objects_v2(Bucket="mine")["KeyCount"]


def test_start_and_stop_leave_the_environment_alone() -> None:
    """The keys are the test's own again."""
    mock = mock_aws()
    mock.start()
    mock.stop()
    assert "testing" == os.environ["AWS_ACCESS_KEY_ID"]
