"""Query and Scan: order, conditions, pages, indexes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.options import Options
from mocksls._services import load
from tests.services.dynamodb.conftest import definition, index, key

NUMBERS = st.lists(st.integers(-50, 50), unique=True, max_size=20)


def fill(ddb: Any, table: str, *numbers: int, p: str = "x") -> None:
    for number in numbers:
        ddb.put_item(TableName=table, Item={**key(p, number), "a": {"S": str(number % 3)}})


def query(ddb: Any, table: str, condition: str = "p = :p", **more: Any) -> Any:
    values = {":p": {"S": "x"}, **more.pop("values", {})}
    return ddb.query(TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **more)


def numbers(answer: Any) -> list[int]:
    return [int(item["c"]["N"]) for item in answer["Items"]]


def test_order_is_by_value(ddb: Any, table: str) -> None:
    """Numbers come in order of their values, forwards and backwards."""
    fill(ddb, table, 10, 9, -1, 100)
    assert numbers(query(ddb, table)) == [-1, 9, 10, 100]
    assert numbers(query(ddb, table, ScanIndexForward=False)) == [100, 10, 9, -1]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("c < :n", [1, 2]),
        ("c <= :n", [1, 2, 3]),
        (":n < c", [4, 5]),
        ("c >= :n", [3, 4, 5]),
        ("c = :n", [3]),
        ("c BETWEEN :n AND :m", [3, 4]),
    ],
)
def test_range_conditions(ddb: Any, table: str, condition: str, found: list[int]) -> None:
    """Each operator on the range key finds its part of the partition."""
    fill(ddb, table, 1, 2, 3, 4, 5)
    values = {":n": {"N": "3"}, ":m": {"N": "4"}}
    values = {name: value for name, value in values.items() if name in condition}
    assert numbers(query(ddb, table, f"p = :p AND {condition}", values=values)) == found


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("a = :p", "Query condition missed key schema element: p"),
        ("p = :p AND a = :p", "Query condition missed key schema element: c"),
        ("p = :p OR c = :p", "Invalid operator used in KeyConditionExpression: OR"),
        ("p = :p AND c <> :p", "Invalid operator used in KeyConditionExpression: <>"),
        ("p = :p AND p = :p", "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one "
                              "condition per key"),
        ("p > :p", "Query key condition not supported"),
        ("p = :p AND c = :p", "One or more parameter values were invalid: Condition parameter type does not match "
                              "schema type"),
    ],
)  # fmt: skip
def test_refused_key_conditions(ddb: Any, table: str, condition: str, text: str) -> None:
    """Key conditions are one equality and one range, in AWS's words."""
    with pytest.raises(ClientError) as caught:
        query(ddb, table, condition)
    assert caught.value.response["Error"]["Message"] == text


def test_limit_counts_before_the_filter(ddb: Any, table: str) -> None:
    """A page stops at Limit items read, and says where."""
    fill(ddb, table, 0, 1, 2, 3)
    page = query(ddb, table, FilterExpression="a = :a", values={":a": {"S": "1"}}, Limit=3)
    assert (numbers(page), page["Count"], page["ScannedCount"]) == ([1], 1, 3)
    assert page["LastEvaluatedKey"] == key("x", 2)


def test_limit_reached_exactly(ddb: Any, table: str) -> None:
    """LastEvaluatedKey appears when the limit was reached, even if nothing follows."""
    fill(ddb, table, 1, 2)
    assert "LastEvaluatedKey" in query(ddb, table, Limit=2)
    assert "LastEvaluatedKey" not in query(ddb, table, Limit=3)


def test_page_of_a_megabyte(ddb: Any, table: str) -> None:
    """A page ends at one megabyte of items read."""
    for number in range(5):
        ddb.put_item(TableName=table, Item={**key("x", number), "a": {"S": "x" * 300 * 1024}})
    page = query(ddb, table, Select="COUNT")
    assert (page["Count"], page["LastEvaluatedKey"], "Items" in page) == (4, key("x", 3), False)


def test_start_key_need_not_exist(ddb: Any, table: str) -> None:
    """A page starts behind a position, whether or not an item is there."""
    fill(ddb, table, 1, 2, 3, 4)
    ddb.delete_item(TableName=table, Key=key("x", 2))
    assert numbers(query(ddb, table, ExclusiveStartKey=key("x", 2))) == [3, 4]


def test_start_key_of_another_partition(ddb: Any, table: str) -> None:
    """The start must lie in what is queried."""
    with pytest.raises(ClientError, match="outside query boundaries based on provided conditions"):
        query(ddb, table, ExclusiveStartKey=key("y", 2))


def test_filter_on_key_is_refused(ddb: Any, table: str) -> None:
    """A filter may not name key attributes, aliases included."""
    with pytest.raises(ClientError, match="Primary key attribute: c"):
        query(ddb, table, FilterExpression="#c = :p", ExpressionAttributeNames={"#c": "c"})


def test_unknown_index(ddb: Any, table: str) -> None:
    """An index that is not there is a ValidationException."""
    with pytest.raises(ClientError, match="The table does not have the specified index: nope"):
        query(ddb, table, IndexName="nope")


def indexed(ddb: Any, projection: dict[str, Any]) -> None:
    request = definition(p="S", c="N", g="S")
    local = index("local", "p", "g", projection=projection)
    ddb.create_table(
        TableName="tab",
        **request,
        GlobalSecondaryIndexes=[index("global", "g", "c", projection=projection)],
        LocalSecondaryIndexes=[local],
    )
    for number, group in ((1, "b"), (2, "a"), (3, None)):
        given = {"g": {"S": group}} if group else {}
        ddb.put_item(TableName="tab", Item={**key("x", number), "big": {"S": "big"}, **given})


def test_local_index_orders_by_its_range(ddb: Any) -> None:
    """A local index orders the partition by another attribute and leaves out items without it."""
    indexed(ddb, {"ProjectionType": "ALL"})
    assert numbers(query(ddb, "tab", IndexName="local")) == [2, 1]


def test_local_index_fetches_from_the_table(ddb: Any) -> None:
    """A local index shows its projection, and fetches what a request names beyond it."""
    indexed(ddb, {"ProjectionType": "KEYS_ONLY"})
    plain = query(ddb, "tab", IndexName="local", Limit=1)["Items"]
    fetched = query(ddb, "tab", IndexName="local", Limit=1, ProjectionExpression="big")["Items"]
    assert (plain, fetched) == ([{**key("x", 2), "g": {"S": "a"}}], [{"big": {"S": "big"}}])


def test_global_index_follows_writes(ddb: Any) -> None:
    """Items move in, within and out of a global index as they are written."""
    indexed(ddb, {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["big"]})
    names = {"ExpressionAttributeValues": {":g": {"S": "z"}}, "UpdateExpression": "SET g = :g"}
    ddb.update_item(TableName="tab", Key=key("x", 1), **names)
    ddb.update_item(TableName="tab", Key=key("x", 2), UpdateExpression="REMOVE g")
    found = ddb.scan(TableName="tab", IndexName="global")["Items"]
    assert found == [{**key("x", 1), "big": {"S": "big"}, "g": {"S": "z"}}]


def test_index_key_of_another_type(ddb: Any) -> None:
    """A write whose attribute cannot be the index key it is, is refused as a whole."""
    indexed(ddb, {"ProjectionType": "ALL"})
    with pytest.raises(ClientError, match="Type mismatch for Index Key g Expected: S Actual: N IndexName"):
        ddb.put_item(TableName="tab", Item={**key("x", 9), "g": {"N": "1"}})


def test_consistent_read_of_global_index(ddb: Any) -> None:
    """Global indexes have no consistent reads."""
    indexed(ddb, {"ProjectionType": "ALL"})
    with pytest.raises(ClientError, match="Consistent reads are not supported on global secondary indexes"):
        ddb.scan(TableName="tab", IndexName="global", ConsistentRead=True)


def test_scan_segments_together_are_the_scan(ddb: Any, users: str) -> None:
    """Segments share out the table, each in the order of the whole."""
    for number in range(30):
        ddb.put_item(TableName=users, Item={"id": {"S": str(number)}})
    whole = ddb.scan(TableName=users)["Items"]
    parts = [ddb.scan(TableName=users, Segment=segment, TotalSegments=4)["Items"] for segment in range(4)]
    assert [item for part in parts for item in part] == whole


def test_scan_in_pages_while_deleting(ddb: Any, users: str) -> None:
    """Pages go on where the last one stopped, though its items were deleted meanwhile."""
    for number in range(25):
        ddb.put_item(TableName=users, Item={"id": {"S": str(number)}})
    seen = 0
    for page in ddb.get_paginator("scan").paginate(TableName=users, PaginationConfig={"PageSize": 10}):
        for item in page["Items"]:
            ddb.delete_item(TableName=users, Key=item)
            seen += 1
    assert (seen, ddb.scan(TableName=users)["Count"]) == (25, 0)


def test_segment_rules(ddb: Any, users: str) -> None:
    """Segment and TotalSegments go together."""
    with pytest.raises(ClientError, match="The TotalSegments parameter is required"):
        ddb.scan(TableName=users, Segment=0)


@settings(max_examples=25, deadline=None)
@given(NUMBERS, st.integers(1, 7), st.booleans(), st.integers(-50, 50))
def test_pages_together_are_the_sorted_partition(found: list[int], limit: int, forward: bool, low: int) -> None:
    """However it is paged, a query gives what sorting and cutting by hand gives."""
    cloud = Cloud(Options(), load)

    def call(operation: str, **params: Any) -> dict[str, Any]:
        return cloud.caller.call("dynamodb", operation, {"TableName": "tab", **params})

    call("CreateTable", **definition(p="S", c="N"))
    for number in found:
        call("PutItem", Item=key("x", number))
    request: dict[str, Any] = {
        "KeyConditionExpression": "p = :p AND c >= :low",
        "ExpressionAttributeValues": {":p": {"S": "x"}, ":low": {"N": str(low)}},
        "Limit": limit,
        "ScanIndexForward": forward,
    }
    got: list[int] = []
    while True:
        page = call("Query", **request)
        got += numbers(page)
        if "LastEvaluatedKey" not in page:
            break
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert got == sorted((number for number in found if number >= low), reverse=not forward)
