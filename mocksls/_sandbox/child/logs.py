"""Standard output and the root logger, as Lambda's runtime sets them up.

What the runtime itself logs is one event however many lines it has; such messages are framed by a mark that the
parent chose, so that it can tell them from printed lines.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
import traceback
from typing import Any

_TEXT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
_RESERVED = frozenset(vars(logging.makeLogRecord({}))) | {
    "message", "asctime", "taskName", "aws_request_id", "tenant_id",
}  # fmt: skip
_NO_BREAK_SPACE = "\u00a0"


class LogSink:
    """Writes events to the function's log."""

    def __init__(self, mark: str, descriptor: int = 1) -> None:
        self.mark = mark
        self.descriptor = descriptor
        self.request_id: str | None = None

    def event(self, message: str) -> None:
        """Write one event, its end marked."""
        text = f"{self.mark}{message}{self.mark}\n" if self.mark else message
        data = text.encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self.descriptor, data) :]

    def error(self, error: dict[str, Any]) -> None:
        """Write an error payload the way the runtime logs it."""
        if _json_format():
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self.event(json.dumps({"timestamp": stamp, "level": "ERROR", **error}, ensure_ascii=False) + "\n")
        else:
            self.event("\n".join(_error_lines(error)) + "\n")


class _Handler(logging.Handler):
    """The handler that the runtime puts on the root logger."""

    def __init__(self, sink: LogSink) -> None:
        super().__init__()
        self._sink = sink

    def emit(self, record: logging.LogRecord) -> None:
        record.aws_request_id = self._sink.request_id or ""
        try:
            self._sink.event(self.format(record))
        except Exception:
            self.handleError(record)


class _JsonFormatter(logging.Formatter):
    """``LoggingConfig.LogFormat=JSON``: one object a record."""

    def format(self, record: logging.LogRecord) -> str:
        told = record.msg if isinstance(record.msg, dict) and not record.args else record.getMessage()
        shown = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": told,
            "logger": record.name,
            **_failure(record),
            "requestId": getattr(record, "aws_request_id", None),
            **_location(record),
        }
        extra = {key: value for key, value in vars(record).items() if key not in _RESERVED and key not in shown}
        kept = {key: value for key, value in (shown | extra).items() if value is not None}
        return json.dumps(kept, ensure_ascii=False, default=str) + "\n"


def redirect(encoding: str = "utf-8") -> None:
    """Give ``sys.stdin``, ``stdout`` and ``stderr`` anew, unbuffered: a killed handler loses nothing it wrote."""
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.FileIO(0, "rb", closefd=False), encoding=encoding)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _unbuffered(1, encoding, "surrogateescape")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _unbuffered(2, encoding, "backslashreplace")  # type: ignore[misc]


def set_up_logging(sink: LogSink) -> None:
    """Put the runtime's handler on the root logger."""
    level = {"TRACE": "DEBUG"}.get(_setting("LEVEL"), _setting("LEVEL"))
    logging.Formatter.converter = time.gmtime
    handler = _Handler(sink)
    handler.setFormatter(_JsonFormatter() if _json_format() else logging.Formatter(_TEXT, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.addHandler(handler)
    if level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"):
        root.setLevel(level)


def _unbuffered(descriptor: int, encoding: str, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "wb", closefd=False)
    return io.TextIOWrapper(raw, encoding=encoding, errors=errors, write_through=True)


def _setting(name: str) -> str:
    return os.environ.get(f"AWS_LAMBDA_LOG_{name}", "").upper()


def _json_format() -> bool:
    return _setting("FORMAT") == "JSON"


def _error_lines(error: dict[str, Any]) -> list[str]:
    kind, message = error.get("errorType"), error.get("errorMessage")
    first = "[ERROR]" + (f" {kind}" if kind else "")
    if message:
        first += (":" if kind else "") + f" {message}"
    lines = [first]
    if error.get("stackTrace") is not None:
        lines.append("Traceback (most recent call last):")
        for element in error["stackTrace"]:
            lines.extend(map(_indented, element.splitlines() or [""]))
    return lines


def _indented(line: str) -> str:
    text = line.lstrip(" ")
    return _NO_BREAK_SPACE * (len(line) - len(text)) + text


def _failure(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, value, trace = record.exc_info
    return {"stackTrace": traceback.format_tb(trace), "errorType": kind.__name__, "errorMessage": str(value)}


def _location(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info:
        return {}
    return {"location": f"{record.pathname}:{record.funcName}:{record.lineno}"}
