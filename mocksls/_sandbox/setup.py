"""What a new environment is told: its variables, paths and caps, with or without a file system of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
import sysconfig
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from .spec import EnvironmentSpec
from .zygote import Zygote, import_path

_FAR_MIB = 1024 + 8 * 64
_OWN_FOLDER = str(Path(__file__).parent.parent.parent)


class Folders:
    """The directories that a sandbox makes for its environments; they go when it does."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._merged: dict[tuple[str, ...], str] = {}
        self._heirs: set[int] = set()

    def make(self, prefix: str) -> str:
        """A new directory."""
        if self.root is None:
            self.root = tempfile.mkdtemp(prefix="mocksls-")
        return tempfile.mkdtemp(prefix=f"{prefix}-", dir=self.root)

    def bequeath(self, zygote: Zygote) -> None:
        """Have a zygote remove them, should this process be killed."""
        if self.root is not None and zygote.process.pid not in self._heirs:
            self._heirs.add(zygote.process.pid)
            zygote.tell({"do": "rubbish", "folder": self.root})

    def opt(self, layers: tuple[str, ...]) -> str | None:
        """The directory that shows layers as /opt does: later ones over earlier ones."""
        if len(layers) < 2:
            return layers[0] if layers else None
        if layers not in self._merged:
            merged = self._merged[layers] = self.make("opt")
            for layer in layers:
                shutil.copytree(layer, merged, dirs_exist_ok=True, symlinks=True)
        return self._merged[layers]

    def close(self) -> None:
        """Remove everything."""
        if self.root is not None:
            shutil.rmtree(self.root, ignore_errors=True)
            self.root = None


class Place:
    """Where code, layers and /tmp of an environment lie."""

    def __init__(self, spec: EnvironmentSpec, folders: Folders, *, private: bool) -> None:
        self._spec = spec
        self._header: dict[str, Any] | None = None
        self._opt = folders.opt(spec.layers)
        self._needed = _needed(spec) if private else []
        self.private = private and "/tmp" not in self._needed
        self.tmp = None if self.private else folders.make("tmp")
        packaged = spec.code.kind == "zip"
        self.task = "/var/task" if packaged and self.private else spec.code.path or str(Path.cwd())

    def header(self) -> dict[str, Any]:
        """The environment's first message, but for what changes from start to start."""
        if self._header is None:
            self._header = self._made_header()
        return self._header

    def _made_header(self) -> dict[str, Any]:
        spec, code = self._spec, self._spec.code
        roots = self._code_roots()
        return {
            "environ": self._environ(),
            "cwd": self.task,
            "sys_path": [*roots, *self._libraries()],
            "code_roots": roots,
            "code": {"kind": code.kind, "module": code.module, "qualname": code.qualname, "file": code.file},
            "handler": spec.handler,
            "runtime": spec.runtime,
            "renames": self._renames(),
            "namespaces": self._namespaces(),
            "data_bytes": (spec.memory_mb + _FAR_MIB) << 20,
        }

    @property
    def opt(self) -> str | None:
        """Where the environment sees its layers."""
        return "/opt" if self._opt and self.private else self._opt

    def tmp_is_full(self) -> bool:
        """Whether more lies in TMPDIR than its cap allows (without a /tmp of its own it is looked at afterwards)."""
        if self.tmp is None:
            return False
        files = (Path(folder) / name for folder, _, names in os.walk(self.tmp) for name in names)
        return sum(file.lstat().st_size for file in files) > self._spec.ephemeral_mb << 20

    def _environ(self) -> dict[str, str]:
        here = {"LAMBDA_TASK_ROOT": self.task, "PWD": self.task}
        if self.tmp is not None:
            here["TMPDIR"] = self.tmp
        return {**self._spec.environ, **here}

    def _code_roots(self) -> list[str]:
        roots = [self.task] if self._spec.code.path else []
        if self._opt is None:
            return roots
        opt = "/opt" if self.private else self._opt
        return [*roots, f"{opt}/python/lib/{self._spec.runtime}/site-packages", f"{opt}/python"]

    def _libraries(self) -> list[str]:
        """The import path behind the code: a package's own project is not on it."""
        if self._spec.code.kind == "zip":
            return [entry for entry in import_path() if _is_library(entry)]
        return import_path()

    def _renames(self) -> list[tuple[str, str]]:
        if self.private:
            return []
        renames = [(f"{self._opt}/", "/opt/")] if self._opt else []
        if self._spec.code.kind == "zip":
            renames += [(f"{self.task}/", "/var/task/"), (self.task, "/var/task")]
        return renames

    def _namespaces(self) -> dict[str, Any] | None:
        if not self.private:
            return None
        return {
            "tmp_mb": self._spec.ephemeral_mb,
            "keep": [path for path in self._needed if path.startswith("/tmp/")],
            "task": self._spec.code.path if self._spec.code.kind == "zip" else None,
            "opt": self._opt,
        }


def _needed(spec: EnvironmentSpec) -> list[str]:
    """The directories that code may need to see, outermost first."""
    found = {*import_path(), sys.prefix, sys.base_prefix, str(Path.cwd()), _OWN_FOLDER}
    found.add(_pytest_folder(tempfile.gettempdir()))
    if spec.code.kind == "directory" and spec.code.path:
        found.add(spec.code.path)
    if spec.code.file:
        found.add(str(Path(spec.code.file).parent))
    return sorted({*map(_real, found), *found}, key=len)


@lru_cache(maxsize=256)
def _real(path: str) -> str:
    return os.path.realpath(path)


@lru_cache(maxsize=4)
def _pytest_folder(temporary: str) -> str:
    """Where pytest makes its temporary directories."""
    try:
        user = getpass.getuser()
    except (ImportError, OSError, KeyError):
        user = "unknown"
    return str(Path(temporary) / f"pytest-of-{user}")


def _is_library(entry: str) -> bool:
    standard = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), sys.base_prefix)
    return any(name in entry for name in ("site-packages", "dist-packages")) or entry.startswith(standard)
