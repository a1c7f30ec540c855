"""What a target is sent: the event itself, a part of it, a constant, or a template filled from it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from . import errors
from .store import Event

_STEP = re.compile(r"\.([^.\[\]*]+)|\['([^']+)'\]|\[\"([^\"]+)\"\]|\[(\d+)\]|\[(\*)\]|\.(\*)")
_PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.-]+)>")
_RESERVED = frozenset(
    (
        *("aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time"),
        *("aws.events.event", "aws.events.event.json"),
    )
)
_MISSING = object()
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def check(target: Mapping[str, Any]) -> None:
    """Whether a target says in one way at most what it wants, and says it soundly.

    Raises:
        AwsError: ValidationException.
    """
    name = target["Id"]
    if sum(member in target for member in ("Input", "InputPath", "InputTransformer")) > 1:
        raise errors.invalid(f"Only one of Input, InputPath, or InputTransformer must be provided for target {name}.")
    if "Input" in target and not _is_json(target["Input"]):
        raise errors.invalid(f"Invalid JSON in Input for target {name}.")
    path = target.get("InputPath")
    if path and _steps(path) is None:
        raise errors.invalid(f"Invalid InputPath for target {name}.")
    transformer = target.get("InputTransformer")
    if transformer is not None:
        _check_transformer(transformer, name)


def _check_transformer(transformer: Mapping[str, Any], name: str) -> None:
    paths = transformer.get("InputPathsMap", {})
    for key, path in paths.items():
        if _steps(path) is None:
            raise errors.invalid(f"Invalid InputPathsMap for target {name} at key {key}.")
    for key in _PLACEHOLDER.findall(transformer["InputTemplate"]):
        if key not in paths and key not in _RESERVED:
            raise errors.invalid(f"InputTemplate for target {name} contains invalid placeholder {key}.")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def made(target: Mapping[str, Any], event: Event, rule_arn: str, rule_name: str, since: float) -> str:
    """The text that a target is sent; ``since`` is when the event came in, in epoch seconds."""
    if "Input" in target:
        text: str = target["Input"]
        return text
    if target.get("InputPath"):
        found = at_path(event, target["InputPath"])
        return written(None if found is _MISSING else found)
    transformer = target.get("InputTransformer")
    if transformer is None:
        return written(event)
    values = {name: at_path(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    values |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_name,
        "aws.events.event.ingestion-time": f"{datetime.fromtimestamp(since, timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
    }
    return _filled(transformer["InputTemplate"], values, event)


def written(value: Any) -> str:
    """A value as EventBridge writes JSON."""
    return _ENCODER.encode(value)


def _steps(path: str) -> list[str | int] | None:
    """The steps of a JSON path; ``None`` if it is none."""
    if not path.startswith("$"):
        return None
    steps: list[str | int] = []
    place = 1
    while place < len(path):
        found = _STEP.match(path, place)
        if found is None:
            return None
        steps.append(int(found.group(4)) if found.group(4) else found.group(found.lastindex or 0))
        place = found.end()
    return steps


def at_path(value: Any, path: str) -> Any:
    """What lies at a path; ``_MISSING`` if nothing does."""
    for step in _steps(path) or ():
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else _MISSING
        elif step == "*":
            value = value if isinstance(value, list) else _MISSING
        else:
            value = value.get(step, _MISSING) if isinstance(value, dict) else _MISSING
        if value is _MISSING:
            break
    return value


def _filled(template: str, values: Mapping[str, Any], event: Event) -> str:
    """A template with its placeholders replaced: as JSON, or within a string as bare text."""
    parts: list[str] = []
    place, quoted = 0, False
    for found in _PLACEHOLDER.finditer(template):
        before = template[place : found.start()]
        quoted ^= _quotes(before) % 2 == 1
        parts.append(before)
        place = found.end()
        value = _value(found.group(1), values, event)
        parts.append(_bare(value) if quoted else written("" if value is _MISSING else value))
    parts.append(template[place:])
    return "".join(parts)


def _quotes(text: str) -> int:
    """How many quotes there are that no backslash takes."""
    return len(re.sub(r"\\.", "", text).split('"')) - 1


def _value(name: str, values: Mapping[str, Any], event: Event) -> Any:
    if name == "aws.events.event.json":
        return event
    if name == "aws.events.event":
        kept = {key: value for key, value in event.items() if key != "detail"}
        return {("detailType" if key == "detail-type" else key): value for key, value in kept.items()}
    return values.get(name, _MISSING)


def _bare(value: Any) -> str:
    """A value within a string: without quotes of its own."""
    if value is _MISSING:
        return ""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)[1:-1]
    return written(value).replace('"', "")
