"""Wire quirks of EventBridge, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {
    "validation_code": "ValidationException",
    # the operation tells in AWS's words which entries there are
    "skip": ("PutEventsRequestEntryList:max",),
}
