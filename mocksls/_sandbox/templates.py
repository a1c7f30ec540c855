"""Which templates a zygote holds: processes that were initialised for a function, to be forked for its environments."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .spec import EnvironmentSpec

_MOST = 8
_OWN = "AWS_LAMBDA_LOG_STREAM_NAME"  # what each environment has for itself
_numbers = itertools.count(1)

File = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Template:
    """A process to be forked: what it depends on, and what its environments count as, in MiB."""

    number: int
    files: list[File]
    bare_mib: int


class Templates:
    """The templates of one zygote, by what they were initialised with; those used last are kept."""

    def __init__(self, drop: Callable[[int], None]) -> None:
        self._drop = drop
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Template] = OrderedDict()

    def find(self, key: str | None) -> Template | None:
        """A template whose files are still what they were, if there is one."""
        with self._lock:
            template = self._held.get(key or "")
            if key is None or template is None:
                return None
            self._held.move_to_end(key)
        if all(_unchanged(file) for file in template.files):
            return template
        self.forget(key)
        return None

    def keep(self, key: str, files: list[File], bare_mib: int) -> int:
        """A number for a new template; the one that was not used for longest makes room."""
        number = next(_numbers)
        with self._lock:
            before = self._held.pop(key, None)
            self._held[key] = Template(number, files, bare_mib)
            rest = [self._held.popitem(last=False)[1] for _ in range(len(self._held) - _MOST)]
        for old in [*rest, *([before] if before else [])]:
            self._drop(old.number)
        return number

    def forget(self, key: str) -> None:
        """End a template."""
        with self._lock:
            template = self._held.pop(key, None)
        if template is not None:
            self._drop(template.number)


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
