"""Records of DynamoDB streams as a function sees them."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from mocksls._kernel.streams import StreamRecord


def event_record(record: StreamRecord, source: str) -> dict[str, Any]:
    """A record of an event: binary values in base 64, times as numbers."""
    shown: dict[str, Any] = _json_ready(record.body)
    shown["dynamodb"]["ApproximateCreationDateTime"] = float(int(record.created))
    shown["eventSourceARN"] = source
    return shown


def _json_ready(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_ready(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    return value
