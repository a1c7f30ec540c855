"""Each environment's own /tmp, with namespaces and without."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from mocksls._sandbox import Sandbox, callable_code

from . import handlers
from .conftest import Home, Make, Run, context, spec, value


@pytest.mark.namespaces
def test_tmp_is_private(make: Make) -> None:
    """Two environments do not see each other's files, nor those of the machine."""
    first, second = make("uses_tmp"), make("lists_tmp")
    value(first.invoke(b"{}", context()))
    assert "kept" not in value(second.invoke(b"{}", context()))
    assert not Path("/tmp/kept").exists()


@pytest.mark.namespaces
def test_tmp_has_its_size(run: Run) -> None:
    """Writing beyond EphemeralStorage fails as on AWS."""
    assert value(run("fills_tmp", ephemeral_mb=10)) == errno.ENOSPC


@pytest.mark.namespaces
def test_caps_are_full(run: Run) -> None:
    """With namespaces all caps are kept."""
    assert run("echo").caps == "full"


@pytest.mark.parametrize("namespaces", [True, False])
def test_tmp_is_kept_over_a_timeout(home: Home, namespaces: bool) -> None:
    """The process after a killed one finds the same files, globals are gone."""
    sandbox = Sandbox(home, namespaces=namespaces)
    environment = sandbox.environment(spec(callable_code(handlers.uses_tmp), timeout_s=0.3))
    kinds = [environment.invoke(b'"die"', context()).kind for _ in range(2)]
    folder, text = value(environment.invoke(b"{}", context()))
    sandbox.close()
    assert (kinds, text) == (["timeout", "timeout"], "xxx")
    assert folder == "/tmp" or not Path(folder).exists()


def test_tmp_over_its_size_without_namespaces(home: Home) -> None:
    """Without namespaces the size is looked at after the call, and the outcome says so."""
    sandbox = Sandbox(home, namespaces=False)
    outcome = sandbox.environment(spec(callable_code(handlers.uses_tmp), ephemeral_mb=0)).invoke(b"{}", context())
    sandbox.close()
    assert outcome.notes == ["more than 0 MB lie in /tmp; on AWS writing them fails"]
    assert outcome.caps == "partial"


def test_missing_aws_path_gets_a_hint(home: Home) -> None:
    """Without namespaces a handler that opens /var/task by its name is told why it is not there."""
    sandbox = Sandbox(home, namespaces=False)
    outcome = sandbox.environment(spec(callable_code(handlers.opens_var_task))).invoke(b"{}", context())
    sandbox.close()
    assert outcome.notes == [
        "/var/task and /opt exist in handlers only where user namespaces are allowed; use LAMBDA_TASK_ROOT"
    ]


@pytest.mark.parametrize("namespaces", [True, False])
def test_tmp_is_kept_over_an_exit(home: Home, namespaces: bool) -> None:
    """The process after one that ended by itself finds the same files too."""
    sandbox = Sandbox(home, namespaces=namespaces)
    environment = sandbox.environment(spec(callable_code(handlers.uses_tmp)))
    assert environment.invoke(b'"exit"', context()).kind == "exit"
    assert value(environment.invoke(b"{}", context()))[1] == "xx"
    sandbox.close()
