"""What an invocation writes to CloudWatch Logs: the runtime's lines around the handler's own."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._sandbox import Outcome

from .configuration import log_group, runtime_version_arn
from .store import Function

_TAIL_BYTES = 4096


def init_line(function: Function, region: str) -> str:
    """The line of a cold start."""
    runtime = (function.runtime or "python").replace("python", "python:")
    return f"INIT_START Runtime Version: {runtime}.v11\tRuntime Version ARN: {runtime_version_arn(region)}\n"


def start_line(request_id: str) -> str:
    """The first line of an invocation."""
    return f"START RequestId: {request_id} Version: $LATEST\n"


def end_lines(function: Function, request_id: str, outcome: Outcome) -> list[str]:
    """The last lines of an invocation."""
    report = (
        f"REPORT RequestId: {request_id}\tDuration: {outcome.duration_ms:.2f} ms\t"
        f"Billed Duration: {ceil(outcome.duration_ms + (outcome.init_duration_ms or 0))} ms\t"
        f"Memory Size: {function.memory_mb} MB\tMax Memory Used: {min(outcome.max_memory_mb, function.memory_mb)} MB\t"
    )
    if outcome.init_duration_ms is not None:
        report += f"Init Duration: {outcome.init_duration_ms:.2f} ms\t"
    return [f"END RequestId: {request_id}\n", f"{report}\n"]


def tail(lines: Sequence[str]) -> bytes:
    """The last 4 KB of an invocation's log, as ``LogType=Tail`` shows it."""
    return "".join(lines).encode()[-_TAIL_BYTES:]


def write(call: Call, function: Function, stream: str, events: Sequence[tuple[int, str]]) -> None:
    """Put lines (with their times in ms) into the function's log group, which is made when it is not there."""
    group = log_group(function)
    _unless_there(call, "CreateLogGroup", {"logGroupName": group})
    _unless_there(call, "CreateLogStream", {"logGroupName": group, "logStreamName": stream})
    batch: list[dict[str, Any]] = []
    size = 0
    for timestamp, message in events:
        size += len(message) * 4 + 26
        if size > 1_000_000 or len(batch) == 10_000:
            _put(call, group, stream, batch)
            batch, size = [], len(message) * 4 + 26
        batch.append({"timestamp": timestamp, "message": message or "\n"})
    _put(call, group, stream, batch)


def _put(call: Call, group: str, stream: str, batch: list[dict[str, Any]]) -> None:
    if batch:
        params = {"logGroupName": group, "logStreamName": stream, "logEvents": batch}
        call.request("logs", "PutLogEvents", params, internal=True)


def _unless_there(call: Call, operation: str, params: dict[str, str]) -> None:
    try:
        call.request("logs", operation, params, internal=True)
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise
