"""Topics: made, described, changed, deleted, tagged; their policies."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from mocksls import mock_serverless
from mocksls._kernel.call import Principal
from mocksls._kernel.errors import AwsError

from .conftest import ACCOUNT, TOPIC, refused

HEALTHY = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}


def attributes_of(sns: Any, topic: str = TOPIC) -> dict[str, str]:
    """All attributes of a topic."""
    found: dict[str, str] = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    return found


def test_attributes_of_a_new_topic(seams: Any) -> None:
    """AWS's defaults, and nothing else (recorded)."""
    shown = attributes_of(seams)
    policy = json.loads(shown.pop("Policy"))
    assert json.loads(shown.pop("EffectiveDeliveryPolicy"))["http"] == {
        "defaultHealthyRetryPolicy": HEALTHY,
        "disableSubscriptionOverrides": False,
        "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    }
    assert shown == {
        "TopicArn": TOPIC,
        "Owner": ACCOUNT,
        "DisplayName": "",
        "SubscriptionsPending": "0",
        "SubscriptionsConfirmed": "0",
        "SubscriptionsDeleted": "0",
    }
    (statement,) = policy["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}
    assert statement["Principal"] == {"AWS": "*"}


def test_attributes_of_a_fifo_topic(sns: Any) -> None:
    """Two attributes more, and those that were set (recorded)."""
    given = {"FifoTopic": "true", "DisplayName": "shown", "SignatureVersion": "2"}
    shown = attributes_of(sns, sns.create_topic(Name="f.fifo", Attributes=given)["TopicArn"])
    assert given.items() <= shown.items()
    assert shown["ContentBasedDeduplication"] == "false"


def test_create_again(seams: Any) -> None:
    """The same topic is answered, but not for other attributes or tags (recorded)."""
    params = {"Name": "a", "Attributes": {"DisplayName": "x"}, "Tags": [{"Key": "k", "Value": "v"}]}
    arn = seams.create_topic(**params)["TopicArn"]
    assert seams.create_topic(**params)["TopicArn"] == seams.create_topic(Name="a")["TopicArn"] == arn
    refusal = refused(seams.create_topic, Name="a", Attributes={"DisplayName": "y"})
    text = "Invalid parameter: Attributes Reason: Topic already exists with different attributes"
    assert refusal == ("InvalidParameter", text)
    refusal = refused(seams.create_topic, Name="a", Tags=[{"Key": "other", "Value": "v"}])
    assert refusal == ("InvalidParameter", "Invalid parameter: Tags Reason: Topic already exists with different tags")


@pytest.mark.parametrize("name", ["", "a" * 257, "a b", "a.fifo", "ü"])
def test_names_that_are_refused(sns: Any, name: str) -> None:
    """Letters, digits, hyphens and underscores (recorded)."""
    assert refused(sns.create_topic, Name=name) == ("InvalidParameter", "Invalid parameter: Topic Name")


def test_fifo_names_end_in_fifo(sns: Any) -> None:
    """A FIFO topic's name says so (recorded)."""
    refusal = refused(sns.create_topic, Name="a", Attributes={"FifoTopic": "true"})
    assert refusal == ("InvalidParameter", "Invalid parameter: Topic Name")


@pytest.mark.parametrize(
    ("arn", "code", "text"),
    [
        ("x", "InvalidParameter", "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"),
        (TOPIC.replace("us-east-1", "eu-west-1"), "InvalidParameter", "Invalid parameter: TopicArn"),
        (f"{TOPIC}-not", "NotFound", "Topic does not exist"),
    ],
)
def test_topics_that_are_not_there(seams: Any, arn: str, code: str, text: str) -> None:
    """No ARN, another region's, or nobody's (recorded)."""
    assert refused(seams.get_topic_attributes, TopicArn=arn) == (code, text)
    assert refused(seams.publish, TopicArn=arn, Message="x") == (code, text)


def test_delete_topic(sns: Any) -> None:
    """A deleted topic is gone; deleting it again is fine (recorded)."""
    sns.delete_topic(TopicArn=TOPIC)
    sns.delete_topic(TopicArn=TOPIC)
    assert sns.list_topics()["Topics"] == []


def test_topics_in_pages(sns: Any) -> None:
    """A hundred a page."""
    for number in range(100):
        sns.create_topic(Name=f"a{number}")
    first = sns.list_topics()
    rest = sns.list_topics(NextToken=first["NextToken"])
    assert (len(first["Topics"]), len(rest["Topics"]), "NextToken" in rest) == (100, 1, False)


def test_attributes_that_are_refused(sns: Any) -> None:
    """Unknown ones, and FifoTopic after creation (recorded)."""
    for name in ("Nonsense", "FifoTopic"):
        refusal = refused(sns.set_topic_attributes, TopicArn=TOPIC, AttributeName=name, AttributeValue="true")
        assert refusal == ("InvalidParameter", "Invalid parameter: AttributeName")


def test_delivery_policy(sns: Any) -> None:
    """What it says is kept and lies over the defaults; nulls say nothing (recorded)."""
    given = {"minDelayTarget": 5, "maxDelayTarget": 6, "numRetries": 1}

    def put(http: Any) -> dict[str, str]:
        text = json.dumps({"http": http})
        sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="DeliveryPolicy", AttributeValue=text)
        return attributes_of(sns)

    shown = put({"defaultHealthyRetryPolicy": given})
    kept = {"http": {"defaultHealthyRetryPolicy": given, "disableSubscriptionOverrides": False}}
    assert json.loads(shown["DeliveryPolicy"]) == kept
    effective = json.loads(shown["EffectiveDeliveryPolicy"])["http"]["defaultHealthyRetryPolicy"]
    assert effective == {**HEALTHY, **given}
    shown = put({"defaultHealthyRetryPolicy": None})
    assert json.loads(shown["DeliveryPolicy"]) == {"http": {"disableSubscriptionOverrides": False}}
    assert "DeliveryPolicy" not in put(None)


def test_tags(seams: Any) -> None:
    """Tags are set, listed and removed; keys that come twice are refused (recorded)."""
    seams.tag_resource(ResourceArn=TOPIC, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    seams.untag_resource(ResourceArn=TOPIC, TagKeys=["a"])
    assert seams.list_tags_for_resource(ResourceArn=TOPIC)["Tags"] == [{"Key": "b", "Value": "2"}]
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    text = "Invalid parameter: Duplicated keys are not allowed."
    assert refused(seams.tag_resource, ResourceArn=TOPIC, Tags=twice) == ("InvalidParameter", text)
    refusal = refused(seams.list_tags_for_resource, ResourceArn=f"{TOPIC}-not")
    assert refusal == ("ResourceNotFound", "Resource does not exist")


def test_permissions(seams: Any) -> None:
    """A permission is a statement of the policy, by its label (recorded)."""
    added = {"TopicArn": TOPIC, "Label": "l", "AWSAccountId": ["111111111111"], "ActionName": ["Publish"]}
    seams.add_permission(**added)
    statement = json.loads(attributes_of(seams)["Policy"])["Statement"][1]
    assert statement == {
        "Sid": "l",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
        "Action": "SNS:Publish",
        "Resource": TOPIC,
    }
    assert refused(seams.add_permission, **added)[1] == "Invalid parameter: Statement already exists"
    text = "Invalid parameter: Policy statement action out of service scope!"
    assert refused(seams.add_permission, **{**added, "ActionName": ["Nonsense"]})[1] == text
    seams.remove_permission(TopicArn=TOPIC, Label="l")
    assert len(json.loads(attributes_of(seams)["Policy"])["Statement"]) == 1


def test_data_protection_policy(sns: Any) -> None:
    """It is stored, and shows nowhere else (recorded)."""
    text = json.dumps({"Name": "n", "Version": "2021-06-01", "Statement": []})
    before = attributes_of(sns)
    sns.put_data_protection_policy(ResourceArn=TOPIC, DataProtectionPolicy=text)
    assert sns.get_data_protection_policy(ResourceArn=TOPIC)["DataProtectionPolicy"] == text
    assert attributes_of(sns) == before


# -- who may -----------------------------------------------------------------------------------------------------------


def stranger(aws: Any) -> Any:
    """A client of another account."""
    aws.register_credentials("AKIAOTHER00000000000", "secret", "111111111111")
    return boto3.client("sns", aws_access_key_id="AKIAOTHER00000000000", aws_secret_access_key="secret")


def test_other_accounts_need_the_topics_policy(aws: Any, sns: Any) -> None:
    """The default policy is for the owner; a permission lets another account publish."""
    other = stranger(aws)
    code, text = refused(other.publish, TopicArn=TOPIC, Message="x")
    assert code == "AuthorizationError"
    assert f"is not authorized to perform: SNS:Publish on resource: {TOPIC}" in text
    sns.add_permission(TopicArn=TOPIC, Label="l", AWSAccountId=["111111111111"], ActionName=["Publish"])
    assert other.publish(TopicArn=TOPIC, Message="x")["MessageId"]
    assert refused(other.delete_topic, TopicArn=TOPIC)[0] == "AuthorizationError"


def test_services_need_the_topics_policy(aws: Any, sns: Any) -> None:
    """A bucket's events come only through a policy that lets S3 in; the trace says why they do not."""
    call = {"TopicArn": TOPIC, "Message": "x"}
    by = Principal.service("s3.amazonaws.com", ACCOUNT, "arn:aws:s3:::b")
    cloud = aws._cloud
    with pytest.raises(AwsError, match="AuthorizationError"):
        cloud.caller.call("sns", "Publish", call, principal=by)
    statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": TOPIC}]})
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=policy)
    assert cloud.caller.call("sns", "Publish", call, principal=by)["MessageId"]


@pytest.mark.parametrize(("action", "allowed"), [("sns:Publish", True), ("sns:Subscribe", False)])
def test_enforced(action: str, allowed: bool) -> None:
    """With iam="enforce" a user does what its policies allow."""
    with mock_serverless(region="us-east-1", iam="enforce") as aws:
        iam = boto3.client("iam")
        boto3.client("sns").create_topic(Name="t")
        iam.create_user(UserName="u")
        statement = {"Effect": "Allow", "Action": action, "Resource": TOPIC}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
        user = boto3.client("sns", **aws.credentials(f"arn:aws:iam::{ACCOUNT}:user/u"))
        if allowed:
            assert user.publish(TopicArn=TOPIC, Message="x")["MessageId"]
        else:
            code, text = refused(user.publish, TopicArn=TOPIC, Message="x")
            assert code == "AuthorizationError"
            assert "no identity-based policy allows the SNS:Publish action" in text


def test_unsigned_calls(aws: Any, sns: Any) -> None:
    """Callers without keys may do what a topic's policy lets anybody do, and nothing else."""
    anonymous = boto3.client("sns", config=Config(signature_version=UNSIGNED))
    assert refused(anonymous.list_topics)[0] == "AuthorizationError"
    assert refused(anonymous.create_topic, Name="a")[0] == "AuthorizationError"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=policy)
    assert anonymous.publish(TopicArn=TOPIC, Message="x")["MessageId"]
    assert refused(anonymous.delete_topic, TopicArn=TOPIC)[0] == "AuthorizationError"


@pytest.mark.parametrize(
    "policy",
    [
        "no JSON",
        "[]",
        "{}",
        '{"Statement": "x"}',
        '{"Statement": [1]}',
        '{"Statement": {"Effect": "Allow", "Principal": 5, "Action": 5, "Resource": 5}}',
        '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sns:*", "Condition": 5}}',
        '{"Statement": {"Effect": "Allow", "Action": "sns:*"}}',
        '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}}',
    ],
)
def test_policies_that_are_refused(sns: Any, policy: str) -> None:
    """What is no policy of a topic is not taken."""
    before = attributes_of(sns)
    setting = {"TopicArn": TOPIC, "AttributeName": "Policy", "AttributeValue": policy}
    assert refused(sns.set_topic_attributes, **setting)[0] == "InvalidParameter"
    assert attributes_of(sns) == before


@pytest.mark.parametrize(
    "policy",
    [
        "no JSON",
        "5",
        "[" * 50_000,
        '{"http": 5}',
        '{"http": {"defaultHealthyRetryPolicy": 5}}',
        '{"http": {"defaultHealthyRetryPolicy": {"numRetries": 101}}}',
        '{"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 9, "maxDelayTarget": 8}}}',
        '{"http": {"defaultRequestPolicy": {"headerContentType": 5}}}',
        '{"http": {"nonsense": {}}}',
    ],
)
def test_delivery_policies_that_are_refused(sns: Any, policy: str) -> None:
    """Limits as AWS documents them; nothing is kept of what is refused."""
    setting = {"TopicArn": TOPIC, "AttributeName": "DeliveryPolicy", "AttributeValue": policy}
    code, text = refused(sns.set_topic_attributes, **setting)
    assert (code, "DeliveryPolicy" in text) == ("InvalidParameter", True)
    assert "DeliveryPolicy" not in attributes_of(sns)
