"""Events as Logs Insights sees them: their own fields, those of JSON messages, and those of Lambda's lines.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from .insights_structures import is_structure, written
from .insights_times import Moment
from .json_messages import parsed_start
from .store import LogEvent, LogGroup, LogStream

Row = dict[str, Any]

_MEGABYTE = 1_000_000
_LAMBDA = re.compile(r"^(START|END|REPORT) RequestId: (\S+)")
_MEASURED = (
    ("@duration", re.compile(r"\tDuration: ([\d.]+) ms"), 1.0),
    ("@billedDuration", re.compile(r"\tBilled Duration: ([\d.]+) ms"), 1.0),
    ("@initDuration", re.compile(r"\tInit Duration: ([\d.]+) ms"), 1.0),
    ("@memorySize", re.compile(r"\tMemory Size: (\d+) MB"), float(_MEGABYTE)),
    ("@maxMemoryUsed", re.compile(r"\tMax Memory Used: (\d+) MB"), float(_MEGABYTE)),
)
_REQUEST = re.compile(r"\t([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\t")
_MOST_FIELDS = 200


def row_of(group: LogGroup, stream: LogStream, event: LogEvent) -> Row:
    """An event's fields."""
    row: Row = {
        "@timestamp": Moment(event.timestamp),
        "@ingestionTime": Moment(event.ingested),
        "@message": event.shown,
        "@logStream": stream.name,
        "@log": f"{group.arn.split(':')[4]}:{group.name}",
        "@ptr": event.id,
    }
    row.update(_of_lambda(event.shown) if group.name.startswith("/aws/lambda/") else {})
    start = event.shown.find("{")
    if start >= 0:
        row.update(_of_json(event.shown[start:]))
    if event.transformed is not None:
        row.update(_of_json(event.transformed))
    return row


def _of_lambda(message: str) -> Row:
    found = _LAMBDA.match(message)
    if found is None:
        request = _REQUEST.search(message)
        return {"@requestId": request.group(1)} if request else {}
    row: Row = {"@type": found.group(1), "@requestId": found.group(2)}
    if found.group(1) == "REPORT":
        for name, pattern, factor in _MEASURED:
            measured = pattern.search(message)
            if measured:
                row[name] = float(measured.group(1)) * factor
    return row


def _of_json(text: str) -> Row:
    try:
        found = parsed_start(text)
    except ValueError:
        return {}
    return dict(pair for pair, _ in zip(_flat("", found), range(_MOST_FIELDS), strict=False))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Fields by their paths; a name that starts as the generated fields' do gets another ``@``."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), item)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _flat(f"{prefix}.{place}", item)
    elif value is not None:
        yield f"@{prefix}" if prefix.startswith("@") else prefix, value


def shown(value: Any) -> str:
    """A value as results show it."""
    if isinstance(value, Moment):
        moment = datetime.fromtimestamp(int(value) / 1000, timezone.utc)
        return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{int(value) % 1000:03d}"
    if isinstance(value, bool):
        return "1" if value else "0"
    if is_structure(value):
        return written(value)
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)
