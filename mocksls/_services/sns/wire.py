"""Wire quirks of SNS, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {
    # how denials are called here, by whichever name authorisation raises them
    "error_codes": {"AccessDenied": {"code": "AuthorizationError"}},
}
