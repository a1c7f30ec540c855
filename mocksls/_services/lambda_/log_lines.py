"""What an invocation writes to CloudWatch Logs: the platform's lines around the handler's own.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from math import ceil
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._sandbox import Outcome

from .configuration import log_group, runtime_version_arn
from .environments import WarmEnvironment
from .store import Function

_TAIL_BYTES = 4096
_BATCH_BYTES = 1_000_000
_BATCH_EVENTS = 10_000
_EVENT_BYTES = 1_048_576 - 26  # of one event; 26 are CloudWatch Logs' own
_LEVELS = ("DEBUG", "INFO", "WARN")


def init_lines(function: Function, started_ms: int) -> list[str]:
    """The line of a cold start, at a time in milliseconds."""
    arn = runtime_version_arn(function)
    runtime = _runtime(function)
    if not _json(function):
        return [f"INIT_START Runtime Version: {runtime}\tRuntime Version ARN: {arn}\n"]
    record = {
        "initializationType": "on-demand",
        "phase": "init",
        "runtimeVersion": runtime,
        "runtimeVersionArn": arn,
        "functionName": function.name,
        "functionVersion": function.version,
    }
    return _platform(function, "platform.initStart", "INFO", record, started_ms)


def _runtime(function: Function) -> str:
    """A runtime's version as the platform writes it (``python:3.13.v11``, ``provided:al2023.v11``)."""
    name = function.runtime or "provided"
    found = re.match(r"([a-z]+)\.?(.*)", name)
    head, version = found.groups() if found else (name, "")
    return f"{head}:{version.removesuffix('.x')}.v11" if version else f"{head}.v11"


def start_lines(function: Function, request_id: str, started_ms: int) -> list[str]:
    """The first line of an invocation."""
    if _json(function):
        record = {"requestId": request_id, "version": function.version}
        return _platform(function, "platform.start", "INFO", record, started_ms)
    return [f"START RequestId: {request_id} Version: {function.version}\n"]


def end_lines(function: Function, request_id: str, outcome: Outcome, ended_ms: int) -> list[str]:
    """The last lines of an invocation: what ended it if not the handler, END, REPORT."""
    if _json(function):
        return _json_report(function, request_id, outcome, ended_ms)
    report = (
        f"REPORT RequestId: {request_id}\tDuration: {outcome.duration_ms:.2f} ms\t"
        f"Billed Duration: {_billed(outcome)} ms\t"
        f"Memory Size: {function.memory_mb} MB\tMax Memory Used: {_used(function, outcome)} MB\t"
    )
    if outcome.init_duration_ms is not None:
        report += f"Init Duration: {outcome.init_duration_ms:.2f} ms\t"
    if outcome.kind == "timeout":
        report += "Status: timeout"
    elif outcome.kind in ("exit", "killed-memory"):
        report += "Status: error\tError Type: Runtime.ExitError"
    return [*_ending(function, request_id, outcome, ended_ms), f"END RequestId: {request_id}\n", f"{report}\n"]


def _ending(function: Function, request_id: str, outcome: Outcome, ended_ms: int) -> list[str]:
    """What the platform says of a handler that it ended, or that ended its process."""
    if outcome.kind == "timeout":
        return [f"{_stamp(ended_ms)} {request_id} Task timed out after {function.timeout_s:.2f} seconds\n\n"]
    if outcome.kind in ("exit", "killed-memory"):
        text = str((outcome.error or {}).get("errorMessage", ""))
        return [f"{text}\nRuntime.ExitError\n"]
    return []


def _json_report(function: Function, request_id: str, outcome: Outcome, ended_ms: int) -> list[str]:
    metrics: dict[str, Any] = {
        "durationMs": round(outcome.duration_ms, 3),
        "billedDurationMs": _billed(outcome),
        "memorySizeMB": function.memory_mb,
        "maxMemoryUsedMB": _used(function, outcome),
    }
    if outcome.init_duration_ms is not None:
        metrics["initDurationMs"] = round(outcome.init_duration_ms, 3)
    failed = outcome.kind != "ok"
    status = {"ok": "success", "timeout": "timeout", "error": "error"}.get(outcome.kind, "failure")
    record: dict[str, Any] = {"requestId": request_id, "metrics": metrics, "status": status}
    if failed and outcome.error:
        record["errorType"] = outcome.error.get("errorType")
    level = "WARN" if failed else "INFO"
    return _platform(function, "platform.report", level, record, ended_ms)


def _platform(function: Function, kind: str, level: str, record: dict[str, Any], at_ms: int) -> list[str]:
    """One of the platform's events in JSON, unless the function's system log level leaves it out."""
    wanted = function.logging.get("SystemLogLevel", "INFO")
    if _LEVELS.index(level) < _LEVELS.index(wanted):
        return []
    return [json.dumps({"time": _stamp(at_ms), "type": kind, "record": record}, separators=(",", ":")) + "\n"]


def _stamp(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def _json(function: Function) -> bool:
    return function.logging.get("LogFormat") == "JSON"


def _billed(outcome: Outcome) -> int:
    return ceil(outcome.duration_ms + (outcome.init_duration_ms or 0))


def _used(function: Function, outcome: Outcome) -> int:
    return min(outcome.max_memory_mb, function.memory_mb)


def tail(lines: Sequence[str]) -> bytes:
    """The last 4 KB of an invocation's log, as ``LogType=Tail`` shows it."""
    return "".join(lines).encode()[-_TAIL_BYTES:]


def write(call: Call, function: Function, warm: WarmEnvironment, events: Sequence[tuple[int, str]]) -> None:
    """Put lines (with their times in ms) into the function's log group, which is made when it is not there."""
    batch: list[dict[str, Any]] = []
    size = 0
    for timestamp, message in _fitting(events):
        size += len(message) * 4 + 26
        if size > _BATCH_BYTES or len(batch) == _BATCH_EVENTS:
            _put(call, function, warm, batch)
            batch, size = [], len(message) * 4 + 26
        batch.append({"timestamp": timestamp, "message": message or "\n"})
    _put(call, function, warm, batch)


def _fitting(events: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines, those that are too large for one event of CloudWatch Logs in several."""
    for timestamp, message in events:
        if len(message) * 4 <= _EVENT_BYTES:
            yield timestamp, message
            continue
        data = message.encode("utf-8", "replace")
        while data:
            part = data[:_EVENT_BYTES].decode("utf-8", "ignore")
            yield timestamp, part
            data = data[len(part.encode()) :]


def _put(call: Call, function: Function, warm: WarmEnvironment, batch: list[dict[str, Any]]) -> None:
    if not batch:
        return
    names = {"logGroupName": log_group(function), "logStreamName": warm.stream}
    if not warm.logged:
        _make(call, function, names)
        warm.logged = True
    try:
        _logs(call, function, "PutLogEvents", {**names, "logEvents": batch})
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        _make(call, function, names)  # somebody has deleted it meanwhile
        _logs(call, function, "PutLogEvents", {**names, "logEvents": batch})


def _make(call: Call, function: Function, names: dict[str, str]) -> None:
    _unless_there(call, function, "CreateLogGroup", {"logGroupName": names["logGroupName"]})
    _unless_there(call, function, "CreateLogStream", names)


def _unless_there(call: Call, function: Function, operation: str, params: dict[str, str]) -> None:
    try:
        _logs(call, function, operation, params)
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise


def _logs(call: Call, function: Function, operation: str, params: dict[str, Any]) -> None:
    call.request("logs", operation, params, internal=True, account_id=function.account_id, region=function.region)
