"""Wire quirks of AWS Lambda, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {}
