"""Single items: put, get, update, delete."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import key


def put(ddb: Any, table: str, **attributes: Any) -> None:
    ddb.put_item(TableName=table, Item={**key(), **attributes})


def get(ddb: Any, table: str) -> Any:
    return ddb.get_item(TableName=table, Key=key()).get("Item")


def update(ddb: Any, table: str, expression: str, **more: Any) -> Any:
    values = more.pop("values", None)
    given = {"ExpressionAttributeValues": values} if values else {}
    return ddb.update_item(TableName=table, Key=key(), UpdateExpression=expression, **given, **more).get("Attributes")


def test_put_and_get(ddb: Any, table: str) -> None:
    """Every type comes back as it was put, numbers in their canonical spelling."""
    attributes: dict[str, Any] = {
        "b": {"B": b"\x00\xff"},
        "n": {"N": "1e3"},
        "m": {"M": {"l": {"L": [{"BOOL": True}, {"NULL": True}]}}},
        "ss": {"SS": ["a"]},
        "empty": {"S": ""},
    }
    put(ddb, table, **attributes)
    assert get(ddb, table) == {**key(), **attributes, "n": {"N": "1000"}}


def test_equal_numbers_are_one_key(ddb: Any, table: str) -> None:
    """Keys are compared by value."""
    ddb.put_item(TableName=table, Item={"p": {"S": "x"}, "c": {"N": "1.0"}})
    assert get(ddb, table) == key()


def test_missing_item(ddb: Any, table: str) -> None:
    """An item that is not there leaves the answer without Item."""
    assert get(ddb, table) is None


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"p": {"S": "x"}}, "One or more parameter values were invalid: Missing the key c in the item"),
        (
            {"p": {"N": "1"}, "c": {"N": "1"}},
            "One or more parameter values were invalid: Type mismatch for key p expected: S actual: N",
        ),
        (
            {"p": {"S": ""}, "c": {"N": "1"}},
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string value. Key: p",
        ),
        (
            {**key(), "a": {"N": "dog"}},
            "1 validation error detected: The parameter cannot be converted to a numeric value: dog",
        ),
    ],
)
def test_refused_items(ddb: Any, table: str, item: dict[str, Any], text: str) -> None:
    """Items that do not fit are refused with AWS's texts."""
    with pytest.raises(ClientError) as caught:
        ddb.put_item(TableName=table, Item=item)
    assert caught.value.response["Error"]["Message"] == text


def test_item_size_limit(ddb: Any, table: str) -> None:
    """An item may have 400 KB, names included."""
    with pytest.raises(ClientError, match="Item size has exceeded the maximum allowed size"):
        put(ddb, table, a={"S": "x" * 400 * 1024})


def test_nesting_limit(ddb: Any, table: str) -> None:
    """Values may nest 32 levels."""
    value: dict[str, Any] = {"S": "x"}
    for _ in range(31):
        value = {"L": [value]}
    put(ddb, table, a=value)
    with pytest.raises(ClientError, match="Nesting Levels have exceeded supported limits"):
        put(ddb, table, a={"L": [value]})


def test_failed_condition_changes_nothing(ddb: Any, table: str) -> None:
    """A false condition leaves the item, and shows it where asked to."""
    put(ddb, table, a={"S": "old"})
    with pytest.raises(ddb.exceptions.ConditionalCheckFailedException) as caught:
        ddb.put_item(
            TableName=table,
            Item=key(),
            ConditionExpression="attribute_not_exists(p)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert caught.value.response["Item"] == get(ddb, table) == {**key(), "a": {"S": "old"}}


def test_delete_returns_old(ddb: Any, table: str) -> None:
    """ALL_OLD shows what was deleted, and nothing where nothing was."""
    put(ddb, table)
    answers = [ddb.delete_item(TableName=table, Key=key(), ReturnValues="ALL_OLD") for _ in range(2)]
    assert [answer.get("Attributes") for answer in answers] == [key(), None]


def test_wrong_key(ddb: Any, table: str) -> None:
    """A key must have exactly the key attributes."""
    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        ddb.get_item(TableName=table, Key={"p": {"S": "x"}})


def test_counter(ddb: Any, table: str) -> None:
    """The usual counter works for a new item and an old one."""
    values = {":zero": {"N": "0"}, ":one": {"N": "1"}}
    for _ in range(2):
        update(ddb, table, "SET n = if_not_exists(n, :zero) + :one", values=values)
    assert get(ddb, table)["n"] == {"N": "2"}


def test_swap_reads_old_values(ddb: Any, table: str) -> None:
    """Right-hand sides read the item before the update."""
    put(ddb, table, a={"S": "1"}, b={"S": "2"})
    shown = update(ddb, table, "SET a = b, b = a", ReturnValues="UPDATED_NEW")
    assert shown == {"a": {"S": "2"}, "b": {"S": "1"}}


def test_nested_update_and_what_it_returns(ddb: Any, table: str) -> None:
    """UPDATED_OLD and UPDATED_NEW show the touched paths only."""
    put(ddb, table, m={"M": {"a": {"N": "1"}, "b": {"N": "2"}}})
    shown = update(ddb, table, "SET m.a = :v REMOVE m.b", values={":v": {"N": "3"}}, ReturnValues="UPDATED_OLD")
    assert shown == {"m": {"M": {"a": {"N": "1"}, "b": {"N": "2"}}}}
    assert get(ddb, table)["m"] == {"M": {"a": {"N": "3"}}}


def test_list_positions_are_those_before(ddb: Any, table: str) -> None:
    """REMOVE counts by old positions; SET beyond the end appends in index order."""
    put(ddb, table, l={"L": [{"N": str(number)} for number in range(4)]})
    update(ddb, table, "REMOVE l[0], l[2] SET l[17] = :x, l[9] = :y", values={":x": {"S": "x"}, ":y": {"S": "y"}})
    assert get(ddb, table)["l"] == {"L": [{"N": "1"}, {"N": "3"}, {"S": "y"}, {"S": "x"}]}


def test_sets(ddb: Any, table: str) -> None:
    """ADD unites, DELETE takes away, and an empty set goes."""
    put(ddb, table, s={"SS": ["a"]}, n={"NS": ["1"]})
    values = {":s": {"SS": ["b"]}, ":n": {"NS": ["1.0"]}}
    update(ddb, table, "ADD s :s DELETE n :n", values=values)
    assert get(ddb, table) == {**key(), "s": {"SS": ["a", "b"]}}


def test_remove_on_missing_item_makes_nothing(ddb: Any, table: str) -> None:
    """An update that only removes does not make an item."""
    assert update(ddb, table, "REMOVE a.b", ReturnValues="ALL_NEW") is None
    assert get(ddb, table) is None


def test_update_without_expression_makes_the_key(ddb: Any, table: str) -> None:
    """UpdateItem with a key alone makes an item."""
    ddb.update_item(TableName=table, Key=key())
    assert get(ddb, table) == key()


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("SET p = :v", "One or more parameter values were invalid: Cannot update attribute p. This attribute is part "
                       "of the key"),
        ("SET a = nope", "The provided expression refers to an attribute that does not exist in the item"),
        ("SET a = s + :v", "An operand in the update expression has an incorrect data type"),
        ("SET nope.b = :v", "The document path provided in the update expression is invalid for update"),
        ("SET a = :v SET b = :v", '1 validation error detected: Invalid UpdateExpression: The "SET" section can only '
                                  "be used once in an update expression;"),
    ],
)  # fmt: skip
def test_refused_updates(ddb: Any, table: str, expression: str, text: str) -> None:
    """Updates that cannot be are refused with AWS's texts, and change nothing."""
    put(ddb, table, s={"S": "x"})
    with pytest.raises(ClientError) as caught:
        update(ddb, table, expression, values={":v": {"N": "1"}} if ":v" in expression else None)
    assert caught.value.response["Error"]["Message"] == text
    assert get(ddb, table) == {**key(), "s": {"S": "x"}}


def test_projection_keeps_structure(ddb: Any, table: str) -> None:
    """Projected maps are partial, projected lists compacted in index order."""
    put(ddb, table, m={"M": {"a": {"N": "1"}, "b": {"N": "2"}}}, l={"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]})
    shown = ddb.get_item(TableName=table, Key=key(), ProjectionExpression="m.b, l[2], l[0], m.nope")["Item"]
    assert shown == {"m": {"M": {"b": {"N": "2"}}}, "l": {"L": [{"N": "1"}, {"N": "3"}]}}


def test_expressions_beside_legacy(ddb: Any, table: str) -> None:
    """Expressions and what they replaced do not go together."""
    with pytest.raises(ClientError) as caught:
        ddb.get_item(TableName=table, Key=key(), ProjectionExpression="a", AttributesToGet=["a"])
    assert caught.value.response["Error"]["Message"] == (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
    )


def test_unused_names(ddb: Any, table: str) -> None:
    """Names that no expression uses are refused."""
    with pytest.raises(ClientError, match=r"unused in expressions: keys: \{#b\}"):
        ddb.get_item(
            TableName=table,
            Key=key(),
            ProjectionExpression="#a",
            ExpressionAttributeNames={"#a": "a", "#b": "b"},
        )


def test_consumed_capacity(ddb: Any, table: str) -> None:
    """Writes count kilobytes, reads four of them, halved where eventually consistent."""
    item = {**key(), "a": {"S": "x" * 5000}}
    wrote = ddb.put_item(TableName=table, Item=item, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    read = ddb.get_item(TableName=table, Key=key(), ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert (wrote, read) == (
        {"TableName": table, "CapacityUnits": 5.0},
        {"TableName": table, "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}},
    )
