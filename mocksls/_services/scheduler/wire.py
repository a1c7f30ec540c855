"""Wire quirks of EventBridge Scheduler, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {
    "validation_code": "ValidationException",
    # checked by the operation, as suites written for moto have roles that are none
    "skip": ("RoleArn:pattern",),
}
