"""HTTP endpoints: the handshake, deliveries, retries, signatures; answered by the test's own mocks and servers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
import responses
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pytest_httpserver import HTTPServer

from .conftest import TOPIC, notifications, open_queue, subscribed

HOOK = "https://hooks.example.com/sns"


@pytest.fixture
def hook() -> Iterator[Any]:
    """A mock of responses that takes what is posted to the endpoint."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.post(HOOK, status=200)
        yield mocked


def posted(hook: Any) -> list[Any]:
    """The requests at the endpoint, in order."""
    return [call.request for call in hook.calls if call.request.url == HOOK]


def confirmed(sns: Any, hook: Any, **attributes: str) -> str:
    """Subscribe the endpoint and visit the address that it was sent."""
    sns.subscribe(TopicArn=TOPIC, Protocol="https", Endpoint=HOOK, Attributes=attributes)
    question = json.loads(posted(hook)[-1].body)
    answer = requests.get(question["SubscribeURL"], timeout=5)
    assert answer.status_code == 200
    return answer.text.partition("<SubscriptionArn>")[2].partition("<")[0]


def verify(message: dict[str, str], *names: str) -> None:
    """Check a message's signature by the certificate that it names, as AWS's guide says."""
    certificate = x509.load_pem_x509_certificate(requests.get(message["SigningCertURL"], timeout=5).content)
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    hashed = hashes.SHA256() if message["SignatureVersion"] == "2" else hashes.SHA1()
    key: Any = certificate.public_key()
    key.verify(base64.b64decode(message["Signature"]), text.encode(), padding.PKCS1v15(), hashed)


NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
QUESTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def test_handshake(sns: Any, hook: Any) -> None:
    """The endpoint is asked with AWS's headers and body (recorded), and its visit confirms the subscription."""
    answer = sns.subscribe(TopicArn=TOPIC, Protocol="https", Endpoint=HOOK)
    assert answer["SubscriptionArn"] == "pending confirmation"
    (asked,) = posted(hook)
    question = json.loads(asked.body)
    assert asked.headers["x-amz-sns-message-type"] == question["Type"] == "SubscriptionConfirmation"
    assert asked.headers["x-amz-sns-topic-arn"] == TOPIC
    assert asked.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert asked.headers["User-Agent"] == "Amazon Simple Notification Service Agent"
    assert question["Message"] == (
        f"You have chosen to subscribe to the topic {TOPIC}.\nTo confirm the subscription, visit the SubscribeURL "
        "included in this message."
    )
    verify(question, *QUESTION)
    arn = confirmed(sns, hook)
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "false"


def test_notification(sns: Any, hook: Any) -> None:
    """A confirmed endpoint is posted AWS's notification (recorded), whose signature verifies."""
    arn = confirmed(sns, hook)
    sent = sns.publish(TopicArn=TOPIC, Message="text", Subject="s")["MessageId"]
    request = posted(hook)[-1]
    assert request.headers["x-amz-sns-message-id"] == sent
    assert request.headers["x-amz-sns-subscription-arn"] == arn
    assert "x-amz-sns-rawdelivery" not in request.headers
    body = json.loads(request.body)
    assert (body["Type"], body["Message"], body["Subject"]) == ("Notification", "text", "s")
    verify(body, *NOTIFICATION)


def test_raw_notification(sns: Any, hook: Any) -> None:
    """The message itself, with a header that says so, of the content type that the policy names (recorded)."""
    policy = json.dumps({"requestPolicy": {"headerContentType": "text/csv"}})
    confirmed(sns, hook, RawMessageDelivery="true", DeliveryPolicy=policy)
    sns.publish(TopicArn=TOPIC, Message="a,b")
    request = posted(hook)[-1]
    assert (request.body, request.headers["x-amz-sns-rawdelivery"]) == (b"a,b", "true")
    assert request.headers["Content-Type"] == "text/csv"


@pytest.mark.parametrize("version", ["1", "2"])
def test_signatures_in_queues(sns: Any, version: str) -> None:
    """Version 1 is SHA1, version 2 SHA256; both verify by the served certificate."""
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="SignatureVersion", AttributeValue=version)
    url, _ = subscribed(sns)
    sns.publish(TopicArn=TOPIC, Message="text with ünicode", Subject="s")
    (body,) = notifications(url)
    assert body["SignatureVersion"] == version
    verify(body, *NOTIFICATION)


def test_unsubscribing_tells_the_endpoint(sns: Any, hook: Any) -> None:
    """The endpoint learns how to restore the subscription (recorded), by the link that anybody may visit."""
    arn = confirmed(sns, hook)
    sns.publish(TopicArn=TOPIC, Message="x")
    requests.get(json.loads(posted(hook)[-1].body)["UnsubscribeURL"], timeout=5)
    told = json.loads(posted(hook)[-1].body)
    assert told["Type"] == "UnsubscribeConfirmation"
    assert told["Message"].startswith(f"You have chosen to deactivate subscription {arn}.\n")
    assert sns.list_subscriptions()["Subscriptions"] == []
    assert requests.get(told["SubscribeURL"], timeout=5).status_code == 200
    assert [each["SubscriptionArn"] for each in sns.list_subscriptions()["Subscriptions"]] == [arn]


def test_server_errors_are_retried(aws: Any, sns: Any, hook: Any) -> None:
    """Three times more by default, at once; then the dead-letter queue."""
    dead, dead_arn = open_queue("dead")
    confirmed(sns, hook, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn}))
    hook.replace(responses.POST, HOOK, status=503)
    before = len(posted(hook))
    sns.publish(TopicArn=TOPIC, Message="x")
    assert len(posted(hook)) - before == 4
    assert [each["Message"] for each in notifications(dead)] == ["x"]
    (entry,) = aws.trace.filter(kind="skipped", service="sns")
    assert "HTTP 503 after 4 attempts" in entry.text


def test_policy_bounds_the_retries(sns: Any, hook: Any) -> None:
    """The subscription's delivery policy says how many."""
    confirmed(sns, hook, DeliveryPolicy=json.dumps({"healthyRetryPolicy": {"numRetries": 1}}))
    hook.replace(responses.POST, HOOK, status=500)
    before = len(posted(hook))
    sns.publish(TopicArn=TOPIC, Message="x")
    assert len(posted(hook)) - before == 2


def test_client_errors_are_not_retried(sns: Any, hook: Any) -> None:
    """An endpoint that says 404 has been reached."""
    confirmed(sns, hook)
    hook.replace(responses.POST, HOOK, status=404)
    before = len(posted(hook))
    sns.publish(TopicArn=TOPIC, Message="x")
    assert len(posted(hook)) - before == 1


def test_endpoint_out_of_reach(aws: Any, sns: Any, hook: Any) -> None:
    """A connection that fails counts as a failed attempt; the caller never hears of it."""
    confirmed(sns, hook)
    hook.replace(responses.POST, HOOK, body=requests.ConnectionError("no way"))
    assert sns.publish(TopicArn=TOPIC, Message="x")["MessageId"]
    assert "refused: no way after 4 attempts" in aws.trace.filter(kind="skipped", service="sns")[0].text


def test_endpoint_that_calls_aws(sns: Any, hook: Any) -> None:
    """What a mock's callback calls is answered while it runs."""
    seen = []

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        message = json.loads(request.body)
        if message["Type"] == "SubscriptionConfirmation":
            boto3.client("sns").confirm_subscription(TopicArn=TOPIC, Token=message["Token"])
        seen.append(message["Type"])
        return 200, {}, ""

    hook.remove(responses.POST, HOOK)
    hook.add_callback(responses.POST, HOOK, callback=answer)
    sns.subscribe(TopicArn=TOPIC, Protocol="https", Endpoint=HOOK)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert seen == ["SubscriptionConfirmation", "Notification"]


def test_real_server(sns: Any, httpserver: HTTPServer) -> None:
    """A server on this machine is reached for real."""
    httpserver.expect_request("/sns", method="POST").respond_with_data("")
    sns.subscribe(TopicArn=TOPIC, Protocol="http", Endpoint=httpserver.url_for("/sns"))
    token = json.loads(httpserver.log[0][0].get_data())["Token"]
    sns.confirm_subscription(TopicArn=TOPIC, Token=token)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert json.loads(httpserver.log[1][0].get_data())["Message"] == "x"
