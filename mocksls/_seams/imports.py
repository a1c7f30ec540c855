"""Work that waits for a module to be imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

Then = Callable[[ModuleType], None]


class PostImport(importlib.abc.MetaPathFinder):
    """Runs functions when modules have been imported: at once for those that are there already.

    A module that is removed and imported again runs them again.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Then]] = {}
        self._looking: set[str] = set()

    def when_imported(self, name: str, then: Then) -> None:
        """Run a function on a module, now or whenever it is imported."""
        self._waiting.setdefault(name, []).append(then)
        module = sys.modules.get(name)
        if module is not None:
            then(module)

    def install(self) -> None:
        """Start watching imports."""
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Stop watching."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The ordinary spec of a watched module, with its loader wrapped."""
        if fullname not in self._waiting or fullname in self._looking:
            return None
        self._looking.add(fullname)
        try:
            spec = _find(fullname, path, target)
        finally:
            self._looking.discard(fullname)
        if spec is None or spec.loader is None:
            return None
        self._wrap(spec.loader, fullname)
        return spec

    def _wrap(self, loader: Any, fullname: str) -> None:
        exec_module = loader.exec_module

        def executing(module: ModuleType) -> None:
            exec_module(module)
            for then in self._waiting.get(fullname, ()):
                then(module)

        loader.exec_module = executing


def _find(
    fullname: str, path: Sequence[str] | None, target: ModuleType | None
) -> importlib.machinery.ModuleSpec | None:
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find(fullname, path, target) if find is not None else None
        if spec is not None:
            found: importlib.machinery.ModuleSpec = spec
            return found
    return None
