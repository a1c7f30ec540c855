"""The rules of the source tree: where things are defined, how long files are, who imports what."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import mocksls

PACKAGE = Path(mocksls.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
BOTOCORE_IN = ("_transport", "_protocol", "_seams", "_sandbox/child")
RELATIVE_ONLY = ("_kernel", "_seams", "_sandbox/child")


def inside(file: Path, *folders: str) -> bool:
    """Whether a file lies in one of the package's folders."""
    return any((PACKAGE / folder) in file.parents for folder in folders)


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Level and module of each import anywhere in a file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""
        elif isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)


def test_files_are_short() -> None:
    """No file has more than 500 lines."""
    lengths = {str(file.relative_to(PACKAGE)): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {name: length for name, length in lengths.items() if length > 500} == {}


@pytest.mark.parametrize(("library", "folders"), [("botocore", BOTOCORE_IN), ("responses", ("_seams",))])
def test_who_imports(library: str, folders: tuple[str, ...]) -> None:
    """Libraries that are hooked are imported in few places."""
    found = {
        str(file.relative_to(PACKAGE))
        for file in FILES
        if not inside(file, *folders)
        and any(not level and name.split(".")[0] == library for level, name in imports(file))
    }
    assert found == set()


def test_folders_of_the_child_import_relatively() -> None:
    """What the sandbox's child loads under another package name never names the package."""
    found = {
        str(file.relative_to(PACKAGE))
        for file in FILES
        if inside(file, *RELATIVE_ONLY)
        and any(not level and name.split(".")[0] == "mocksls" for level, name in imports(file))
    }
    assert found == set()


def test_services_do_not_import_each_other() -> None:
    """A service imports the kernel and itself only."""
    found = set()
    for file in FILES:
        if inside(file, "_services") and file.parent != PACKAGE / "_services":
            own = f"mocksls._services.{file.relative_to(PACKAGE / '_services').parts[0]}"
            found |= {
                (str(file.relative_to(PACKAGE)), name)
                for level, name in imports(file)
                if not level
                and name.startswith("mocksls.")
                and not name.startswith((own, "mocksls._kernel"))
                and not name.startswith("mocksls._sandbox")
            }
    assert found == set()


def test_importing_loads_little() -> None:
    """``import mocksls`` loads no service and none of the heavy libraries."""
    code = (
        "import sys, mocksls; "
        "heavy = {'responses', 'jwt', 'cryptography', 'pyotp', 'boto3', 'pytest'} & set(sys.modules); "
        "services = {name for name in sys.modules if name.startswith('mocksls._services.')}; "
        "print(sorted(heavy | services))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert done.stdout.strip() == "[]"


def test_the_public_names() -> None:
    """The package offers the names of its ``__all__``, sorted."""
    assert mocksls.__all__ == sorted(mocksls.__all__)
    assert [name for name in mocksls.__all__ if not hasattr(mocksls, name)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_modules_do_nothing_when_imported(file: Path) -> None:
    """Every module can be imported, and starts no thread and patches nothing by that."""
    from botocore.client import BaseClient

    before = (threading.active_count(), BaseClient._make_request)
    importlib.import_module(
        ".".join(("mocksls", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    )
    assert before == (threading.active_count(), BaseClient._make_request)
