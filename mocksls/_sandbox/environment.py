"""An execution environment, seen from the test's process: runs one invocation at a time in a process of its own."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from .._kernel.errors import MockslsError
from .._kernel.realtime import monotonic
from .child import control
from .output import Output
from .process import ForkedProcess, PlainProcess, Process
from .programs import ProgramRunning, is_program
from .running import Running, Surroundings
from .setup import Place
from .spec import EnvironmentSpec, InvocationContext, Outcome
from .templates import template_key
from .zygote import Unusable, Zygote, shared

_T = TypeVar("_T")
_numbers = itertools.count(1)
_MISSING_PATHS = "/var/task and /opt exist in handlers only where user namespaces are allowed; use LAMBDA_TASK_ROOT"


class ProcessEnvironment:
    """One execution environment of a function.

    Its process starts with the first invocation. When the process dies (a timeout, an exit), the next invocation
    starts another one, which finds the same ``/tmp``.
    """

    def __init__(self, spec: EnvironmentSpec, around: Surroundings) -> None:
        self.spec = spec
        self.number = next(_numbers)
        self._around = around
        self._mark = f"\x1e{os.urandom(9).hex()}\x1e"
        self._lock = threading.Lock()
        self._busy = False
        self._closed = False
        self._running: Running | ProgramRunning | None = None
        self._place: Place | None = None
        self._kept = 0
        self._starts = 0
        self._peak_mb = 0
        self._begun: tuple[list[str], float | None] = ([], None)

    @property
    def alive(self) -> bool:
        """Whether it can take invocations."""
        return not self._closed

    @property
    def busy(self) -> bool:
        """Whether an invocation is under way."""
        return self._busy

    @property
    def cold(self) -> bool:
        """Whether the next invocation starts a process, and finds no globals of an earlier one."""
        return self._running is None

    def invoke(self, payload: bytes, context: InvocationContext, token: Any = None) -> Outcome:
        """Run the handler with an event, and wait for what comes of it.

        Raises:
            MockslsError: the environment is closed, or busy.
            Exception: what ``home`` raised while it answered a call of the handler.
        """
        return self._alone(lambda mistakes: self._invoke(payload, context, token, mistakes))

    def prepare(self, context: InvocationContext, token: Any = None) -> Outcome | None:
        """Start the process and load the handler ahead of the first invocation; what went wrong, if anything did.

        Raises:
            MockslsError: the environment is closed, or busy.
            Exception: what ``home`` raised while it answered a call of the handler.
        """
        return self._alone(lambda mistakes: self._begin(context, token, mistakes))

    def _alone(self, work: Callable[[list[BaseException]], _T]) -> _T:
        """Do one thing at a time; after a mistake the process is in an unknown state and goes."""
        with self._lock:
            if self._closed or self._busy:
                raise MockslsError(
                    f"this environment of {self.spec.function_name} is {'closed' if self._closed else 'busy'}"
                )
            self._busy = True
        mistakes: list[BaseException] = []
        try:
            outcome = work(mistakes)
        except BaseException:
            self._drop()
            raise
        finally:
            self._free()
        if mistakes:
            raise mistakes[0]
        return outcome

    def close(self) -> None:
        """End the environment, in the middle of an invocation if need be."""
        with self._lock:
            self._closed = True
            running, busy = self._running, self._busy
        if busy and running is not None:
            running.process.signal(signal.SIGKILL)
        elif running is not None:
            self._drop()
        if self._kept and self._place is not None:
            self._forget_kept()

    def abandon(self) -> None:
        """Let go without ending anything (in a forked copy of the test's process)."""
        self._closed = True
        if self._running is not None:
            self._running.process.abandon()
            self._running = None

    def _invoke(self, payload: bytes, context: InvocationContext, token: Any, mistakes: list[BaseException]) -> Outcome:
        if self._running is None:
            failure = self._begin(context, token, mistakes)
            if failure is not None:
                return failure
        assert self._running is not None
        (init_log, init_ms), self._begun = self._begun, ([], None)
        outcome = self._running.invoke(payload, context, token, mistakes)
        outcome.log = self._running.output.events()
        return self._finished(outcome, init_log, init_ms)

    def _begin(self, context: InvocationContext, token: Any, mistakes: list[BaseException]) -> Outcome | None:
        """Start a process and load the handler; its log and its time are for the first invocation to tell."""
        if self._running is not None:
            return None
        began = monotonic()
        running = self._running = self._start()
        failure = running.initialise(context, token, mistakes)
        if failure is not None and running.process.copied:
            running = self._running = self._start_anew(running)
            failure = running.initialise(context, token, mistakes)
        init_log = running.output.events()
        init_ms = (monotonic() - began) * 1000 if self._starts == 1 else None
        if failure is not None:
            return self._finished(failure, init_log, init_ms)
        self._keep_files()
        self._begun = (init_log, init_ms)
        return None

    def _finished(self, outcome: Outcome, init_log: list[str], init_ms: float | None) -> Outcome:
        """Fill in what does not depend on how it went; let go of a process that has ended."""
        assert self._running is not None
        outcome.init_log, outcome.init_duration_ms = init_log, init_ms
        outcome.caps = self._running.caps
        self._peak_mb = outcome.max_memory_mb = max(self._peak_mb, self._running.used_mb)
        if self._running.place.tmp_is_full():
            outcome.notes.append(f"more than {self.spec.ephemeral_mb} MB lie in /tmp; on AWS writing them fails")
        if outcome.caps == "partial" and _misses_aws_paths(outcome):
            outcome.notes.append(_MISSING_PATHS)
        if self._running.over:
            self._running.output.close()
            self._running = None
        return outcome

    def _start(self) -> Running | ProgramRunning:
        self._starts += 1
        zygote = self._around.zygote()
        private = zygote is not None and zygote.namespaces
        if self._place is None or (self._place.private and not private):
            self._place = Place(self.spec, self._around.folders, private=private)
        if zygote is not None:
            self._around.folders.bequeath(zygote)
        output = Output(self._mark)
        key = self._template_key()
        try:
            process = self._process(zygote, output, key)
        except BaseException:
            output.close()
            raise
        if is_program(self.spec):
            return ProgramRunning(self.spec, self._mark, process, output, self._place, self._around)
        return Running(self.spec, self._mark, process, output, self._place, self._around, key)

    def _start_anew(self, copied: Running | ProgramRunning) -> Running | ProgramRunning:
        """Start without the template, of which a copy did not come to life."""
        copied.output.close()
        key = self._template_key()
        if key is not None:
            shared.get(self._around.namespaces).templates.forget(key)
        self._starts -= 1
        return self._start()

    def _template_key(self) -> str | None:
        """What a template would be found by; None where the process must initialise itself."""
        assert self._place is not None
        ordinary = self._place.private and self._starts == 1 and not is_program(self.spec)
        if not ordinary or self._around.is_observed():
            return None
        return template_key(self.spec, self._place.header())

    def _process(self, zygote: Zygote | None, output: Output, key: str | None) -> Process:
        if zygote is None:
            return PlainProcess(output.descriptor)
        assert self._place is not None
        inherit, self._kept = self._kept, 0
        try:
            return ForkedProcess(
                zygote,
                self.number,
                output.descriptor,
                inherit=inherit,
                private=self._place.private,
                template=zygote.templates.find(key),
            )
        except Unusable:
            if zygote.alive:
                self._around.plain = True
            return self._process(self._around.zygote(), output, key)

    def _keep_files(self) -> None:
        """Have the zygote hold this environment's file system for the process after this one."""
        if self._running is None or not self._running.place.private or self._kept:
            return
        if self._running.process.kept:
            self._kept = self.number
            return
        request = {"do": "keep", "number": self.number, "pid": self._running.process.pid}
        with suppress(control.Gone, Unusable):
            self._kept = self.number if shared.get(self._around.namespaces).ask(request)[0]["kept"] else 0

    def _free(self) -> None:
        """The invocation is over; an environment that was closed meanwhile ends now."""
        self._busy = False
        if self._closed:
            self._drop()

    def _forget_kept(self) -> None:
        self._kept = 0
        shared.get(self._around.namespaces).tell({"do": "forget", "number": self.number})

    def _drop(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.process.end()
            running.close()
            running.output.close()


def _misses_aws_paths(outcome: Outcome) -> bool:
    """Whether the handler did not find a file that lies there on AWS."""
    error = outcome.error or {}
    text = str(error.get("errorMessage", ""))
    return error.get("errorType") == "FileNotFoundError" and ("'/var/task" in text or "'/opt" in text)
