"""Lambda's runtime client: takes an event, runs the handler, gives back what the client would post."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from .context import LambdaContext
from .failures import Fault, Renames, exception_payload, fault_payload
from .handlers import Handler, find
from .logs import LogSink
from .marshal import to_json


class Answer(NamedTuple):
    """What an invocation posts back."""

    ok: bool
    payload: bytes


class Runtime:
    """The handler of one environment, and how it is run."""

    def __init__(self, sink: LogSink, renames: Renames) -> None:
        self._sink = sink
        self._renames = renames
        self._handler: Handler | None = None

    def load(self, code: dict[str, Any], handler: str, pickled: bytes) -> Answer | None:
        """Find the handler. Returns what went wrong, if anything did."""
        try:
            self._handler = find(code, handler, pickled)
        except Exception as error:
            return self._failed(error, "")
        return None

    def use(self, handler: Handler) -> None:
        """Take a handler that is there already."""
        self._handler = handler

    def invoke(self, call: dict[str, Any], event: bytes) -> Answer:
        """Run the handler once."""
        request_id = self._sink.request_id = call["request_id"]
        _set_trace_id(call.get("trace_id"))
        try:
            result = self._run(call, event)
        except Exception as error:
            return self._failed(error, request_id)
        return Answer(True, result if isinstance(result, bytes) else result.encode())

    def _run(self, call: dict[str, Any], event: bytes) -> bytes | str:
        assert self._handler is not None
        context = _context(call)
        result = self._handler(_parsed(event), context)
        if isinstance(result, bytes):
            return result
        text: str = _guarded(to_json, result, "Runtime.MarshalError", "Unable to marshal response: {}")
        return text

    def _failed(self, error: Exception, request_id: str) -> Answer:
        if isinstance(error, Fault):
            payload = fault_payload(error, request_id, self._renames)
        else:
            payload = exception_payload(error, request_id, self._renames)
        self._sink.error(payload)
        return Answer(False, to_json(payload).encode())


def _parsed(event: bytes) -> Any:
    return _guarded(json.loads, event, "Runtime.UnmarshalError", "Unable to unmarshal input: {}")


def _context(call: dict[str, Any]) -> LambdaContext:
    parsed = [
        _guarded(json.loads, call[key], "Runtime.LambdaContextUnmarshalError", f"Unable to parse {name} JSON: {{}}")
        if isinstance(call.get(key), str)
        else call.get(key)
        for key, name in (("client_context", "Client Context"), ("identity", "Cognito Identity"))
    ]
    return LambdaContext(call, *parsed)


def _guarded(convert: Callable[[Any], Any], value: Any, kind: str, text: str) -> Any:
    """Convert; an exception becomes an error of the runtime."""
    try:
        return convert(value)
    except Exception as error:
        raise Fault(kind, text.format(error)) from error


def _set_trace_id(trace_id: str | None) -> None:
    if trace_id is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
