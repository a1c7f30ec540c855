"""Messages as endpoints see them, in AWS's own layout.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from . import signing
from .store import Subscription

Message = Mapping[str, Any]


def text_for(message: Message, protocol: str) -> str:
    """A message's text for a protocol: with ``MessageStructure`` json each may have its own."""
    texts: Mapping[str, str] = message["texts"]
    return texts.get(protocol, texts["default"])


def timestamp(seconds: float) -> str:
    """A time as messages tell it."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def notification(subscription: Subscription, message: Message, region: str) -> dict[str, Any]:
    """The members of a notification, in AWS's order; FIFO topics number them instead of signing."""
    head: dict[str, Any] = {"Type": "Notification", "MessageId": message["message_id"]}
    if message.get("sequence_number"):
        head["SequenceNumber"] = message["sequence_number"]
    head["TopicArn"] = message["topic"]
    if message.get("subject") is not None:
        head["Subject"] = message["subject"]
    head |= {
        "Message": text_for(message, subscription.protocol),
        "Timestamp": timestamp(message["time"]),
    }
    if not message.get("sequence_number"):
        head |= signing.signed(head, message["signature_version"], region)
    head["UnsubscribeURL"] = unsubscribe_url(subscription.arn, region)
    if message.get("replayed"):
        head["Replayed"] = True
    if message["attributes"]:
        head["MessageAttributes"] = {name: _attribute(each) for name, each in message["attributes"].items()}
    return head


def lambda_event(subscription: Subscription, message: Message, region: str) -> dict[str, Any]:
    """A notification as a function's event: some members have other names, and none is left out."""
    told = notification(subscription, message, region)
    head = {name: told[name] for name in ("Type", "MessageId", "TopicArn")}
    tail = {name: told[name] for name in ("Message", "Timestamp", "SignatureVersion", "Signature")}
    record = {
        **head,
        "Subject": told.get("Subject"),
        **tail,
        "SigningCertUrl": told["SigningCertURL"],
        "UnsubscribeUrl": told["UnsubscribeURL"],
        "MessageAttributes": told.get("MessageAttributes", {}),
    }
    about = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription.arn}
    return {"Records": [{**about, "Sns": record}]}


def question(payload: Mapping[str, Any], region: str) -> dict[str, Any]:
    """What asks an endpoint to confirm its subscription, or tells it that it has ended."""
    topic, kind = payload["topic"], payload["kind"]
    if kind == "SubscriptionConfirmation":
        text = f"You have chosen to subscribe to the topic {topic}.\nTo confirm the subscription, visit the "
        text += "SubscribeURL included in this message."
    else:
        text = f"You have chosen to deactivate subscription {payload['subscription']}.\nTo cancel this operation and "
        text += "restore the subscription, visit the SubscribeURL included in this message."
    told = {
        "Type": kind,
        "MessageId": payload["message_id"],
        "Token": payload["token"],
        "TopicArn": topic,
        "Message": text,
        "SubscribeURL": subscribe_url(topic, payload["token"], region),
        "Timestamp": timestamp(payload["time"]),
    }
    return {**told, **signing.signed(told, payload["signature_version"], region)}


def unsubscribe_url(subscription_arn: str, region: str) -> str:
    """Where a subscription is ended."""
    return f"{signing.home(region)}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}"


def subscribe_url(topic_arn: str, token: str, region: str) -> str:
    """Where a subscription is confirmed."""
    return f"{signing.home(region)}/?Action=ConfirmSubscription&TopicArn={topic_arn}&Token={token}"


def _attribute(attribute: Mapping[str, Any]) -> dict[str, str]:
    value = attribute.get("StringValue")
    if value is None:
        value = base64.b64encode(attribute["BinaryValue"]).decode()
    return {"Type": attribute["DataType"], "Value": value}


def written(members: Mapping[str, Any]) -> str:
    """Members as AWS writes them: one a line, attributes indented below."""
    lines = []
    for name, value in members.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"    {_json(key)} : {_json(each)}" for key, each in value.items())
            lines.append(f"  {_json(name)} : {{\n{inner}\n  }}")
        else:
            lines.append(f"  {_json(name)} : {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def email(subscription: Subscription, message: Message, region: str) -> str:
    """An e-mail's text: the message, and how to end the subscription."""
    return (
        f"{text_for(message, subscription.protocol)}\n\n--\nIf you wish to stop receiving notifications from this "
        "topic, please click or visit the link below to unsubscribe:\n"
        f"{unsubscribe_url(subscription.arn, region)}\n\nPlease do not reply directly to this email. If you have any "
        "questions or comments regarding this email, please contact us at https://aws.amazon.com/support\n"
    )


def email_question(payload: Mapping[str, Any], region: str) -> str:
    """The e-mail that asks somebody to confirm a subscription."""
    url = subscribe_url(payload["topic"], payload["token"], region)
    return (
        f"You have chosen to subscribe to the topic:\n{payload['topic']}\n\nTo confirm this subscription, click or "
        f"visit the link below (If this was in error no action is necessary):\n{url}\n"
    )
