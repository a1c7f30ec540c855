"""Targets invoked in the name of their role, tried again, given up.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, UnmockedServiceError
from mocksls._kernel.principals import in_role
from mocksls._kernel.service import Again

from .store import Store
from .targets import Request, request_of

_AT_ONCE = 3
_LONGEST_WAIT_S = 900.0
_RETRIED = ("Throttl", "TooManyRequests", "InternalFailure", "InternalError", "ServiceException", "Unavailable")


class Deliveries:
    """The task that invokes a target."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def invoke_target(self, work: dict[str, Any], call: Call) -> Again | None:
        """Invoke a schedule's target once; what may succeed later is tried again, the rest is given up."""
        execution = f"{self._cloud.ids.hex(16)}"
        text = _input(work, execution, call)
        try:
            role = self._assumed(work, execution, call)
            asked = request_of(call, work["target"], text)
            self._send(asked, work["target"]["Arn"], role, call)
        except UnmockedServiceError as error:
            self._give_up(work, AwsError("UnmockedService", str(error)), execution, text, "", call)
        except AwsError as error:
            again, exhausted = self._again(work, error)
            if again is None:
                self._give_up(work, error, execution, text, exhausted, call)
            return again
        return None

    def _send(self, asked: Request, target_arn: str, role: Principal, call: Call) -> None:
        arn = Arn.parse(target_arn)
        region = (arn.region if arn else "") or call.region
        answer = call.request(asked.service, asked.operation, asked.params, principal=role, region=region)
        for entry in answer.get("Entries", ()) if asked.operation == "PutEvents" else ():
            if "ErrorCode" in entry:
                raise AwsError(entry["ErrorCode"], entry["ErrorMessage"], status=400)

    def _assumed(self, work: dict[str, Any], execution: str, call: Call) -> Principal:
        """The target's role as Scheduler has assumed it; suites written for moto make none."""
        role_arn = work["target"]["RoleArn"]
        if self._cloud.identities.role(role_arn) is None and self._cloud.options.compat != "moto":
            raise AwsError("AccessDeniedException", f"Scheduler could not assume {role_arn}", status=403)
        return in_role(self._cloud, role_arn, execution)

    def _again(self, work: dict[str, Any], error: AwsError) -> tuple[Again | None, str]:
        """The next try, or none, and the condition of the retry policy that it is exhausted by."""
        policy, attempt = work["target"]["RetryPolicy"], work["attempt"]
        wait = min(2.0 ** min(attempt, 10), _LONGEST_WAIT_S)
        if not any(word in error.code for word in _RETRIED):
            return None, ""
        if attempt > policy["MaximumRetryAttempts"]:
            return None, "MaximumRetryAttempts"
        if self._cloud.clock.time() - work["since"] + work["waited"] + wait > policy["MaximumEventAgeInSeconds"]:
            return None, "MaximumEventAgeInSeconds"
        at_once = policy["MaximumRetryAttempts"] <= 10 or attempt <= _AT_ONCE
        waited = work["waited"] + (wait if at_once else 0.0)
        return Again(wait, at_once=at_once, payload={**work, "attempt": attempt + 1, "waited": waited}), ""

    def _give_up(
        self, work: dict[str, Any], error: AwsError, execution: str, text: str, exhausted: str, call: Call
    ) -> None:
        target = work["target"]
        queue = Arn.parse(target.get("DeadLetterConfig", {}).get("Arn", ""))
        name = work["schedule"].rpartition("/")[2]
        why = f"{name} did not reach {target['Arn']}: {error}; {queue or 'dropped'}"
        self._cloud.note("refusal", "scheduler", "invoke", why, parent=call.trace_id)
        if queue is None or queue.service != "sqs":
            return
        told = {
            "ERROR_CODE": error.code,
            "ERROR_MESSAGE": error.message or error.code,
            "EXECUTION_ID": execution,
            **({"EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else {}),
            "IS_PAYLOAD_TRUNCATED": "false",
            "RETRY_ATTEMPTS": str(work["attempt"] - 1),
            "SCHEDULED_TIME": _written(work["at"]),
            "SCHEDULE_ARN": work["schedule"],
            "TARGET_ARN": target["Arn"],
        }
        params = {
            "QueueUrl": f"https://sqs.{queue.region}.amazonaws.com/{queue.account_id}/{queue.resource}",
            "MessageBody": text,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value[:1024]} for name, value in told.items()
            },
        }
        try:
            role = self._assumed(work, execution, call)
            call.request("sqs", "SendMessage", params, principal=role, region=queue.region)
        except AwsError as lost:
            self._cloud.note("refusal", "scheduler", "invoke", f"dead-letter queue: {lost}", parent=call.trace_id)


def _written(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def _input(work: dict[str, Any], execution: str, call: Call) -> str:
    """The target's input with its context attributes, or the default notification."""
    given = work["target"].get("Input")
    if given is None:
        event = {
            "version": "0",
            "id": call.cloud.ids.uuid(),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": call.account_id,
            "time": _written(work["at"]),
            "region": call.region,
            "resources": [work["schedule"]],
            "detail": "{}",
        }
        return json.dumps(event, separators=(",", ":"))
    text: str = given
    for name, value in (
        ("schedule-arn", work["schedule"]),
        ("scheduled-time", _written(work["at"])),
        ("execution-id", execution),
        ("attempt-number", str(work["attempt"])),
    ):
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text
