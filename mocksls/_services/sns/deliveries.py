"""The tasks that carry messages to endpoints; what cannot be delivered goes to the dead-letter queue.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, TransportFault
from mocksls._kernel.http import HttpRequest
from mocksls._kernel.outbox import Message as Letter
from mocksls._kernel.service import Again

from . import arns, bodies, measures, push
from .sms import text_number
from .store import Store, Subscription
from .subscription_attributes import dead_letter_queue, effective_policy

_PATIENCE_S = 15.0
_AGENT = "Amazon Simple Notification Service Agent"
_PLAIN = "text/plain; charset=UTF-8"
_SUBJECT = "AWS Notification Message"


class _UndeliverableError(Exception):
    """A message that no way leads to its endpoint for."""


class Deliveries:
    """The tasks of topics."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._ways = {
            "sqs": self._to_queue,
            "lambda": self._to_function,
            "email": self._to_person,
            "email-json": self._to_person,
            "sms": self._to_phone,
            "application": self._to_device,
            "firehose": self._to_stream,
        }

    def deliver_notification(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Deliver one message to one subscription."""
        subscription, message = self._store.subscriptions.get(payload["subscription"]), payload["message"]
        if subscription is None or subscription.pending:
            return None
        if subscription.protocol in ("http", "https"):
            return self._post_notification(subscription, payload, call)
        try:
            self._ways[subscription.protocol](subscription, message, call)
        except AwsError as error:
            self._failed(subscription, message, f"{error.code}: {error.message}", call)
        except _UndeliverableError as error:
            self._failed(subscription, message, str(error), call)
        else:
            measures.add(subscription.topic_arn, "NumberOfNotificationsDelivered", 1.0, call)
        return None

    # -- queues and functions ------------------------------------------------------------------------------------

    def _to_queue(self, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        self._send(subscription.endpoint, subscription, message, call)

    def _send(self, queue_arn: str, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        """Send a message, raw or with what is told of it, to a queue that lets the topic do so."""
        arn = Arn.parse(queue_arn)
        assert arn is not None, "checked when it was set"
        params: dict[str, Any] = {"QueueUrl": _queue_url(arn), **_content(subscription, message, call)}
        if arn.resource.endswith(".fifo"):
            params["MessageGroupId"] = message["group_id"]
            params["MessageDeduplicationId"] = message["deduplication_id"]
        elif message.get("group_id") and not message.get("sequence_number"):
            params["MessageGroupId"] = message["group_id"]
        if message.get("trace_header"):
            header = {"DataType": "String", "StringValue": message["trace_header"]}
            params["MessageSystemAttributes"] = {"AWSTraceHeader": header}
        by = _acting(message, call)
        call.request("sqs", "SendMessage", params, principal=by, region=arn.region, account_id=arn.account_id)

    def _to_function(self, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        arn = Arn.parse(subscription.endpoint)
        assert arn is not None, "checked when it was set"
        event = json.dumps(bodies.lambda_event(subscription, message, call.region), ensure_ascii=False)
        params = {"FunctionName": subscription.endpoint, "InvocationType": "Event", "Payload": event.encode()}
        by = _acting(message, call)
        call.request("lambda", "Invoke", params, principal=by, region=arn.region, account_id=arn.account_id)

    def _to_stream(self, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        raise _UndeliverableError("Amazon Data Firehose is not mocked")

    # -- people --------------------------------------------------------------------------------------------------

    def _to_person(self, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        if subscription.protocol == "email-json":
            text = bodies.written(bodies.notification(subscription, message, call.region))
        else:
            text = bodies.email(subscription, message, call.region)
        subject = message.get("subject") or _SUBJECT
        self._cloud.outbox.append(Letter(subscription.endpoint, "email", subject, text))

    def _to_phone(self, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        text_number(self._cloud, subscription.endpoint, bodies.text_for(message, "sms"), call)

    def _to_device(self, subscription: Subscription, message: dict[str, Any], call: Call) -> None:
        found = arns.find_endpoint(self._store, subscription.endpoint)
        if found is None:
            raise _UndeliverableError("the endpoint does not exist")
        push.check_enabled(*found)
        push.deliver(self._cloud, *found, message)

    # -- HTTP ----------------------------------------------------------------------------------------------------

    def _post_notification(self, subscription: Subscription, payload: dict[str, Any], call: Call) -> Again | None:
        message, topic = payload["message"], self._store.topics.get(subscription.topic_arn)
        policy = effective_policy(subscription, topic)
        headers = {
            **_headers("Notification", message["message_id"], subscription.topic_arn),
            "x-amz-sns-subscription-arn": subscription.arn,
            "Content-Type": policy["requestPolicy"].get("headerContentType", _PLAIN),
        }
        if subscription.raw:
            headers["x-amz-sns-rawdelivery"] = "true"
            body = bodies.text_for(message, subscription.protocol)
        else:
            body = bodies.written(bodies.notification(subscription, message, call.region))
        answer = self._post(subscription.endpoint, headers, body, call)
        if answer.ok:
            measures.add(subscription.topic_arn, "NumberOfNotificationsDelivered", 1.0, call)
            return None
        retries = int(policy["healthyRetryPolicy"].get("numRetries", 3))
        if answer.again and payload["attempt"] <= retries:
            wait = float(policy["healthyRetryPolicy"].get("minDelayTarget", 20))
            return Again(wait, payload={**payload, "attempt": payload["attempt"] + 1})
        self._failed(subscription, message, f"{answer.text} after {payload['attempt']} attempts", call)
        return None

    def _post(self, url: str, headers: Mapping[str, str], body: str, call: Call) -> Answer:
        request = HttpRequest("POST", url, list(headers.items()), body.encode())
        try:
            status = self._cloud.send_out(request, _PATIENCE_S, call).status
        except TransportFault as fault:
            answer = Answer(False, True, f"{fault.kind}: {fault}")
        else:
            client_side = 400 <= status < 500 and status != 429
            answer = Answer(200 <= status < 300, not client_side, f"HTTP {status}")
        self._cloud.note("event", "sns", "HTTP", f"POST {url}", parent=call.trace_id, outcome=answer.text)
        return answer

    def ask_endpoint(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Ask an endpoint to confirm its subscription, or tell it that it has ended."""
        topic = self._store.topics.get(payload["topic"])
        version = topic.attributes.get("SignatureVersion", "1") if topic else "1"
        told = {**payload, "signature_version": version}
        protocol, endpoint = payload["protocol"], payload["endpoint"]
        if protocol in ("email", "email-json"):
            self._ask_person(told, call)
        elif protocol == "sqs":
            self._ask_queue(told, call)
        else:
            headers = {**_headers(payload["kind"], payload["message_id"], payload["topic"]), "Content-Type": _PLAIN}
            if payload["kind"] == "UnsubscribeConfirmation":
                headers["x-amz-sns-subscription-arn"] = payload["subscription"]
            answer = self._post(endpoint, headers, bodies.written(bodies.question(told, call.region)), call)
            if not answer.ok and answer.again and payload["attempt"] <= 3:
                return Again(20.0, payload={**payload, "attempt": payload["attempt"] + 1})
        return None

    def _ask_person(self, told: dict[str, Any], call: Call) -> None:
        asks = told["kind"] == "SubscriptionConfirmation"
        kind = "Subscription" if asks else "Unsubscribe"
        if told["protocol"] == "email-json":
            text = bodies.written(bodies.question(told, call.region))
        elif asks:
            text = bodies.email_question(told, call.region)
        else:
            text = bodies.question(told, call.region)["Message"]
        subject = f"AWS Notification - {kind} Confirmation"
        self._cloud.outbox.append(Letter(told["endpoint"], "email", subject, text, code=told["token"]))

    def _ask_queue(self, told: dict[str, Any], call: Call) -> None:
        arn = Arn.parse(told["endpoint"])
        assert arn is not None, "checked when it was set"
        params = {"QueueUrl": _queue_url(arn), "MessageBody": bodies.written(bodies.question(told, call.region))}
        by = _acting(told, call)
        call.request("sqs", "SendMessage", params, principal=by, region=arn.region, account_id=arn.account_id)

    # -- what fails ----------------------------------------------------------------------------------------------

    def _failed(self, subscription: Subscription, message: dict[str, Any], why: str, call: Call) -> None:
        """Send what could not be delivered to the dead-letter queue, if there is one; the trace says why."""
        target = dead_letter_queue(subscription)
        text = f"{message['message_id']} not delivered to {subscription.endpoint}: {why}; "
        text += f"it goes to {target}" if target else "it is dropped: the subscription has no RedrivePolicy"
        name = subscription.topic_arn.rsplit(":", 1)[-1]
        self._cloud.note("skipped", "sns", name, text, parent=call.trace_id)
        measures.add(subscription.topic_arn, "NumberOfNotificationsFailed", 1.0, call)
        if target is None:
            return
        try:
            self._send(target, subscription, message, call)
        except AwsError as error:
            text = f"{message['message_id']} is lost, {target} does not take it: {error.code}: {error.message}"
            self._cloud.note("skipped", "sns", name, text, parent=call.trace_id)
            measures.add(subscription.topic_arn, "NumberOfNotificationsFailedToRedriveToDlq", 1.0, call)
        else:
            measures.add(subscription.topic_arn, "NumberOfNotificationsRedrivenToDlq", 1.0, call)


class Answer:
    """What came of a request: whether it was taken, whether it is worth another try, and the reason."""

    __slots__ = ("again", "ok", "text")

    def __init__(self, ok: bool, again: bool, text: str) -> None:
        self.ok = ok
        self.again = again
        self.text = text


def _content(subscription: Subscription, message: dict[str, Any], call: Call) -> dict[str, Any]:
    if not subscription.raw:
        return {"MessageBody": bodies.written(bodies.notification(subscription, message, call.region))}
    content: dict[str, Any] = {"MessageBody": bodies.text_for(message, subscription.protocol)}
    if message["attributes"]:
        content["MessageAttributes"] = message["attributes"]
    return content


def _acting(message: Mapping[str, Any], call: Call) -> Principal:
    """SNS, on behalf of the topic: what queues' and functions' policies see."""
    return Principal.service("sns.amazonaws.com", call.account_id, message["topic"])


def _headers(kind: str, message_id: str, topic_arn: str) -> dict[str, str]:
    return {
        "User-Agent": _AGENT,
        "x-amz-sns-message-type": kind,
        "x-amz-sns-message-id": message_id,
        "x-amz-sns-topic-arn": topic_arn,
    }


def _queue_url(arn: Arn) -> str:
    return f"https://sqs.{arn.region}.amazonaws.com/{arn.account_id}/{arn.resource}"
