"""Policies of an account: which groups fall under them, and what they do there; field indexes."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put
from .test_protection import EMAIL, messages, policy

PARSE = json.dumps([{"parseJSON": {}}])


def listen(event: dict[str, Any], context: Any) -> None:
    """Log what CloudWatch Logs sent."""
    print(gzip.decompress(base64.b64decode(event["awslogs"]["data"])).decode())


def put_policy(logs: Any, kind: str, document: str, name: str = "p", **more: Any) -> dict[str, Any]:
    """Put a policy of the account."""
    made = logs.put_account_policy(policyName=name, policyType=kind, policyDocument=document, **more)
    shown: dict[str, Any] = made["accountPolicy"]
    return shown


def test_protection_of_all_groups(logs: Any, put: Put) -> None:
    """The account's policy masks beside the group's own."""
    made = put_policy(logs, "DATA_PROTECTION_POLICY", policy(EMAIL))
    custom = {"CustomDataIdentifier": [{"Name": "Number", "Regex": "\\d+"}]}
    logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=policy("Number", Configuration=custom))
    put((-2, "a@b.com 12"))
    assert (["******* **"], "ALL", NOW) == (messages(logs), made["scope"], made["lastUpdatedTime"])


def test_subscription_of_all_groups(aws: Any, logs: Any, put: Put) -> None:
    """A function is sent the events of every group but those that are left out."""
    function = aws.function(listen)
    boto3.client("lambda").add_permission(
        FunctionName=function.name, StatementId="s", Action="lambda:InvokeFunction", Principal="logs.amazonaws.com"
    )
    own = f'LogGroupName NOT IN ["/aws/lambda/{function.name}", "quiet"]'
    document = json.dumps({"DestinationArn": function.arn, "FilterPattern": "ERROR"})
    put_policy(logs, "SUBSCRIPTION_FILTER_POLICY", document, selectionCriteria=own)
    logs.create_log_group(logGroupName="quiet")
    logs.create_log_stream(logGroupName="quiet", logStreamName="s")
    event = {"timestamp": NOW, "message": "ERROR unheard"}
    logs.put_log_events(logGroupName="quiet", logStreamName="s", logEvents=[event])
    put((-2, "ERROR heard"), (-1, "fine"))
    (told,) = [json.loads(line) for line in aws.logs(function.name) if line.startswith("{")]
    assert ("g", ["ERROR heard"]) == (told["logGroup"], [each["message"] for each in told["logEvents"]])


def test_subscription_needs_a_willing_function(logs: Any) -> None:
    """A function that is not there is refused."""
    document = json.dumps({"DestinationArn": "arn:aws:lambda:us-east-1:123456789012:function:none"})
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        put_policy(logs, "SUBSCRIPTION_FILTER_POLICY", document)


def test_transformer_of_some_groups(logs: Any, put: Put) -> None:
    """The account's transformer is for the groups that its prefix says, and gives way to a group's own."""
    csv = [{"csv": {"columns": ["level"]}}]
    put_policy(logs, "TRANSFORMER_POLICY", json.dumps(csv), selectionCriteria='LogGroupNamePrefix = "g"')
    put((-3, "ERROR,x"))
    logs.put_transformer(logGroupIdentifier="g", transformerConfig=[{"csv": {"columns": ["other"]}}])
    put((-2, "ERROR,x"))
    query = logs.start_query(
        logGroupName="g",
        startTime=NOW // 1000 - 9,
        endTime=NOW // 1000,
        queryString="display level, other | sort other",
    )["queryId"]
    rows = logs.get_query_results(queryId=query)["results"]
    assert [["level"], ["other"]] == [[each["field"] for each in row if each["field"] != "@ptr"] for row in rows]


@pytest.mark.parametrize(
    ("kind", "document", "more"),
    [
        ("TRANSFORMER_POLICY", '{"parseJSON": {}}', {}),
        ("TRANSFORMER_POLICY", '[{"parseJSON": {}}, {"addKeys": {}}]', {}),
        ("TRANSFORMER_POLICY", PARSE, {"selectionCriteria": "LogGroupName NOT IN []"}),
        ("SUBSCRIPTION_FILTER_POLICY", "{}", {}),
        ("DATA_PROTECTION_POLICY", policy(EMAIL), {"selectionCriteria": 'LogGroupNamePrefix = "g"'}),
        ("FIELD_INDEX_POLICY", '{"Fields": []}', {}),
        ("FIELD_INDEX_POLICY", '{"Fields": ["a"], "FieldsV2": {"a": {"type": "FACET"}}}', {}),
    ],
)
def test_bad_policies_are_refused(logs: Any, kind: str, document: str, more: dict[str, Any]) -> None:
    """Documents and criteria are checked by type; nothing is left behind."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        put_policy(logs, kind, document, **more)
    assert [] == logs.describe_account_policies(policyType=kind)["accountPolicies"]


def test_some_policies_are_single(logs: Any) -> None:
    """There is one protection policy; transformers are several where their prefixes do not overlap."""
    put_policy(logs, "DATA_PROTECTION_POLICY", policy(EMAIL))
    with pytest.raises(ClientError, match="LimitExceededException"):
        put_policy(logs, "DATA_PROTECTION_POLICY", policy(EMAIL), name="other")
    put_policy(logs, "TRANSFORMER_POLICY", PARSE, selectionCriteria='LogGroupNamePrefix = "/a"')
    put_policy(logs, "TRANSFORMER_POLICY", PARSE, name="other", selectionCriteria='LogGroupNamePrefix = "/b"')
    with pytest.raises(ClientError, match="InvalidParameterException"):
        put_policy(logs, "TRANSFORMER_POLICY", PARSE, name="third", selectionCriteria='LogGroupNamePrefix = "/a/b"')


def test_policies_are_deleted(logs: Any) -> None:
    """A policy is deleted by its type and name, once."""
    put_policy(logs, "DATA_PROTECTION_POLICY", policy(EMAIL))
    logs.delete_account_policy(policyName="p", policyType="DATA_PROTECTION_POLICY")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_account_policy(policyName="p", policyType="DATA_PROTECTION_POLICY")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.describe_account_policies(policyName="p", policyType="DATA_PROTECTION_POLICY")


def test_index_policies(logs: Any) -> None:
    """A group's own policy goes before the account's."""
    put_policy(logs, "FIELD_INDEX_POLICY", '{"Fields": ["a"]}')
    (found,) = logs.describe_index_policies(logGroupIdentifiers=["g"])["indexPolicies"]
    assert ("ACCOUNT", "p") == (found["source"], found["policyName"])
    logs.put_index_policy(logGroupIdentifier="g", policyDocument='{"Fields": ["b"]}')
    (found,) = logs.describe_index_policies(logGroupIdentifiers=["g"])["indexPolicies"]
    assert ("LOG_GROUP", '{"Fields": ["b"]}') == (found["source"], found["policyDocument"])
    logs.delete_index_policy(logGroupIdentifier="g")
    assert "ACCOUNT" == logs.describe_index_policies(logGroupIdentifiers=["g"])["indexPolicies"][0]["source"]


def test_indexed_fields_are_found(logs: Any, put: Put) -> None:
    """An indexed field tells when it was first and last seen."""
    logs.put_index_policy(logGroupIdentifier="g", policyDocument='{"Fields": ["user"]}')
    put((-3, '{"user": 1}'), (-2, "none"), (-1, '{"user": 2}'))
    found = logs.describe_field_indexes(logGroupIdentifiers=["g"])["fieldIndexes"]
    (index,) = [each for each in found if each["fieldIndexName"] == "user"]
    assert (NOW - 3, NOW - 1) == (index["firstEventTime"], index["lastEventTime"])


def test_index_may_be_asked(logs: Any, put: Put) -> None:
    """A query names an index to search by."""
    put((-3, '{"user": 1}'), (-2, '{"user": 2}'))
    query = logs.start_query(
        logGroupName="g",
        startTime=NOW // 1000 - 9,
        endTime=NOW // 1000,
        queryString="filterIndex user = 2 | display user",
    )["queryId"]
    (row,) = logs.get_query_results(queryId=query)["results"]
    assert {"field": "user", "value": "2"} == row[0]


def test_fields_of_a_group(logs: Any, put: Put) -> None:
    """The fields of recent events, with how many events have them."""
    put((-3, '{"user": 1}'), (-2, "none"))
    found = logs.get_log_group_fields(logGroupName="g")["logGroupFields"]
    percents = {each["name"]: each["percent"] for each in found}
    assert (100, 50) == (percents["@message"], percents["user"])


def test_groups_of_a_query(logs: Any) -> None:
    """A query tells which groups it searched."""
    query = logs.start_query(logGroupName="g", startTime=0, endTime=1, queryString="fields @message")["queryId"]
    assert ["g"] == logs.list_log_groups_for_query(queryId=query)["logGroupIdentifiers"]
