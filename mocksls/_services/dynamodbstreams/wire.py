"""What the model of DynamoDB Streams does not say of its wire, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {"validation_code": "ValidationException"}
