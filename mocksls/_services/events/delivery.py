"""Events on their way to targets: handed over, tried again, given up.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, MockslsError
from mocksls._kernel.service import Again

from . import inputs
from .outcomes import Failure, failure_of
from .senders import send_to
from .store import Store

_MOST_ATTEMPTS = 185
_MOST_AGE_S = 86_400
_AT_ONCE = 3
_LONGEST_WAIT_S = 900.0


class Deliveries:
    """The task that carries an event to a target."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def deliver_event(self, work: dict[str, Any], call: Call) -> Again | None:
        """Hand an event to a target; what may succeed later is tried again, the rest is given up."""
        text = inputs.made(work["target"], work["event"], work["rule"], work["name"], work["since"])
        try:
            send_to(self._cloud, self._store, work, text, call)
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            again = self._again(work, failure)
            if again is None:
                self._give_up(work, failure, call)
            return again
        return None

    def _again(self, work: dict[str, Any], failure: Failure) -> Again | None:
        """The next try, unless the retry policy is exhausted."""
        policy, attempt = work["target"].get("RetryPolicy", {}), work["attempt"]
        wait = min(2.0 ** min(attempt, 10), _LONGEST_WAIT_S)
        if not failure.retry:
            return None
        if attempt > policy.get("MaximumRetryAttempts", _MOST_ATTEMPTS):
            failure.exhausted = "MaximumRetryAttempts"
            return None
        age = self._cloud.clock.time() - work["since"] + work["waited"] + wait
        if age > policy.get("MaximumEventAgeInSeconds", _MOST_AGE_S):
            failure.exhausted = "MaximumEventAgeInSeconds"
            return None
        at_once = "MaximumRetryAttempts" in policy or attempt <= _AT_ONCE
        waited = work["waited"] + (wait if at_once else 0.0)
        payload = {**work, "attempt": attempt + 1, "waited": waited}
        return Again(wait, at_once=at_once, behind=failure.code == "THROTTLING", payload=payload)

    def _give_up(self, work: dict[str, Any], failure: Failure, call: Call) -> None:
        target = work["target"]
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        text = f"{work['name']} did not reach {target['Arn']}: {failure.code}: {failure.message}; {queue or 'dropped'}"
        self._cloud.note("refusal", "events", "deliver", text, parent=call.trace_id)
        if queue:
            self._bury(queue, work, failure, call)

    def _bury(self, queue: str, work: dict[str, Any], failure: Failure, call: Call) -> None:
        """Send an event that could not be delivered to the target's dead-letter queue."""
        parsed = Arn.parse(queue)
        if parsed is None or parsed.service != "sqs":
            return
        told = {
            "RULE_ARN": work["rule"],
            "TARGET_ARN": work["target"]["Arn"],
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message or failure.code,
        }
        if failure.exhausted:
            told["EXHAUSTED_RETRY_CONDITION"] = failure.exhausted
        told["RETRY_ATTEMPTS"] = str(work["attempt"] - 1)
        params = {
            "QueueUrl": f"https://sqs.{parsed.region}.amazonaws.com/{parsed.account_id}/{parsed.resource}",
            "MessageBody": inputs.written(work["event"]),
            "MessageAttributes": {
                name: {
                    "DataType": "Number" if name == "RETRY_ATTEMPTS" else "String",
                    "StringValue": value[:1024],
                }
                for name, value in told.items()
            },
        }
        by = Principal.service("events.amazonaws.com", call.account_id, work["rule"])
        try:
            call.request("sqs", "SendMessage", params, principal=by, region=parsed.region)
        except (AwsError, MockslsError) as error:
            self._cloud.note("refusal", "events", "deliver", f"dead-letter queue: {error}", parent=call.trace_id)
