"""What goes wrong in a handler, as AWS answers it. Payload texts as recorded from AWS unless a test says otherwise."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from mocksls._sandbox import Outcome, Sandbox, directory_code, zip_code

from . import handlers
from .conftest import Make, Run, context, spec

ID = "00000000-0000-4000-8000-000000000001"


def error(outcome: Outcome) -> dict[str, Any]:
    assert outcome.error is not None
    assert outcome.payload is not None
    assert json.loads(outcome.payload) == outcome.error
    return outcome.error


def exit_error(reason: str) -> dict[str, Any]:
    return {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {ID} Error: Runtime exited {reason}"}


def test_exception_of_a_handler(run: Run) -> None:
    """The payload names message, type, request and frames, in this order, without the runtime's own frames."""
    line = next(n for n, text in enumerate(Path(handlers.__file__).read_text().splitlines(), 1) if "no good" in text)
    payload = error(run("raises"))
    assert list(payload) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert payload == {
        "errorMessage": "no good",
        "errorType": "ValueError",
        "requestId": ID,
        "stackTrace": [f'  File "{handlers.__file__}", line {line}, in raises\n    raise ValueError("no good")\n'],
    }


def test_exception_is_logged_with_no_break_spaces(run: Run) -> None:
    """The log has the error as one event, leading blanks of its frames as no-break spaces."""
    (event,) = run("raises").log
    first, second, third, fourth = event.splitlines()
    assert (first, second) == ("[ERROR] ValueError: no good", "Traceback (most recent call last):")
    assert third.startswith('\u00a0\u00a0File "')
    assert fourth == '\u00a0\u00a0\u00a0\u00a0raise ValueError("no good")'


def test_wrong_arity_has_no_frames(run: Run) -> None:
    """A handler that does not take two arguments is a TypeError without frames."""
    payload = error(run("wrong_arity"))
    assert (payload["errorType"], payload["stackTrace"]) == ("TypeError", [])


def test_recursion_is_folded(run: Run) -> None:
    """The frames of an endless recursion are folded."""
    assert "Previous line repeated" in "".join(error(run("overflows"))["stackTrace"])


@pytest.mark.parametrize(
    ("code", "reason"),
    [(None, "without providing a reason"), (0, "without providing a reason"), (3, "with error: exit status 3"),
     (259, "with error: exit status 3"), ("bye", "with error: exit status 1")],
)  # fmt: skip
def test_sys_exit(run: Run, code: Any, reason: str) -> None:
    """sys.exit in a handler ends the runtime, with Python's statuses."""
    outcome = run("raises_base", {"what": "exit", "with": code})
    assert (outcome.kind, error(outcome)) == ("exit", exit_error(reason))


@pytest.mark.parametrize(("what", "reason"), [("interrupt", "signal: interrupt"), ("generator", "exit status 1")])
def test_other_base_exceptions_end_the_runtime(run: Run, what: str, reason: str) -> None:
    """What is no Exception is not caught by the runtime."""
    assert error(run("raises_base", {"what": what, "with": None})) == exit_error(f"with error: {reason}")


def test_exception_that_cannot_be_shown(run: Run) -> None:
    """An exception whose text raises ends the runtime."""
    assert error(run("cannot_say")) == exit_error("with error: exit status 1")


@pytest.mark.parametrize(
    ("number", "reason"),
    [(signal.SIGSEGV, "segmentation fault"), (signal.SIGABRT, "aborted"), (signal.SIGKILL, "killed")],
)
def test_signals(run: Run, number: int, reason: str) -> None:
    """A process killed by a signal is reported with it, and its last words are in the log."""
    outcome = run("dies", int(number))
    assert error(outcome) == exit_error(f"with error: signal: {reason}")
    assert outcome.log == ["last words\n"]


def test_environment_starts_anew_after_an_exit(make: Make) -> None:
    """The invocation after an exit runs in a new process."""
    environment = make("counts")
    assert environment.invoke(b"{}", context()).payload == b"1"
    environment.invoke(b"{}", context())
    environment.close()
    assert environment.alive is False


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("decimal", b'{"n": 1.50}'),
        ("point", b'{"x": 1, "y": 2}'),
        ("bytes", '{"k": "vé"}'.encode()),
        ("raw", b"raw bytes"),
    ],
)
def test_results_that_json_has_no_type_for(run: Run, event: str, payload: bytes) -> None:
    """Decimals, named tuples and bytes are written as AWS's encoder does (simplejson)."""
    assert run("returns", event).payload == payload


def test_result_that_cannot_be_written(run: Run) -> None:
    """A set is a marshal error."""
    assert error(run("returns", "set")) == {
        "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
        "errorType": "Runtime.MarshalError",
        "requestId": ID,
        "stackTrace": [],
    }


def test_lone_surrogate_ends_newer_runtimes(run: Run) -> None:
    """A result that cannot become UTF-8 fails outside of the handler's own errors."""
    assert error(run("returns", "surrogate")) == exit_error("with error: exit status 1")


def test_result_that_is_too_large(run: Run) -> None:
    """Results above 6 MiB are refused."""
    assert error(run("returns", "large")) == {
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        "errorType": "Function.ResponseSizeTooLarge",
    }


IMPORTS = [
    ("app", "x = 1", "Bad handler 'app': not enough values to unpack (expected 2, got 1)", "MalformedHandlerName"),
    ("sys.handler", "", "Cannot use built-in module sys as a handler module", "BuiltInModuleConflict"),
    ("nix.handler", "", "Unable to import module 'nix': No module named 'nix'", "ImportModuleError"),
    ("app.nix", "x = 1", "Handler 'nix' missing on module 'app'", "HandlerNotFound"),
    ("app.handler", "x = = 1", "Syntax error in module 'app': invalid syntax (app.py, line 1)", "UserCodeSyntaxError"),
]


@pytest.mark.parametrize(("handler", "source", "message", "kind"), IMPORTS)
def test_handler_that_cannot_be_found(
    sandbox: Sandbox, tmp_path: Path, handler: str, source: str, message: str, kind: str
) -> None:
    """What is wrong with handler or module is told as the runtime does, without a request id."""
    (tmp_path / "app.py").write_text(source)
    outcome = sandbox.environment(spec(zip_code(str(tmp_path)), handler)).invoke(b"{}", context())
    payload = error(outcome)
    assert (payload["errorMessage"], payload["errorType"], payload["requestId"]) == (message, f"Runtime.{kind}", "")


def test_exception_at_import_begins_in_importlib(sandbox: Sandbox, tmp_path: Path) -> None:
    """The frames of a failed import begin in AWS's importlib and end in the user's file."""
    (tmp_path / "app.py").write_text("1 / 0\n")
    payload = error(sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context()))
    assert payload["errorType"] == "ZeroDivisionError"
    assert payload["requestId"] == ""
    assert payload["stackTrace"][0].startswith('  File "/var/lang/lib/python3.13/importlib/__init__.py", line ')
    assert payload["stackTrace"][-1] == '  File "/var/task/app.py", line 1, in <module>\n    1 / 0\n'


def test_exit_at_import(sandbox: Sandbox, tmp_path: Path) -> None:
    """sys.exit at import is an exit of the runtime, told with the invocation's id."""
    (tmp_path / "app.py").write_text("import sys\nprint('going')\nsys.exit(2)\n")
    outcome = sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context())
    assert error(outcome) == exit_error("with error: exit status 2")
    assert outcome.init_log == ["going\n"]


def test_syntax_error_shows_the_line(sandbox: Sandbox, tmp_path: Path) -> None:
    """The only frame of a syntax error is the line itself."""
    (tmp_path / "app.py").write_text("x = = 1\n")
    payload = error(sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context()))
    assert payload["stackTrace"] == ['  File "/var/task/app.py" Line 1\n    x = = 1\n']


def test_failed_init_is_tried_again(sandbox: Sandbox, tmp_path: Path) -> None:
    """After a failed init the next invocation loads the code anew."""
    (tmp_path / "app.py").write_text("1 / 0\n")
    environment = sandbox.environment(spec(directory_code(str(tmp_path))))
    assert environment.invoke(b"{}", context()).kind == "error"
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return 'fine now'\n")
    assert environment.invoke(b"{}", context()).payload == b'"fine now"'
