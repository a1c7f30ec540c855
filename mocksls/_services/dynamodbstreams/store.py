"""The streams API keeps nothing of its own: streams live in the kernel's port, iterators carry their place."""

from __future__ import annotations

from mocksls._kernel.records import record


@record
class Store:
    """Empty."""
