"""What a process that stands by does beforehand, so that the memory that every start needs is its own already.

A forked process shares its memory until it writes to it, and the first write to each page is what a start spends most
of its time on.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import types

from .logs import LogSink, redirect
from .runtime import Runtime


def rehearse() -> None:
    """Go once through what every environment does, with a handler that does nothing."""
    sys.modules["__main__"] = types.ModuleType("__main__")
    redirect()
    importlib.util.find_spec("_mocksls_rehearsal")
    module = types.ModuleType("_mocksls_rehearsal")
    exec(compile("import os, json\n\ndef handler(event, context):\n    return {}\n", "", "exec"), vars(module))  # noqa: S102
    runtime = Runtime(LogSink("", descriptor=0), [])
    runtime.use(module.handler)
    runtime.invoke({"request_id": "", "invoked_function_arn": "", "deadline_ms": 0, "trace_id": "Root=1"}, b"{}")
    os.environ.update(dict(os.environ))
