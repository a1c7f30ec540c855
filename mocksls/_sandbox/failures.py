"""The errors that the platform itself answers for an invocation."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

from .spec import Outcome

_MOST_BYTES = 6291556
_SIGNALS = {
    signal.SIGHUP: "hangup",
    signal.SIGINT: "interrupt",
    signal.SIGQUIT: "quit",
    signal.SIGILL: "illegal instruction",
    signal.SIGTRAP: "trace/breakpoint trap",
    signal.SIGABRT: "aborted",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "floating point exception",
    signal.SIGKILL: "killed",
    signal.SIGUSR1: "user defined signal 1",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGUSR2: "user defined signal 2",
    signal.SIGPIPE: "broken pipe",
    signal.SIGALRM: "alarm clock",
    signal.SIGTERM: "terminated",
}


def answered(ok: bool, payload: bytes) -> Outcome:
    """The outcome of a handler that returned or raised."""
    if len(payload) > _MOST_BYTES:
        text = f"Response payload size exceeded maximum allowed payload size ({_MOST_BYTES} bytes)."
        return failed("error", {"errorMessage": text, "errorType": "Function.ResponseSizeTooLarge"})
    if ok:
        return Outcome("ok", payload)
    return Outcome("error", payload, json.loads(payload))


def timed_out(request_id: str, timeout_s: float) -> Outcome:
    """The handler took longer than configured."""
    text = f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds"
    return failed("timeout", {"errorType": "Sandbox.Timedout", "errorMessage": text})


def out_of_memory(request_id: str) -> Outcome:
    """The environment was killed for its memory."""
    return failed("killed-memory", _exit_error(request_id, "with error: signal: killed"))


def exited(request_id: str, status: int | None) -> Outcome:
    """The process ended in the middle of it, with this wait status."""
    return failed("exit", _exit_error(request_id, _reason(status)))


def failed(kind: Any, error: dict[str, Any]) -> Outcome:
    """An outcome with an error payload."""
    return Outcome(kind, json.dumps(error, separators=(",", ":")).encode(), error)


def _exit_error(request_id: str, reason: str) -> dict[str, Any]:
    text = f"RequestId: {request_id} Error: Runtime exited {reason}"
    return {"errorType": "Runtime.ExitError", "errorMessage": text}


def _reason(status: int | None) -> str:
    code = -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
    if code == 0:
        return "without providing a reason"
    if code > 0:
        return f"with error: exit status {code}"
    return f"with error: signal: {_SIGNALS.get(signal.Signals(-code), f'signal {-code}')}"
