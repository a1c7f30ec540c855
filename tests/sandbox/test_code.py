"""Where handlers come from: directories, packages, layers, callables by reference and by value."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mocksls._kernel.errors import MockslsError
from mocksls._sandbox import Code, Sandbox, callable_code, directory_code, zip_code

from . import handlers
from .conftest import context, spec, value

SHOWS = """
import os
def handler(event, context):
    return [__file__, os.getcwd(), os.environ["LAMBDA_TASK_ROOT"], open("data.txt").read()]
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder with a handler."""
    (tmp_path / "data.txt").write_text("data")
    (tmp_path / "app.py").write_text(SHOWS)
    return tmp_path


def test_directory(sandbox: Sandbox, code: Path) -> None:
    """A directory's handler runs in it, under its real path."""
    outcome = sandbox.environment(spec(directory_code(str(code)))).invoke(b"{}", context())
    assert value(outcome) == [str(code / "app.py"), str(code), str(code), "data"]


@pytest.mark.namespaces
def test_package_lies_at_var_task(sandbox: Sandbox, code: Path) -> None:
    """A ZIP's code is at /var/task, and cannot be written to."""
    environment = sandbox.environment(spec(zip_code(str(code))))
    assert value(environment.invoke(b"{}", context())) == ["/var/task/app.py", "/var/task", "/var/task", "data"]
    (code / "app.py").write_text("def handler(e, c):\n    open('/var/task/new', 'w')\n")
    outcome = sandbox.environment(spec(zip_code(str(code)))).invoke(b"{}", context())
    assert outcome.error is not None
    assert outcome.error["errorMessage"] == "[Errno 30] Read-only file system: '/var/task/new'"


def test_package_without_namespaces_shows_var_task(home: Any, tmp_path: Path) -> None:
    """Without namespaces the frames of a ZIP's code still name /var/task."""
    (tmp_path / "app.py").write_text("def handler(event, context):\n    raise KeyError(1)\n")
    sandbox = Sandbox(home, namespaces=False)
    outcome = sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context())
    sandbox.close()
    assert outcome.error is not None
    assert outcome.error["stackTrace"] == ['  File "/var/task/app.py", line 2, in handler\n    raise KeyError(1)\n']
    assert outcome.caps == "partial"


def test_circular_import_names_var_task(sandbox: Sandbox, tmp_path: Path) -> None:
    """Real paths do not show in messages either."""
    (tmp_path / "app.py").write_text("from other import x\ny = 1\n")
    (tmp_path / "other.py").write_text("from app import y\n")
    outcome = sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context())
    assert outcome.error is not None
    assert str(tmp_path) not in outcome.error["errorMessage"]
    assert "(/var/task/app.py)" in outcome.error["errorMessage"]


@pytest.mark.parametrize("namespaces", [True, False])
def test_later_layers_win(home: Any, tmp_path: Path, namespaces: bool) -> None:
    """Modules come from layers; of two layers the later one's files are on top."""
    for layer, text in (("a", "one"), ("b", "two")):
        (tmp_path / layer / "python").mkdir(parents=True)
        (tmp_path / layer / "python" / "shared_module.py").write_text(f"value = {text!r}\n")
    (tmp_path / "a" / "python" / "first_only.py").write_text("value = 'first'\n")
    (tmp_path / "code").mkdir()
    source = "import shared_module, first_only\ndef handler(e, c): return [shared_module.value, first_only.value]\n"
    (tmp_path / "code" / "app.py").write_text(source)
    sandbox = Sandbox(home, namespaces=namespaces)
    made = spec(zip_code(str(tmp_path / "code")), layers=(str(tmp_path / "a"), str(tmp_path / "b")))
    outcome = sandbox.environment(made).invoke(b"{}", context())
    sandbox.close()
    assert value(outcome) == ["two", "first"]


def test_own_copy_of_a_preloaded_package_wins(sandbox: Sandbox, tmp_path: Path) -> None:
    """A ZIP's own urllib3 is what its handler imports."""
    (tmp_path / "urllib3").mkdir()
    (tmp_path / "urllib3" / "__init__.py").write_text("__version__ = 'mine'\n")
    (tmp_path / "app.py").write_text("import urllib3\ndef handler(e, c): return urllib3.__version__\n")
    assert value(sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context())) == "mine"


def test_package_does_not_see_the_project(sandbox: Sandbox, tmp_path: Path) -> None:
    """A ZIP cannot import the project's own modules, unless it brings them."""
    (tmp_path / "app.py").write_text("import tests.sandbox\n")
    outcome = sandbox.environment(spec(zip_code(str(tmp_path)))).invoke(b"{}", context())
    assert outcome.error is not None
    assert outcome.error["errorType"] == "Runtime.ImportModuleError"


def test_static_method_by_reference(sandbox: Sandbox) -> None:
    """A static method of a module's class travels by reference."""
    code = callable_code(handlers.Methods.handle)
    assert (code.kind, code.qualname) == ("callable", "Methods.handle")
    assert value(sandbox.environment(spec(code)).invoke(b"{}", context())) == "static"


def test_closure_by_value(sandbox: Sandbox) -> None:
    """A closure travels by value."""
    factor = 3

    def handler(event: Any, context: Any) -> Any:
        return event * factor

    code = callable_code(handler)
    assert code.kind == "pickled"
    assert value(sandbox.environment(spec(code)).invoke(b"14", context())) == 42


def test_bound_method_and_callable_object_by_value(sandbox: Sandbox) -> None:
    """Methods and callable objects travel by value."""
    told = [
        value(sandbox.environment(spec(callable_code(thing))).invoke(b"{}", context()))
        for thing in (handlers.Methods().bound, handlers.Methods())
    ]
    assert told == ["bound", "called"]


def test_closure_over_a_lock_names_it() -> None:
    """What cannot travel is named."""
    lock = threading.Lock()

    def handler(event: Any, context: Any) -> None:
        lock.acquire()

    with pytest.raises(MockslsError, match="it is 'lock' that cannot"):
        callable_code(handler)


def test_closure_without_cloudpickle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without cloudpickle the error names the way out."""
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    with pytest.raises(MockslsError, match="install cloudpickle"):
        callable_code(lambda event, context: None)


async def _coroutine(event: Any, context: Any) -> None: ...


def _generator(event: Any, context: Any) -> Any:
    yield 1


@pytest.mark.parametrize("unfit", [_coroutine, _generator, functools.partial(print), 3, handlers.Methods, print])
def test_what_lambda_cannot_run(unfit: Any) -> None:
    """Coroutine functions, generators, partials, classes and things that are not callable are TypeErrors."""
    with pytest.raises(TypeError):
        callable_code(unfit)


def test_module_that_cannot_be_imported_by_name(sandbox: Sandbox, tmp_path: Path) -> None:
    """A module of pytest's importlib mode is loaded from its file."""
    file = tmp_path / "odd_tests.py"
    file.write_text("def handler(event, context): return __name__\n")
    code = Code("callable", module="tests_of.odd_tests", qualname="handler", file=str(file))
    assert value(sandbox.environment(spec(code)).invoke(b"{}", context())) == "tests_of.odd_tests"


def test_pytest_in_importlib_mode(tmp_path: Path) -> None:
    """A handler in a test module runs under ``--import-mode=importlib`` with the pytest command."""
    (tmp_path / "test_odd.py").write_text(
        "from tests.sandbox.conftest import *\n"
        "def handler(event, context): return 'ran'\n"
        "def test_it():\n"
        "    sandbox = Sandbox(Home())\n"
        "    outcome = sandbox.environment(spec(callable_code(handler), timeout_s=20)).invoke(b'{}', context())\n"
        "    sandbox.close()\n"
        "    assert value(outcome) == 'ran'\n"
    )
    root = str(Path(__file__).parent.parent.parent)
    command = [sys.executable, "-m", "pytest", "--import-mode=importlib", "-q", "-p", "no:cacheprovider"]
    script = f"import sys, runpy; sys.path[0:0] = [{root!r}]; sys.argv[0] = 'pytest'; runpy.run_module('pytest')"
    command = [sys.executable, "-c", script, *command[3:], "-c", os.devnull, "--rootdir", str(tmp_path), "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_script_of_its_own(tmp_path: Path) -> None:
    """A handler defined in the script that is run works too."""
    root = str(Path(__file__).parent.parent.parent)
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {root!r})\n"
        "from tests.sandbox.conftest import *\n"
        "def handler(event, context): return event\n"
        "if __name__ == '__main__':\n"
        "    sandbox = Sandbox(Home())\n"
        "    print(sandbox.environment(spec(callable_code(handler), timeout_s=20)).invoke(b'7', context()).payload)\n"
        "    sandbox.close()\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.strip().removeprefix("b'").removesuffix("'")) == 7
