"""What CreateTable, UpdateTable and TagResource refuse, in AWS's words, and what UpdateTable keeps."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, index, is_modelled

UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
PROVISIONED: dict[str, Any] = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}
PREFIX = "One or more parameter values were invalid: "


def schema(*elements: tuple[str, str]) -> dict[str, Any]:
    return {"KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in elements]}


def with_index(made: dict[str, Any], kind: str = "Global", **types: str) -> dict[str, Any]:
    """A request for a table with keys p and c, more attributes, and one index."""
    request = definition(p="S", c="S", **types)
    return {**request, **schema(("p", "HASH"), ("c", "RANGE")), f"{kind}SecondaryIndexes": [made]}


def refusal(method: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as caught:
        method(**request)
    return str(caught.value.response["Error"]["Message"]).removeprefix(PREFIX)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({**definition(p="S"), **schema(("p", "RANGE"))}, "Invalid KeySchema: The first KeySchemaElement is not a"),
        (
            definition(p="S", c="N") | schema(("p", "HASH"), ("p", "RANGE")),
            "Both the Hash Key and the Range Key element in",
        ),
        (definition(p="S") | schema(("p", "HASH"), ("q", "RANGE")), "Invalid KeySchema: Some index key attribute have"),
        (definition(p="S") | schema(("q", "HASH")),
         "Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: [p]"),
        (definition(p="S") | {"BillingMode": "PROVISIONED"}, "ReadCapacityUnits and WriteCapacityUnits must both be"),
        (definition(p="S") | {"ProvisionedThroughput": UNITS}, "Neither ReadCapacityUnits nor WriteCapacityUnits can"),
        (definition(p="S") | {"GlobalSecondaryIndexes": []}, "List of GlobalSecondaryIndexes is empty"),
        (with_index(index("gix", "g")), "Some index key attributes are not defined in AttributeDefinitions. Keys: [g]"),
        (with_index(index("gix", "c", projection={"NonKeyAttributes": ["a"]})), "Unknown ProjectionType: null"),
        (with_index(index("gix", "c", projection={"ProjectionType": "INCLUDE"})), "ProjectionType is INCLUDE, but"),
        (with_index(index("gix", "c", projection={"ProjectionType": "ALL", "NonKeyAttributes": ["a"]})),
         "ProjectionType is ALL, but NonKeyAttributes is specified"),
        (with_index(index("lix", "p"), "Local"), "Index KeySchema does not have a range key for index: lix"),
        (with_index(index("lix", "c", "p"), "Local"), "Index KeySchema does not have the same leading hash key as"),
        (with_index(index("gix", "c"), g="S"), "Some AttributeDefinitions are not used. AttributeDefinitions: [c, g"),
        (with_index(index("gix", "c")) | {"LocalSecondaryIndexes": [index("gix", "p", "c")]},
         "Duplicate index name: gix"),
        (with_index(index("gix", "c")) | PROVISIONED, "ProvisionedThroughput is not specified for index: gix"),
        (definition(p="S") | {"Tags": [{"Key": "a", "Value": "1"}] * 2}, "Duplicate tag keys are not allowed"),
        (definition(p="S") | {"LocalSecondaryIndexes": [index("lix", "p", "p")]}, "Table KeySchema does not have a"),
    ],
)  # fmt: skip
def test_refused_tables(ddb: Any, request_: dict[str, Any], message: str) -> None:
    """Nothing is made of a definition that does not hold together."""
    assert refusal(ddb.create_table, TableName="tab", **request_).startswith(message)
    assert ddb.list_tables()["TableNames"] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"GlobalSecondaryIndexUpdates": [{}]}, "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndex"),
        ({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "gi1"}}, {"Delete": {"IndexName": "gi2"}}]},
         "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"),
        ({"GlobalSecondaryIndexUpdates": [{"Create": index("gi1", "c")}]},
         "Attempting to create an index which already exists: gi1"),
        ({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "none"}}]},
         "Requested resource not found: ResourcArn:"),
        ({"ProvisionedThroughput": UNITS}, "The provisioned throughput for the table will not change. The"),
        ({"StreamSpecification": {"StreamEnabled": False}}, "Table has no stream to disable: TableName: tab"),
        ({"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": UNITS}, "Neither ReadCapacityUnits nor"),
    ],
)  # fmt: skip
def test_refused_updates(ddb: Any, change: dict[str, Any], message: str) -> None:
    """An update that is refused changes nothing."""
    made = with_index({**index("gi1", "c"), "ProvisionedThroughput": UNITS})
    made["GlobalSecondaryIndexes"].append({**index("gi2", "c", "p"), "ProvisionedThroughput": UNITS})
    ddb.create_table(TableName="tab", **{**made, **PROVISIONED})
    before = ddb.describe_table(TableName="tab")["Table"]
    assert refusal(ddb.update_table, TableName="tab", **change).startswith(message)
    assert ddb.describe_table(TableName="tab")["Table"] == before


def test_switches_to_on_demand(aws: Any, ddb: Any, users: str) -> None:
    """A table becomes on-demand four times in 24 hours, and again when the first of them is that old."""
    for _ in range(4):
        ddb.update_table(TableName=users, **PROVISIONED)
        ddb.update_table(TableName=users, BillingMode="PAY_PER_REQUEST")
        aws.clock.advance(hours=1)
    ddb.update_table(TableName=users, **PROVISIONED)
    refused = refusal(ddb.update_table, TableName=users, BillingMode="PAY_PER_REQUEST")
    assert "Update to PayPerRequest mode are limited to 4 times in 1 day(s)" in refused
    aws.clock.advance(hours=20)
    ddb.update_table(TableName=users, BillingMode="PAY_PER_REQUEST")
    assert ddb.describe_table(TableName=users)["Table"]["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.skipif(
    not is_modelled("UpdateTable", "OnDemandThroughput"), reason="botocore knows no maximum of on-demand tables"
)
def test_maximum_of_an_index(ddb: Any) -> None:
    """The maximum of a table and that of an index are set apart."""
    ddb.create_table(TableName="tab", **with_index(index("gix", "c")))
    update = {"IndexName": "gix", "OnDemandThroughput": {"MaxReadRequestUnits": 7}}
    ddb.update_table(
        TableName="tab",
        OnDemandThroughput={"MaxWriteRequestUnits": 9},
        GlobalSecondaryIndexUpdates=[{"Update": update}],
    )
    shown = ddb.describe_table(TableName="tab")["Table"]
    of_index = shown["GlobalSecondaryIndexes"][0]["OnDemandThroughput"]
    assert (shown["OnDemandThroughput"], of_index) == ({"MaxWriteRequestUnits": 9}, {"MaxReadRequestUnits": 7})


@pytest.mark.parametrize(
    ("given", "arn"),
    [
        ({"Enabled": True}, ":key/"),
        ({"Enabled": True, "KMSMasterKeyId": "alias/mine"}, "arn:aws:kms:us-east-1:123456789012:alias/mine"),
        ({"Enabled": True, "KMSMasterKeyId": "abc"}, "arn:aws:kms:us-east-1:123456789012:key/abc"),
        ({"Enabled": True, "KMSMasterKeyId": "arn:aws:kms:us-east-1:1:key/x"}, "arn:aws:kms:us-east-1:1:key/x"),
    ],
)
def test_encryption(ddb: Any, users: str, given: dict[str, Any], arn: str) -> None:
    """Encryption by KMS is described with the key's ARN; AWS's own key is not told of."""
    ddb.update_table(TableName=users, SSESpecification=given)
    shown = ddb.describe_table(TableName=users)["Table"]["SSEDescription"]
    assert (shown["Status"], shown["SSEType"], arn in shown["KMSMasterKeyArn"]) == ("ENABLED", "KMS", True)
    ddb.update_table(TableName=users, SSESpecification={"Enabled": False})
    assert "SSEDescription" not in ddb.describe_table(TableName=users)["Table"]


def test_tags_in_pages(ddb: Any, users: str) -> None:
    """Tags are listed ten at a time; fifty is the most."""
    arn = ddb.describe_table(TableName=users)["Table"]["TableArn"]
    ddb.tag_resource(ResourceArn=arn, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])
    pages = list(ddb.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn))
    assert [len(page["Tags"]) for page in pages] == [10] * 5
    assert "Too many tags" in refusal(ddb.tag_resource, ResourceArn=arn, Tags=[{"Key": "one", "Value": "more"}])


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        ("no-arn", "Invalid TableArn: Invalid ResourceArn provided as input no-arn"),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/none", "Requested resource not found: ResourcArn: arn:aws"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/users", "User: arn:aws:iam::123456789012:user/"),
    ],
)
def test_tags_of_nothing(ddb: Any, users: str, arn: str, message: str) -> None:
    """Only ARNs of tables that are here can be tagged."""
    assert refusal(ddb.tag_resource, ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}]).startswith(message)
