"""An environment's process while it lives: loads the handler, then answers one invocation after the other."""

from __future__ import annotations

import re
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .._kernel.errors import MockslsWarning
from .._kernel.realtime import monotonic, wall
from . import failures, measured
from .child.frames import INIT, INVOKE, LINES, READY, REPLY, RESULT, Frame
from .conversation import Conversation, Ending
from .memory import MemoryWatch
from .output import Output
from .process import Dead, Late, Line, Process
from .servers import Servers
from .setup import Folders, Place
from .spec import EnvironmentSpec, Home, InvocationContext, Outcome
from .templates import told_files
from .zygote import Unusable, Zygote, forking_is_safe, shared

_INIT_S = 10.0
_FLUSH_S = 0.25
_NOTICEABLE_S = 0.02
_SERVICE = re.compile(r"[a-z0-9-]{1,64}\Z")


@dataclass(slots=True)
class Surroundings:
    """What the environments of one sandbox share."""

    home: Home
    clock_offset: Callable[[], float | None]
    servers: Servers
    folders: Folders
    namespaces: bool = True
    plain: bool = False
    _moved: bool = False

    def zygote(self) -> Zygote | None:
        """The zygote to fork from; None where forking is not possible or not safe."""
        if self.plain or forking_is_safe() is not None:
            return None
        try:
            zygote = shared.get(self.namespaces)
            zygote.wait_until_ready()
        except Unusable as error:
            self.plain = True
            warnings.warn(f"handlers start slowly, with caps in part: {error}", MockslsWarning, stacklevel=2)
            return None
        return zygote

    def clock(self) -> float:
        """How far the cloud's epoch seconds are ahead of the machine's running clock."""
        offset = self.clock_offset()
        if not self._moved and (offset or "time_machine" in sys.modules):
            self._moved = True
            self.warm(modules=["time_machine"])
        return wall() + (offset or 0.0) - monotonic()

    def is_observed(self) -> bool:
        """Whether initialisations are measured, or see a time of their own: each has to happen then."""
        moved = abs(self.clock() + monotonic() - time.clock_gettime(time.CLOCK_REALTIME)) > _NOTICEABLE_S
        return moved or measured.current() is not None

    def warm(self, *, services: Sequence[str] = (), modules: Sequence[str] = ()) -> None:
        """Have the zygote load models and import modules ahead, which takes long, when there is time."""
        if not self.plain and forking_is_safe() is None:
            request = {"do": "warm", "services": list(services), "modules": list(modules)}
            with suppress(Unusable):
                shared.get(self.namespaces).tell(request)


class Running:
    """An environment while its process lives."""

    def __init__(
        self,
        spec: EnvironmentSpec,
        mark: str,
        process: Process,
        output: Output,
        place: Place,
        around: Surroundings,
        template_key: str | None = None,
    ) -> None:
        self.spec = spec
        self._mark = mark
        self._template_key = None if process.copied else template_key
        self.process = process
        self.output = output
        self.place = place
        self.memory = MemoryWatch(process.pid, spec.memory_mb, process.bare_mib)
        self.over = False
        self.used_mb = 0
        self._around = around
        self._measured = measured.current()

    @property
    def caps(self) -> Any:
        """Whether all caps are kept as AWS keeps them."""
        return "full" if self.place.private and self.memory.works else "partial"

    def initialise(self, context: InvocationContext, token: Any, mistakes: list[BaseException]) -> Outcome | None:
        """Let the process load its handler. Returns what went wrong, if anything did."""
        spec = self.spec
        header = self.place.header() | {
            "mark": self._mark,
            "clock": self._around.clock(),
            "coverage": self._measured.options() if self._measured else None,
            "template": self._template_key is not None,
        }
        deadline = monotonic() + _INIT_S + spec.timeout_s
        try:
            self.process.line.send(INIT, 0, header, [spec.code.pickled] if spec.code.pickled else [], until=deadline)
        except Dead as error:
            return self._ended(Ending.TIMEOUT if isinstance(error, Late) else Ending.DEAD, context)
        answer = self._conversation(token, mistakes).answer(READY, deadline)
        if isinstance(answer, Ending):
            return self._ended(answer, context)
        self._note(answer)
        if not answer.header.get("ok"):
            self.process.ended()
            self._end()
            return failures.answered(False, b"".join(answer.blobs))
        if self._template_key is not None and "files" in answer.header:
            self.process.keep_template(self._template_key, told_files(answer.header["files"]))
        return None

    def invoke(self, payload: bytes, context: InvocationContext, token: Any, mistakes: list[BaseException]) -> Outcome:
        """Run the handler once."""
        began = monotonic()
        timeout_s = self.spec.timeout_s
        clock = self._around.clock()
        header = {
            "request_id": context.request_id,
            "invoked_function_arn": context.function_arn,
            "deadline_ms": context.deadline_ms or int((began + clock + timeout_s) * 1000),
            "client_context": context.client_context,
            "identity": context.identity,
            "trace_id": context.trace_id,
            "tenant_id": context.tenant_id,
            "clock": clock,
        }
        self.process.thaw()
        try:
            self.process.line.send(INVOKE, 0, header, [payload], until=began + timeout_s)
        except Dead as error:
            return self._ended(Ending.TIMEOUT if isinstance(error, Late) else Ending.DEAD, context)
        answer = self._conversation(token, mistakes).answer(RESULT, began + timeout_s)
        if isinstance(answer, Ending):
            outcome = self._ended(answer, context)
        else:
            self._note(answer)
            outcome = failures.answered(bool(answer.header.get("ok")), b"".join(answer.blobs))
            if answer.header.get("leftovers"):
                self.process.freeze()
        outcome.duration_ms = (monotonic() - began) * 1000
        if outcome.kind == "timeout":
            outcome.duration_ms = timeout_s * 1000
        return outcome

    def _conversation(self, token: Any, mistakes: list[BaseException]) -> Conversation:
        def serve(frame: Frame, line: Line) -> None:
            self._around.servers.run(lambda: self._serve(frame, line, token, mistakes))

        return Conversation(self.process, self.memory, self.output, serve, self._take_lines)

    def _serve(self, frame: Frame, line: Line, token: Any, mistakes: list[BaseException]) -> None:
        """Answer a call of the handler, in a thread of its own."""
        try:
            kind, asked = frame.header["kind"], frame.header["header"]
            header, blobs = self._around.home(kind, asked, frame.blobs, token)
            reply, parts = {"header": header}, blobs
        except BaseException as error:
            mistakes.append(error)
            reply, parts = {"failure": f"{type(error).__name__}: {error}"}, []  # type: ignore[dict-item]
        try:
            line.send(REPLY, frame.number, reply, parts)
        except Dead:
            pass
        except (TypeError, ValueError) as error:
            mistakes.append(error)
            self.process.signal(signal.SIGKILL)

    def _ended(self, ending: Ending, context: InvocationContext) -> Outcome:
        """What an ending means; the process is gone after this."""
        if ending is Ending.TIMEOUT and self._measured:
            self._flush_lines()
        status = self.process.ended() if ending is Ending.DEAD else self.process.end()
        peak_mb = self.spec.memory_mb if ending is Ending.MEMORY else self.memory.peak_mb(0)
        self.used_mb = max(self.used_mb, peak_mb)
        self._end()
        if ending is Ending.TIMEOUT:
            return failures.timed_out(context.request_id, self.spec.timeout_s)
        if ending is Ending.MEMORY:
            return failures.out_of_memory(context.request_id)
        return failures.exited(context.request_id, status)

    def _end(self) -> None:
        self.over = True
        self.memory.close()

    def close(self) -> None:
        """Let go of what was opened."""
        self.memory.close()

    def _note(self, frame: Frame) -> None:
        """Take what an answer tells beside itself."""
        told = frame.header.get("used_kb", 0)
        self.used_mb = max(self.used_mb, self.memory.peak_mb(told if isinstance(told, int) else 0))
        self.memory.close()
        self._take_lines(frame)
        self._learn(frame.header.get("models"))

    def _learn(self, models: Any) -> None:
        """Models that a handler had to load itself are there for those that start later."""
        if isinstance(models, list):
            self._around.warm(services=[name for name in models if isinstance(name, str) and _SERVICE.match(name)])

    def _take_lines(self, frame: Frame) -> None:
        if self._measured and "lines" in frame.header:
            self._measured.add(frame.header["lines"])

    def _flush_lines(self) -> None:
        """Ask a process that is about to be killed for what it has executed."""
        self.process.signal(signal.SIGUSR2)
        answer = self._conversation(None, []).answer(LINES, monotonic() + _FLUSH_S)
        if not isinstance(answer, Ending):
            self._take_lines(answer)
