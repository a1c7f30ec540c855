"""Lines that handlers execute count in the test run's own coverage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parent.parent.parent)
SCRIPT = f"""
import sys
sys.path[0:0] = [{ROOT!r}, "."]
from tests.sandbox.conftest import *
from app import handler
if __name__ == "__main__":
    sandbox = Sandbox(Home())
    environment = sandbox.environment(spec(callable_code(handler), timeout_s=0.3))
    kinds = [environment.invoke(event, context()).kind for event in (b'"quick"', b'"slow"')]
    sandbox.close()
    assert kinds == ["ok", "timeout"], kinds
"""
APP = """import time
def handler(event, context):
    if event == "quick":
        return 1
    told = 2
    while event:
        told += 1
    return 3
"""


@pytest.mark.parametrize("branch", [False, True])
def test_lines_of_a_timed_out_handler_count(tmp_path: Path, branch: bool) -> None:
    """``coverage run`` without any configuration reports what ran in handlers, of one killed in a busy loop too."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "script.py").write_text(SCRIPT)
    run = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "coverage",
        "run",
        "--include",
        "app.py",
        *(["--branch"] if branch else []),
    ]
    done = subprocess.run([*run, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    report = [sys.executable, "-m", "coverage", "json", "-o", "out.json", "-q"]
    subprocess.run(report, cwd=tmp_path, check=True)
    told = json.loads((tmp_path / "out.json").read_text())["files"]["app.py"]
    assert told["missing_lines"] == [8]
