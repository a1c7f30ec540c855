"""Handlers that hear of topics."""

from __future__ import annotations

import json
from typing import Any


def tells_event(event: Any, context: Any) -> None:
    """Print the event."""
    print(json.dumps(event))
