"""Invocations: synchronous ones in place, asynchronous ones queued (``async_invocations`` runs them)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Task

from . import errors, log_lines
from .names import LATEST, Target, find_target, parse_name
from .permissions import check_service_may_invoke
from .runner import Request, Result, Runner
from .store import Store

_SYNC_BYTES = 6_291_456
_ASYNC_BYTES = 1_048_576


class Invocations:
    """The operations that invoke."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._runner = Runner(cloud)

    def invoke(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Invoke a function: at once (``RequestResponse``), later (``Event``), or not at all (``DryRun``).

        Raises:
            AwsError: ResourceNotFoundException, InvalidRequestContentException, RequestEntityTooLargeException,
                TooManyRequestsException, AccessDeniedException.
        """
        target = self._target(request, call)
        kind = request.get("InvocationType", "RequestResponse")
        payload = _payload(request.get("Payload"), _ASYNC_BYTES if kind == "Event" else _SYNC_BYTES)
        if kind == "DryRun":
            return {"StatusCode": 204, "Payload": b""}
        if kind == "Event":
            self._queue(target, payload, call, request.get("TenantId"))
            return {"StatusCode": 202, "Payload": b""}
        result = self._run(target, payload, request, call)
        answer: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": result.version, "Payload": result.payload}
        if result.error is not None:
            answer["FunctionError"] = "Unhandled"
        if request.get("LogType") == "Tail":
            answer["LogResult"] = base64.b64encode(log_lines.tail(result.lines)).decode()
        return answer

    def invoke_async(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Invoke a function later (the operation before ``InvocationType=Event``).

        Raises:
            AwsError: ResourceNotFoundException, InvalidRequestContentException, RequestEntityTooLargeException.
        """
        target = self._target(request, call)
        self._queue(target, _payload(request["InvokeArgs"], _ASYNC_BYTES), call)
        return {"Status": 202}

    def invoke_with_response_stream(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Invoke a function and pass on what it streams; what it returns whole is one chunk.

        Raises:
            AwsError: ResourceNotFoundException, InvalidRequestContentException, RequestEntityTooLargeException,
                TooManyRequestsException, AccessDeniedException.
        """
        target = self._target(request, call)
        payload = _payload(request.get("Payload"), _SYNC_BYTES)
        if request.get("InvocationType") == "DryRun":
            return {"StatusCode": 204}
        result = self._run(target, payload, request, call, streamed=True)
        complete: dict[str, Any] = {}
        if result.error is not None:
            complete["ErrorCode"] = "Unhandled"
            complete["ErrorDetails"] = result.payload.decode("utf-8", "replace")
        if request.get("LogType") == "Tail":
            complete["LogResult"] = base64.b64encode(log_lines.tail(result.lines)).decode()
        chunks = result.parts if result.parts is not None else () if result.error else (result.payload,)
        return {
            "StatusCode": 200,
            "ExecutedVersion": result.version,
            "ResponseStreamContentType": result.content_type or "application/octet-stream",
            "EventStream": [
                *({"PayloadChunk": {"Payload": chunk}} for chunk in chunks if chunk),
                {"InvokeComplete": complete},
            ],
        }

    def _run(
        self, target: Target, payload: bytes, request: Mapping[str, Any], call: Call, *, streamed: bool = False
    ) -> Result:
        wanted = Request(
            payload,
            call.request_id,
            _client_context(request),
            request.get("TenantId"),
            call.headers.get("x-amzn-trace-id"),
            streamed,
        )
        return self._runner.run(target, wanted, call)

    def _target(self, request: Mapping[str, Any], call: Call) -> Target:
        name, qualifier = request["FunctionName"], request.get("Qualifier")
        named = parse_name(name, call, qualifier)
        try:
            target = find_target(self._store, name, call, qualifier)
        except AwsError:
            if named.qualifier is not None:
                raise
            # an unknown function's ARN is told with the version that would have run
            target = find_target(self._store, name, call, LATEST)
        check_service_may_invoke(target, call)
        isolated = "TenancyConfig" in target.version.settings
        if isolated != (request.get("TenantId") is not None):
            raise errors.tenant_expected() if isolated else errors.tenant_unexpected()
        return target

    def _queue(self, target: Target, payload: bytes, call: Call, tenant_id: str | None = None) -> None:
        work = {
            "function": target.function.name,
            "qualifier": target.qualifier,
            "payload": payload,
            "request_id": call.request_id,
            "attempt": 1,
            "since": self._cloud.clock.time(),
            "waited": 0.0,
            "trace": call.headers.get("x-amzn-trace-id"),
            "tenant": tenant_id,
        }
        function = target.function
        self._cloud.router.send(Task("lambda", "run_event", function.account_id, function.region, work), call)


def _payload(given: bytes | None, limit: int) -> bytes:
    payload = given or b""
    if len(payload) > limit:
        raise errors.payload_too_large(len(payload), limit)
    if not payload.strip():
        return b"{}"
    try:
        json.loads(payload, parse_constant=_refuse_constant)
    except RecursionError:
        raise errors.bad_payload("Document nesting depth exceeds the maximum allowed") from None
    except ValueError as error:
        raise errors.bad_payload(_unexpected(payload, error)) from None
    return payload


def _refuse_constant(name: str) -> Any:
    """Refuse what Python takes beyond JSON: ``NaN``, ``Infinity``, ``-Infinity``."""
    text = f"Non-standard token '{name}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"
    raise errors.bad_payload(text)


def _unexpected(payload: bytes, error: ValueError) -> str:
    text = payload.decode("utf-8", "replace")
    place = min(getattr(error, "pos", 0), max(len(text) - 1, 0))
    character = text[place : place + 1]
    return (
        f"Unexpected character ('{character}' (code {ord(character or ' ')})): expected a valid value "
        "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    )


def _client_context(request: Mapping[str, Any]) -> Any:
    if not request.get("ClientContext"):
        return None
    try:
        return json.loads(base64.b64decode(request["ClientContext"]))
    except ValueError:
        text = "Client context must be a valid Base64-encoded JSON object."
        raise AwsError("InvalidRequestContentException", text, status=400, members={"Type": "User"}) from None
