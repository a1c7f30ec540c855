"""Wire quirks of S3, as plain data (those of all its requests and answers are the dialect's)."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {}
