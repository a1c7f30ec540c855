"""What is to be run, with what, and what came of it: plain data between the sandbox and the layer above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Caps = Literal["full", "partial"]
OutcomeKind = Literal["ok", "error", "timeout", "exit", "killed-memory"]


class Home(Protocol):
    """Answers what handlers ask for, in the test's process; called from many threads at once.

    ``kind`` says what sort of call it is, ``header`` and ``blobs`` are the seams' own, ``token`` is what the owner
    of the environment gave with the invocation. What it raises is a mistake of the library and surfaces as such.
    """

    def __call__(
        self, kind: str, header: dict[str, Any], blobs: list[bytes], token: Any
    ) -> tuple[dict[str, Any], list[bytes]]: ...


@dataclass(frozen=True, slots=True)
class Code:
    """Where the handler comes from.

    ``zip`` and ``directory`` name a folder (that of a ZIP is extracted, shared and never written to). ``callable``
    names ``module`` and ``qualname``, and the module's ``file``, used where it cannot be imported by its name.
    ``pickled`` holds a callable by value. ``digest`` stands for the content of a ZIP.
    """

    kind: Literal["zip", "directory", "callable", "pickled"]
    path: str | None = None
    module: str | None = None
    qualname: str | None = None
    file: str | None = None
    pickled: bytes = b""
    handler: Any = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """One configuration of a function: what its execution environments are made from.

    ``environ`` is the complete environment of the handler as on AWS; ``layers`` are extracted layers' folders, the
    first one first in AWS's order.
    """

    function_name: str
    function_arn: str
    handler: str
    code: Code
    environ: Mapping[str, str]
    version: str = "$LATEST"
    layers: tuple[str, ...] = ()
    memory_mb: int = 128
    timeout_s: float = 3
    ephemeral_mb: int = 512
    runtime: str = "python3.13"


@dataclass(frozen=True, slots=True)
class InvocationContext:
    """What an invocation tells its handler beside the event.

    ``function_arn`` is the ARN by which the function was called, with a version or alias if there was one.
    ``deadline_ms`` is on the cloud's clock; None: the configured timeout from when the handler starts.
    ``client_context`` and ``identity`` are those of the request, as JSON texts or parsed. ``streamed``: the caller
    takes the answer in parts.
    """

    request_id: str
    function_arn: str
    deadline_ms: int | None = None
    client_context: Any = None
    identity: Any = None
    trace_id: str | None = None
    tenant_id: str | None = None
    streamed: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of an invocation.

    ``payload`` is what Invoke answers: the handler's result, or AWS's error payload, whose members are also in
    ``error``. ``log`` and ``init_log`` are the events written, in order, each with its newline. ``init_duration_ms``
    is given by the first invocation of an environment only. ``notes`` are remarks for the trace. ``parts`` and
    ``content_type`` are those of an answer that was streamed.
    """

    kind: OutcomeKind
    payload: bytes | None
    error: dict[str, Any] | None = None
    log: list[str] = field(default_factory=list)
    init_log: list[str] = field(default_factory=list)
    duration_ms: float = 0.0
    init_duration_ms: float | None = None
    max_memory_mb: int = 0
    caps: Caps = "full"
    notes: list[str] = field(default_factory=list)
    parts: tuple[bytes, ...] | None = None
    content_type: str | None = None


class Environment(Protocol):
    """What the layer above knows of an environment."""

    spec: EnvironmentSpec

    @property
    def alive(self) -> bool:
        """Whether it can take invocations."""

    @property
    def busy(self) -> bool:
        """Whether an invocation is under way."""

    @property
    def cold(self) -> bool:
        """Whether the next invocation starts a process, and finds no globals of an earlier one."""

    def invoke(self, payload: bytes, context: InvocationContext, token: Any = None) -> Outcome:
        """Run the handler with an event, and wait for what comes of it."""

    def prepare(self, context: InvocationContext, token: Any = None) -> Outcome | None:
        """Initialise ahead of the first invocation; what went wrong, if anything did."""

    def close(self) -> None:
        """End the environment."""
