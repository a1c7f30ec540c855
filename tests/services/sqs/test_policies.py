"""Who may use a queue: its policy, callers of other accounts, services that act for a resource, the query protocol."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

from mocksls import mock_serverless

from .conftest import ACCOUNT, arn_of, received, refused

OTHER = "111111111111"


def client_of(aws: Any, arn: str) -> Any:
    """A client with the keys of a user or role."""
    return boto3.client("sqs", **aws.credentials(arn))


def allow(sqs: Any, url: str, principal: Any, **more: Any) -> None:
    """Let somebody send."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*", **more}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def test_other_accounts_need_the_queues_policy(aws: Any, sqs: Any, queue: str) -> None:
    """Without it they are denied, whatever they may at home; with it they send."""
    aws.register_credentials("AKIAOTHER00000000000", "secret", OTHER)
    keys = {"aws_access_key_id": "AKIAOTHER00000000000", "aws_secret_access_key": "secret"}
    stranger = boto3.client("sqs", **keys)
    code, text = refused(stranger.send_message, QueueUrl=queue, MessageBody="x")
    assert code == "AccessDenied"
    assert "is not authorized to perform: sqs:sendmessage" in text
    allow(sqs, queue, {"AWS": OTHER})
    stranger.send_message(QueueUrl=queue, MessageBody="x")
    assert received(sqs, queue) == ["x"]


def test_explicit_denial_holds_its_own_account(sqs: Any, queue: str) -> None:
    """A policy that denies is obeyed even where nothing is enforced."""
    allow(sqs, queue, "*", Effect="Deny")
    assert refused(sqs.send_message, QueueUrl=queue, MessageBody="x")[0] == "AccessDenied"


def test_service_needs_the_queues_policy(aws: Any, sqs: Any, queue: str) -> None:
    """A topic's message comes only through a policy that lets SNS in for that topic."""
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(sqs, queue))
    condition = {"ArnEquals": {"aws:SourceArn": f"{topic}-other"}}
    allow(sqs, queue, {"Service": "sns.amazonaws.com"}, Condition=condition)
    sns.publish(TopicArn=topic, Message="dropped")
    assert aws.trace.filter(kind="skipped", service="sns", text="AccessDeniedException")
    allow(sqs, queue, {"Service": "sns.amazonaws.com"}, Condition={"ArnEquals": {"aws:SourceArn": topic}})
    sns.publish(TopicArn=topic, Message="taken")
    assert [json.loads(body)["Message"] for body in received(sqs, queue)] == ["taken"]


def test_suites_for_moto_give_queues_no_policy() -> None:
    """With compat="moto" a queue without a policy takes what services send."""
    with mock_serverless(region="us-east-1", compat="moto"):
        sqs, sns = boto3.client("sqs"), boto3.client("sns")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        topic = sns.create_topic(Name="t")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(sqs, url))
        sns.publish(TopicArn=topic, Message="x")
        assert len(received(sqs, url)) == 1


@pytest.mark.parametrize(("actions", "allowed"), [(["sqs:SendMessage"], True), (["sqs:ReceiveMessage"], False)])
def test_enforced(actions: list[str], allowed: bool) -> None:
    """With iam="enforce" a role does what its policies allow."""
    with mock_serverless(region="us-east-1", iam="enforce") as aws:
        iam, sqs = boto3.client("iam"), boto3.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        trust = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}'  # noqa: E501
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
        statement = {"Effect": "Allow", "Action": actions, "Resource": arn_of(sqs, url)}
        document = {"Version": "2012-10-17", "Statement": statement}
        iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(document))
        role = client_of(aws, f"arn:aws:iam::{ACCOUNT}:role/r")
        if allowed:
            role.send_message(QueueUrl=url, MessageBody="x")
        else:
            code, text = refused(role.send_message, QueueUrl=url, MessageBody="x")
            assert (code, "no identity-based policy allows" in text) == ("AccessDenied", True)


# -- clients of the former query protocol ----------------------------------------------------------------------------


def post(url: str, **parameters: str) -> requests.Response:
    """A call in the query protocol, unsigned."""
    return requests.post(url, data={"Version": "2012-11-05", **parameters}, timeout=5)


def test_query_client(sqs: Any, queue: str) -> None:
    """Send, receive and delete with form parameters and XML, as a queue's policy lets anybody."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps({"Statement": statement})})
    attribute = {
        "MessageAttribute.1.Name": "a",
        "MessageAttribute.1.Value.DataType": "String",
        "MessageAttribute.1.Value.StringValue": "v",
    }
    sent = post(queue, Action="SendMessage", MessageBody="a <body>", **attribute)
    assert "<MD5OfMessageBody>" in sent.text
    taken = post(queue, Action="ReceiveMessage", **{"MessageAttributeName.1": "All"})
    assert "<Body>a &lt;body&gt;</Body>" in taken.text
    assert "<Name>a</Name><Value>" in taken.text
    handle = taken.text.partition("<ReceiptHandle>")[2].partition("<")[0]
    assert post(queue, Action="DeleteMessage", ReceiptHandle=handle).status_code == 200
    counted = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
    assert counted["Attributes"] == {"ApproximateNumberOfMessagesNotVisible": "0"}


def test_query_client_at_an_unknown_queue(aws: Any) -> None:
    """The text names the wsdl version (recorded)."""
    answer = post(f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/nope", Action="SendMessage", MessageBody="x")
    assert answer.status_code == 400
    assert "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in answer.text
    assert "<Message>The specified queue does not exist for this wsdl version.</Message>" in answer.text


def test_unsigned_json_needs_a_policy(aws: Any, sqs: Any, queue: str) -> None:
    """A client without keys is denied by a queue that says nothing of it."""
    anonymous = boto3.client("sqs", config=Config(signature_version=UNSIGNED))
    code, text = refused(anonymous.send_message, QueueUrl=queue, MessageBody="x")
    assert (code, text.startswith("User: anonymous is not authorized")) == ("AccessDenied", True)
    assert refused(anonymous.list_queues)[0] == "AccessDenied"
    assert refused(anonymous.create_queue, QueueName="a")[0] == "AccessDenied"
