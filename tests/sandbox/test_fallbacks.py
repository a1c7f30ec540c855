"""Environments without a zygote, and handlers in the test's own process."""

from __future__ import annotations

import io
import json
import os
import pdb
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

import pytest

from mocksls._kernel.errors import MockslsWarning
from mocksls._sandbox import Sandbox, callable_code, inline_token
from mocksls._sandbox.environment import ProcessEnvironment

from . import handlers
from .conftest import Home, context, spec, value
from .test_failures import error, exit_error


@pytest.fixture
def plain(home: Home) -> Iterator[Sandbox]:
    sandbox = Sandbox(home, launch="plain")
    yield sandbox
    sandbox.close()


@pytest.fixture
def inline(home: Home) -> Iterator[Sandbox]:
    sandbox = Sandbox(home, executor="inline")
    yield sandbox
    sandbox.close()


def _run(sandbox: Sandbox, name: str, event: Any = None, **more: Any) -> Any:
    environment = sandbox.environment(spec(callable_code(getattr(handlers, name)), **more))
    return environment.invoke(json.dumps(event).encode(), context(), "token")


def test_plain_environment_calls_home(plain: Sandbox, home: Home) -> None:
    """A process of its own does what a forked one does."""
    outcome = _run(plain, "calls_home", {"q": 1})
    assert value(outcome) == [{"q": 1}, ["blob", ""]]
    assert outcome.caps == "partial"


def test_plain_environment_is_warm(plain: Sandbox) -> None:
    """Globals live on."""
    environment = plain.environment(spec(callable_code(handlers.counts)))
    assert [value(environment.invoke(b"{}", context())) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    ("name", "event", "kind"),
    [("spins", None, "timeout"), ("dies", 11, "exit"), ("allocates", {"how": "bytes", "mb": 200}, "killed-memory")],
)
def test_plain_environment_keeps_the_caps(plain: Sandbox, name: str, event: Any, kind: str) -> None:
    """Time, exits and memory are as with a zygote."""
    assert _run(plain, name, event, timeout_s=1).kind == kind


def test_debugger_means_plain_processes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under pydevd nothing is forked from a zygote."""
    monkeypatch.setitem(sys.modules, "pydevd", types.ModuleType("pydevd"))
    sandbox = Sandbox(home)
    environment = sandbox.environment(spec(callable_code(handlers.echo)))
    assert value(environment.invoke(b"5", context())) == 5
    assert isinstance(environment, ProcessEnvironment)
    assert type(environment._running.process).__name__ == "PlainProcess"  # type: ignore[union-attr]
    sandbox.close()


def test_inline_runs_in_this_process(inline: Sandbox) -> None:
    """A patch of the test holds inside an inline handler."""
    assert _pid_of(inline) == os.getpid()


def _pid_of(sandbox: Sandbox) -> Any:
    code = callable_code(handlers.process_id)
    return value(sandbox.environment(spec(code)).invoke(b"{}", context()))


def test_inline_has_the_functions_variables(inline: Sandbox) -> None:
    """The function's variables are there for the duration, and gone after it."""
    environment = inline.environment(spec(callable_code(handlers.variable), environ={"MOCKSLS_TABLE": "t"}))
    assert value(environment.invoke(b'"MOCKSLS_TABLE"', context())) == "t"
    assert "MOCKSLS_TABLE" not in os.environ


def test_inline_captures_the_log(inline: Sandbox) -> None:
    """What is printed is in the log, and errors are as in a process."""
    outcome = _run(inline, "raises")
    assert error(outcome)["errorMessage"] == "no good"
    assert error(outcome)["stackTrace"][0].startswith(f'  File "{handlers.__file__}", line ')
    assert outcome.log[0] == "[ERROR] ValueError: no good\n"


def test_inline_exit(inline: Sandbox) -> None:
    """sys.exit ends the invocation, not the test."""
    assert error(_run(inline, "raises_base", {"what": "exit", "with": 3})) == exit_error("with error: exit status 3")


def test_inline_timeout_of_a_busy_loop(inline: Sandbox) -> None:
    """A busy loop is stopped, with a warning that not everything can be."""
    with pytest.warns(MockslsWarning, match="may run on"):
        outcome = _run(inline, "spins", timeout_s=0.1)
    assert outcome.kind == "timeout"
    assert outcome.caps == "partial"
    assert "not capped" in outcome.notes[0]


class Pondering(io.StringIO):
    """A debugger's user who takes longer than the function's timeout."""

    def readline(self, size: int = -1) -> str:  # type: ignore[override]  # as typeshed has io.StringIO
        """Continue, after a while."""
        threading.Event().wait(0.25)
        return "continue\n"


@pytest.fixture
def traced() -> Iterator[None]:
    """What traces this thread (coverage) goes on after a debugger has let go of it."""
    before = sys.gettrace()
    yield
    sys.settrace(before)


@pytest.mark.usefixtures("traced")
def test_inline_debugger_stops_the_deadline(inline: Sandbox) -> None:
    """While a debugger stands in the handler no timeout ends it, nor after it has gone on."""

    def handler(event: Any, context: Any) -> str:
        pdb.Pdb(stdin=Pondering(), stdout=io.StringIO(), nosigint=True).set_trace()
        return "done"

    outcome = inline.environment(spec(callable_code(handler), timeout_s=0.05)).invoke(b"{}", context())
    assert (outcome.kind, outcome.payload) == ("ok", b'"done"')


def test_inline_output_that_is_kept(inline: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a debugger keeps of a handler's standard output can be flushed when what lies beneath is closed."""
    kept = []

    def handler(event: Any, context: Any) -> None:
        kept.append(sys.stdout)

    beneath = io.StringIO()
    monkeypatch.setattr(sys, "stdout", beneath)
    inline.environment(spec(callable_code(handler))).invoke(b"{}", context())
    beneath.close()
    kept[0].flush()
    assert kept[0] is not beneath


def test_inline_token_is_that_of_the_invocation(inline: Sandbox) -> None:
    """The layer above can tell whose call it is."""
    seen = []

    def handler(event: Any, context: Any) -> None:
        seen.append(inline_token())

    inline.environment(spec(callable_code(handler))).invoke(b"{}", context(), "mine")
    assert (seen, inline_token()) == (["mine"], None)
