"""Which templates a zygote holds: processes that were initialised for a function, to be forked for its environments."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from .spec import EnvironmentSpec

_MOST = 8
_OWN = "AWS_LAMBDA_LOG_STREAM_NAME"  # what each environment has for itself
_numbers = itertools.count(1)

File = tuple[str, int, int]


class Templates:
    """The templates of one zygote, by what they were initialised with; those used last are kept."""

    def __init__(self, drop: Callable[[int], None]) -> None:
        self._drop = drop
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[int, list[File]]] = OrderedDict()

    def find(self, key: str | None) -> int:
        """The number of a template whose files are still what they were; 0 if there is none."""
        with self._lock:
            number, files = self._held.get(key or "", (0, []))
            if key is None or not number:
                return 0
            self._held.move_to_end(key)
        if all(_unchanged(file) for file in files):
            return number
        self.forget(key)
        return 0

    def keep(self, key: str, files: list[File]) -> int:
        """A number for a new template; the one that was not used for longest makes room."""
        number = next(_numbers)
        with self._lock:
            self._held[key] = number, files
            rest = [self._held.popitem(last=False)[1][0] for _ in range(len(self._held) - _MOST)]
        for old in rest:
            self._drop(old)
        return number

    def forget(self, key: str) -> None:
        """End a template."""
        with self._lock:
            number, _ = self._held.pop(key, (0, []))
        if number:
            self._drop(number)


def template_key(spec: EnvironmentSpec, header: dict[str, Any]) -> str | None:
    """What an environment is initialised with, as a key; None where it is not known well enough."""
    place = header["namespaces"]
    if place is None or spec.layers or (spec.code.kind == "zip" and not spec.code.digest):
        return None
    environ = {name: value for name, value in header["environ"].items() if name != _OWN}
    same = {**header, "environ": environ, "namespaces": {**place, "task": spec.code.digest}}
    text = json.dumps([same, spec.memory_mb, spec.code.pickled.hex()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def told_files(told: Any) -> list[File]:
    """The files that a process tells of, as far as they can be believed."""
    found = told if isinstance(told, list) else []
    return [(str(each[0]), each[1], each[2]) for each in found if isinstance(each, list) and len(each) == 3]


def _unchanged(file: File) -> bool:
    path, modified, size = file
    try:
        told = os.stat(path)  # noqa: PTH116
    except OSError:
        return False
    return (told.st_mtime_ns, told.st_size) == (modified, size)
