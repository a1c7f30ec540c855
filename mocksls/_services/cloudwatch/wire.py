"""Wire quirks of CloudWatch, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {
    "validation_code": "ValidationError",
    "error_codes": {"ValidationError": {"code": "ValidationException", "query_code": "ValidationError"}},
}
