"""How values that DynamoDB refuses are worded: differently by operation, as measured on AWS (2026)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, key

LISTED = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
)
BAD_NAME = "failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"


def refusal(call: Callable[..., Any], **request: Any) -> str:
    """The text of the ValidationException that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return str(caught.value.response["Error"]["Message"])


def deep(wraps: int) -> dict[str, Any]:
    """A text in that many maps."""
    value: dict[str, Any] = {"S": "leaf"}
    for _ in range(wraps):
        value = {"M": {"n": value}}
    return value


@pytest.fixture
def raw(aws: Any, table: str) -> Any:
    """A client that sends what it is given, beside a table ``tab``."""
    return boto3.client("dynamodb", config=Config(parameter_validation=False))


SETS = [
    ({"SS": ["b", "a", "b"]}, '["a", "b", "b"] contains', "[b, a, b] contains"),
    (
        {"BS": [b"\xff", b"\0", b"\0"]},
        '["AA==","/w==","AA=="]of type BS contains',
        "[/w==, AA==, AA==]of type BS contains",
    ),
]


@pytest.mark.parametrize(("value", "current", "older"), SETS)
def test_duplicates(raw: Any, value: dict[str, Any], current: str, older: str) -> None:
    """Single writes list a set's duplicates in order, Query tells them bare, batches as they were sent."""
    text = f"{INVALID}Input collection {current} duplicates."
    assert refusal(raw.put_item, TableName="tab", Item={**key(), "s": value}) == LISTED + text
    query = {"TableName": "tab", "KeyConditionExpression": "p = :p", "FilterExpression": "s = :s"}
    values = {":p": {"S": "x"}, ":s": value}
    assert refusal(raw.query, **query, ExpressionAttributeValues=values) == text
    batch = {"tab": [{"PutRequest": {"Item": {**key(), "s": value}}}]}
    assert refusal(raw.batch_write_item, RequestItems=batch) == f"{INVALID}Input collection {older} duplicates."


def test_duplicate_numbers(raw: Any) -> None:
    """The members of a set of numbers are not named."""
    item = {**key(), "s": {"NS": ["2", "1", "2.0"]}}
    text = "Input collection contains duplicates"
    assert refusal(raw.put_item, TableName="tab", Item=item) == f"{LISTED}{INVALID}{text}."
    assert refusal(raw.batch_write_item, RequestItems={"tab": [{"PutRequest": {"Item": item}}]}) == text


def test_numbers(raw: Any) -> None:
    """What is no number is listed by single writes, wherever it stands, and told bare by reads."""
    text = "The parameter cannot be converted to a numeric value: abc"
    bad = {"N": "abc"}
    assert refusal(raw.put_item, TableName="tab", Item={**key(), "n": bad}) == LISTED + text
    assert refusal(raw.delete_item, TableName="tab", Key={"p": {"S": "x"}, "c": bad}) == LISTED + text
    update = {"UpdateExpression": "SET n = :v", "ExpressionAttributeValues": {":v": bad}}
    assert refusal(raw.update_item, TableName="tab", Key=key(), **update) == LISTED + text
    expected = {"n": {"Value": bad}}
    assert refusal(raw.put_item, TableName="tab", Item=key(), Expected=expected) == LISTED + text
    updates = {"n": {"Action": "PUT", "Value": bad}}
    assert refusal(raw.update_item, TableName="tab", Key=key(), AttributeUpdates=updates) == LISTED + text
    assert refusal(raw.get_item, TableName="tab", Key={"p": {"S": "x"}, "c": bad}) == text


@pytest.mark.parametrize(("wraps", "text"), [(32, LISTED + TOO_DEEP), (61, LISTED + TOO_DEEP), (63, TOO_DEEP)])
def test_too_deep(raw: Any, wraps: int, text: str) -> None:
    """A value nested too deeply is listed by PutItem, up to where its newer checks read; not by batches."""
    item = {**key(), "d": deep(wraps)}
    assert refusal(raw.put_item, TableName="tab", Item=item) == text
    assert refusal(raw.batch_write_item, RequestItems={"tab": [{"PutRequest": {"Item": item}}]}) == TOO_DEEP


@pytest.mark.parametrize(
    ("wraps", "text"),
    [
        (32, LISTED + TOO_DEEP),
        (63, f"ExpressionAttributeValues contains invalid value: {TOO_DEEP} for key :d"),
    ],
)
def test_too_deep_in_a_condition(raw: Any, wraps: int, text: str) -> None:
    """A deep value of an expression is named by its placeholder only where the newer checks give up."""
    update = {"ConditionExpression": "d = :d", "ExpressionAttributeValues": {":d": deep(wraps), ":t": {"S": "t"}}}
    assert refusal(raw.update_item, TableName="tab", Key=key(), UpdateExpression="SET t = :t", **update) == text


def test_sets_are_kept_in_order(ddb: Any, table: str) -> None:
    """A set is shown in order: texts and binaries by their bytes, numbers by value."""
    sets = {"ss": {"SS": ["b", "", "a"]}, "ns": {"NS": ["10", "9", "1e2"]}, "bs": {"BS": [b"b", b"a"]}}
    ddb.put_item(TableName=table, Item={**key(), **sets})
    values = {":more": {"SS": ["Z"]}}
    ddb.update_item(TableName=table, Key=key(), UpdateExpression="ADD ss :more", ExpressionAttributeValues=values)
    item = ddb.get_item(TableName=table, Key=key())["Item"]
    assert {"SS": ["", "Z", "a", "b"]} == item["ss"]
    assert {"NS": ["9", "10", "100"]} == item["ns"]
    assert {"BS": [b"a", b"b"]} == item["bs"]


@pytest.mark.parametrize(
    ("action", "value", "word"),
    [("ADD", {"S": "x"}, "STRING"), ("ADD", {"BOOL": True}, "BOOL"), ("DELETE", {"N": "1"}, "NUMBER")],
)
def test_add_and_delete(raw: Any, action: str, value: dict[str, Any], word: str) -> None:
    """What ADD and DELETE cannot work with is listed by UpdateItem before the table is looked for."""
    text = (
        "Invalid UpdateExpression: Incorrect operand type for operator or function; "
        f"operator: {action}, operand type: {word}, typeSet: ALLOWED_FOR_ADD_OPERAND"
    )
    update = {"Key": key(), "UpdateExpression": f"{action} n :v", "ExpressionAttributeValues": {":v": value}}
    assert refusal(raw.update_item, TableName="missing", **update) == LISTED + text
    action_ = {"Update": {"TableName": "tab", **update}}
    assert refusal(raw.transact_write_items, TransactItems=[action_]) == text


def test_names_in_transactions(raw: Any) -> None:
    """A malformed table name is told by its path, before anything else of a transaction is read."""
    get = {"Get": {"TableName": "bad!name", "Key": key()}}
    path = "transactItems.1.member.get.tableName"
    assert refusal(raw.transact_get_items, TransactItems=[get]) == f"{LISTED}Value 'bad!name' at '{path}' {BAD_NAME}"
    put = {"Put": {"TableName": "tab", "Item": key(), "ConditionExpression": "("}}
    check = {"ConditionCheck": {"TableName": "bad!name", "Key": key(), "ConditionExpression": "p = p"}}
    path = "transactItems.2.member.conditionCheck.tableName"
    text = f"{LISTED}Value 'bad!name' at '{path}' {BAD_NAME}"
    assert refusal(raw.transact_write_items, TransactItems=[put, check]) == text


def test_an_action_of_nothing(raw: Any) -> None:
    """An action without an operation is told of the list."""
    text = "TransactWriteRequest should contain Delete or Put or Update or ConditionCheck"
    expected = f"{LISTED}Value '' at 'transactItems' failed to satisfy constraint: {text}"
    assert refusal(raw.transact_write_items, TransactItems=[{}]) == expected


@pytest.mark.parametrize(
    ("requests", "text"),
    [
        (
            {},
            "Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            {"tab": {"Keys": []}},
            "Value at 'RequestItems.tab.member.Keys' failed to satisfy constraint: Member must have length greater "
            "than or equal to 1",
        ),
        (
            {"tab": {"Keys": [key(c=number) for number in range(101)]}},
            "Value at 'RequestItems.tab.member.Keys' failed to satisfy constraint: Member must have length less than "
            "or equal to 100",
        ),
        (
            {"bad!name": {"Keys": [{"p": {"B": b"a"}}]}},
            'Value \'{"bad!name":{"Keys":[{"p":{"B":"YQ=="}}]}}\' at \'requestItems\' failed to satisfy constraint: '
            "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have "
            "length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]",
        ),
    ],
)
def test_batch_get_item(raw: Any, requests: dict[str, Any], text: str) -> None:
    """BatchGetItem tells of lengths without repeating what it was given, and repeats what has a malformed name."""
    assert refusal(raw.batch_get_item, RequestItems=requests) == LISTED + text


def test_the_table_is_not_needed_for_lengths(raw: Any) -> None:
    """Tables with other keys do not matter for what is asked of one."""
    raw.create_table(TableName="other", **definition(id="S"))
    answer = raw.batch_get_item(RequestItems={"tab": {"Keys": [key()]}, "other": {"Keys": [{"id": {"S": "a"}}]}})
    assert answer["Responses"] == {"tab": [], "other": []}


def test_limits_of_query_and_scan(raw: Any) -> None:
    """Query names a Limit that is too low otherwise than Scan."""
    text = "failed to satisfy constraint: Member must have value greater than or equal to 1"
    values = {":p": {"S": "x"}}
    query = {"TableName": "tab", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": values, "Limit": 0}
    assert refusal(raw.query, **query) == f"{LISTED}Value at 'Limit' {text}"
    assert refusal(raw.scan, TableName="tab", Limit=0) == f"{LISTED}Value '0' at 'limit' {text}"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"p": "X"}, "Member must satisfy enum value set: [B, N, S]"),
        ({"p": "S"}, "Invalid KeySchema: Some index key attribute have no definition"),
        (
            {"p": "S", "c": "N"},
            f"{INVALID}Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
    ],
)
def test_definitions_of_keys(raw: Any, given: dict[str, str], text: str) -> None:
    """A key attribute that is named twice is told by how many definitions there are."""
    schema = [{"AttributeName": "p", "KeyType": kind} for kind in ("HASH", "RANGE")]
    types = definition(**given)["AttributeDefinitions"]
    made = {"TableName": "new", "AttributeDefinitions": types, "BillingMode": "PAY_PER_REQUEST"}
    assert refusal(raw.create_table, **made, KeySchema=schema).endswith(text)
