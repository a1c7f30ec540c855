"""A process stands by for the next environment, and shows nothing of having waited."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from mocksls._sandbox.zygote import shared

from .conftest import Make, Run, context, value


@pytest.fixture(autouse=True)
def _without_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are children of the zygote as well."""
    monkeypatch.setattr("mocksls._sandbox.environment.template_key", lambda *_: None)


def standing_by() -> int:
    """The process that will be the next environment: the zygote's youngest child, once it is there."""
    zygote = shared.get(True)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        zygote.ask({"do": "status", "pid": 0})
        children = Path(f"/proc/{zygote.process.pid}/task/{zygote.process.pid}/children").read_text().split()
        if children:
            return int(children[-1])
        time.sleep(0.005)
    raise AssertionError("nobody stands by")


def test_process_that_stands_by_is_the_next_environment(make: Make, run: Run) -> None:
    """The zygote does not fork when it is asked."""
    make("echo").invoke(b"{}", context())
    time.sleep(0.1)
    next_one = standing_by()
    assert next_one == value(run("shows_process"))["pid"]


@pytest.mark.namespaces
def test_environment_that_stood_by_is_as_any_other(run: Run) -> None:
    """No variables of the zygote's, the runtime's own arguments, an empty /tmp of the size that was asked for."""
    first, second = value(run("shows_process")), value(run("shows_process"))
    assert first["variables"] == second["variables"]
    assert errno.ENOSPC == value(run("fills_tmp", ephemeral_mb=10))


def test_process_that_stood_by_was_killed(make: Make, run: Run) -> None:
    """The next environment is forked when it is asked for."""
    make("echo").invoke(b"{}", context())
    time.sleep(0.1)
    killed = standing_by()
    os.kill(killed, signal.SIGKILL)
    while Path(f"/proc/{killed}").exists():
        time.sleep(0.005)
    assert killed != value(run("shows_process"))["pid"]
