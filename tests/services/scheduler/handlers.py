"""Handlers of the tests."""

from __future__ import annotations

from typing import Any


def shows(event: Any, context: Any) -> None:
    """Write the event to the log."""
    print("GOT", event)
