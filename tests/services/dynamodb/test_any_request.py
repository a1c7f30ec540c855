"""Requests drawn from botocore's own model: each is answered or refused in AWS's way, none ends inside the library."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from random import Random
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from hypothesis import given
from hypothesis import strategies as st

from mocksls import mock_serverless
from tests.services.dynamodb.conftest import definition, index

CALLS = 15
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/tab"
TEXTS = {
    "TableName": ["tab", "tab", "world", "new", "x", ARN],
    "GlobalTableName": ["tab", "world"],
    "TargetTableName": ["copy", "tab"],
    "IndexName": ["gix", "none"],
    "RegionName": ["us-east-1", "eu-west-1", "us-east-2"],
    "AttributeName": ["p", "c", "g", "n"],
    "Statement": ["SELECT * FROM tab WHERE p = ?", "INSERT INTO tab VALUE {'p': 'x', 'c': 1, 'n': ?}", "DELETE tab"],
    "KeyConditionExpression": ["p = :a", "p = :a AND c > :b", "g = :a"],
    "UpdateExpression": ["SET n = :a", "ADD n :b", "REMOVE #n", "DELETE n :a", "SET n = list_append(n, :a)"],
    "ConditionExpression": ["n = :a", "attribute_exists(#n)", "contains(n, :b)", "size(n) > :a"],
    "FilterExpression": ["n = :a", "begins_with(n, :b)"],
    "ProjectionExpression": ["n, #n", "n[0].x", ""],
    "Policy": ["{}", '{"Version": "2012-10-17", "Statement": []}'],
    "N": ["1", "2.50", "-3", "1e125", "x"],
}


class Requests:
    """Draws requests of a shape."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.arns = [ARN, f"{ARN}/index/gix", "arn:aws:kinesis:us-east-1:123456789012:stream/s", "none"]

    def value(self, shape: Any, member: str = "", depth: int = 0) -> Any:
        """A value, valid in kind; members that need not be given are mostly absent."""
        if member == "ExpressionAttributeNames":
            return {"#n": "n"}
        if member == "ExpressionAttributeValues":
            return {name: self.value(shape.value, "", depth) for name in self.random.sample([":a", ":b"], k=2)}
        drawn: Callable[[Any, str, int], Any] = getattr(self, f"draw_{shape.type_name}", self.draw_string)
        return drawn(shape, member, depth)

    def draw_structure(self, shape: Any, member: str, depth: int) -> dict[str, Any]:
        members = dict(shape.members)
        if shape.name == "AttributeValue":
            members = {self.random.choice(["S", "N", "BOOL", "B", "SS"] if depth > 5 else list(members)): None}
            members = {name: shape.members[name] for name in members}
            return {name: self.value(one, name, depth + 1) for name, one in members.items()}
        share = self.random.choice([0.05, 0.3]) if depth < 6 else 0
        wanted = {name for name in members if name in shape.required_members or self.random.random() < share}
        return {name: self.value(one, name, depth + 1) for name, one in members.items() if name in wanted}

    def draw_list(self, shape: Any, member: str, depth: int) -> list[Any]:
        least = shape.metadata.get("min", 0)
        return [self.value(shape.member, member, depth + 1) for _ in range(max(least, self.random.choice([1, 1, 2])))]

    def draw_map(self, shape: Any, member: str, depth: int) -> dict[str, Any]:
        if member in ("Key", "Item", "ExclusiveStartKey"):
            key = {"p": {"S": self.random.choice("xy")}, "c": {"N": self.random.choice("12")}}
            return key | ({"n": self.value(shape.value, "", depth + 1)} if member == "Item" else {})
        name = "tab" if member == "RequestItems" else self.random.choice("pn")
        return {name: self.value(shape.value, "", depth + 1)}

    def draw_integer(self, shape: Any, member: str, depth: int) -> int:
        return self.random.choice([int(shape.metadata.get("min", 0)), 1, 2, 100])

    draw_long = draw_integer

    def draw_boolean(self, shape: Any, member: str, depth: int) -> bool:
        return self.random.random() < 0.5

    def draw_double(self, shape: Any, member: str, depth: int) -> float:
        return self.random.choice([0.0, 70.5])

    def draw_timestamp(self, shape: Any, member: str, depth: int) -> float:
        return self.random.choice([0.0, 2e9])

    def draw_blob(self, shape: Any, member: str, depth: int) -> bytes:
        return self.random.choice([b"", b"\xff"])

    def draw_string(self, shape: Any, member: str, depth: int) -> str:
        if shape.enum:
            return str(self.random.choice(shape.enum))
        return self.random.choice(self.arns if member.endswith("Arn") else TEXTS.get(member, ["x", "abc", ""]))


@cache
def client(service: str) -> Any:
    """A client that serves all examples."""
    return boto3.client(service, region_name="us-east-1")


def set_up(tables: Any) -> None:
    """A table with everything, and a global one."""
    made = definition(p="S", c="N") | {"GlobalSecondaryIndexes": [index("gix", "g")]}
    made["AttributeDefinitions"].append({"AttributeName": "g", "AttributeType": "S"})
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    tables.create_table(TableName="tab", StreamSpecification=stream, **made)
    tables.create_table(TableName="world", **definition(p="S", c="N"))
    tables.update_table(TableName="world", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])


@given(st.integers(0, 2**32))
def test_answered_or_refused(seed: int) -> None:
    """What is drawn is answered, refused by botocore, or refused by an error that is not the service's fault."""
    random = Random(seed)
    requests = Requests(random)
    with mock_serverless(region="us-east-1", seed=seed):
        tables, streams = client("dynamodb"), client("dynamodbstreams")
        set_up(tables)
        requests.arns.append(streams.list_streams()["Streams"][0]["StreamArn"])
        for _ in range(CALLS):
            chosen = random.choice([tables, tables, streams])
            model = chosen.meta.service_model
            operation = random.choice([name for name in model.operation_names if name != "DeleteTable"])
            request = requests.value(model.operation_model(operation).input_shape)
            with suppress(ParamValidationError):
                carry_out(getattr(chosen, xform_name(operation)), request)


def carry_out(method: Any, request: dict[str, Any]) -> None:
    """Call, and look at the error if there is one."""
    try:
        method(**request)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status not in (400, 501):
            raise
