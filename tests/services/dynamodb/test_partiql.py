"""PartiQL statements; the texts of refusals were measured on AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, index, key


def run(ddb: Any, statement: str, *parameters: Any, **more: Any) -> list[dict[str, Any]]:
    given = {"Parameters": list(parameters)} if parameters else {}
    items: list[dict[str, Any]] = ddb.execute_statement(Statement=statement, **given, **more)["Items"]
    return items


def refusal(ddb: Any, statement: str, *parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        run(ddb, statement, *parameters)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return str(caught.value.response["Error"]["Message"])


@pytest.fixture
def filled(ddb: Any, table: str) -> str:
    """Partition x with five items, y with one."""
    for number in range(1, 6):
        ddb.put_item(TableName=table, Item={**key("x", number), "name": {"S": f"n{number}"}, "tags": {"SS": ["a"]}})
    ddb.put_item(TableName=table, Item={**key("y", 1), "m": {"M": {"in": {"S": "deep"}}}, "l": {"L": [{"N": "7"}]}})
    return table


def found(ddb: Any, where: str, *parameters: Any) -> list[str]:
    items = run(ddb, f"SELECT * FROM tab WHERE {where}", *parameters)
    return [item["p"]["S"] + item["c"]["N"] for item in items]


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("p = 'x' AND c > 3", ["x4", "x5"]),
        ("p = 'x' AND c BETWEEN 2 AND 3", ["x2", "x3"]),
        ("p = 'x' AND c IN [1, 5]", ["x1", "x5"]),
        ("p = 'x' AND c NOT IN (1, 2, 3)", ["x4", "x5"]),
        ("p IN ['y', 'x'] AND c = 1", ["y1", "x1"]),
        ("p = 'x' AND c = 1 OR p = 'y'", ["x1", "y1"]),
        ("3 < c AND p = 'x'", ["x4", "x5"]),
        ("p = 'x' AND NOT c <> 2", ["x2"]),
        ("p = 'x' AND name = 'n3'", ["x3"]),
        ("p = 'x' AND begins_with(\"name\", 'n4')", ["x4"]),
        ("p = 'x' AND c = 2e0", ["x2"]),
        ("p = 'y' AND m.\"in\" = 'deep'", ["y1"]),
        ("p = 'y' AND l[0] = 7", ["y1"]),
        ("p = 'y' AND name IS MISSING", ["y1"]),
        ("p = 'y' AND m IS NOT MISSING AND m IS STRUCT", ["y1"]),
        ("p = 'x' AND SIZE(name) = 2 AND CONTAINS(tags, 'a') AND c < 2", ["x1"]),
        ("p = 'x' AND attribute_exists(name) = true AND c < 2 -- a note", ["x1"]),
        ("p = 'x' AND attribute_type(name, 'N')", []),
        ("p = 'nobody'", []),
        ("p = 'x' AND c > 3 ORDER BY c DESC", ["x5", "x4"]),
        ("p IN ['x', 'y'] AND c = 1 ORDER BY p DESC", ["y1", "x1"]),
    ],
)
def test_where(ddb: Any, filled: str, where: str, keys: list[str]) -> None:
    """Conditions on keys and other attributes select what they say, in the order of the partitions."""
    assert found(ddb, where) == keys


def test_parameters(ddb: Any, filled: str) -> None:
    """Question marks stand for parameters, in order."""
    assert found(ddb, "p = ? AND c = ?", {"S": "x"}, {"N": "2.0"}) == ["x2"]


def test_without_keys_everything_is_read(ddb: Any, filled: str) -> None:
    """Without an equality on the hash key a SELECT reads the whole table."""
    assert sorted(found(ddb, "c = 1")) == ["x1", "y1"]


def test_paths_are_shown_by_their_last_name(ddb: Any, filled: str) -> None:
    """A nested path is shown as an attribute of its last name; what is missing is left out."""
    assert run(ddb, "SELECT c, m.\"in\", nope FROM tab WHERE p = 'y'") == [{"c": {"N": "1"}, "in": {"S": "deep"}}]


def test_index(ddb: Any) -> None:
    """A SELECT on an index sees its entries and projection."""
    keys_only = index("by_a", "a", projection={"ProjectionType": "KEYS_ONLY"})
    made = definition(p="S", c="N", a="S")
    made["KeySchema"] = made["KeySchema"][:2]
    ddb.create_table(TableName="ind", GlobalSecondaryIndexes=[keys_only], **made)
    ddb.put_item(TableName="ind", Item={**key("x", 1), "a": {"S": "v"}, "b": {"S": "w"}})
    ddb.put_item(TableName="ind", Item=key("x", 2))
    assert run(ddb, 'SELECT * FROM "ind"."by_a" WHERE a = \'v\'') == [{**key("x", 1), "a": {"S": "v"}}]
    assert refusal(ddb, 'SELECT b FROM "ind"."by_a"') == (
        "One or more parameter values were invalid: Global secondary index by_a does not project [b]"
    )


@pytest.mark.parametrize("statement", ["SELECT * FROM tab WHERE p = 'x'", "SELECT * FROM tab"])
def test_pages(ddb: Any, filled: str, statement: str) -> None:
    """Pages of any size together are the whole; a token belongs to its statement."""
    whole = run(ddb, statement)
    got: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = ddb.execute_statement(Statement=statement, Limit=2, **more)
        got += page["Items"]
        if "NextToken" not in page:
            break
        more = {"NextToken": page["NextToken"]}
    assert got == whole
    with pytest.raises(ClientError, match="NextToken does not match request"):
        ddb.execute_statement(Statement="SELECT p FROM tab", **more)


def test_insert(ddb: Any, table: str) -> None:
    """INSERT makes an item of a tuple; the key must be new."""
    statement = "INSERT INTO tab VALUE {'p': ?, 'c': 1, 's': <<'a', 'b'>>, 'l': [1, {'n': null}], 't': true}"
    assert run(ddb, statement, {"S": "x"}) == []
    item = {"s": {"SS": ["a", "b"]}, "l": {"L": [{"N": "1"}, {"M": {"n": {"NULL": True}}}]}, "t": {"BOOL": True}}
    assert ddb.get_item(TableName=table, Key=key())["Item"] == {**key(), **item}
    with pytest.raises(ddb.exceptions.DuplicateItemException, match="Duplicate primary key exists in table"):
        run(ddb, statement, {"S": "x"})


@pytest.mark.parametrize(
    ("change", "returning", "shown"),
    [
        ("SET name = 'new'", "MODIFIED OLD", {"name": {"S": "n1"}}),
        ("SET n = 1, name = 'new'", "MODIFIED NEW", {"n": {"N": "1"}, "name": {"S": "new"}}),
        ("SET tags = set_add(tags, <<'b'>>)", "MODIFIED NEW", {"tags": {"SS": ["a", "b"]}}),
        ("SET tags = SET_DELETE(tags, <<'a'>>)", "ALL NEW", {**key(), "name": {"S": "n1"}}),
        ("REMOVE tags SET l = [1]", "ALL NEW", {**key(), "name": {"S": "n1"}, "l": {"L": [{"N": "1"}]}}),
    ],
)
def test_update(ddb: Any, filled: str, change: str, returning: str, shown: dict[str, Any]) -> None:
    """UPDATE changes one item and shows what RETURNING asks for."""
    assert run(ddb, f"UPDATE tab {change} WHERE p = 'x' AND c = 1 RETURNING {returning} *") == [shown]


def test_update_of_a_missing_item(ddb: Any, table: str) -> None:
    """UPDATE makes nothing: without an item its condition fails."""
    with pytest.raises(ddb.exceptions.ConditionalCheckFailedException):
        run(ddb, "UPDATE tab SET a = 1 WHERE p = 'x' AND c = 1")
    assert ddb.scan(TableName=table)["Count"] == 0


def test_update_from_first(ddb: Any, filled: str) -> None:
    """The clauses of UPDATE may come in PartiQL's other order, and WHERE may hold conditions."""
    statement = "FROM tab WHERE p = 'x' AND c = 1 AND name = ? SET name = 'new' RETURNING MODIFIED NEW *"
    assert run(ddb, statement, {"S": "n1"}) == [{"name": {"S": "new"}}]
    with pytest.raises(ddb.exceptions.ConditionalCheckFailedException) as caught:
        run(ddb, statement, {"S": "n1"}, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.value.response["Item"]["name"] == {"S": "new"}


def test_delete(ddb: Any, filled: str) -> None:
    """DELETE removes one item; that it is not there is no error."""
    statement = "DELETE FROM tab WHERE p = 'y' AND c = 1 RETURNING ALL OLD *"
    assert [item["p"]["S"] for item in run(ddb, statement)] == ["y"]
    assert run(ddb, statement) == []


NOT_WELL_FORMED = "Statement wasn't well formed, can't be processed: "


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SLECT * FROM tab", NOT_WELL_FORMED + "Expected data manipulation"),
        ("SELECT * FROM tab WHERE p = 'x' foo", NOT_WELL_FORMED + "Unexpected token after expression"),
        ("SELECT * FROM tab WHERE p = 'x' # note", NOT_WELL_FORMED),
        ("SELECT * FROM tab t WHERE p = 'x'", "Aliasing is not supported"),
        ('SELECT * FROM "" WHERE p = \'x\'', "Path component cannot be an empty string"),
        ("SELECT * FROM tab.a.b", "A path may contain at most 2 components in the FROM clause"),
        ("SELECT * FROM tab.nope", "The table does not have the specified index"),
        ("SELECT size(a) FROM tab", "Unexpected path component at 1:8:4"),
        ("SELECT * FROM tab WHERE foo(p)", "Unrecognized function: foo at 1:25:3"),
        ("SELECT * FROM tab WHERE m.inner = 1", NOT_WELL_FORMED + "Invalid path dot component"),
        ("SELECT * FROM tab WHERE a < true", "Incorrect operand type for operator or function; operator or function: "
                                             "<, operand type: BOOL"),
        ("SELECT * FROM tab WHERE a = 1e126", "Number overflow. Attempting to store a number with magnitude larger "
                                              "than supported range under root"),
        ("SELECT * FROM tab WHERE p = ?", "Number of parameters in request and statement don't match."),
        ("SELECT * FROM tab ORDER BY c", "Must have WHERE clause in the statement when using ORDER BY clause."),
        ("EXISTS(SELECT * FROM tab WHERE p = 'x')", "EXISTS can only be used in ExecuteTransaction write requests."),
        ("UPDATE tab SET a = 1 WHERE p = 'x'", "Where clause does not contain a mandatory equality on all key "
                                               "attributes"),
        ("UPDATE tab SET a = set_add(b, <<1>>) WHERE p = 'x' AND c = 1",
         "The first argument to SET_ADD must equal the assignment value at 1:20:7"),
        ("DELETE FROM tab WHERE p = 'x' AND c = 1 RETURNING ALL NEW *",
         "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements."),
        ("INSERT INTO tab VALUE {'p': 'x', 'c': 1, 's': <<>>}", "Empty bags are not supported"),
        ("INSERT INTO tab VALUE << {'p': 'x'} >>", "Unsupported operation: Inserting multiple items in a single "
         'statement is not supported, use "INSERT INTO tableName VALUE item" instead'),
    ],
)  # fmt: skip
def test_refusals(ddb: Any, table: str, statement: str, message: str) -> None:
    """Statements that AWS refuses are refused in its words, with the place where it names one."""
    assert refusal(ddb, statement) == message


@pytest.mark.parametrize("text", ["(" * 3000, "NOT " * 1500, "p = " + "[" * 3000])
def test_deep_nesting_is_refused(ddb: Any, table: str, text: str) -> None:
    """Nesting beyond all reason ends in AWS's words, never in a RecursionError."""
    assert "Nesting Levels have exceeded supported limits" in refusal(ddb, f"SELECT * FROM tab WHERE {text}")


def test_batch(ddb: Any, filled: str) -> None:
    """Statements of a batch stand for themselves: what fails is told beside the others' answers."""
    statements = [
        "SELECT name FROM tab WHERE p = 'x' AND c = 2",
        "SELECT * FROM tab WHERE p = 'x'",
        "SELECT * FROM nope WHERE p = 'x'",
        "INSERT INTO tab VALUE {'p': 'x', 'c': 1}",
    ]
    given = [{"Statement": statement} for statement in statements]
    answers = ddb.batch_execute_statement(Statements=given, ReturnConsumedCapacity="TOTAL")
    assert [answer.get("Error", {}).get("Code") for answer in answers["Responses"]] == [
        None,
        "ValidationError",
        "ResourceNotFound",
        "DuplicateItem",
    ]
    assert answers["Responses"][0] == {"TableName": "tab", "Item": {"name": {"S": "n2"}}}
    assert answers["ConsumedCapacity"] == [{"TableName": "tab", "CapacityUnits": 0.5}]


def test_transaction(ddb: Any, filled: str) -> None:
    """Writes of a transaction happen together, or not at all; EXISTS checks without writing."""
    check = {"Statement": "EXISTS(SELECT * FROM tab WHERE p = 'y' AND c = 1 AND m IS NOT MISSING)"}
    update = {"Statement": "UPDATE tab SET name = 'new' WHERE p = 'x' AND c = 1"}
    insert = {"Statement": "INSERT INTO tab VALUE {'p': 'x', 'c': 2}"}
    with pytest.raises(ddb.exceptions.TransactionCanceledException) as caught:
        ddb.execute_transaction(TransactStatements=[check, update, insert])
    codes = [reason["Code"] for reason in caught.value.response["CancellationReasons"]]
    assert codes == ["None", "None", "DuplicateItem"]
    assert ddb.execute_transaction(TransactStatements=[check, update])["Responses"] == []
    assert found(ddb, "name = 'new'") == ["x1"]


def test_transaction_of_reads(ddb: Any, filled: str) -> None:
    """Reads of a transaction are single items by their keys."""
    reads = [{"Statement": f"SELECT c FROM tab WHERE p = 'x' AND c = {number}"} for number in (2, 9)]
    assert ddb.execute_transaction(TransactStatements=reads)["Responses"] == [{"Item": {"c": {"N": "2"}}}, {}]
    with pytest.raises(ClientError, match=r"Validation failed in TransactStatements\[1\]: Select statements within"):
        ddb.execute_transaction(TransactStatements=[reads[0], {"Statement": "SELECT * FROM tab WHERE p = 'x'"}])


def test_transaction_token(ddb: Any, filled: str) -> None:
    """A token's second use writes nothing and costs a read."""
    request = {
        "TransactStatements": [{"Statement": "UPDATE tab SET n = 1 WHERE p = 'x' AND c = 1"}],
        "ClientRequestToken": "once",
        "ReturnConsumedCapacity": "TOTAL",
    }
    answers = [ddb.execute_transaction(**request)["ConsumedCapacity"][0] for _ in range(2)]
    assert [sorted(answer) for answer in answers] == [
        ["CapacityUnits", "TableName", "WriteCapacityUnits"],
        ["CapacityUnits", "ReadCapacityUnits", "TableName"],
    ]


def transaction_refusal(ddb: Any, *statements: str) -> Any:
    with pytest.raises(ClientError) as caught:
        ddb.execute_transaction(TransactStatements=[{"Statement": statement} for statement in statements])
    reasons = caught.value.response.get("CancellationReasons")
    if reasons:
        return [(reason["Code"], reason.get("Message")) for reason in reasons]
    return caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("p = 'x' ORDER BY p", ["x5", "x4", "x3", "x2", "x1"]),
        ("p = 'x' ORDER BY p DESC, c ASC", ["x1", "x2", "x3", "x4", "x5"]),
        ("p = 'x' AND c = - - 2", ["x2"]),
        ("p = 'x' AND c > +/* sign */4", ["x5"]),
        ("p = 'x' AND c = 1 AND p = 'x'", ["x1"]),
    ],
)
def test_measured_reads(ddb: Any, filled: str, where: str, keys: list[str]) -> None:
    """An order that leaves out the range key turns it around; a number may have several signs."""
    assert keys == found(ddb, where)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "SELECT l[-1] FROM tab WHERE p = 'y' AND c = 1",
            "List index is not within the allowable range; index: [-1] at 1:11:1",
        ),
        (
            "UPDATE tab SET x = [?] WHERE p = 'y' AND c = 1",
            "Unsupported data type: Parameter under key root[0] at 1:21:1",
        ),
        (
            "INSERT INTO tab VALUE {'p': 'z', 'c': 1, 'm': {'k': ?}}",
            "Unsupported data type: Parameter under key root.k at 1:53:1",
        ),
        (
            "UPDATE tab SET x = <<2, 2.0>> WHERE p = 'y' AND c = 1",
            "One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root",
        ),
        (
            f"UPDATE tab SET x = {'[' * 32}1{']' * 32} WHERE p = 'y' AND c = 1",
            f"Nesting Levels have exceeded supported limits under root{'[0]' * 32}",
        ),
        (
            "SELECT c FROM tab WHERE p = 1",
            "Key attribute's data type should match its data type in table's schema: Key p",
        ),
        (
            "SELECT c FROM tab WHERE p = 'x' AND c IN [1, '2']",
            "Key attribute's data type should match its data type in table's schema: Key c",
        ),
        (
            "SELECT c FROM tab WHERE p = 'y' ORDER BY name",
            "Attribute name in ORDER BY clause must be part of the primary key",
        ),
    ],
)
def test_measured_refusals(ddb: Any, filled: str, statement: str, text: str) -> None:
    """Statements that AWS refuses, with the places that it names."""
    assert text == refusal(ddb, statement, *([{"S": "v"}] if "?" in statement else []))


def test_parameters_are_checked_first(ddb: Any, filled: str) -> None:
    """A parameter that is no value is refused before the statement is read."""
    text = "One or more parameter values were invalid: Input collection [a, a] contains duplicates."
    assert text == refusal(ddb, "UPDATE tab SET WHERE", {"SS": ["a", "a"]})


def test_transaction_reads(ddb: Any, filled: str) -> None:
    """A key may be said twice or by an IN of one; one of another type cancels the transaction."""
    answer = ddb.execute_transaction(
        TransactStatements=[{"Statement": "SELECT c FROM tab WHERE p IN ['x'] AND p = 'x' AND c = 1"}]
    )
    assert answer["Responses"] == [{"Item": {"c": {"N": "1"}}}]
    read = "SELECT * FROM tab WHERE p = 'x' AND c = 1"
    mismatch = ("ValidationError", "The provided key element does not match the schema")
    assert transaction_refusal(ddb, read, read, "SELECT * FROM tab WHERE p = 1 AND c = 1") == [
        ("None", None),
        ("None", None),
        mismatch,
    ]
    update = "UPDATE tab SET a = 1 WHERE p = 'x' AND c = 1"
    text = "ExecuteTransaction API does not support both read and write operations in the same request."
    assert text == transaction_refusal(ddb, read, update)


def test_transaction_writes_of_no_one_item(ddb: Any, filled: str) -> None:
    """Every write of a transaction that does not name one item has its reason."""
    mismatch = ("ValidationError", "The provided key element does not match the schema")
    assert transaction_refusal(
        ddb,
        "UPDATE tab SET a = 1 WHERE p = 'x'",
        "UPDATE tab SET a = 1 WHERE p = 'x' AND c = 1",
        "INSERT INTO tab VALUE {'p': 'new'}",
    ) == [
        mismatch,
        ("None", None),
        ("ValidationError", "One or more parameter values were invalid: Missing the key c in the item"),
    ]


def test_transactions_on_missing_tables(ddb: Any, filled: str) -> None:
    """Tables that are not there cancel a transaction, but what it may not do on others is refused before."""
    gone = "UPDATE gone SET a = 1 WHERE p = 'x' AND c = 1"
    update = "UPDATE tab SET a = 1 WHERE p = 'x' AND c = 1"
    assert transaction_refusal(ddb, f"{gone} RETURNING ALL NEW *", update) == [
        ("ResourceNotFound", "Requested resource not found"),
        ("None", None),
    ]
    text = "Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction."
    assert text == transaction_refusal(ddb, gone, f"{update} RETURNING ALL NEW *")


def test_one_key_said_twice(ddb: Any, filled: str) -> None:
    """A write may name its key twice, but not two keys."""
    run(ddb, "UPDATE tab SET a = 2 WHERE p = 'x' AND c = 1 AND p = 'x'")
    assert ddb.get_item(TableName="tab", Key=key("x", 1))["Item"]["a"] == {"N": "2"}
    text = "Multiple conditions on same key p. Only single item Update/Insert/Delete are supported"
    assert text == refusal(ddb, "UPDATE tab SET a = 2 WHERE p = 'x' AND c = 1 AND p = 'y'")


def test_exists_names_one_item(ddb: Any, filled: str) -> None:
    """EXISTS needs equalities on the key: an IN of one value is none."""
    refused = "EXISTS() must contain a single item read with additional condition"
    text = f"Validation failed in TransactStatements[0]: {refused}"
    exists = "EXISTS(SELECT * FROM tab WHERE p IN ['x'] AND c = 1 AND name = 'n1')"
    assert text == transaction_refusal(ddb, exists, "DELETE FROM tab WHERE p = 'y' AND c = 1")
