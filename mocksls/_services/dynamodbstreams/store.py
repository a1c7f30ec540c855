"""The streams API keeps nothing of its own: streams live in the kernel's port, iterators carry their place."""

from __future__ import annotations

from typing import NamedTuple


class Store(NamedTuple):
    """Empty."""
