"""Runtimes that are programs of their own: Node.js, and a package's executable ``bootstrap``.

They live where Python's handlers live: in the environment's namespaces, under its caps, with its log.
"""

from __future__ import annotations

import json
import os
import select
import shutil
from pathlib import Path
from typing import Any

from .._kernel.realtime import monotonic, wall
from . import failures
from .child.frames import INIT
from .conversation import Ending
from .memory import MemoryWatch
from .output import Output
from .process import Dead, Late, Process
from .running import Surroundings
from .runtime_api import Posted, RuntimeApi
from .setup import Place
from .spec import EnvironmentSpec, InvocationContext, Outcome

_INIT_S = 10.0
_TICK_S = 0.005
_ANSWER_BYTES = 6_291_556
_NODE_CLIENT = str(Path(__file__).parent / "nodejs" / "bootstrap.mjs")


def is_program(spec: EnvironmentSpec) -> bool:
    """Whether a function is not run by Python."""
    return spec.code.kind in ("zip", "directory") and not spec.runtime.startswith("python") and bool(spec.runtime)


def missing_program(spec: EnvironmentSpec) -> str | None:
    """What is missing to run a function; None if nothing is."""
    if not is_program(spec) or _bootstrap(spec) is not None:
        return None
    if spec.runtime.startswith("nodejs"):
        return None if shutil.which("node") else "there is no node on this machine's PATH"
    return f"its package has no executable file 'bootstrap', and there is no runtime of {spec.runtime} here"


def _bootstrap(spec: EnvironmentSpec) -> str | None:
    """The executable that the package, or one of its layers, brings; as a path in the environment."""
    for folder, shown in ((spec.code.path, "task"), *((layer, "opt") for layer in reversed(spec.layers))):
        file = Path(folder or "") / "bootstrap"
        if file.is_file() and os.access(file, os.X_OK):
            return shown
    return None


class ProgramRunning:
    """An environment while its program lives: the counterpart of ``Running``."""

    def __init__(
        self, spec: EnvironmentSpec, mark: str, process: Process, output: Output, place: Place, around: Surroundings
    ) -> None:
        self.spec = spec
        self.process = process
        self.output = output
        self.place = place
        self.memory = MemoryWatch(process.pid, spec.memory_mb, anew=True)
        self.over = False
        self.used_mb = 0
        self._mark = mark
        self._around = around
        self._mistakes: list[BaseException] = []
        self._api = RuntimeApi(around.home, lambda error: self._mistakes.append(error))

    @property
    def caps(self) -> Any:
        """Whether all caps are kept as AWS keeps them."""
        return "full" if self.place.private and self.memory.works else "partial"

    def initialise(self, context: InvocationContext, token: Any, mistakes: list[BaseException]) -> Outcome | None:
        """Start the program, and wait until it asks for an event. Returns what went wrong, if anything did."""
        self._api.token, self._mistakes = token, mistakes
        header = self.place.header() | {"mark": self._mark, "clock": 0.0, "coverage": None, "data_bytes": 0}
        header["environ"] = {**header["environ"], **self._variables()}
        header["program"] = self._command()
        deadline = monotonic() + _INIT_S
        try:
            self.process.line.send(INIT, 0, header, [], until=deadline)
        except Dead as error:
            return self._ended(Ending.TIMEOUT if isinstance(error, Late) else Ending.DEAD, context)
        posted = self._wait(deadline, for_start=True)
        if isinstance(posted, Ending):
            return self._ended(posted, context)
        if posted is None or posted.kind != "init":
            return None
        self.process.ended()
        self._end()
        return failures.failed("error", _error_of(posted))

    def invoke(self, payload: bytes, context: InvocationContext, token: Any, mistakes: list[BaseException]) -> Outcome:
        """Give the program an event, and wait for its answer."""
        self._api.token, self._mistakes = token, mistakes
        began = monotonic()
        timeout_s = self.spec.timeout_s
        self.process.thaw()
        self._api.offer(payload, _headers(context, int((wall() + timeout_s) * 1000)))
        posted = self._wait(began + timeout_s)
        if posted is None or isinstance(posted, Ending):
            outcome = self._ended(posted or Ending.TIMEOUT, context)
        else:
            self.process.freeze()
            outcome = self._outcome(posted)
        outcome.duration_ms = (monotonic() - began) * 1000
        if outcome.kind == "timeout":
            outcome.duration_ms = timeout_s * 1000
        self.used_mb = max(self.used_mb, self.memory.peak_mb(0))
        return outcome

    def _outcome(self, posted: Posted) -> Outcome:
        if posted.kind == "error":
            return failures.failed("error", _error_of(posted))
        if posted.parts is not None:
            outcome = Outcome("ok", posted.body)
            outcome.parts, outcome.content_type = posted.parts, posted.content_type
            return outcome
        return failures.answered(True, posted.body)

    def _wait(self, deadline: float, *, for_start: bool = False) -> Posted | Ending | None:
        """Until something is posted, the process ends, or its time or memory is up; None: it asked for an event."""
        while True:
            posted = self._api.wait(min(_TICK_S, max(deadline - monotonic(), 0)), for_start=for_start)
            if posted is not None:
                return posted
            if for_start and self._api.asked:
                return None
            if self._gone():
                return self._api.wait(0) or Ending.DEAD
            if monotonic() >= deadline:
                return Ending.TIMEOUT
            if self.memory.over():
                return Ending.MEMORY
            self.output.check_flood()

    def _gone(self) -> bool:
        if self.process.descriptor is None:
            return not Path(f"/proc/{self.process.pid}").exists()
        poll = select.poll()
        poll.register(self.process.descriptor, select.POLLIN)
        return bool(poll.poll(0))

    def _ended(self, ending: Ending, context: InvocationContext) -> Outcome:
        """What an ending means; the process is gone after this."""
        status = self.process.ended() if ending is Ending.DEAD else self.process.end()
        self.used_mb = max(self.used_mb, self.memory.peak_mb(0))
        self._end()
        if ending is Ending.TIMEOUT:
            return failures.timed_out(context.request_id, self.spec.timeout_s)
        if ending is Ending.MEMORY:
            return failures.out_of_memory(context.request_id)
        return failures.exited(context.request_id, status)

    def _end(self) -> None:
        self.over = True
        self.close()

    def close(self) -> None:
        """Let go of what was opened."""
        self.memory.close()
        self._api.close()

    def _command(self) -> list[str]:
        found = _bootstrap(self.spec)
        if found is None:
            return [shutil.which("node") or "node", _NODE_CLIENT]
        if found == "task":
            return [f"{self.place.task}/bootstrap"]
        return [f"{self.place.opt}/bootstrap"]

    def _variables(self) -> dict[str, str]:
        """Where the Runtime API and AWS are found; what the runtimes look for in layers."""
        opt = self.place.opt or "/opt"
        path = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        modules = f"{opt}/nodejs/node_modules"
        return {
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_ENDPOINT_URL": f"http://{self._api.address}",
            "PATH": f"{path}:{opt}/bin",
            "NODE_PATH": modules,
        }


def _headers(context: InvocationContext, deadline_ms: int) -> dict[str, str]:
    headers = {
        "Lambda-Runtime-Aws-Request-Id": context.request_id,
        "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": context.function_arn,
        "Lambda-Runtime-Trace-Id": context.trace_id or "",
    }
    for name, value in (("Client-Context", context.client_context), ("Cognito-Identity", context.identity)):
        if value is not None:
            headers[f"Lambda-Runtime-{name}"] = value if isinstance(value, str) else json.dumps(value)
    if context.tenant_id is not None:
        headers["Lambda-Runtime-Aws-Tenant-Id"] = context.tenant_id
    return headers


def _error_of(posted: Posted) -> dict[str, Any]:
    """The error that a runtime posts; one that is no JSON object is told as it is."""
    try:
        error = json.loads(posted.body[:_ANSWER_BYTES])
    except ValueError:
        error = None
    return error if isinstance(error, dict) else {"errorMessage": posted.body.decode("utf-8", "replace")}
