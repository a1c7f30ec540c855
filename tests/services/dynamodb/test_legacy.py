"""The parameters that expressions replaced."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import key


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"Value": {"S": "1"}}, True),
        ({"Exists": False}, False),
        ({"ComparisonOperator": "NOT_NULL"}, True),
        ({"ComparisonOperator": "NE", "AttributeValueList": [{"S": "2"}]}, True),
        ({"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [{"S": "2"}]}, False),
        ({"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"S": "0"}, {"S": "1"}]}, True),
    ],
)
def test_expected(ddb: Any, table: str, condition: dict[str, Any], met: bool) -> None:
    """Expected judges the item before the write."""
    ddb.put_item(TableName=table, Item={**key(), "a": {"S": "1"}})
    with suppress(ddb.exceptions.ConditionalCheckFailedException):
        ddb.delete_item(TableName=table, Key=key(), Expected={"a": condition})
    assert ("Item" not in ddb.get_item(TableName=table, Key=key())) == met


def test_attribute_updates(ddb: Any, table: str) -> None:
    """PUT, ADD and DELETE change attributes."""
    ddb.put_item(TableName=table, Item={**key(), "n": {"N": "1"}, "gone": {"S": "x"}})
    updates = {
        "n": {"Action": "ADD", "Value": {"N": "2"}},
        "a": {"Value": {"S": "new"}},
        "gone": {"Action": "DELETE"},
    }
    shown = ddb.update_item(TableName=table, Key=key(), AttributeUpdates=updates, ReturnValues="ALL_NEW")
    assert shown["Attributes"] == {**key(), "n": {"N": "3"}, "a": {"S": "new"}}


def test_key_conditions_and_filter(ddb: Any, table: str) -> None:
    """KeyConditions and QueryFilter find what their expressions would."""
    for number in range(4):
        ddb.put_item(TableName=table, Item={**key("x", number), "a": {"N": str(number % 2)}})
    answer = ddb.query(
        TableName=table,
        KeyConditions={
            "p": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]},
            "c": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "0"}]},
        },
        QueryFilter={"a": {"ComparisonOperator": "EQ", "AttributeValueList": [{"N": "1"}]}},
        AttributesToGet=["c"],
    )
    assert (answer["Items"], answer["ScannedCount"]) == ([{"c": {"N": "1"}}, {"c": {"N": "3"}}], 3)


def test_number_of_arguments(ddb: Any, table: str) -> None:
    """Each operator has its number of arguments."""
    with pytest.raises(ClientError, match=r"Invalid number of argument\(s\) for the EQ ComparisonOperator"):
        ddb.scan(TableName=table, ScanFilter={"a": {"ComparisonOperator": "EQ", "AttributeValueList": []}})
