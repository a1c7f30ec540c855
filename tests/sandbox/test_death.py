"""Nothing outlives the test: whatever ends, and however it ends, its processes end too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mocksls._kernel.realtime import monotonic
from mocksls._sandbox import Sandbox, callable_code, directory_code
from mocksls._sandbox.zygote import shared

from . import handlers
from .conftest import Home, Make, Run, context, spec, value

ROOT = str(Path(__file__).parent.parent.parent)
SCRIPT = """
import os, sys, threading, time
sys.path.insert(0, {root!r})
from tests.sandbox.conftest import *
sandbox = Sandbox(Home(), launch={launch!r})
def invoke():
    made = sandbox.environment(spec(callable_code(handlers.leaves_a_daemon), timeout_s=60))
    made.invoke(json.dumps({{"file": {file!r}, "stay": {stay!r}}}).encode(), context())
thread = threading.Thread(target=invoke, daemon=True)
thread.start()
while not os.path.exists({file!r}) or not os.path.getsize({file!r}):
    time.sleep(0.005)
print("ready", flush=True)
{ending}
"""


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def tree(pid: int) -> list[int]:
    """All descendants of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *tree(int(child))]
    return found


def gone(pids: list[int], within: float = 5) -> list[int]:
    """Wait for processes to end; returns those that did not."""
    until = monotonic() + within
    while any(map(alive, pids)) and monotonic() < until:
        time.sleep(0.005)
    return [pid for pid in pids if alive(pid)]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Any]:
    """Start a process with a busy environment that has left a daemon behind."""
    processes = []

    def start(
        ending: str = "time.sleep(60)", launch: str = "auto", **environ: str
    ) -> tuple[subprocess.Popen[str], list[int]]:
        file = str(tmp_path / "daemon")
        text = SCRIPT.format(root=ROOT, file=file, stay=True, ending=ending, launch=launch)
        process = subprocess.Popen(
            [sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, env={**os.environ, **environ}
        )
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        daemon = int(Path(file).read_text())
        return process, [*tree(process.pid), daemon]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_test_process_is_killed(started: Any, number: int) -> None:
    """Zygote, environment and a daemonised grandchild end with the test process."""
    process, pids = started()
    assert len(pids) >= 3
    os.kill(process.pid, number)
    assert gone(pids) == []


@pytest.mark.parametrize("ending", ["os._exit(0)", "os.abort()", "os.execv('/bin/true', ['true'])"])
def test_test_process_ends_abruptly(started: Any, ending: str) -> None:
    """Nothing is left after os._exit, abort and exec either."""
    process, pids = started(f"sys.stdin.readline() if False else time.sleep(0.2)\n{ending}")
    process.wait()
    assert gone(pids) == []


def test_forked_copy_of_the_test_process_holds_the_sockets(started: Any) -> None:
    """A copy of the test process that lives on keeps nothing alive."""
    process, pids = started("time.sleep(0.2)\nif os.fork() == 0:\n    time.sleep(1.5)\n    os._exit(0)\ntime.sleep(60)")
    time.sleep(0.4)
    os.kill(process.pid, signal.SIGKILL)
    assert gone(pids, 0.8) == []


def test_plain_environment_ends_with_the_test_process(
    started: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An environment without a zygote ends too, with what it left (but its folder, which nobody inherits)."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process, pids = started(launch="plain")
    os.kill(process.pid, signal.SIGKILL)
    assert gone(pids) == []


def test_folders_go_with_the_test_process(started: Any, tmp_path: Path) -> None:
    """What stands for /tmp where there are no namespaces does not outlive the test process either."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    process, pids = started(TMPDIR=str(folder), MOCKSLS_SANDBOX="no-namespaces")
    assert list(folder.iterdir())
    os.kill(process.pid, signal.SIGKILL)
    assert gone(pids) == []
    assert list(folder.iterdir()) == []


def test_daemon_ends_with_its_environment(make: Make, tmp_path: Path) -> None:
    """Closing an environment ends a double-forked process of its own session."""
    environment = make("leaves_a_daemon", timeout_s=20)
    event = json.dumps({"file": str(tmp_path / "daemon")}).encode()
    value(environment.invoke(event, context()))
    daemon = int((tmp_path / "daemon").read_text())
    assert alive(daemon)
    environment.close()
    assert gone([daemon]) == []


def test_zygote_is_killed_in_the_middle_of_a_call(make: Make, run: Run) -> None:
    """What is in flight fails as killed, what comes after runs from a new zygote."""
    zygote = shared.get(True)
    environment = make("sleeps", timeout_s=20)
    timer = threading.Timer(0.3, os.kill, (zygote.process.pid, signal.SIGKILL))
    timer.start()
    outcome = environment.invoke(b"{}", context())
    timer.join()
    assert outcome.error is not None
    assert outcome.error["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert value(run("echo", 1)) == 1
    assert shared.get(True) is not zygote


def test_thread_that_started_the_zygote_ends(home: Home) -> None:
    """The zygote outlives the thread that needed it first."""
    shared.close()
    sandbox = Sandbox(home)
    environment = sandbox.environment(spec(callable_code(handlers.counts)))
    thread = threading.Thread(target=environment.invoke, args=(b"{}", context()))
    thread.start()
    thread.join()
    time.sleep(0.05)
    assert value(environment.invoke(b"{}", context())) == 2
    sandbox.close()


def test_closing_the_sandbox_ends_busy_environments(home: Home) -> None:
    """An invocation that is under way ends when the cloud does."""
    sandbox = Sandbox(home)
    environment = sandbox.environment(spec(callable_code(handlers.spins), timeout_s=20))
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(environment.invoke(b"{}", context())))
    thread.start()
    while environment.cold:
        time.sleep(0.005)
    time.sleep(0.05)
    sandbox.close()
    thread.join(5)
    assert [outcome.kind for outcome in outcomes] == ["exit"]


def test_copy_of_the_test_process_leaves_environments_alone(make: Make) -> None:
    """After a fork the original goes on; the copy has let go of everything."""
    environment = make("counts")
    environment.invoke(b"{}", context())
    pid = os.fork()
    if pid == 0:
        os._exit(0 if not environment.alive else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert value(environment.invoke(b"{}", context())) == 2


def test_descriptors_and_processes_do_not_grow(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty rounds leave no descriptor and no process behind (but for templates, which are kept)."""
    monkeypatch.setattr("mocksls._sandbox.environment.template_key", lambda *_: None)

    def a_round() -> None:
        sandbox = Sandbox(home)
        sandbox.environment(spec(callable_code(handlers.echo))).invoke(b"{}", context())
        sandbox.environment(spec(callable_code(handlers.sleeps), timeout_s=0.02)).invoke(b"{}", context())
        sandbox.environment(spec(directory_code("/"))).invoke(b"{}", context())
        sandbox.close()

    def held() -> tuple[int, int, int]:
        shared.get(True).ask({"do": "status", "pid": 0})
        zygote = shared.get(True).process.pid
        ours, theirs = (len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in ("self", zygote))
        return ours, theirs, len(tree(zygote))

    def settled() -> tuple[int, int, int]:
        """What is held when the zygote has nothing to do: one process stands by then."""
        seen: list[tuple[int, int, int]] = []
        until = monotonic() + 10
        while (monotonic() < until and len(set(seen[-5:])) != 1) or len(seen) < 5:
            seen.append(held())
            time.sleep(0.05)
        return seen[-1]

    a_round()
    before = settled()
    for _ in range(20):
        a_round()
    assert settled() == before


def test_interrupted_invocation_is_not_reused(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a KeyboardInterrupt in the middle of an invocation the next one gets a new process."""
    environment = make("calls_home")
    environment.invoke(b"{}", context())

    def interrupted() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment._running.memory, "over", interrupted)  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        environment.invoke(b'{"slow": true}', context())
    assert environment.cold
    assert value(environment.invoke(b'{"q": 1}', context()))[0] == {"q": 1}
