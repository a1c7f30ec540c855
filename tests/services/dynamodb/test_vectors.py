"""Vector indexes and the search in them; scores and texts were measured on AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, is_modelled

pytestmark = pytest.mark.skipif(not is_modelled("SearchVectors"), reason="botocore knows no vector indexes")

POINTS = {"a": (1, 0, 0), "b": (0, 1, 0), "c": (-1, 0, 0), "d": (0.6, 0.8, 0)}


def vector(*numbers: float) -> list[dict[str, str]]:
    return [{"N": str(number)} for number in numbers]


def vector_index(name: str, distance: str = "COSINE", **more: Any) -> dict[str, Any]:
    return {
        "IndexName": name,
        "VectorAttribute": {"AttributeName": "embedding"},
        "Dimensions": 3,
        "DistanceFunction": distance,
        "Projection": {"ProjectionType": "ALL"},
        **more,
    }


SCHEMA = [
    {"AttributeName": "tenant", "SearchSchemaElementType": "HASH"},
    {"AttributeName": "kind", "SearchSchemaElementType": "INLINE_FILTER"},
]


@pytest.fixture
def points(ddb: Any) -> str:
    """A table of points with an index of each distance, and one with a search schema."""
    made = definition(p="S", tenant="S", kind="S")
    made["KeySchema"] = made["KeySchema"][:1]
    kinds = [vector_index(name.lower(), name) for name in ("COSINE", "EUCLIDEAN", "DOT_PRODUCT")]
    ddb.create_table(TableName="pts", VectorIndexes=[*kinds, vector_index("schema", SearchSchema=SCHEMA)], **made)
    for name, point in POINTS.items():
        attributes = {"tenant": {"S": "t1"}, "kind": {"S": name}} if name in "ab" else {}
        ddb.put_item(TableName="pts", Item={"p": {"S": name}, "embedding": {"L": vector(*point)}, **attributes})
    return "pts"


def search(ddb: Any, name: str, top: int = 10, **more: Any) -> list[tuple[str, float]]:
    found = ddb.search_vectors(TableName="pts", IndexName=name, SearchVector=vector(1, 0, 0), TopK=top, **more)
    return [(one["Item"]["p"]["S"], round(one["Score"], 6)) for one in found["SearchResults"]]


@pytest.mark.parametrize(
    ("name", "scores"),
    [
        ("cosine", [("a", 0.0), ("d", 0.4), ("b", 1.0), ("c", 2.0)]),
        ("euclidean", [("a", 0.0), ("d", 0.894427), ("b", 1.414214), ("c", 2.0)]),
        ("dot_product", [("a", 1.0), ("d", 0.6), ("b", 0.0), ("c", -1.0)]),
    ],
)
def test_closest_first(ddb: Any, points: str, name: str, scores: list[tuple[str, float]]) -> None:
    """Results come with their scores, the closest first."""
    assert search(ddb, name) == scores
    assert search(ddb, name, top=1) == scores[:1]


def test_search_schema(ddb: Any, points: str) -> None:
    """An index with a search schema holds the items that have its hash attribute, and filters by the others."""
    values = {":t": {"S": "t1"}, ":k": {"S": "b"}}
    one: dict[str, Any] = {
        "SearchConditionExpression": "tenant = :t AND kind = :k",
        "ExpressionAttributeValues": values,
    }
    assert search(ddb, "schema", **one) == [("b", 1.0)]
    both: dict[str, Any] = {
        "SearchConditionExpression": "tenant = :t",
        "ExpressionAttributeValues": {":t": {"S": "t1"}},
    }
    assert [name for name, _ in search(ddb, "schema", **both)] == ["a", "b"]


def test_vectors_are_shown_when_projected(ddb: Any, points: str) -> None:
    """A result leaves its vector out unless the projection names it; it is shown as 32-bit floats."""
    request = {"TableName": points, "IndexName": "cosine", "SearchVector": vector(0.6, 0.8, 0), "TopK": 1}
    (plain,) = ddb.search_vectors(**request)["SearchResults"]
    (shown,) = ddb.search_vectors(**request, ProjectionExpression="embedding")["SearchResults"]
    assert plain["Item"] == {"p": {"S": "d"}}
    assert [element["N"] for element in shown["Item"]["embedding"]["L"]] == ["0.6", "0.8", "0.0"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"TopK": 101}, "Provided TopK value '101' is out of valid range. The value must be between 1 and 100 "
                        "inclusive"),
        ({"SearchVector": vector(1, 0)}, "Input search vector dimension 2 does not match vector index dimension 3"),
        ({"SearchVector": [{"S": "x"}] * 3}, "Search vector contains invalid values. All values in the search vector "
                                             "must be a 32-bit floating-point number attribute"),
        ({"IndexName": "nope"}, "The table does not have the specified index: nope"),
        ({"IndexName": "schema"}, "SearchConditionExpression must be provided when SearchSchema has a HASH key"),
        ({"SearchConditionExpression": "kind < :v", "ExpressionAttributeValues": {":v": {"S": "b"}}},
         "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"),
        ({"SearchConditionExpression": "kind = :v", "ExpressionAttributeValues": {":v": {"S": "b"}}},
         "SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: "
         "kind"),
    ],
)  # fmt: skip
def test_refused_searches(ddb: Any, points: str, change: dict[str, Any], message: str) -> None:
    """Searches that AWS refuses are refused in its words."""
    request = {"TableName": points, "IndexName": "cosine", "SearchVector": vector(1, 0, 0), "TopK": 1, **change}
    with pytest.raises(ClientError) as caught:
        ddb.search_vectors(**request)
    assert caught.value.response["Error"]["Message"] == message


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"embedding": {"L": vector(1, 0)}}, "Invalid size for parameter embedding, Expected: 3, Actual: 2"),
        (
            {"embedding": {"S": "x"}},
            "Invalid type for parameter embedding, Expected: 32-bit floating point number list",
        ),
        ({"embedding": {"L": [{"N": "1"}, {"S": "x"}, {"N": "0"}]}}, r"Invalid type for parameter embedding\[1\]"),
        ({"tenant": {"S": ""}}, "IndexName: schema, IndexKey: tenant"),
    ],
)
def test_refused_writes(ddb: Any, points: str, attributes: dict[str, Any], message: str) -> None:
    """What cannot stand in a vector index is refused as a whole."""
    with pytest.raises(ClientError, match=message):
        ddb.put_item(TableName=points, Item={"p": {"S": "bad"}, **attributes})
    assert "Item" not in ddb.get_item(TableName=points, Key={"p": {"S": "bad"}})


@pytest.mark.parametrize(
    ("indexes", "message"),
    [
        ([vector_index("vix", Dimensions=4097)], "Number of dimensions must be between 1 and 4096 inclusive."),
        ([vector_index(f"vix-{n}") for n in range(6)], "VectorIndex count exceeds the per-table limit of 5"),
        ([vector_index("one"), vector_index("two", Dimensions=4)], "must use the same dimensions"),
        ([vector_index("vix", SearchSchema=SCHEMA)], "One element in SearchSchema is not defined"),
    ],
)
def test_refused_definitions(ddb: Any, indexes: list[dict[str, Any]], message: str) -> None:
    """Vector indexes that AWS refuses are refused in its words."""
    with pytest.raises(ClientError, match=message):
        ddb.create_table(TableName="bad", VectorIndexes=indexes, **definition(p="S"))


def test_added_and_deleted(ddb: Any, users: str) -> None:
    """UpdateTable adds an index over the items that are there, and takes it away again."""
    ddb.put_item(TableName=users, Item={"id": {"S": "a"}, "embedding": {"L": vector(1, 0, 0)}})
    ddb.update_table(TableName=users, VectorIndexUpdates=[{"Create": vector_index("vix")}])
    (shown,) = ddb.describe_table(TableName=users)["Table"]["VectorIndexes"]
    assert (shown["IndexStatus"], shown["ItemCount"], shown["IndexSizeBytes"]) == ("ACTIVE", 1, 1024)
    ddb.update_table(TableName=users, VectorIndexUpdates=[{"Delete": {"IndexName": "vix"}}])
    assert "VectorIndexes" not in ddb.describe_table(TableName=users)["Table"]


def test_written_bytes(ddb: Any, points: str) -> None:
    """A write tells the bytes of each vector index that it changes, and of no other."""
    item = {"p": {"S": "new"}, "embedding": {"L": vector(0, 0, 1)}}
    told = [
        ddb.put_item(TableName=points, Item=item, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
        for _ in range(2)
    ]
    assert told[0]["VectorIndexes"]["cosine"] == {"VectorWriteRequestBytes": 1024.0}
    assert ("schema" in told[0]["VectorIndexes"], "VectorIndexes" in told[1]) == (False, False)
