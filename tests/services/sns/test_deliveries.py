"""Deliveries to functions, people and devices."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless

from .conftest import ACCOUNT, TOPIC, notifications, open_queue, refused, subscribed
from .handlers import tells_event

NUMBER = "+15551230000"


def permit(function: Any) -> None:
    """Let the topic invoke a function."""
    boto3.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=TOPIC,
    )


def test_function_gets_awss_event(aws: Any, sns: Any) -> None:
    """All members are there, some under other names than in queues (recorded)."""
    function = aws.function(tells_event)
    permit(function)
    arn = sns.subscribe(TopicArn=TOPIC, Protocol="lambda", Endpoint=function.arn)["SubscriptionArn"]
    sent = sns.publish(TopicArn=TOPIC, Message="Hello world.")["MessageId"]
    (event,) = [json.loads(line) for line in function.logs if line.startswith("{")]
    (record,) = event["Records"]
    told = record.pop("Sns")
    assert record == {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": arn}
    assert list(told) == [
        *("Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature"),
        *("SigningCertUrl", "UnsubscribeUrl", "MessageAttributes"),
    ]
    assert (told["MessageId"], told["Subject"], told["Message"], told["MessageAttributes"]) == (
        sent,
        None,
        "Hello world.",
        {},
    )


def test_function_without_permission(aws: Any, sns: Any) -> None:
    """It does not run; the message goes to the dead-letter queue, and the trace says why."""
    function = aws.function(tells_event)
    dead, dead_arn = open_queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn})
    sns.subscribe(TopicArn=TOPIC, Protocol="lambda", Endpoint=function.arn, Attributes={"RedrivePolicy": policy})
    sns.publish(TopicArn=TOPIC, Message="x")
    assert function.logs == []
    assert [each["Message"] for each in notifications(dead)] == ["x"]
    assert "AccessDeniedException" in aws.trace.filter(kind="skipped", service="sns")[0].text


def test_order_of_deliveries(aws: Any, sns: Any) -> None:
    """Subscriptions hear in the order they were made, message by message."""
    for name in "abc":
        subscribed(sns, name=name)
    for text in "12":
        sns.publish(TopicArn=TOPIC, Message=text)
    sent = [entry.text.rsplit("/", 1)[-1] for entry in aws.trace.filter(service="sqs", name="SendMessage")]
    assert sent == list("abcabc")


def test_manual_delivery() -> None:
    """In manual delivery nothing is delivered before settle."""
    with mock_serverless(region="us-east-1", delivery="manual") as aws:
        sns = boto3.client("sns")
        sns.create_topic(Name="t")
        url, _ = subscribed(sns)
        sns.publish(TopicArn=TOPIC, Message="x")
        assert notifications(url) == []
        assert aws.settle() == 1
        assert len(notifications(url)) == 1


def test_text_message(aws: Any, seams: Any) -> None:
    """A text to a number, or to a subscribed one, lies in the outbox."""
    assert seams.publish(PhoneNumber=NUMBER, Message="direct")["MessageId"]
    seams.subscribe(TopicArn=TOPIC, Protocol="sms", Endpoint=NUMBER)
    seams.publish(TopicArn=TOPIC, Message=json.dumps({"default": "d", "sms": "short"}), MessageStructure="json")
    assert [(each.to, each.channel, each.subject, each.body) for each in aws.outbox] == [
        (NUMBER, "sms", None, "direct"),
        (NUMBER, "sms", None, "short"),
    ]


def test_numbers_that_are_refused(sns: Any) -> None:
    """In AWS's words (recorded)."""
    for number in ("+1a234", "NAA+15551234567"):
        text = f"Invalid parameter: PhoneNumber Reason: {number} is not valid to publish to"
        assert refused(sns.publish, PhoneNumber=number, Message="x") == ("InvalidParameter", text)


def test_opted_out_numbers(aws: Any, sns: Any) -> None:
    """Nothing is sent to them until they are opted in again."""
    aws.outbox.opted_out.add(NUMBER)
    assert sns.check_if_phone_number_is_opted_out(phoneNumber=NUMBER)["isOptedOut"]
    assert sns.list_phone_numbers_opted_out()["phoneNumbers"] == [NUMBER]
    sns.publish(PhoneNumber=NUMBER, Message="unheard")
    sns.opt_in_phone_number(phoneNumber=NUMBER)
    sns.publish(PhoneNumber=NUMBER, Message="heard")
    assert [each.body for each in aws.outbox] == ["heard"]
    refusal = refused(sns.opt_in_phone_number, phoneNumber="12a")
    assert refusal == ("InvalidParameter", "Invalid parameter: PhoneNumber Reason: input incorrectly formatted")


def test_settings_for_text_messages(seams: Any) -> None:
    """They are kept beside AWS's spend limit, and checked in AWS's words (recorded)."""
    assert seams.get_sms_attributes()["attributes"] == {"MonthlySpendLimit": "1"}
    seams.set_sms_attributes(attributes={"DefaultSMSType": "Transactional", "DefaultSenderID": "Me"})
    found = seams.get_sms_attributes(attributes=["DefaultSMSType"])["attributes"]
    assert found == {"DefaultSMSType": "Transactional"}
    for name, value, text in (
        ("InvalidAttribute", "x", "InvalidAttribute is not a valid attribute"),
        ("DefaultSenderID", "1234", "DefaultSendID is not a valid attribute"),
        ("DefaultSMSType", "x", "DefaultSMSType is invalid"),
    ):
        assert refused(seams.set_sms_attributes, attributes={name: value}) == ("InvalidParameter", text)


def test_sandbox(aws: Any, sns: Any) -> None:
    """A number is verified by the code that it was sent."""
    sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    code = aws.outbox.last(to=NUMBER).code
    wrong = "000000" if code != "000000" else "111111"
    assert refused(sns.verify_sms_sandbox_phone_number, PhoneNumber=NUMBER, OneTimePassword=wrong)[0] == (
        "VerificationException"
    )
    sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword=code)
    listed = sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"]
    assert listed == [{"PhoneNumber": NUMBER, "Status": "Verified"}]
    sns.delete_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    assert sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"] == []
    assert refused(sns.delete_sms_sandbox_phone_number, PhoneNumber=NUMBER)[0] == "ResourceNotFound"
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is False
    assert sns.list_origination_numbers()["PhoneNumbers"] == []


def test_email_json(aws: Any, sns: Any) -> None:
    """An address of protocol email-json gets the notification as JSON."""
    sns.subscribe(TopicArn=TOPIC, Protocol="email-json", Endpoint="ann@example.com")
    sns.confirm_subscription(TopicArn=TOPIC, Token=aws.outbox.last().code)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert json.loads(aws.outbox.last().body)["Message"] == "x"


def test_firehose_is_not_mocked(aws: Any, sns: Any) -> None:
    """The subscription is made; what it would have delivered is told by the trace."""
    endpoint = f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/s"
    sns.subscribe(TopicArn=TOPIC, Protocol="firehose", Endpoint=endpoint)
    sns.publish(TopicArn=TOPIC, Message="x")
    assert "Firehose is not mocked" in aws.trace.filter(kind="skipped", service="sns")[0].text


# -- devices ---------------------------------------------------------------------------------------------------------

KEYS = {"PlatformCredential": "secret", "PlatformPrincipal": "id"}


def application(sns: Any) -> str:
    """The ARN of a platform application."""
    made = sns.create_platform_application(Name="app", Platform="ADM", Attributes=KEYS)
    return str(made["PlatformApplicationArn"])


def test_application(seams: Any) -> None:
    """Its ARN names platform and application; its credentials are not shown (recorded)."""
    arn = application(seams)
    assert arn == f"arn:aws:sns:us-east-1:{ACCOUNT}:app/ADM/app"
    seams.set_platform_application_attributes(
        PlatformApplicationArn=arn, Attributes={"SuccessFeedbackSampleRate": "50"}
    )
    shown = {"Enabled": "true", "SuccessFeedbackSampleRate": "50"}
    assert seams.get_platform_application_attributes(PlatformApplicationArn=arn)["Attributes"] == shown
    listed = seams.list_platform_applications()["PlatformApplications"]
    assert listed == [{"PlatformApplicationArn": arn, "Attributes": shown}]
    seams.delete_platform_application(PlatformApplicationArn=arn)
    refusal = refused(seams.get_platform_application_attributes, PlatformApplicationArn=arn)
    assert refusal == ("NotFound", "PlatformApplication does not exist")


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"Name": ""}, " Reason: cannot be empty"),
        ({"Name": "a" * 257}, f"{'a' * 257} Reason: must be at most 256 characters long"),
        (
            {"Name": "@name"},
            "@name Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'",
        ),
        ({"Platform": "AAA"}, "Platform Reason: AAA is not supported"),
        (
            {"Attributes": {"PlatformPrincipal": "x"}},
            "Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential",
        ),
        (
            {"Attributes": {"PlatformCredential": "x"}},
            "Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal",
        ),
    ],
)
def test_applications_that_are_refused(sns: Any, params: dict[str, Any], text: str) -> None:
    """In AWS's words (recorded)."""
    given = {"Name": "app", "Platform": "ADM", "Attributes": KEYS, **params}
    refusal = refused(sns.create_platform_application, **given)
    assert refusal == ("InvalidParameter", f"Invalid parameter: {text}")


def test_endpoint(seams: Any) -> None:
    """A token has one endpoint; with other attributes it is refused (recorded)."""
    app = application(seams)
    make = {"PlatformApplicationArn": app, "Token": "token_1"}
    arn = seams.create_platform_endpoint(**make)["EndpointArn"]
    assert seams.create_platform_endpoint(**make)["EndpointArn"] == arn
    code, text = refused(seams.create_platform_endpoint, **make, CustomUserData="x")
    assert code == "InvalidParameter"
    assert text == (
        f"Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."
    )
    seams.set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false"})
    shown = {"Enabled": "false", "Token": "token_1"}
    assert seams.get_endpoint_attributes(EndpointArn=arn)["Attributes"] == shown
    listed = seams.list_endpoints_by_platform_application(PlatformApplicationArn=app)["Endpoints"]
    assert listed == [{"EndpointArn": arn, "Attributes": shown}]
    seams.delete_endpoint(EndpointArn=arn)
    assert refused(seams.get_endpoint_attributes, EndpointArn=arn) == ("NotFound", "Endpoint does not exist")


def test_push(aws: Any, sns: Any) -> None:
    """A message to a device lies in the outbox, in its platform's form; a disabled one takes none."""
    app = application(sns)
    arn = sns.create_platform_endpoint(PlatformApplicationArn=app, Token="device")["EndpointArn"]
    sns.publish(TargetArn=arn, Message=json.dumps({"default": "d", "ADM": "for ADM"}), MessageStructure="json")
    sns.subscribe(TopicArn=TOPIC, Protocol="application", Endpoint=arn)
    sns.publish(TopicArn=TOPIC, Message="by topic")
    assert [(each.to, each.body) for each in aws.outbox] == [("device", "for ADM"), ("device", "by topic")]
    sns.set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false"})
    assert refused(sns.publish, TargetArn=arn, Message="x") == ("EndpointDisabled", "Endpoint is disabled")
    text = "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified"
    assert refused(sns.publish, TargetArn=f"{arn}x", Message="x") == ("InvalidParameter", text)


def test_outbox_finds_the_last(aws: Any, sns: Any) -> None:
    """By receiver and channel; None where nothing agrees."""
    for number, text in ((NUMBER, "1"), (f"{NUMBER}9", "2"), (NUMBER, "3")):
        sns.publish(PhoneNumber=number, Message=text)
    assert aws.outbox.last(to=NUMBER).body == "3"
    assert aws.outbox.last(to=f"{NUMBER}9", channel="sms").body == "2"
    assert aws.outbox.last(channel="email") is None
