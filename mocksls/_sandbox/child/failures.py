"""Exceptions as the payloads that Lambda answers."""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import Any

_HERE = os.path.dirname(__file__) + os.sep  # noqa: PTH120
_STDLIB = sysconfig.get_path("stdlib") + os.sep
_SITE_PACKAGES = ("site-packages", "dist-packages")

Renames = Sequence[tuple[str, str]]


class Fault(Exception):
    """An error of the runtime itself (``Runtime.ImportModuleError`` and the like)."""

    def __init__(self, kind: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = trace or []


def fault_payload(fault: Fault, request_id: str, renames: Renames) -> dict[str, Any]:
    """The payload of an error of the runtime."""
    trace = [renamed(line, renames) for line in fault.trace]
    return _payload(renamed(fault.message, renames), fault.kind, trace, request_id)


def exception_payload(error: BaseException, request_id: str, renames: Renames) -> dict[str, Any]:
    """The payload of an exception that the handler, or its import, raised.

    Raises:
        Exception: the exception's own ``__str__`` raised (on AWS that ends the runtime).
    """
    frames = [
        (_shown(frame.filename, renames), frame.lineno, frame.name, frame.line)
        for frame in _frames(error.__traceback__)
    ]
    trace = traceback.format_list(frames)  # type: ignore[arg-type]
    return _payload(str(error), type(error).__name__, trace, request_id)


def renamed(text: str, renames: Renames) -> str:
    """A text with the real paths of the code replaced by those that it has on AWS."""
    for real, shown in renames:
        text = text.replace(real, shown)
    return text


def stdlib_rename(runtime: str) -> tuple[str, str]:
    """Where the standard library lies here, and on AWS."""
    return _STDLIB, f"/var/lang/lib/{runtime}/"


def _shown(path: str, renames: Renames) -> str:
    if path.startswith(_STDLIB) and not any(name in path for name in _SITE_PACKAGES):
        return renamed(path, renames)
    return renamed(path, renames[1:])


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """The frames of a traceback without those of this runtime at its head."""
    frames = list(traceback.extract_tb(trace))
    for index, frame in enumerate(frames):
        if not frame.filename.startswith(_HERE):
            return frames[index:]
    return []


def _payload(message: str, kind: str, trace: list[str], request_id: str) -> dict[str, Any]:
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}
