"""S3: events come to topics and EventBridge, with what follows there; who lets S3 not in does not get them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import BUCKET

REGION = "us-east-1"


@pytest.fixture
def bucket(aws: Any) -> Any:
    """A client with a bucket."""
    client = boto3.client("s3", region_name=REGION)
    client.create_bucket(Bucket=BUCKET)
    return client


def allow(service: str, action: str, arn: str, source: str) -> str:
    """A policy that lets a service in that acts for a resource."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": arn,
        "Condition": {"ArnLike": {"aws:SourceArn": source}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def queue(service: str, source: str) -> tuple[Any, str, str]:
    """A client of queues, with the address and the ARN of one that lets a service in."""
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = allow(service, "sqs:SendMessage", arn, source)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return sqs, url, arn


def received(sqs: Any, url: str) -> list[Any]:
    """What lies in a queue."""
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for each in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return [json.loads(each["Body"]) for each in messages]


def topic(*, lets_in: bool = True) -> tuple[Any, str]:
    """A client of topics, with the ARN of one."""
    sns = boto3.client("sns", region_name=REGION)
    arn = sns.create_topic(Name="events")["TopicArn"]
    if lets_in:
        policy = allow("s3.amazonaws.com", "sns:Publish", arn, f"arn:aws:s3:*:*:{BUCKET}")
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    return sns, arn


def tell(s3: Any, arn: str, *prefixes: str, **more: Any) -> None:
    """Have a topic hear of new objects."""
    wanted = [
        {
            "TopicArn": arn,
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
        }
        for prefix in prefixes
    ]
    told = {"TopicConfigurations": wanted}
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=told, **more)


def test_topics_pass_events_on(bucket: Any) -> None:
    """A queue that has subscribed gets one test event, though two configurations name the topic, and then the event."""
    sns, arn = topic()
    sqs, url, queue_arn = queue("sns.amazonaws.com", arn)
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
    tell(bucket, arn, "a/", "b/")
    (test,) = received(sqs, url)
    assert json.loads(test["Message"])["Event"] == "s3:TestEvent"
    bucket.put_object(Bucket=BUCKET, Key="b/k", Body=b"xyz")
    bucket.put_object(Bucket=BUCKET, Key="c/k", Body=b"xyz")
    (told,) = received(sqs, url)
    assert (told["Type"], told["TopicArn"], told["Subject"]) == ("Notification", arn, "Amazon S3 Notification")
    (record,) = json.loads(told["Message"])["Records"]
    assert (record["eventName"], record["s3"]["object"]["key"]) == ("ObjectCreated:Put", "b/k")


def test_topics_that_let_nobody_in(aws: Any, bucket: Any) -> None:
    """They are refused; where that was not to be checked, the trace says why nothing came."""
    _, arn = topic(lets_in=False)
    with pytest.raises(ClientError) as caught:
        tell(bucket, arn, "")
    error = caught.value.response["Error"]
    assert (error["ArgumentName1"], error["ArgumentValue1"][:36]) == (arn, "Permissions on the destination topic")
    tell(bucket, arn, "", SkipDestinationValidation=True)
    bucket.put_object(Bucket=BUCKET, Key="k")
    (entry,) = [entry for entry in aws.trace if entry.kind == "skipped"]
    assert "destination topic do not allow S3 to publish" in entry.text


def test_topics_that_are_not_there(bucket: Any) -> None:
    """They are told from those that refuse."""
    _, arn = topic()
    with pytest.raises(ClientError) as caught:
        tell(bucket, f"{arn}-else", "")
    assert caught.value.response["Error"]["ArgumentValue1"] == "The destination topic does not exist"


def test_event_bridge(bucket: Any) -> None:
    """Rules of the default bus match events of buckets that send them."""
    events = boto3.client("events", region_name=REGION)
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [BUCKET]}, "object": {"key": [{"prefix": "a/"}]}}}
    rule = events.put_rule(Name="uploads", EventPattern=json.dumps(pattern))["RuleArn"]
    sqs, url, arn = queue("events.amazonaws.com", rule)
    events.put_targets(Rule="uploads", Targets=[{"Id": "q", "Arn": arn}])
    bucket.put_object(Bucket=BUCKET, Key="a/too early")
    bucket.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    bucket.put_object(Bucket=BUCKET, Key="a/k k", Body=b"xyz")
    bucket.put_object(Bucket=BUCKET, Key="b")
    bucket.delete_object(Bucket=BUCKET, Key="a/k k")
    made, gone = received(sqs, url)
    assert (made["detail-type"], made["source"], made["region"]) == ("Object Created", "aws.s3", REGION)
    assert made["resources"] == [f"arn:aws:s3:::{BUCKET}"]
    detail = made["detail"]
    assert (detail["object"]["key"], detail["object"]["size"], detail["reason"]) == ("a/k k", 3, "PutObject")
    assert (detail["version"], detail["event-version"]) == ("0", "1.1")
    assert (gone["detail-type"], gone["detail"]["deletion-type"]) == ("Object Deleted", "Permanently Deleted")


def test_event_bridge_hears_of_buckets_that_ask_for_it(bucket: Any) -> None:
    """Buckets that send nothing to EventBridge are not heard of."""
    events = boto3.client("events", region_name=REGION)
    rule = events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.s3"]}))["RuleArn"]
    sqs, url, arn = queue("events.amazonaws.com", rule)
    events.put_targets(Rule="all", Targets=[{"Id": "q", "Arn": arn}])
    bucket.create_bucket(Bucket="other-bucket")
    bucket.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    bucket.put_object(Bucket="other-bucket", Key="k")
    bucket.put_object(Bucket=BUCKET, Key="k")
    assert [event["detail"]["bucket"]["name"] for event in received(sqs, url)] == [BUCKET]


def test_partitions(aws: Any) -> None:
    """The ARN of a bucket in China is one of China."""
    s3 = boto3.client("s3", region_name="cn-north-1")
    place = {"LocationConstraint": "cn-north-1"}
    assert s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)["BucketArn"] == f"arn:aws-cn:s3:::{BUCKET}"
