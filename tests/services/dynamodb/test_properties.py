"""Laws that hold for any items and any sequence of writes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.options import Options
from mocksls._services import load
from mocksls._services.dynamodb import comparison, numbers
from tests.services.dynamodb.conftest import definition, index

Item = dict[str, Any]
Write = tuple[str, int, Any]

TEXTS = st.text("abé€𐍈", min_size=1, max_size=3)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)
SCALARS = st.one_of(
    TEXTS.map(lambda text: {"S": text}),
    DECIMALS.map(lambda number: {"N": numbers.canonical(f"{number:f}")}),
    st.binary(min_size=1, max_size=3).map(lambda data: {"B": data}),
)
WRITES = st.lists(
    st.tuples(st.sampled_from(["put", "delete", "add", "set"]), st.integers(0, 4), st.integers(-9, 9)), max_size=25
)


class Database:
    """A table of a cloud of its own, with an index and a stream."""

    def __init__(self) -> None:
        self.cloud = Cloud(Options(), load)
        made = definition(p="S", c="N", n="N")
        made["KeySchema"] = made["KeySchema"][:2]
        made["GlobalSecondaryIndexes"] = [index("by_n", "n")]
        made["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        self.call("CreateTable", **made)

    def call(self, operation: str, service: str = "dynamodb", **params: Any) -> dict[str, Any]:
        if service == "dynamodb":
            params = {"TableName": "tab", **params}
        return self.cloud.caller.call(service, operation, params)

    def write(self, write: Write) -> None:
        operation, params = operation_of(write)
        self.call(operation, **params)

    def items(self, name: str = "tab", **more: Any) -> list[Item]:
        found: list[Item] = self.call("Scan", TableName=name, **more)["Items"]
        return sorted(found, key=lambda item: Decimal(item["c"]["N"]))


def key_of(number: int) -> Item:
    return {"p": {"S": "x"}, "c": {"N": str(number)}}


def operation_of(write: Write) -> tuple[str, dict[str, Any]]:
    kind, number, value = write
    if kind == "put":
        return "PutItem", {"Item": {**key_of(number), "n": {"N": str(value)}}}
    if kind == "delete":
        return "DeleteItem", {"Key": key_of(number)}
    return "UpdateItem", {
        "Key": key_of(number),
        "UpdateExpression": "ADD n :v" if kind == "add" else "SET m = :v",
        "ExpressionAttributeValues": {":v": {"N": str(value)}},
    }


def naive(writes: Sequence[Write]) -> list[Item]:
    """What a dictionary makes of the same writes."""
    held: dict[int, dict[str, int]] = {}
    for kind, number, value in writes:
        if kind == "put":
            held[number] = {"n": value}
        elif kind == "delete":
            held.pop(number, None)
        elif kind == "add":
            held.setdefault(number, {})
            held[number]["n"] = held[number].get("n", 0) + value
        else:
            held.setdefault(number, {})["m"] = value
    return [
        {**key_of(number), **{name: {"N": str(value)} for name, value in sorted(found.items())}}
        for number, found in sorted(held.items())
    ]


def plain(items: Sequence[Item]) -> list[Item]:
    return [dict(sorted(item.items(), key=lambda pair: (pair[0] not in "pc", pair[0]))) for item in items]


@given(WRITES)
def test_table_is_what_a_dictionary_is(writes: list[Write]) -> None:
    """After any writes the table, and its index, hold what a naive model holds."""
    database = Database()
    for write in writes:
        database.write(write)
    expected = naive(writes)
    assert [dict(item) for item in database.items()] == expected
    indexed = database.items(IndexName="by_n")
    assert indexed == [item for item in expected if "n" in item]


@given(WRITES)
def test_stream_rebuilds_the_table(writes: list[Write]) -> None:
    """Replaying the stream's records gives the table, and each old image is what was there."""
    database = Database()
    for write in writes:
        database.write(write)
    arn = database.call("DescribeTable")["Table"]["LatestStreamArn"]
    described = database.call("DescribeStream", "dynamodbstreams", StreamArn=arn)["StreamDescription"]
    start = {"StreamArn": arn, "ShardId": described["Shards"][0]["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = database.call("GetShardIterator", "dynamodbstreams", **start)["ShardIterator"]
    replayed: dict[str, Item] = {}
    for record in database.call("GetRecords", "dynamodbstreams", ShardIterator=iterator)["Records"]:
        change = record["dynamodb"]
        number = change["Keys"]["c"]["N"]
        assert change.get("OldImage") == replayed.pop(number, None)
        if "NewImage" in change:
            replayed[number] = change["NewImage"]
    assert sorted(replayed.values(), key=lambda item: int(item["c"]["N"])) == database.items()


@given(WRITES, WRITES, WRITES)
def test_restore_is_the_table_at_that_time(before: list[Write], during: list[Write], after: list[Write]) -> None:
    """A point-in-time restore holds what the table held then."""
    database = Database()
    for write in before:
        database.write(write)
    database.call("UpdateContinuousBackups", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    for write in during:
        database.write(write)
    then, moment = database.items(), database.cloud.clock.now()
    database.cloud.clock.forward(60)
    for write in after:
        database.write(write)
    source = {"SourceTableName": "tab", "TargetTableName": "copy", "RestoreDateTime": moment}
    database.cloud.caller.call("dynamodb", "RestoreTableToPointInTime", source)
    assert database.items("copy") == then


@given(st.lists(st.tuples(st.sampled_from(["put", "delete", "add"]), st.integers(-5, 5)), max_size=8))
def test_transaction_equals_sequence(found: list[tuple[str, int]]) -> None:
    """A transaction leaves what its writes leave one after another."""
    writes: list[Write] = [(kind, number, value) for number, (kind, value) in enumerate(found)]
    one, other = Database(), Database()
    for database in (one, other):
        for number in range(0, 8, 2):
            database.write(("put", number, number))
    for write in writes:
        one.write(write)
    kinds = {"PutItem": "Put", "DeleteItem": "Delete", "UpdateItem": "Update"}
    actions = [{kinds[name]: {"TableName": "tab", **body}} for name, body in map(operation_of, writes)]
    if actions:
        other.cloud.caller.call("dynamodb", "TransactWriteItems", {"TransactItems": actions})
    assert one.items() == other.items()


@given(WRITES, st.integers(1, 4))
def test_any_limit_gives_the_same_items(writes: list[Write], limit: int) -> None:
    """Scanned page by page, table and index give what one page gives, in its order."""
    database = Database()
    for write in writes:
        database.write(write)
    for more in ({}, {"IndexName": "by_n"}):
        got: list[Item] = []
        start: dict[str, Any] = {}
        while True:
            page = database.call("Scan", Limit=limit, **more, **start)
            got += page["Items"]
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        assert got == database.call("Scan", **more)["Items"]


@given(SCALARS, SCALARS, SCALARS)
def test_order_is_total_within_a_type(one: Item, two: Item, three: Item) -> None:
    """Values of one type compare in exactly one way, and transitively; those of two types in none."""
    comparable = next(iter(one)) == next(iter(two))
    verdicts = [comparison.less(one, two), comparison.equal(one, two), comparison.greater(one, two)]
    assert sum(verdicts) == (1 if comparable else 0)
    if comparison.less_or_equal(one, two) and comparison.less_or_equal(two, three):
        assert comparison.less_or_equal(one, three)


@settings(max_examples=200)
@given(DECIMALS, DECIMALS)
def test_arithmetic_is_exact(one: Decimal, two: Decimal) -> None:
    """Sums are decimal ones, in canonical spelling, and a difference undoes them."""
    left, right = numbers.canonical(f"{one:f}"), numbers.canonical(f"{two:f}")
    total = numbers.add(left, right)
    assert Decimal(total) == one + two
    assert numbers.canonical(total) == total
    assert numbers.subtract(total, right) == left


STATEMENTS = ["SELECT", "*", "FROM", "tab", "WHERE", "p", "c", "=", "'x'", "1", "AND", "OR", "NOT", "IN", "[", "]", "("]
STATEMENTS += [")", "?", "UPDATE", "SET", "REMOVE", "INSERT", "INTO", "VALUE", "{", "}", ":", "<<", ">>", "DELETE", ","]
STATEMENTS += ["IS", "MISSING", "BETWEEN", "size", "set_add", "EXISTS", "ORDER", "BY", "DESC", "RETURNING", "ALL", "."]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=16))
def test_any_statement_is_run_or_refused(words: list[str]) -> None:
    """Whatever the statement, the answer is AWS's, never a Python error."""
    codes = set()
    try:
        _SHARED.cloud.caller.call("dynamodb", "ExecuteStatement", {"Statement": " ".join(words) or "x"})
    except AwsError as error:
        codes.add(error.code)
    assert codes <= {"ValidationException", "ResourceNotFoundException", "ConditionalCheckFailedException",
                     "DuplicateItemException"}  # fmt: skip


_SHARED = Database()
