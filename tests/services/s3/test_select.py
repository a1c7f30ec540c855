"""S3 Select: queries on CSV and JSON objects."""

from __future__ import annotations

import bz2
import gzip
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

BUCKET = "a-bucket"
CSV = b'name,age,city\nann,30,"Ulm, Old"\nbob,20,Bonn\ncy,41,\n'
PEOPLE = [
    {"name": "ann", "age": 30, "pets": ["cat"]},
    {"name": "bob", "age": None, "pets": []},
    {"name": "cy", "age": 41},
]
LINES = b"\n".join(json.dumps(each).encode() for each in PEOPLE)


@pytest.fixture
def client(aws: Any) -> Any:
    """A client with the same people in both forms."""
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="csv", Body=CSV)
    s3.put_object(Bucket=BUCKET, Key="json", Body=LINES)
    return s3


def select(client: Any, query: str, key: str = "csv", source: Any = None, target: Any = None) -> str:
    """What a query finds."""
    usual: dict[str, Any] = {"CSV": {"FileHeaderInfo": "USE"}} if key.startswith("csv") else {"JSON": {"Type": "LINES"}}
    answer = client.select_object_content(
        Bucket=BUCKET,
        Key=key,
        Expression=query,
        ExpressionType="SQL",
        InputSerialization=source or usual,
        OutputSerialization=target or {"CSV": {}},
    )
    return b"".join(event["Records"]["Payload"] for event in answer["Payload"] if "Records" in event).decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * FROM S3Object", 'ann,30,"Ulm, Old"\nbob,20,Bonn\ncy,41,\n'),
        ("SELECT s.name FROM S3Object s WHERE CAST(s.age AS INT) > 25", "ann\ncy\n"),
        ("SELECT name FROM S3Object WHERE age >= 30 AND NOT name = 'cy'", "ann\n"),
        ("SELECT s._1 FROM S3Object s WHERE s.name LIKE '%n%' OR s.name IN ('bob')", "ann\nbob\n"),
        ("SELECT name FROM S3Object WHERE age BETWEEN 15 AND 30 LIMIT 1", "ann\n"),
        ("SELECT COUNT(*), SUM(CAST(age AS INT)), MIN(age), AVG(age) FROM S3Object", "3,91,20,30.333333333333332\n"),
        ("SELECT UPPER(name) || '!' FROM S3Object LIMIT 2", "ANN!\nBOB!\n"),
        ("SELECT SUBSTRING(name FROM 2 FOR 1), TRIM(' x '), CHAR_LENGTH(name) FROM S3Object LIMIT 1", "n,x,3\n"),
        ("SELECT CASE WHEN age > 29 THEN 'old' ELSE 'young' END FROM S3Object", "old\nyoung\nold\n"),
        ("SELECT COALESCE(NULLIF(city, ''), 'none') FROM S3Object WHERE name = 'cy'", "none\n"),
        ("SELECT (1 + 2) * 3 - 4 / 2, -5 % 3 FROM S3Object LIMIT 1", "7,-2\n"),
    ],
)
def test_queries_on_csv(client: Any, query: str, found: str) -> None:
    """The common part of SQL."""
    assert select(client, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "SELECT s.name, s.pets[0] AS pet FROM S3Object s",
            [{"name": "ann", "pet": "cat"}, {"name": "bob"}, {"name": "cy"}],
        ),
        ("SELECT s.name FROM S3Object s WHERE s.age IS NULL", [{"name": "bob"}]),
        ("SELECT s.name FROM S3Object s WHERE s.pets IS MISSING", [{"name": "cy"}]),
        ("SELECT COUNT(*) AS n FROM S3Object[*] s WHERE s.age > 35", [{"n": 1}]),
        ('SELECT s."name" FROM S3Object s WHERE s."Name" = \'x\'', []),
    ],
)
def test_queries_on_json(client: Any, query: str, found: list[Any]) -> None:
    """Paths, indexes, and what is not there."""
    answer = select(client, query, "json", target={"JSON": {}})
    assert [json.loads(line) for line in answer.splitlines()] == found


@pytest.mark.parametrize(("kind", "pack"), [("GZIP", gzip.compress), ("BZIP2", bz2.compress)])
def test_compressed(client: Any, kind: str, pack: Any) -> None:
    """Packed objects are unpacked; what is not packed is told."""
    client.put_object(Bucket=BUCKET, Key="csv.z", Body=pack(CSV))
    source = {"CSV": {"FileHeaderInfo": "USE"}, "CompressionType": kind}
    assert select(client, "SELECT name FROM S3Object", "csv.z", source) == "ann\nbob\ncy\n"
    with pytest.raises(ClientError, match="InvalidCompressionFormat"):
        select(client, "SELECT name FROM S3Object", "csv", source)


def test_forms_of_csv(client: Any) -> None:
    """Delimiters and quotes of both sides."""
    client.put_object(Bucket=BUCKET, Key="csv.t", Body=b"a;'b;c'\nd;e\n")
    source = {"CSV": {"FieldDelimiter": ";", "QuoteCharacter": "'"}}
    target = {"CSV": {"FieldDelimiter": "|", "QuoteFields": "ALWAYS", "RecordDelimiter": "#"}}
    assert select(client, "SELECT * FROM S3Object", "csv.t", source, target) == '"a"|"b;c"#"d"|"e"#'


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT name", "ParseSelectMissingFrom"),
        ("SELECT name FROM S3Object WHERE", "ParseUnexpectedToken"),
        ("SELECT name FROM Table", "InvalidDataSource"),
        ("SELECT NOW() FROM S3Object", "UnsupportedFunction"),
        ("SELECT CAST(name AS INT) FROM S3Object", "CastFailed"),
        ("SELECT name ? FROM S3Object", "LexerInvalidChar"),
        ("SELECT CAST(name AS BLOB) FROM S3Object", "ParseExpectedTypeName"),
        ("SELECT name FROM S3Object LIMIT 'a'", "ParseUnexpectedToken"),
    ],
)
def test_bad_queries(client: Any, query: str, code: str) -> None:
    """Each fault has its code."""
    with pytest.raises(ClientError) as caught:
        select(client, query)
    assert caught.value.response["Error"]["Code"] == code


def test_statistics(client: Any) -> None:
    """After the records come the statistics, and the end."""
    answer = client.select_object_content(
        Bucket=BUCKET,
        Key="csv",
        Expression="SELECT * FROM S3Object LIMIT 0",
        ExpressionType="SQL",
        InputSerialization={"CSV": {}},
        OutputSerialization={"CSV": {}},
    )
    stats, end = list(answer["Payload"])
    assert stats["Stats"]["Details"] == {"BytesScanned": len(CSV), "BytesProcessed": len(CSV), "BytesReturned": 0}
    assert end == {"End": {}}
