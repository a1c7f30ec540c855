"""Attributes replaced for a while, and put back exactly."""

from __future__ import annotations

from typing import Any

_MISSING = object()


class Patches:
    """A stack of replaced attributes.

    ``undo`` restores each one that is still ours; where somebody else has put a wrapper over it since, ours stays
    below theirs and must therefore pass calls through when it is not active.
    """

    def __init__(self) -> None:
        self._done: list[tuple[Any, str, Any, Any]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Replace an attribute of a class or module."""
        before = owner.__dict__.get(name, _MISSING)
        setattr(owner, name, value)
        self._done.append((owner, name, before, value))

    def undo(self) -> None:
        """Put everything back, last first."""
        while self._done:
            owner, name, before, ours = self._done.pop()
            if owner.__dict__.get(name, _MISSING) is not ours:
                continue
            if before is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
