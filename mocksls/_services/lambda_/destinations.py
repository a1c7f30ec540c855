"""Where Lambda sends word of invocations: queues, topics, functions, event buses, buckets; dead-letter queues.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from .environments import role_principal
from .measures import measure
from .names import Target

_ERROR_BYTES = 1024


class Destinations:
    """Sends, as the function's role."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def send(
        self,
        place: str,
        target: Target,
        record: dict[str, Any],
        call: Call,
        *,
        kind: str = "Failure",
        key: str | None = None,
    ) -> None:
        """Send a record to a destination.

        A destination that cannot be reached is told in the trace, and the record is lost, as on AWS.

        Args:
            place: the destination's ARN.
            target: the function that it is about.
            record: what is told.
            call: what it follows from.
            kind: ``Success`` or ``Failure``.
            key: the folder of an object in S3; without one that of asynchronous invocations.
        """
        try:
            self._send(place, target, record, call, kind, key)
        except AwsError as error:
            text = f"{target.function.name}: the destination {place} took no record: {error}"
            self._cloud.note("skipped", "lambda", "destination", text, parent=call.trace_id)
            measure(self._cloud, target, "DestinationDeliveryFailures", 1.0, "Count")

    def _send(self, place: str, target: Target, record: dict[str, Any], call: Call, kind: str, key: str | None) -> None:
        arn = Arn.parse(place)
        if arn is None:
            return
        by = role_principal(target.version, self._cloud)
        body = json.dumps(record)
        if arn.service == "sqs":
            self._queue(arn, {"MessageBody": body}, by, call)
        elif arn.service == "sns":
            self._request(arn, "sns", "Publish", {"TopicArn": place, "Message": body}, by, call)
        elif arn.service == "lambda":
            params = {"FunctionName": place, "InvocationType": "Event", "Payload": body.encode()}
            self._request(arn, "lambda", "Invoke", params, by, call)
        elif arn.service == "events":
            entry = self._entry(place, arn, target, body, kind)
            self._request(arn, "events", "PutEvents", {"Entries": [entry]}, by, call)
        elif arn.service == "s3":
            self._object(arn, target, body, key, by, call)

    def _entry(self, place: str, arn: Arn, target: Target, body: str, kind: str) -> dict[str, Any]:
        return {
            "Source": "lambda",
            "DetailType": f"Lambda Function Invocation Result - {kind}",
            "Detail": body,
            "Resources": [place, f"{target.function.arn}:{target.qualifier or '$LATEST'}"],
            "EventBusName": arn.resource.removeprefix("event-bus/"),
        }

    def _object(self, arn: Arn, target: Target, body: str, key: str | None, by: Principal, call: Call) -> None:
        now = self._cloud.clock.now()
        folder = key or f"aws/lambda/async/{target.function.name}"
        name = f"{folder}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{self._cloud.ids.uuid()}"
        params = {"Bucket": arn.resource, "Key": name, "Body": body.encode()}
        call.request("s3", "PutObject", params, principal=by)

    def _queue(self, arn: Arn, params: dict[str, Any], by: Principal, call: Call) -> None:
        url = f"https://sqs.{arn.region}.amazonaws.com/{arn.account_id}/{arn.resource}"
        if arn.resource.endswith(".fifo"):
            group = self._cloud.ids.uuid()
            params = {**params, "MessageGroupId": group, "MessageDeduplicationId": group}
        self._request(arn, "sqs", "SendMessage", {"QueueUrl": url, **params}, by, call)

    def _request(
        self, arn: Arn, service: str, operation: str, params: dict[str, Any], by: Principal, call: Call
    ) -> None:
        call.request(service, operation, params, principal=by, region=arn.region, account_id=arn.account_id)

    def send_dead_letter(
        self, place: str, target: Target, payload: dict[str, Any], error_message: str, call: Call
    ) -> None:
        """Send an event that could not be processed to the queue or topic of ``DeadLetterConfig``."""
        body = payload["payload"].decode("utf-8", "replace")
        attributes = {
            "RequestID": {"DataType": "String", "StringValue": payload["request_id"]},
            "ErrorCode": {"DataType": "Number", "StringValue": "200"},
            "ErrorMessage": {"DataType": "String", "StringValue": error_message[:_ERROR_BYTES] or "unknown"},
        }
        arn = Arn.parse(place)
        if arn is None:
            return
        try:
            by = role_principal(target.version, self._cloud)
            if arn.service == "sqs":
                self._queue(arn, {"MessageBody": body, "MessageAttributes": attributes}, by, call)
            else:
                params = {"TopicArn": place, "Message": body, "MessageAttributes": attributes}
                self._request(arn, "sns", "Publish", params, by, call)
        except AwsError as error:
            text = f"{target.function.name}: the dead-letter target {place} took no event: {error}"
            self._cloud.note("skipped", "lambda", "dead letter", text, parent=call.trace_id)
            measure(self._cloud, target, "DeadLetterErrors", 1.0, "Count")


def stamp(moment: datetime) -> str:
    """A time as Lambda writes it in records."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
