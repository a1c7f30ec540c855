"""Handlers of the tests."""

from __future__ import annotations

from typing import Any


def remembers(event: Any, context: Any) -> Any:
    """Write the event to the log."""
    print("GOT", event["detail-type"], event["detail"])
    return event
