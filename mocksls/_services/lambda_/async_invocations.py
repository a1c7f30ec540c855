"""Asynchronous invocations: tried again, given up, told to destinations and dead-letter queues.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import json
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Again

from .destinations import Destinations, stamp
from .names import LATEST, Target, target_of
from .runner import Request, Result, Runner
from .store import EventInvokeConfig, Store

_RETRY_WAITS_S = (60.0, 120.0)
_LONGEST_AGE_S = 21_600
_THROTTLE_WAIT_S = 1.0
_THROTTLES_AT_ONCE = 3
_LONGEST_THROTTLE_WAIT_S = 300.0


class AsyncInvocations:
    """The task behind asynchronous invocations.

    Its payload: function and qualifier, the event, the request's id, the number of the attempt, when it was queued,
    the seconds that AWS would have waited since (retries run at once here), and how often it was throttled.
    """

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)
        self._destinations = Destinations(cloud)

    def run_event(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Run one queued event; failures are tried again as configured, then given up."""
        function = self._store.functions.get(payload["function"])
        target = target_of(function, payload["qualifier"]) if function else None
        if target is None:
            return None
        config = target.function.event_invoke.get(payload["qualifier"] or LATEST) or EventInvokeConfig(0.0)
        if target.function.reserved == 0:
            self._give_up(target, config, payload, None, "ZeroReservedConcurrency", call)
            return None
        if self._age(payload) > config.settings.get("MaximumEventAgeInSeconds", _LONGEST_AGE_S):
            self._give_up(target, config, payload, None, "EventAgeExceeded", call)
            return None
        request = Request(
            payload["payload"],
            payload["request_id"],
            tenant_id=payload.get("tenant"),
            trace_header=payload.get("trace"),
        )
        try:
            result = self._runner.run(target, request, call)
        except AwsError as error:
            return self._refused(target, config, payload, error, call)
        if result.error is None:
            self._tell(target, config, "OnSuccess", _record(target, payload, result, "Success", self._cloud), call)
            return None
        return self._failed(target, config, payload, result, call)

    def _age(self, payload: dict[str, Any]) -> float:
        age: float = self._cloud.clock.time() - payload["since"] + payload["waited"]
        return age

    def _failed(
        self, target: Target, config: EventInvokeConfig, payload: dict[str, Any], result: Result, call: Call
    ) -> Again | None:
        attempt = payload["attempt"]
        if attempt > config.settings.get("MaximumRetryAttempts", len(_RETRY_WAITS_S)):
            self._give_up(target, config, payload, result, "RetriesExhausted", call)
            return None
        wait = _RETRY_WAITS_S[attempt - 1]
        if self._age(payload) + wait > config.settings.get("MaximumEventAgeInSeconds", _LONGEST_AGE_S):
            self._give_up(target, config, payload, result, "EventAgeExceeded", call)
            return None
        following = {**payload, "attempt": attempt + 1, "waited": payload["waited"] + wait}
        return Again(wait, payload=following)

    def _refused(
        self, target: Target, config: EventInvokeConfig, payload: dict[str, Any], error: AwsError, call: Call
    ) -> Again | None:
        """A throttled event goes behind the others, and waits on the clock when that does not help."""
        if error.code != "TooManyRequestsException":
            self._give_up(target, config, payload, None, "RetriesExhausted", call, error.message)
            return None
        times = payload.get("throttled", 0) + 1
        following = {**payload, "throttled": times}
        if times <= _THROTTLES_AT_ONCE:
            return Again(_THROTTLE_WAIT_S, behind=True, payload=following)
        wait = min(_LONGEST_THROTTLE_WAIT_S, _THROTTLE_WAIT_S * 2 ** (times - _THROTTLES_AT_ONCE))
        return Again(wait, at_once=False, payload=following)

    def _give_up(
        self,
        target: Target,
        config: EventInvokeConfig,
        payload: dict[str, Any],
        result: Result | None,
        condition: str,
        call: Call,
        text: str = "",
    ) -> None:
        function = target.function
        why = text or str(((result.error if result else None) or {}).get("errorMessage", ""))
        dead_letters = (target.version.settings.get("DeadLetterConfig") or {}).get("TargetArn")
        told = config.destinations.get("OnFailure")
        where = ", ".join(place for place in (dead_letters, told) if place) or "dropped"
        note = f"{function.name} gives an event up ({condition}) after attempt {payload['attempt']}: {why}; {where}"
        self._cloud.note("skipped", "lambda", "event", note, parent=call.trace_id)
        if dead_letters:
            self._destinations.send_dead_letter(dead_letters, target, payload, why, call)
        self._tell(target, config, "OnFailure", _record(target, payload, result, condition, self._cloud), call)

    def _tell(self, target: Target, config: EventInvokeConfig, which: str, record: dict[str, Any], call: Call) -> None:
        place = config.destinations.get(which)
        if place:
            kind = "Success" if which == "OnSuccess" else "Failure"
            self._destinations.send(place, target, record, call, kind=kind)


def _record(
    target: Target, payload: dict[str, Any], result: Result | None, condition: str, cloud: Cloud
) -> dict[str, Any]:
    """What a destination is told of an invocation."""
    count = 0 if condition == "ZeroReservedConcurrency" else payload["attempt"]
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": stamp(cloud.clock.now()),
        "requestContext": {
            "requestId": payload["request_id"],
            "functionArn": f"{target.function.arn}:{payload['qualifier'] or LATEST}",
            "condition": condition,
            "approximateInvokeCount": count,
        },
        "requestPayload": json.loads(payload["payload"]),
    }
    if result is not None:
        context: dict[str, Any] = {"statusCode": 200, "executedVersion": result.version}
        if result.error is not None:
            context["functionError"] = "Unhandled"
        record["responseContext"] = context
        record["responsePayload"] = json.loads(result.payload)
    return record
