"""Statements, transactions, backups, replicas, policies and vectors: one answer by both seams, step for step."""

from __future__ import annotations

from typing import Any

from mocksls import mock_serverless
from tests.seams.conftest import client
from tests.seams.test_comparison import MOMENT, Step, answer, kinds
from tests.services.dynamodb.conftest import definition, index, is_modelled, key
from tests.services.dynamodb.test_vectors import vector, vector_index

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/tab"
POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
)
ITEM: dict[str, Any] = {**key(), "b": {"B": b"\x00\xff"}, "bs": {"BS": [b"1"]}, "n": {"N": "1.50"}, "u": {"S": "ü"}}
RECOVERY = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}


def of_table(name: str, **more: Any) -> Step:
    """A step on the table."""
    return name, {"TableName": "tab", **more}


def update(condition: str) -> dict[str, Any]:
    """A member of a transaction."""
    return {
        "Update": {
            "TableName": "tab",
            "Key": key(),
            "UpdateExpression": "SET n = n + :n",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":n": {"N": "1"}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


STEPS: list[Step] = [
    of_table("create_table", **definition(p="S", c="N") | {"AttributeDefinitions": [
        {"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "N"},
        {"AttributeName": "g", "AttributeType": "B"}]},
        GlobalSecondaryIndexes=[index("gix", "g")], StreamSpecification={
            "StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}),
    of_table("put_item", Item=ITEM, ReturnConsumedCapacity="INDEXES", ReturnItemCollectionMetrics="SIZE"),
    ("execute_statement", {"Statement": "SELECT * FROM tab WHERE p = ?", "Parameters": [{"S": "x"}]}),
    ("execute_statement", {"Statement": "SELECT * FROM tab", "Limit": 1, "ReturnConsumedCapacity": "TOTAL"}),
    ("execute_statement", {"Statement": "INSERT INTO tab VALUE {'p': 'x', 'c': 1}"}),
    ("execute_statement", {"Statement": "UPDATE tab SET n = n + 1 WHERE p = 'x' AND c = 1 RETURNING ALL NEW *"}),
    ("execute_statement", {"Statement": "SELEKT"}),
    ("batch_execute_statement", {"Statements": [
        {"Statement": "INSERT INTO tab VALUE {'p': 'y', 'c': 2, 'b': ?}", "Parameters": [{"B": b"\x01"}]},
        {"Statement": "INSERT INTO tab VALUE {'p': 'x', 'c': 1}", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
        {"Statement": "UPDATE missing SET a = 1 WHERE p = 'x'"}]}),
    ("execute_transaction", {"TransactStatements": [
        {"Statement": "INSERT INTO tab VALUE {'p': 'z', 'c': 1}"},
        {"Statement": "INSERT INTO tab VALUE {'p': 'x', 'c': 1}"}]}),
    ("transact_write_items", {"TransactItems": [update("attribute_exists(p)")], "ReturnConsumedCapacity": "TOTAL"}),
    ("transact_write_items", {"TransactItems": [update("attribute_not_exists(p)")]}),
    ("transact_get_items", {"TransactItems": [{"Get": {"TableName": "tab", "Key": key()}}]}),
    ("transact_write_items", {"TransactItems": [{}]}),
    ("batch_write_item", {"RequestItems": {"tab": [{"PutRequest": {"Item": ITEM}}, {"PutRequest": {"Item": ITEM}}]}}),
    of_table("scan", Segment=0, TotalSegments=2),
    of_table("query", IndexName="gix", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"B": b"g"}}),
    of_table("query", KeyConditionExpression="n = :g", ExpressionAttributeValues={":g": {"N": "1"}}),
    of_table("update_continuous_backups", **RECOVERY),
    of_table("describe_continuous_backups"),
    of_table("create_backup", BackupName="backup"),
    ("list_backups", {}),
    of_table("create_backup", BackupName="bad name"),
    ("describe_backup", {"BackupArn": f"{ARN}/backup/01489602797149-73d8d5bc"}),
    ("put_resource_policy", {"ResourceArn": ARN, "Policy": POLICY}),
    ("get_resource_policy", {"ResourceArn": ARN}),
    of_table("update_contributor_insights", ContributorInsightsAction="ENABLE"),
    of_table("describe_contributor_insights"),
    of_table("update_table", VectorIndexUpdates=[{"Create": vector_index("vix")}]),
    of_table("put_item", Item={**ITEM, "embedding": {"L": vector(0.5, 0.1, 0)}}),
    of_table("search_vectors", IndexName="vix", SearchVector=vector(1, 0, 0), TopK=1),
    of_table("search_vectors", IndexName="none", SearchVector=vector(1, 0, 0), TopK=1),
    of_table("update_time_to_live", TimeToLiveSpecification={"Enabled": True, "AttributeName": "t"}),
    of_table("describe_time_to_live"),
    of_table("update_table", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}]),
    of_table("describe_table"),
    ("export_table_to_point_in_time", {"TableArn": ARN, "S3Bucket": "no-bucket", "ClientToken": "once"}),
    ("describe_limits", {}),
    ("describe_endpoints", {}),
    of_table("delete_table"),
]  # fmt: skip
KNOWN = [(name, params) for name, params in STEPS if is_modelled(name.title().replace("_", ""), *params)]


def answers(seam: str) -> list[dict[str, Any]]:
    """The answers to all steps in a fresh cloud."""
    with mock_serverless(region="us-east-1", seed=5) as aws:
        aws.clock.freeze(MOMENT)
        made = client("dynamodb", seam)
        return [answer(getattr(made, name), params) for name, params in KNOWN]


def test_seams_agree() -> None:
    """Members, their types, status, headers and errors are equal."""
    for step, typed, wire in zip(KNOWN, answers("typed"), answers("wire"), strict=True):
        assert (step, kinds(typed)) == (step, kinds(wire))
        assert (step, typed) == (step, wire)
