"""Invocations: synchronous ones in place, asynchronous ones through the router, with their retries."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from mocksls._kernel.call import Call, Origin, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Again, Task
from mocksls._sandbox import InvocationContext, Outcome

from . import errors, log_lines
from .environments import environments
from .names import find_function, parse_name
from .permissions import check_service_may_invoke
from .store import Function, Store

_SYNC_BYTES = 6_291_456
_ASYNC_BYTES = 1_048_576
_ANSWER_BYTES = 6_291_556
_LOOP = 16
_RETRY_WAITS_S = (60.0, 120.0)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one invocation: its payload, AWS's error object if it failed, and its log."""

    payload: bytes
    error: dict[str, Any] | None
    lines: list[str]


class Runner:
    """Runs functions in their environments."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def run(
        self, function: Function, payload: bytes, call: Call, request_id: str, client_context: Any = None
    ) -> Result:
        """Run a function once; the cloud's lock is let go of meanwhile.

        Raises:
            AwsError: RecursiveInvocationException.
        """
        lineage = (*call.origin.lineage, function.arn)
        if lineage.count(function.arn) > _LOOP:
            text = f"{function.name} was invoked {_LOOP} times in a loop: AWS stops such loops"
            self._cloud.note("skipped", "lambda", "Invoke", text, parent=call.trace_id)
            raise errors.recursive()
        pool = environments(self._cloud)
        revision = pool.revision(function.arn)
        warm = pool.acquire(function, call)
        entry = self._cloud.note("invocation", "lambda", function.name, parent=call.trace_id)
        started = int(self._cloud.clock.time() * 1000)
        context = InvocationContext(
            request_id=request_id,
            function_arn=function.arn,
            client_context=client_context,
            trace_id=f"Root=1-{started // 1000:08x}-{self._cloud.ids.hex(24)};Sampled=0",
        )
        cold = warm.environment.cold
        origin = Origin(entry.id, lineage, from_handler=True, acting=warm.principal)
        try:
            with call.unlocked(), self._aside():
                outcome = warm.environment.invoke(payload, context, origin)
        except BaseException:
            warm.environment.close()
            raise
        pool.release(function, warm, revision)
        result = _result(function, request_id, outcome)
        entry.outcome = "ok" if result.error is None else str(result.error.get("errorType") or "Error")
        if result.error is not None:
            entry.text = str(result.error.get("errorMessage", ""))
        for note in outcome.notes:
            self._cloud.note("note", "lambda", function.name, note, parent=entry.id)
        self._log(call, function, warm.stream, started, result, cold)
        return result

    def _aside(self) -> AbstractContextManager[None]:
        """Handlers that run in this process are user code in the loop."""
        return self._cloud.router.user_code() if self._cloud.options.executor == "inline" else nullcontext()

    def _log(self, call: Call, function: Function, stream: str, started: int, result: Result, cold: bool) -> None:
        now = max(started, int(self._cloud.clock.time() * 1000))
        first = [(started, log_lines.init_line(function, call.region))] if cold else []
        events = [(started, result.lines[0]), *((now, line) for line in result.lines[1:])]
        log_lines.write(call, function, stream, [*first, *events])


def _result(function: Function, request_id: str, outcome: Outcome) -> Result:
    payload, error = outcome.payload, outcome.error
    if error is None and payload is not None and len(payload) > _ANSWER_BYTES:
        error = {
            "errorMessage": f"Response payload size exceeded maximum allowed payload size ({_ANSWER_BYTES} bytes).",
            "errorType": "Function.ResponseSizeTooLarge",
        }
        payload = json.dumps(error).encode()
    lines = [
        log_lines.start_line(request_id),
        *outcome.init_log,
        *outcome.log,
        *log_lines.end_lines(function, request_id, outcome),
    ]
    return Result(payload or b"null", error, lines)


class Invocations:
    """The operation Invoke."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)

    def invoke(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Invoke a function: at once (``RequestResponse``), later (``Event``), or not at all (``DryRun``).

        Raises:
            AwsError: ResourceNotFoundException, InvalidRequestContentException, RequestTooLargeException,
                AccessDeniedException.
        """
        function = self._function(request, call)
        check_service_may_invoke(function, call)
        kind = request.get("InvocationType", "RequestResponse")
        payload = _payload(request, _ASYNC_BYTES if kind == "Event" else _SYNC_BYTES)
        if kind == "DryRun":
            return {"StatusCode": 204, "Payload": b""}
        if kind == "Event":
            self._queue(function, payload, call)
            return {"StatusCode": 202, "Payload": b""}
        context = _client_context(request)
        result = self._runner.run(function, payload, call, call.request_id, context)
        answer: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": result.payload}
        if result.error is not None:
            answer["FunctionError"] = "Unhandled"
        if request.get("LogType") == "Tail":
            answer["LogResult"] = base64.b64encode(log_lines.tail(result.lines)).decode()
        return answer

    def _function(self, request: Mapping[str, Any], call: Call) -> Function:
        name, qualifier = request["FunctionName"], request.get("Qualifier")
        if parse_name(name, call, qualifier).qualifier is None:
            qualifier = "$LATEST"  # an unknown function's ARN is told with the version that would have run
        return find_function(self._store, name, call, qualifier)

    def _queue(self, function: Function, payload: bytes, call: Call) -> None:
        work = {"function": function.name, "payload": payload, "request_id": call.request_id, "attempt": 1}
        self._cloud.router.send(Task("lambda", "run_event", call.account_id, call.region, work), call)


class EventInvocations:
    """The task behind asynchronous invocations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)

    def run_event(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Run one queued event; failures are tried twice more, then go to the dead-letter queue."""
        function = self._store.functions.get(payload["function"])
        if function is None:
            return None
        result = self._runner.run(function, payload["payload"], call, payload["request_id"])
        if result.error is None:
            return None
        attempt = payload["attempt"]
        if attempt <= len(_RETRY_WAITS_S):
            return Again(_RETRY_WAITS_S[attempt - 1], payload={**payload, "attempt": attempt + 1})
        self._give_up(function, payload, result, call)
        return None

    def _give_up(self, function: Function, payload: dict[str, Any], result: Result, call: Call) -> None:
        text = f"{function.name} failed {payload['attempt']} times: {(result.error or {}).get('errorMessage', '')}"
        target = (function.settings.get("DeadLetterConfig") or {}).get("TargetArn")
        self._cloud.note("skipped", "lambda", "event", f"{text}; {target or 'dropped'}", parent=call.trace_id)
        if target:
            _send_dead_letter(target, function, payload, result, call)


def _send_dead_letter(target: str, function: Function, payload: dict[str, Any], result: Result, call: Call) -> None:
    """Send what could not be processed to the queue or topic of ``DeadLetterConfig``."""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": payload["request_id"]},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": str((result.error or {}).get("errorMessage", ""))[:1024]},
    }
    body = payload["payload"].decode("utf-8", "replace")
    by = Principal.service("lambda.amazonaws.com", call.account_id, function.arn)
    if ":sqs:" in target:
        _, _, _, region, account, name = target.split(":", 5)
        url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
        params: dict[str, Any] = {"QueueUrl": url, "MessageBody": body, "MessageAttributes": attributes}
        call.request("sqs", "SendMessage", params, principal=by)
    else:
        params = {"TopicArn": target, "Message": body, "MessageAttributes": attributes}
        call.request("sns", "Publish", params, principal=by)


def _payload(request: Mapping[str, Any], limit: int) -> bytes:
    payload: bytes = request.get("Payload") or b""
    if len(payload) > limit:
        raise errors.payload_too_large(len(payload), limit)
    if not payload.strip():
        return b"{}"
    try:
        json.loads(payload)
    except RecursionError:
        raise errors.bad_payload("Document nesting depth exceeds the maximum allowed") from None
    except ValueError as error:
        raise errors.bad_payload(_unexpected(payload, error)) from None
    return payload


def _unexpected(payload: bytes, error: ValueError) -> str:
    text = payload.decode("utf-8", "replace")
    place = min(getattr(error, "pos", 0), max(len(text) - 1, 0))
    character = text[place : place + 1]
    return f"Unexpected character ('{character}' (code {ord(character or ' ')}))"


def _client_context(request: Mapping[str, Any]) -> Any:
    if not request.get("ClientContext"):
        return None
    try:
        return json.loads(base64.b64decode(request["ClientContext"]))
    except ValueError:
        text = "Client context must be a valid Base64-encoded JSON object."
        raise AwsError("InvalidRequestContentException", text, status=400, members={"Type": "User"}) from None
