"""Settings of tables beyond their items: policies, insights, destinations."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.services.dynamodb.conftest import definition, index

KINESIS = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"


def policy(action: str = "dynamodb:GetItem") -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def arn(ddb: Any, table: str) -> str:
    """The ARN of a table."""
    return str(ddb.describe_table(TableName=table)["Table"]["TableArn"])


def refused(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_policy_revisions(ddb: Any, arn: str) -> None:
    """The same policy keeps its revision; another one gets a later one."""
    revisions = [
        ddb.put_resource_policy(ResourceArn=arn, Policy=text)["RevisionId"]
        for text in (policy(), policy(), policy("dynamodb:PutItem"))
    ]
    shown = ddb.get_resource_policy(ResourceArn=arn)
    assert revisions[0] == revisions[1] < revisions[2] == shown["RevisionId"]
    assert shown["Policy"] == policy("dynamodb:PutItem")


def test_expected_revisions(ddb: Any, arn: str) -> None:
    """A policy with another revision than the expected one is not replaced."""
    revision = ddb.put_resource_policy(ResourceArn=arn, Policy=policy(), ExpectedRevisionId="NO_POLICY")["RevisionId"]
    beginning = "PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: Requested "
    for expected, message in (
        (
            "NO_POLICY",
            "policy update expecting none to be present for table tab, but a policy exists with revision id ",
        ),
        ("1", "update for policy with revision id 1, but the policy associated to target table tab has revision id "),
    ):
        given = {"ResourceArn": arn, "Policy": policy("*"), "ExpectedRevisionId": expected}
        assert refused(ddb.put_resource_policy, **given) == f"{beginning}{message}{revision}."
    assert refused(ddb.delete_resource_policy, ResourceArn=arn, ExpectedRevisionId="1").startswith(beginning)


def test_deleted_policy(ddb: Any, arn: str) -> None:
    """A policy that is gone is not found; deleting it again is no error."""
    ddb.put_resource_policy(ResourceArn=arn, Policy=policy())
    for _ in range(2):
        ddb.delete_resource_policy(ResourceArn=arn)
    missing = f"PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: {arn}"
    assert refused(ddb.get_resource_policy, ResourceArn=arn) == missing


def test_policy_of_a_new_table(ddb: Any) -> None:
    """CreateTable attaches a policy, and refuses what is none."""
    assert "malformed" in refused(ddb.create_table, TableName="new", ResourcePolicy="{", **definition(p="S"))
    made = ddb.create_table(TableName="new", ResourcePolicy=policy(), **definition(p="S"))["TableDescription"]
    assert ddb.get_resource_policy(ResourceArn=made["TableArn"])["Policy"] == policy()
    assert refused(ddb.get_resource_policy, ResourceArn=made["TableArn"] + "x") == (
        "ResourceNotFoundException: Requested resource not found: Table: newx not found"
    )


def test_contributor_insights(ddb: Any) -> None:
    """Insights of tables and global indexes are switched, told and listed."""
    made = definition(p="S", a="S")
    made["KeySchema"] = made["KeySchema"][:1]
    ddb.create_table(TableName="tab", GlobalSecondaryIndexes=[index("by_a", "a")], **made)
    assert ddb.describe_contributor_insights(TableName="tab")["ContributorInsightsStatus"] == "DISABLED"
    for more in ({}, {"IndexName": "by_a"}):
        ddb.update_contributor_insights(TableName="tab", ContributorInsightsAction="ENABLE", **more)
    shown = ddb.describe_contributor_insights(TableName="tab")
    assert (shown["ContributorInsightsStatus"], len(shown["ContributorInsightsRuleList"])) == ("ENABLED", 2)
    listed = ddb.list_contributor_insights(TableName="tab")["ContributorInsightsSummaries"]
    assert [one.get("IndexName") for one in listed] == [None, "by_a"]
    assert "ResourceNotFoundException" in refused(ddb.describe_contributor_insights, TableName="tab", IndexName="nope")


def test_kinesis_destinations(ddb: Any, table: str) -> None:
    """A stream is registered, changed and taken off; it stays listed."""
    where = {"TableName": table, "StreamArn": KINESIS}
    assert ddb.enable_kinesis_streaming_destination(**where)["DestinationStatus"] == "ENABLING"
    assert "ResourceInUseException" in refused(ddb.enable_kinesis_streaming_destination, **where)
    finer = {"ApproximateCreationDateTimePrecision": "MICROSECOND"}
    ddb.update_kinesis_streaming_destination(**where, UpdateKinesisStreamingConfiguration=finer)
    (shown,) = ddb.describe_kinesis_streaming_destination(TableName=table)["KinesisDataStreamDestinations"]
    assert shown == {"StreamArn": KINESIS, "DestinationStatus": "ACTIVE", **finer}
    assert ddb.disable_kinesis_streaming_destination(**where)["DestinationStatus"] == "DISABLING"
    (shown,) = ddb.describe_kinesis_streaming_destination(TableName=table)["KinesisDataStreamDestinations"]
    assert shown["DestinationStatus"] == "DISABLED"
    assert "ResourceInUseException" in refused(ddb.disable_kinesis_streaming_destination, **where)


def test_number_where_text_belongs(aws: Any, table: str) -> None:
    """A client that does not check parameters hears AWS's error, whatever it sends."""
    client = boto3.client("dynamodb", region_name="us-east-1", config=Config(parameter_validation=False))
    item = {"p": {"S": "x"}, "c": {"N": 1}}
    message = "SerializationException: NUMBER_VALUE cannot be converted to String"
    assert refused(client.put_item, TableName=table, Item=item) == message
