"""Wire quirks of Application Auto Scaling, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {"validation_code": "ValidationException"}
