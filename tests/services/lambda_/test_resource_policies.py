"""Whole resource policies, beside permissions that are added one by one."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import Make, is_modelled

pytestmark = pytest.mark.skipif(
    not is_modelled("PutResourcePolicy", "Policy"), reason="botocore knows no whole policies of functions"
)

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def policy(*sids: str, service: str = "sns.amazonaws.com") -> str:
    """A document that lets a service invoke ``f``."""
    allows = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "lambda:InvokeFunction", "Resource": ARN}
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": sid, **allows} for sid in sids]})


def test_policy_replaces_added_permissions(client: Any, make: Make) -> None:
    """GetPolicy shows the same policy, and RemovePermission takes statements of it away."""
    make()
    client.add_permission(FunctionName="f", StatementId="old", Action="lambda:*", Principal="s3.amazonaws.com")
    put = client.put_resource_policy(ResourceArn=ARN, Policy=policy("a", "b"))
    assert json.loads(policy("a", "b")) == json.loads(client.get_policy(FunctionName="f")["Policy"])
    assert put["RevisionId"] == client.get_resource_policy(ResourceArn=ARN)["RevisionId"]
    client.remove_permission(FunctionName="f", StatementId="a")
    shown = json.loads(client.get_resource_policy(ResourceArn=ARN)["Policy"])
    assert ["b"] == [statement["Sid"] for statement in shown["Statement"]]


def test_policy_lets_a_trigger_invoke(aws: Any, client: Any, make: Make) -> None:
    """A topic's messages reach the function as soon as the policy says so."""
    make(source="def handler(event, context):\n    print(event['Records'][0]['Sns']['Message'])\n")
    topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=ARN)
    client.put_resource_policy(ResourceArn=ARN, Policy=policy("a"))
    boto3.client("sns").publish(TopicArn=topic, Message="allowed")
    client.put_resource_policy(ResourceArn=ARN, Policy=policy("a", service="s3.amazonaws.com"))
    boto3.client("sns").publish(TopicArn=topic, Message="refused")
    assert [True, False] == ["allowed" in aws.logs("f"), "refused" in aws.logs("f")]


def test_revision_is_held_against_the_policy(client: Any, make: Make) -> None:
    """Replacing and deleting may ask for a revision."""
    make()
    first = client.put_resource_policy(ResourceArn=ARN, Policy=policy("a"))["RevisionId"]
    second = client.put_resource_policy(ResourceArn=ARN, Policy=policy("b"), RevisionId=first)["RevisionId"]
    with pytest.raises(ClientError, match=r"PreconditionFailedException.*GetResourcePolicy"):
        client.delete_resource_policy(ResourceArn=ARN, RevisionId=first)
    client.delete_resource_policy(ResourceArn=ARN, RevisionId=second)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_resource_policy(ResourceArn=ARN)


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'])
def test_document_that_is_no_policy(client: Any, make: Make, text: str) -> None:
    """It is refused, and the policy before it stays."""
    make()
    client.put_resource_policy(ResourceArn=ARN, Policy=policy("a"))
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        client.put_resource_policy(ResourceArn=ARN, Policy=text)
    assert json.loads(policy("a")) == json.loads(client.get_resource_policy(ResourceArn=ARN)["Policy"])


def test_policies_of_versions_and_of_latest(client: Any, make: Make) -> None:
    """A version has a policy of its own; ``$LATEST`` and unknown functions have none."""
    make(Publish=True)
    client.put_resource_policy(ResourceArn=f"{ARN}:1", Policy=policy("a"))
    assert client.get_policy(FunctionName="f", Qualifier="1")["Policy"]
    for arn, code in ((f"{ARN}:$LATEST", "InvalidParameterValueException"), (f"{ARN}x", "ResourceNotFoundException")):
        with pytest.raises(ClientError, match=code):
            client.put_resource_policy(ResourceArn=arn, Policy=policy("a"))
