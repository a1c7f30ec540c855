"""The inline executor: handlers run in the test's own process, for debuggers and patching."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from .._kernel.errors import MockslsError, MockslsWarning
from .._kernel.realtime import monotonic, wall
from . import failures
from .child.failures import stdlib_rename
from .child.logs import LogSink
from .child.runtime import Answer, Runtime
from .spec import EnvironmentSpec, InvocationContext, Outcome

_NOTE = "executor='inline': memory, /tmp and code outside of Python are not capped, and the clock is the test's own"
_token: ContextVar[Any] = ContextVar("mocksls_inline_token", default=None)
_environ_lock = threading.RLock()
_LOOK_S = 0.1


def inline_token() -> Any:
    """The token of the invocation that runs in this thread; None outside of handlers."""
    return _token.get()


class _TimedOut(BaseException):
    """Raised inside a handler at its deadline."""


class _Sink(LogSink):
    """Writes events to whatever standard output is at the time."""

    def __init__(self) -> None:
        super().__init__("")

    def event(self, message: str) -> None:
        """Write one event."""
        sys.stdout.write(message)


class InlineEnvironment:
    """An execution environment in the test's own process."""

    def __init__(self, spec: EnvironmentSpec) -> None:
        self.spec = spec
        self._runtime: Runtime | None = None
        self._closed = False
        self._busy = False
        self._warned = False

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
        """Whether the handler has yet to be loaded."""
        return self._runtime is None

    def invoke(self, payload: bytes, context: InvocationContext, token: Any = None) -> Outcome:
        """Run the handler with an event, in this thread. Raises MockslsError if it is closed or busy."""
        if self._closed or self._busy:
            raise MockslsError(
                f"this environment of {self.spec.function_name} is {'closed' if self._closed else 'busy'}"
            )
        self._busy = True
        reset = _token.set(token)
        try:
            return self._invoke(payload, context)
        finally:
            _token.reset(reset)
            self._busy = False

    def prepare(self, context: InvocationContext, token: Any = None) -> Outcome | None:
        """Load the handler at the first invocation only: the test's process is not changed ahead of it."""
        return None

    def close(self) -> None:
        """Take no more invocations."""
        self._closed = True

    def abandon(self) -> None:
        """As ``close``."""
        self._closed = True

    def _invoke(self, payload: bytes, context: InvocationContext) -> Outcome:
        init_ms: float | None = None
        init_log: list[str] = []
        with _as_in(self.spec), _captured() as written:
            began = monotonic()
            if self._runtime is None:
                runtime = Runtime(_Sink(), [stdlib_rename(self.spec.runtime)])
                failure = self._guarded(lambda: self._load(runtime), context)
                init_ms, init_log = (monotonic() - began) * 1000, written.taken()
                if failure is not None:
                    return self._told(failure, [], init_log, began, init_ms)
                self._runtime = runtime
                began = monotonic()
            outcome = self._guarded(lambda: self._run(payload, context, began), context)
            assert outcome is not None
            return self._told(outcome, written.taken(), init_log, began, init_ms)

    def _load(self, runtime: Runtime) -> Outcome | None:
        code = self.spec.code
        if code.handler is not None:
            runtime.use(code.handler)
            return None
        named = {"kind": code.kind, "module": code.module, "qualname": code.qualname, "file": code.file}
        answer = runtime.load(named, self.spec.handler, code.pickled)
        return None if answer is None else failures.answered(False, answer.payload)

    def _run(self, payload: bytes, context: InvocationContext, began: float) -> Outcome:
        assert self._runtime is not None
        call = {
            "request_id": context.request_id,
            "invoked_function_arn": context.function_arn,
            "deadline_ms": int((wall() + self.spec.timeout_s) * 1000),
            "client_context": context.client_context,
            "identity": context.identity,
            "trace_id": context.trace_id,
            "tenant_id": context.tenant_id,
        }
        with _Deadline(self.spec.timeout_s) as deadline:
            answer: Answer = self._runtime.invoke(call, payload)
        if monotonic() - began > self.spec.timeout_s and not deadline.debugged:
            raise _TimedOut
        return failures.answered(answer.ok, answer.payload)

    def _guarded(self, work: Any, context: InvocationContext) -> Outcome | None:
        """What ends the process on AWS ends the invocation here."""
        try:
            result: Outcome | None = work()
        except _TimedOut:
            return failures.timed_out(context.request_id, self.spec.timeout_s)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
            return failures.exited(context.request_id, (status & 0xFF) << 8)
        return result

    def _told(
        self, outcome: Outcome, log: list[str], init_log: list[str], began: float, init_ms: float | None
    ) -> Outcome:
        outcome.log, outcome.init_log, outcome.init_duration_ms = log, init_log, init_ms
        outcome.duration_ms = (monotonic() - began) * 1000
        outcome.max_memory_mb = min(self.spec.memory_mb, 32)
        outcome.caps = "partial"
        outcome.notes.append(_NOTE)
        if outcome.kind == "timeout" and not self._warned:
            self._warned = True
            name, limit_s = self.spec.function_name, self.spec.timeout_s
            text = f"{name} took longer than {limit_s} s; with executor='inline' it may run on"
            warnings.warn(text, MockslsWarning, stacklevel=2)
        return outcome


class _Written(io.TextIOBase):
    """What was printed since the last look; it also goes where it would have gone."""

    def __init__(self, through: Any) -> None:
        super().__init__()
        self._through = through
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        self._parts.append(text)
        self._through.write(text)
        return len(text)

    def flush(self) -> None:
        if not getattr(
            self._through, "closed", False
        ):  # a debugger may keep this longer than pytest keeps what lies beneath
            self._through.flush()

    def writable(self) -> bool:
        return True

    def taken(self) -> list[str]:
        """The lines, each with its newline."""
        text, self._parts = "".join(self._parts), []
        lines = text.split("\n")
        return [f"{line}\n" for line in (lines if lines[-1] else lines[:-1])]


@contextlib.contextmanager
def _captured() -> Iterator[_Written]:
    written = _Written(sys.stdout)
    with contextlib.redirect_stdout(written):
        yield written


@contextlib.contextmanager
def _as_in(spec: EnvironmentSpec) -> Iterator[None]:
    """The function's variables and import path; one handler at a time has them."""
    with _environ_lock:
        before, path = dict(os.environ), list(sys.path)
        os.environ.update(spec.environ)
        if spec.code.path:
            os.environ["LAMBDA_TASK_ROOT"] = spec.code.path
            sys.path[:0] = [spec.code.path, *(f"{layer}/python" for layer in reversed(spec.layers))]
        try:
            yield
        finally:
            for name in os.environ.keys() - before.keys():
                del os.environ[name]
            os.environ.update(before)
            sys.path[:] = path


class _Deadline:
    """Raises in a thread when the time is up: not inside of native code, and never after a debugger stood in it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.debugged: bool = _debugged()

    def __enter__(self) -> _Deadline:
        if not self.debugged:
            threading.Thread(target=self._watch, name="mocksls-deadline", daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        with self._lock:
            self._over.set()

    def _watch(self) -> None:
        end = monotonic() + self._seconds
        while not self._over.wait(min(_LOOK_S, max(end - monotonic(), 0.0))):
            with self._lock:
                if _stands_in_debugger(self._thread):
                    self.debugged = True
                    return
                if monotonic() >= end:
                    self._strike()
                    return

    def _strike(self) -> None:
        if not self._over.is_set():
            thread = ctypes.c_ulong(self._thread)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_TimedOut))


def _debugged() -> bool:
    return "pydevd" in sys.modules or "bdb" in type(getattr(sys.gettrace(), "__self__", None)).__module__


def _stands_in_debugger(thread: int) -> bool:
    """Whether a debugger waits for its user in a thread (``breakpoint()``)."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if frame.f_globals.get("__name__") == "bdb":
            return True
        frame = frame.f_back
    return False
