"""What is patched in the child: libraries that reach AWS, as soon as the handler imports them.

A finder in front of the others wraps the loading of the libraries concerned, so that the patches also meet a copy
that the function brings itself, and a library that is imported again.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

Home = Callable[[str, dict[str, Any], Sequence[bytes]], "tuple[dict[str, Any], list[bytes]]"]

_WATCHED = ("botocore.client",)
_busy: set[str] = set()


def install(home: Home) -> None:
    """Patch what is imported already, and from now on what is imported."""
    sys.meta_path.insert(0, _Finder(home))
    for name in _WATCHED:
        if name in sys.modules:
            _patch(name, home)


def _patch(name: str, home: Home) -> None:
    """Put the seams into a library that has just been imported."""
    try:
        seams = importlib.import_module("..._seams.child_install", __package__)
    except ModuleNotFoundError:
        return
    seams.install(name, home)


class _Finder(importlib.abc.MetaPathFinder):
    """Lets the other finders find, and hears when the module has been executed."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in _WATCHED or fullname in _busy:
            return None
        _busy.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            _busy.discard(fullname)
        if spec is not None and spec.loader is not None:
            _tell_when_loaded(spec.loader, fullname, self._home)
        return spec


def _tell_when_loaded(loader: Any, name: str, home: Home) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        _patch(name, home)

    loader.exec_module = exec_module
