"""What a process that stands by does beforehand, so that the memory that every start needs is its own already.

A forked process shares its memory until it writes to it, and the first write to each page is what a start spends most
of its time on.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import time
import types

from .channel import Channel
from .frames import INVOKE, pack
from .logs import LogSink
from .runtime import Runtime

_CALL = {"request_id": "", "invoked_function_arn": "", "deadline_ms": 0, "trace_id": "Root=1"}
_CODE = "import os, json\n\ndef handler(event, context):\n    return {}\n"


def rehearse() -> None:
    """Go once through what every environment does, with a handler that does nothing."""
    for finder in list(sys.path_importer_cache.values()):
        getattr(finder, "_path_mtime", None)
    importlib.util.find_spec("_mocksls_rehearsal")
    module = types.ModuleType("_mocksls_rehearsal")
    exec(compile(_CODE, "", "exec"), vars(module))
    runtime = Runtime(LogSink("", descriptor=0), [])
    runtime.use(module.handler)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"".join(pack(INVOKE, 0, _CALL, [b"{}"])))
        call = Channel(theirs).request()
        runtime.invoke(call.header, call.blobs[0])
    variables = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
