"""Time, memory and what a hostile or clumsy handler does to its environment."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path

import pytest

from mocksls._kernel.realtime import monotonic
from mocksls._sandbox import Sandbox, callable_code

from . import handlers
from .conftest import Home, Make, Run, context, spec, value
from .test_failures import ID, error, exit_error

KILLED = exit_error("with error: signal: killed")


@pytest.mark.parametrize("name", ["sleeps", "spins"])
def test_timeout(run: Run, name: str) -> None:
    """A handler is killed at its deadline, and the payload tells the configured time."""
    outcome = run(name, timeout_s=0.2)
    assert outcome.kind == "timeout"
    assert error(outcome) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {ID} Error: Task timed out after 0.20 seconds",
    }
    assert outcome.duration_ms == 200.0


def test_killed_handler_keeps_its_last_words(run: Run) -> None:
    """What was written without a newline before the kill is in the log."""
    assert run("sleeps", timeout_s=0.2).log == ["started\n"]


def test_timeout_while_a_call_home_is_out(make: Make) -> None:
    """The deadline holds while the home is slow."""
    began = monotonic()
    outcome = make("calls_home", timeout_s=0.05).invoke(b'{"slow": true}', context())
    assert outcome.kind == "timeout"
    assert monotonic() - began < 5


@pytest.mark.parametrize("how", ["bytes", "mmap"])
def test_memory_over_the_cap(run: Run, how: str) -> None:
    """Memory beyond MemorySize, shared mappings too, ends the environment as on AWS."""
    outcome = run("allocates", {"how": how, "mb": 200}, timeout_s=20)
    assert (outcome.kind, error(outcome), outcome.max_memory_mb) == ("killed-memory", KILLED, 128)


def test_memory_below_the_cap(run: Run) -> None:
    """Most of MemorySize may be used, and is told."""
    outcome = run("allocates", {"how": "bytes", "mb": 70}, timeout_s=20)
    assert value(outcome) == "survived"
    assert 95 <= outcome.max_memory_mb <= 115


def test_absurd_allocation_is_a_memory_error(run: Run) -> None:
    """One allocation far beyond everything is an ordinary MemoryError with an empty message."""
    outcome = run("allocates", {"how": "absurd", "mb": 0}, timeout_s=20)
    assert (error(outcome)["errorType"], error(outcome)["errorMessage"]) == ("MemoryError", "")


def test_memory_of_forked_children_counts(run: Run) -> None:
    """Four children of 100 MB each are too much for 128 MB."""
    assert run("forks_memory", timeout_s=15).kind == "killed-memory"


def test_hundred_threads_in_a_small_function(run: Run) -> None:
    """Threads cost little: their stacks are address space, not memory."""
    assert value(run("has_many_threads", timeout_s=20)) == 100


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="numpy is not installed")
def test_numpy_in_a_small_function(run: Run) -> None:
    """Importing numpy fits into 128 MB."""
    assert value(run("imports_numbers", timeout_s=20)) == "0.0"


def test_handler_that_closes_all_descriptors(run: Run) -> None:
    """A handler that cuts its own channel ends its environment."""
    assert run("closes_descriptors").kind == "exit"


@pytest.mark.parametrize("octets", [[255], [0x6D, 5, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]])
def test_garbage_on_the_channel(run: Run, octets: list[int]) -> None:
    """What is no frame, or claims an absurd length, ends the environment at once."""
    began = monotonic()
    outcome = run("writes_garbage", {"bytes": octets}, timeout_s=20)
    assert (outcome.kind, error(outcome)) == ("exit", KILLED)
    assert monotonic() - began < 5


def test_event_is_not_read(make: Make) -> None:
    """Sending to an environment that does not read ends at the deadline."""
    environment = make("echo", timeout_s=0.3)
    environment.invoke(b"{}", context())
    environment._running.process.freeze()  # type: ignore[attr-defined]
    environment._running.process._stopped = False  # type: ignore[attr-defined]
    assert environment.invoke(b'"' + b"x" * 6_000_000 + b'"', context()).kind == "timeout"


def test_flood_of_output_is_cut(run: Run) -> None:
    """Thirty megabytes of log do not fill the memory, and the log says that it was cut."""
    outcome = run("floods", timeout_s=20)
    assert outcome.kind == "ok"
    assert sum(map(len, outcome.log)) < 20_000_000
    assert outcome.log[-1] == "[mocksls: the rest of the output was cut off]\n"


def test_grandchild_that_holds_stdout(run: Run) -> None:
    """A process that the handler leaves behind does not hold up the answer."""
    assert value(run("holds_stdout")) == "done"


def test_events_keep_their_order(run: Run) -> None:
    """Print, os.write, stderr, a subprocess and logging come in the order of writing; a record is one event."""
    one, two, three, four, five = run("prints").log
    assert [one, two, three, four] == ["one\n", "two\n", "three\n", "four\n"]
    assert five.startswith("[WARNING]\t")
    assert five.endswith(f"Z\t{ID}\tfive\nsix\n")


def test_closed_sandbox_leaves_nothing(home: Home) -> None:
    """A closed sandbox leaves no thread and no folder."""
    before = set(threading.enumerate())
    sandbox = Sandbox(home, namespaces=False)
    assert value(sandbox.environment(spec(callable_code(handlers.calls_home))).invoke(b"{}", context()))
    folder = sandbox._around.folders.root
    sandbox.close()
    assert set(threading.enumerate()) <= before
    assert folder is not None
    assert not Path(folder).exists()
