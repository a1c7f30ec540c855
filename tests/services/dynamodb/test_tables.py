"""Tables: made, described, listed, changed, deleted, tagged."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, index


def message(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Message"])


def test_creating_then_active(ddb: Any) -> None:
    """A table is CREATING in the answer that makes it, ACTIVE afterwards."""
    made = ddb.create_table(TableName="tab", **definition(p="S"))["TableDescription"]
    assert (made["TableStatus"], ddb.describe_table(TableName="tab")["Table"]["TableStatus"]) == ("CREATING", "ACTIVE")


def test_description(ddb: Any) -> None:
    """Members without a value are absent; the rest is AWS's (recorded)."""
    ddb.create_table(TableName="tab", **definition(p="S"))
    described = ddb.describe_table(TableName="tab")["Table"]
    assert "GlobalSecondaryIndexes" not in described
    assert "StreamSpecification" not in described
    assert described["TableArn"] == "arn:aws:dynamodb:us-east-1:123456789012:table/tab"
    assert described["ProvisionedThroughput"] == {
        "NumberOfDecreasesToday": 0,
        "ReadCapacityUnits": 0,
        "WriteCapacityUnits": 0,
    }


def test_second_of_a_name(ddb: Any, users: str) -> None:
    """A name can be used once."""
    with pytest.raises(ClientError) as caught:
        ddb.create_table(TableName=users, **definition(id="S"))
    assert caught.value.response["Error"]["Code"] == "ResourceInUseException"


def test_unknown_table(ddb: Any) -> None:
    """Calls on tables name the table in the error (recorded from AWS)."""
    with pytest.raises(ClientError) as caught:
        ddb.describe_table(TableName="nope")
    assert message(caught) == "Requested resource not found: Table: nope not found"


def test_unused_definitions(ddb: Any) -> None:
    """Every defined attribute must be a key."""
    request = definition(p="S")
    request["AttributeDefinitions"].append({"AttributeName": "a", "AttributeType": "S"})
    with pytest.raises(ClientError, match="does not exactly match number of attributes"):
        ddb.create_table(TableName="tab", **request)


def test_list_in_pages(ddb: Any) -> None:
    """Names are listed in order, a page at a time."""
    for name in ("ccc", "aaa", "bbb"):
        ddb.create_table(TableName=name, **definition(p="S"))
    pages = list(ddb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2}))
    assert [page["TableNames"] for page in pages] == [["aaa", "bbb"], ["ccc"]]


def test_delete(ddb: Any, users: str) -> None:
    """The answer says DELETING without schema; then the table is gone."""
    deleted = ddb.delete_table(TableName=users)["TableDescription"]
    assert (deleted["TableStatus"], "KeySchema" in deleted) == ("DELETING", False)
    assert ddb.list_tables()["TableNames"] == []


def test_deletion_protection(ddb: Any, users: str) -> None:
    """A protected table cannot be deleted until the protection is switched off."""
    ddb.update_table(TableName=users, DeletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="protected against deletion"):
        ddb.delete_table(TableName=users)
    ddb.update_table(TableName=users, DeletionProtectionEnabled=False)
    ddb.delete_table(TableName=users)


def test_update_without_change(ddb: Any, users: str) -> None:
    """UpdateTable must change something."""
    with pytest.raises(ClientError, match="At least one of ProvisionedThroughput"):
        ddb.update_table(TableName=users)


def test_new_index_is_filled(ddb: Any, users: str) -> None:
    """A new global index holds the items that can stand in it, and skips the others silently."""
    for number, group in enumerate(({"S": "g"}, {"N": "1"}, {"S": ""})):
        ddb.put_item(TableName=users, Item={"id": {"S": str(number)}, "group": group})
    ddb.update_table(
        TableName=users,
        AttributeDefinitions=[{"AttributeName": "group", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index("by-group", "group")}],
    )
    assert [item["id"]["S"] for item in ddb.scan(TableName=users, IndexName="by-group")["Items"]] == ["0"]


def test_deleted_index_is_gone(ddb: Any) -> None:
    """Reads of a deleted index are refused, and its key attribute is free again."""
    request = {**definition(p="S", g="S"), "GlobalSecondaryIndexes": [index("by-g", "g")]}
    request["KeySchema"] = request["KeySchema"][:1]
    ddb.create_table(TableName="tab", **request)
    ddb.update_table(TableName="tab", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-g"}}])
    ddb.put_item(TableName="tab", Item={"p": {"S": "x"}, "g": {"N": "1"}})
    with pytest.raises(ClientError, match="does not have the specified index: by-g"):
        ddb.scan(TableName="tab", IndexName="by-g")


def test_tags(ddb: Any, users: str) -> None:
    """Tags are set, replaced and removed by key."""
    arn = ddb.describe_table(TableName=users)["Table"]["TableArn"]
    ddb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    ddb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "3"}])
    ddb.untag_resource(ResourceArn=arn, TagKeys=["b"])
    assert ddb.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "3"}]


@pytest.mark.parametrize(
    ("throughput", "warm"), [({}, (12_000, 4_000)), ({"ReadCapacityUnits": 7, "WriteCapacityUnits": 3}, (7, 3))]
)
def test_indexes_are_warm(ddb: Any, throughput: dict[str, int], warm: tuple[int, int]) -> None:
    """A global index shows its warm throughput unasked: the least, or what is provisioned.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
    """
    given = {"ProvisionedThroughput": throughput} if throughput else {}
    asked = {**definition(p="S"), "BillingMode": "PROVISIONED", **given} if throughput else definition(p="S")
    ddb.create_table(TableName="tab", **asked, GlobalSecondaryIndexes=[{**index("gsi", "p"), **given}])
    (shown,) = ddb.describe_table(TableName="tab")["Table"]["GlobalSecondaryIndexes"]
    reads, writes = warm
    expected = {"ReadUnitsPerSecond": reads, "WriteUnitsPerSecond": writes, "Status": "ACTIVE"}
    assert expected == shown["WarmThroughput"]
