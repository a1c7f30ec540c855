"""Exports to and imports from S3."""

from __future__ import annotations

import gzip
import json
from typing import Any

import boto3
import pytest

from tests.services.dynamodb.conftest import definition, is_modelled, key

BUCKET = "transfers"


@pytest.fixture
def s3(aws: Any) -> Any:
    """A client of S3 with a bucket."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def arn(ddb: Any, table: str) -> str:
    """The ARN of a table with recovery and an item of every type."""
    specification = {"PointInTimeRecoveryEnabled": True}
    ddb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=specification)
    ddb.put_item(TableName=table, Item={**key(), "b": {"B": b"\x00\xff"}, "m": {"M": {"bs": {"BS": [b"a"]}}}})
    return str(ddb.describe_table(TableName=table)["Table"]["TableArn"])


def export(ddb: Any, arn: str, **more: Any) -> dict[str, Any]:
    begun = ddb.export_table_to_point_in_time(TableArn=arn, S3Bucket=BUCKET, S3Prefix="pre", **more)
    described: dict[str, Any] = ddb.describe_export(ExportArn=begun["ExportDescription"]["ExportArn"])
    assert begun["ExportDescription"]["ExportStatus"] == "IN_PROGRESS"
    return dict(described["ExportDescription"])


def exported(s3: Any, described: dict[str, Any]) -> list[Any]:
    summary = json.loads(s3.get_object(Bucket=BUCKET, Key=described["ExportManifest"])["Body"].read())
    files = json.loads(s3.get_object(Bucket=BUCKET, Key=summary["manifestFilesS3Key"])["Body"].read())
    body = gzip.decompress(s3.get_object(Bucket=BUCKET, Key=files["dataFileS3Key"])["Body"].read())
    assert (summary["itemCount"], files["itemCount"]) == (described["ItemCount"],) * 2
    return [json.loads(line) for line in body.splitlines()]


def load(ddb: Any, name: str = "loaded", **more: Any) -> dict[str, Any]:
    given = {"InputFormat": "DYNAMODB_JSON", "InputCompressionType": "NONE", **more}
    begun = ddb.import_table(
        S3BucketSource={"S3Bucket": BUCKET, "S3KeyPrefix": "in/"},
        TableCreationParameters={"TableName": name, **definition(p="S", c="N")},
        **given,
    )
    described = ddb.describe_import(ImportArn=begun["ImportTableDescription"]["ImportArn"])
    return dict(described["ImportTableDescription"])


def test_full_export(ddb: Any, s3: Any, arn: str) -> None:
    """An export holds the items as JSON lines, named by manifests."""
    described = export(ddb, arn)
    item = {"p": {"S": "x"}, "c": {"N": "1"}, "b": {"B": "AP8="}, "m": {"M": {"bs": {"BS": ["YQ=="]}}}}
    assert (described["ExportStatus"], exported(s3, described)) == ("COMPLETED", [{"Item": item}])
    assert ddb.list_exports(TableArn=arn)["ExportSummaries"][0]["ExportArn"] == described["ExportArn"]


def test_export_of_the_past(aws: Any, ddb: Any, s3: Any, table: str, arn: str) -> None:
    """An export shows the table as it was."""
    then = aws.clock.now()
    aws.clock.advance(minutes=1)
    ddb.put_item(TableName=table, Item=key("x", 2))
    assert export(ddb, arn, ExportTime=then)["ItemCount"] == 1


@pytest.mark.skipif(
    not is_modelled("ExportTableToPointInTime", "FilterSpecification"), reason="botocore knows no filters of exports"
)
def test_filtered_export(ddb: Any, s3: Any, table: str, arn: str) -> None:
    """An export takes along what its filter lets through."""
    ddb.put_item(TableName=table, Item=key("x", 2))
    wanted = {"FilterExpression": "c > :c", "ExpressionAttributeValues": {":c": {"N": "1"}}}
    assert exported(s3, export(ddb, arn, FilterSpecification=wanted)) == [{"Item": {"p": {"S": "x"}, "c": {"N": "2"}}}]


def test_incremental_export(aws: Any, ddb: Any, s3: Any, table: str, arn: str) -> None:
    """An incremental export tells once of each item that changed, as it was and became."""
    aws.clock.advance(minutes=1)
    span: dict[str, Any] = {"ExportFromTime": aws.clock.now()}
    for number in (1, 2):
        ddb.put_item(TableName=table, Item={**key("x", 2), "n": {"N": str(number)}})
    ddb.delete_item(TableName=table, Key=key())
    aws.clock.advance(minutes=1)
    span["ExportToTime"] = aws.clock.now()
    described = export(ddb, arn, ExportType="INCREMENTAL_EXPORT", IncrementalExportSpecification=span)
    records = {record["Keys"]["c"]["N"]: record for record in exported(s3, described)}
    assert sorted(records) == ["1", "2"]
    assert ("NewImage" in records["1"], records["2"]["NewImage"]["n"]) == (False, {"N": "2"})


def test_export_needs_recovery_and_a_bucket(ddb: Any, s3: Any, table: str, users: str, arn: str) -> None:
    """Without recovery the call fails; without a bucket the export does."""
    with pytest.raises(ddb.exceptions.PointInTimeRecoveryUnavailableException):
        export(ddb, ddb.describe_table(TableName=users)["Table"]["TableArn"])
    begun = ddb.export_table_to_point_in_time(TableArn=arn, S3Bucket="no-such-bucket")["ExportDescription"]
    described = ddb.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
    assert (described["ExportStatus"], described["FailureCode"]) == ("FAILED", "S3NoSuchBucket")


def test_formats_that_are_left_out(ddb: Any, s3: Any, arn: str) -> None:
    """Ion is answered by a clear error."""
    with pytest.raises(ddb.exceptions.ClientError, match="ExportFormat ION is not implemented by mocksls"):
        ddb.export_table_to_point_in_time(TableArn=arn, S3Bucket=BUCKET, ExportFormat="ION")


def test_export_comes_back(ddb: Any, s3: Any, table: str, arn: str) -> None:
    """What was exported can be imported, binaries and all."""
    described = export(ddb, arn)
    (name,) = [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"] if "/data/" in one["Key"]]
    s3.copy_object(Bucket=BUCKET, Key="in/data.json.gz", CopySource={"Bucket": BUCKET, "Key": name})
    assert load(ddb, InputCompressionType="GZIP")["ImportedItemCount"] == described["ItemCount"]
    assert ddb.scan(TableName="loaded")["Items"] == ddb.scan(TableName=table)["Items"]


def test_import_of_csv(ddb: Any, s3: Any) -> None:
    """Columns are text but for the keys; the first line names them unless the request does."""
    s3.put_object(Bucket=BUCKET, Key="in/a.csv", Body=b"p,c,note\nx,1,7\n")
    assert load(ddb, InputFormat="CSV")["ImportStatus"] == "COMPLETED"
    assert ddb.scan(TableName="loaded")["Items"] == [{**key(), "note": {"S": "7"}}]


def test_import_with_bad_items(ddb: Any, s3: Any) -> None:
    """Items that cannot be written are counted and logged; the others are there."""
    lines = [{"Item": {"p": {"S": "x"}, "c": {"N": "1"}}}, {"Item": {"p": {"S": "x"}}}, {"no": "item"}]
    s3.put_object(Bucket=BUCKET, Key="in/data", Body="\n".join(map(json.dumps, lines)) + "\nnonsense")
    described = load(ddb)
    counts = [described[name] for name in ("ProcessedItemCount", "ImportedItemCount", "ErrorCount")]
    assert (described["ImportStatus"], described["FailureCode"], counts) == ("FAILED", "ItemValidationError", [4, 1, 3])
    assert ddb.list_imports()["ImportSummaryList"][0]["ImportStatus"] == "FAILED"
    logs = boto3.client("logs", region_name="us-east-1")
    assert len(logs.filter_log_events(logGroupName="/aws-dynamodb/imports")["events"]) == 3


def test_import_without_a_bucket(aws: Any, ddb: Any) -> None:
    """An import without a source leaves no table."""
    assert load(ddb)["FailureCode"] == "S3NoSuchBucket"
    assert ddb.list_tables()["TableNames"] == []


def test_client_tokens(ddb: Any, s3: Any) -> None:
    """A token's second use is the same import; with other parameters it is refused."""
    s3.put_object(Bucket=BUCKET, Key="in/data", Body=b"")
    first = load(ddb, ClientToken="one")
    assert load(ddb, ClientToken="one")["ImportArn"] == first["ImportArn"]
    with pytest.raises(ddb.exceptions.IdempotentParameterMismatchException):
        load(ddb, name="other", ClientToken="one")
