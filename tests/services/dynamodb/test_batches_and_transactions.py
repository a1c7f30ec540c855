"""Several items at once."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import key


def puts(*numbers: int) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": key("x", number)}} for number in numbers]


def test_batch_write_and_get(ddb: Any, table: str) -> None:
    """Batches write and read many items; missing ones are left out."""
    answer = ddb.batch_write_item(RequestItems={table: puts(1, 2)})
    got = ddb.batch_get_item(RequestItems={table: {"Keys": [key("x", number) for number in (1, 2, 3)]}})
    assert (answer["UnprocessedItems"], got["Responses"][table]) == ({}, [key("x", 1), key("x", 2)])


def test_batch_with_a_bad_member_writes_nothing(ddb: Any, table: str) -> None:
    """A batch that is not valid as a whole is refused before any write."""
    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        ddb.batch_write_item(RequestItems={table: [*puts(1), {"PutRequest": {"Item": {"p": {"S": "x"}}}}]})
    assert ddb.scan(TableName=table)["Count"] == 0


def test_batch_duplicates(ddb: Any, table: str) -> None:
    """Two requests for one item are refused; numbers are compared by value."""
    same = {"DeleteRequest": {"Key": {"p": {"S": "x"}, "c": {"N": "1e0"}}}}
    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates"):
        ddb.batch_write_item(RequestItems={table: [*puts(1), same]})


def test_transaction_is_all_or_nothing(ddb: Any, table: str) -> None:
    """One false condition cancels all; the reasons stand in the order of the actions."""
    ddb.put_item(TableName=table, Item=key("x", 1))
    put = {"Put": {"TableName": table, "Item": key("x", 2)}}
    check = {"ConditionCheck": {"TableName": table, "Key": key("x", 1), "ConditionExpression": "attribute_exists(a)"}}
    with pytest.raises(ddb.exceptions.TransactionCanceledException) as caught:
        ddb.transact_write_items(TransactItems=[put, check])
    assert caught.value.response["Error"]["Message"] == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]"
    )
    assert [reason["Code"] for reason in caught.value.response["CancellationReasons"]] == [
        "None",
        "ConditionalCheckFailed",
    ]
    assert ddb.scan(TableName=table)["Count"] == 1


def test_transaction_writes(ddb: Any, table: str) -> None:
    """Puts, updates and deletes of a transaction take effect together."""
    ddb.put_item(TableName=table, Item=key("x", 1))
    update = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "1"}}}
    ddb.transact_write_items(
        TransactItems=[
            {"Delete": {"TableName": table, "Key": key("x", 1)}},
            {"Update": {"TableName": table, "Key": key("x", 2), **update}},
        ]
    )
    assert ddb.scan(TableName=table)["Items"] == [{**key("x", 2), "a": {"S": "1"}}]


def test_one_item_twice_in_a_transaction(ddb: Any, table: str) -> None:
    """A transaction has at most one action for an item."""
    action = {"Delete": {"TableName": table, "Key": key()}}
    with pytest.raises(ClientError, match="cannot include multiple operations on one item"):
        ddb.transact_write_items(TransactItems=[action, action])


def test_token_carries_out_once(ddb: Any, table: str) -> None:
    """The same token and request do nothing again; another request with it is refused."""
    add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    actions = [{"Update": {"TableName": table, "Key": key(), **add}}]
    for _ in range(2):
        ddb.transact_write_items(TransactItems=actions, ClientRequestToken="token")
    assert ddb.get_item(TableName=table, Key=key())["Item"]["n"] == {"N": "1"}
    with pytest.raises(ddb.exceptions.IdempotentParameterMismatchException):
        ddb.transact_write_items(
            TransactItems=[{"Delete": {"TableName": table, "Key": key()}}], ClientRequestToken="token"
        )


def test_transact_get(ddb: Any, table: str) -> None:
    """Items are read together; a missing one gives an empty response."""
    ddb.put_item(TableName=table, Item={**key("x", 1), "a": {"S": "1"}})
    gets = [
        {"Get": {"TableName": table, "Key": key("x", 1), "ProjectionExpression": "a"}},
        {"Get": {"TableName": table, "Key": key("x", 2)}},
    ]
    assert ddb.transact_get_items(TransactItems=gets)["Responses"] == [{"Item": {"a": {"S": "1"}}}, {}]
