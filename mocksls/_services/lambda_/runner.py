"""Runs functions: an environment, the invocation in it, its log lines, its metrics."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from mocksls._kernel.call import Call, Origin
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.trace import TraceEntry
from mocksls._sandbox import InvocationContext, Outcome

from . import errors, log_lines
from .environments import Environments, WarmEnvironment, environments
from .measures import measure_invocation, measure_throttle
from .names import Target
from .store import Function

_ANSWER_BYTES = 6_291_556
_LOOP = 16
_ALLOWED_LOOP = 100
_ACCOUNT_LIMIT = 1000
_PARTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one invocation: its payload, AWS's error object if it failed, its log, and the version that ran.

    ``parts`` is the payload as a function streamed it, with its content type.
    """

    payload: bytes
    error: dict[str, Any] | None
    lines: list[str]
    version: str
    parts: tuple[bytes, ...] | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One invocation as it is asked for."""

    payload: bytes
    request_id: str
    client_context: Any = None
    tenant_id: str | None = None
    trace_header: str | None = None
    streamed: bool = False


class Runner:
    """Runs functions in their environments."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def run(self, target: Target, request: Request, call: Call) -> Result:
        """Run a function once; the cloud's lock is let go of meanwhile.

        Raises:
            AwsError: TooManyRequestsException, RecursiveInvocationException, and NotImplemented for what cannot be
                run here.
        """
        lineage = self._lineage(target, call)
        pool = environments(self._cloud)
        self._check_concurrency(target, pool, call)
        version = self._routed(target)
        revision = pool.revision(version.qualified_arn)
        warm = pool.acquire(version, request.tenant_id)
        entry = self._cloud.note("invocation", "lambda", version.name, parent=call.trace_id)
        started = int(self._cloud.clock.time() * 1000)
        context = self._context(target, request, started)
        cold = warm.environment.cold
        origin = Origin(entry.id, lineage, from_handler=True, acting=warm.principal)
        name = target.function.arn
        pool.busy[name] = busy = pool.busy.get(name, 0) + 1
        try:
            with call.unlocked(), self._aside():
                outcome = warm.environment.invoke(request.payload, context, origin)
        except BaseException:
            warm.environment.close()
            raise
        finally:
            pool.busy[name] -= 1
        pool.release(version, warm, revision)
        ended = max(started, int(self._cloud.clock.time() * 1000))
        result = _result(version, request.request_id, outcome, (started, ended))
        self._tell(entry, version, outcome, result)
        measure_invocation(self._cloud, target, version, outcome, failed=result.error is not None, busy=busy)
        self._log(replace(call, origin=origin, trace_id=entry.id), version, warm, (started, ended), result, cold)
        return result

    def _lineage(self, target: Target, call: Call) -> tuple[str, ...]:
        """The functions that led here, this one included; a loop is cut as AWS cuts it."""
        function = target.function
        lineage = (*call.origin.lineage, function.arn)
        most = _LOOP if function.recursive_loop == "Terminate" else _ALLOWED_LOOP
        if lineage.count(function.arn) > most:
            text = f"{function.name} was invoked {most} times in a loop: AWS stops such loops"
            self._cloud.note("skipped", "lambda", "Invoke", text, parent=call.trace_id)
            raise errors.recursive()
        return lineage

    def _check_concurrency(self, target: Target, pool: Environments, call: Call) -> None:
        function = target.function
        busy, reserved = pool.busy.get(function.arn, 0), function.reserved
        if reserved is not None and busy >= reserved:
            reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
        elif sum(pool.busy.values()) >= _ACCOUNT_LIMIT:
            reason = "ConcurrentInvocationLimitExceeded"
        else:
            return
        measure_throttle(self._cloud, target)
        text = f"throttled: {busy} invocations of {function.name} are running, {reserved} are reserved"
        self._cloud.note("skipped", "lambda", function.name, text, parent=call.trace_id)
        raise errors.throttled(reason)

    def _routed(self, target: Target) -> Function:
        """The version that runs: an alias may share its calls between two."""
        if target.alias is None or not target.alias.weights:
            return target.version
        (second, weight), *_ = target.alias.weights.items()
        if self._cloud.ids.integer(1, _PARTS) > weight * _PARTS:
            return target.version
        return target.function.versions.get(second, target.version)

    def _context(self, target: Target, request: Request, started: int) -> InvocationContext:
        trace = request.trace_header
        if trace is None:
            trace = f"Root=1-{started // 1000:08x}-{self._cloud.ids.hex(24)};Sampled=0"
        return InvocationContext(
            request_id=request.request_id,
            function_arn=target.arn,
            client_context=request.client_context,
            tenant_id=request.tenant_id,
            trace_id=trace,
            streamed=request.streamed,
        )

    def _aside(self) -> AbstractContextManager[None]:
        """Handlers that run in this process are user code in the loop."""
        return self._cloud.router.user_code() if self._cloud.options.executor == "inline" else nullcontext()

    def _tell(self, entry: TraceEntry, version: Function, outcome: Outcome, result: Result) -> None:
        entry.outcome = "ok" if result.error is None else str(result.error.get("errorType") or "Error")
        if result.error is not None:
            entry.text = str(result.error.get("errorMessage", ""))
        for note in outcome.notes:
            self._cloud.note("note", "lambda", version.name, note, parent=entry.id)

    def _log(
        self, call: Call, version: Function, warm: WarmEnvironment, times: tuple[int, int], result: Result, cold: bool
    ) -> None:
        started, ended = times
        first = [(started, line) for line in log_lines.init_lines(version, started)] if cold else []
        events = [(started, line) for line in result.lines[:1]] + [(ended, line) for line in result.lines[1:]]
        log_lines.write(call, version, warm, [*first, *events])


def _result(version: Function, request_id: str, outcome: Outcome, times: tuple[int, int]) -> Result:
    payload, error = outcome.payload, outcome.error
    if error is None and outcome.parts is None and payload is not None and len(payload) > _ANSWER_BYTES:
        error = {
            "errorMessage": f"Response payload size exceeded maximum allowed payload size ({_ANSWER_BYTES} bytes).",
            "errorType": "Function.ResponseSizeTooLarge",
        }
        payload = json.dumps(error).encode()
    lines = [
        *log_lines.start_lines(version, request_id, times[0]),
        *outcome.init_log,
        *outcome.log,
        *log_lines.end_lines(version, request_id, outcome, times[1]),
    ]
    return Result(payload or b"null", error, lines, version.version, outcome.parts, outcome.content_type)
