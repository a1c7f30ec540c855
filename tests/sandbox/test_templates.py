"""Templates: a heavy initialisation is done once, where nobody can tell."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mocksls._sandbox import EnvironmentSpec, Sandbox, directory_code, measured
from mocksls._sandbox.zygote import shared

from .conftest import ENVIRON, Home, context, value

pytestmark = pytest.mark.namespaces

HEAVY = """
import os, random, time
{line}
until = time.process_time() + {worked_s}
while time.process_time() < until:
    pass
BORN = os.getpid()

def handler(event, context):
    before = os.listdir('/tmp')
    with open('/tmp/mark', 'w') as mark:
        mark.write('x')
    print('ran')
    seen = {{"born": BORN, "pid": os.getpid(), "random": random.random(), "marked": 'mark' in before}}
    return seen | {{"stream": context.log_stream_name, "parent": os.getppid()}}
"""

Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Have a new cloud's sandbox run a module whose initialisation is heavy; what its handler returned.

    Initialisations that are measured would each happen, so that their lines are seen.
    """
    monkeypatch.setattr(measured, "current", lambda: None)

    def started(line: str = "", stream: str = "s", worked_s: float = 0.04, **more: Any) -> Any:
        text = HEAVY.format(line=line, worked_s=worked_s)
        if not (tmp_path / "app.py").exists() or (tmp_path / "app.py").read_text() != text:
            (tmp_path / "app.py").write_text(text)
        environ = {**ENVIRON, "AWS_LAMBDA_LOG_STREAM_NAME": stream, "OF": str(tmp_path)}
        spec = EnvironmentSpec("f", "arn:f", "app.handler", directory_code(str(tmp_path)), environ, **more)
        sandbox = Sandbox(home)
        try:
            outcome = sandbox.environment(spec).invoke(b"{}", context())
        finally:
            sandbox.close()
        return value(outcome) | {"log": [*outcome.init_log, *outcome.log]}

    return started


def copied(told: Any) -> bool:
    """Whether a handler's module was initialised in another process."""
    return bool(told["born"] != told["pid"])


def test_second_environment_is_a_copy_of_the_initialised_first(start: Start) -> None:
    """The module is not executed again, in another cloud either."""
    told = [start() for _ in range(3)]
    assert [False, True, True] == [copied(each) for each in told]
    assert 3 == len({each["pid"] for each in told})


def test_copy_has_what_every_environment_has_for_itself(start: Start) -> None:
    """Log stream, /tmp, random numbers, output and parent are as without a template."""
    first, second, third = [start(stream=name) for name in ("a", "b", "c")]
    assert ["a", "b", "c"] == [first["stream"], second["stream"], third["stream"]]
    assert 3 == len({each["random"] for each in (first, second, third)})
    assert [False] * 3 == [each["marked"] for each in (first, second, third)]
    assert [["ran\n"]] * 3 == [each["log"] for each in (first, second, third)]
    assert 1 == len({each["parent"] for each in (first, second, third)})


@pytest.mark.parametrize(
    "line",
    [
        "print('hello')",
        "from _mocksls_child._sandbox.child.home import home; home('call', {})",
        "open('/tmp/state', 'w').close()",
        "open(os.environ['OF'] + '/state', 'w').close()",
        "FILE = open(__file__)",
        "import threading; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "import subprocess; subprocess.run(['true'])",
        "import socket; SOCKET = socket.socketpair()",
        "import mmap; MAP = mmap.mmap(-1, 4096)",
        "time.sleep(0); os.makedirs(os.environ['OF'] + f'/made-{os.getpid()}')",
    ],
)
def test_initialisation_that_does_more_happens_every_time(start: Start, line: str) -> None:
    """Output, calls, files, threads, processes and shared things are each environment's own doing."""
    assert [False, False] == [copied(start(line)) for _ in range(2)]


def test_light_initialisation_leaves_no_template(start: Start) -> None:
    """It is not worth a process."""
    assert [False, False] == [copied(start(worked_s=0)) for _ in range(2)]


def test_changed_file_ends_the_template(start: Start, tmp_path: Path) -> None:
    """A file that the initialisation read is looked at again, whether it is a module or not."""
    (tmp_path / "settings.json").write_text("{}")
    line = "SETTINGS = open(os.environ['OF'] + '/settings.json').read()"
    told = [start(line), start(line)]
    (tmp_path / "settings.json").write_text('{"a": 1}')
    told.append(start(line))
    assert [False, True, False] == [copied(each) for each in told]


def test_other_configuration_initialises_itself(start: Start) -> None:
    """Memory size and variables are part of what an environment is."""
    told = [start(), start(memory_mb=256), start()]
    assert [False, False, True] == [copied(each) for each in told]


def test_template_that_was_killed_is_done_without(start: Start) -> None:
    """The next environment initialises itself, and leaves another template."""
    start()
    left = _below(shared.get(True).process.pid)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_for_the_end_of(left)
    told = [start(), start()]
    assert [False, True] == [copied(each) for each in told]


def test_nothing_is_left_of_a_zygote_that_is_killed(start: Start) -> None:
    """Templates and what stands by for them end with it."""
    start()
    start()
    zygote = shared.get(True)
    left = _below(zygote.process.pid)
    zygote.process.kill()
    _wait_for_the_end_of(left)
    assert left
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]
    assert not copied(start())


def _wait_for_the_end_of(pids: list[int]) -> None:
    until = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        time.sleep(0.005)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            found += [int(child), *_below(int(child))]
    return found
