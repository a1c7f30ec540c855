"""Events as they come to a bus: checked, archived, held against its rules.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import archives, errors, matching, routing
from .names import DEFAULT, known_bus, place_of, store_of
from .store import Event, Store

_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_DEEPEST = 1_000
_MOST_ENTRIES = 10
_MOST_BYTES = 1_048_576
_MEMBERS = ("Time", "Source", "Resources", "DetailType", "Detail", "EventBusName", "TraceHeader")


class Events:
    """Operations on events."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_events(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Put up to ten events on their buses; each is answered for itself. A bus that is not there loses its events.

        Raises:
            AwsError: ValidationException: too many, or together too large.
        """
        entries = request["Entries"]
        if len(entries) > _MOST_ENTRIES:
            shown = ", ".join(_shown(entry) for entry in entries)
            text = f"Member must have length less than or equal to {_MOST_ENTRIES}"
            raise errors.invalid(
                f"1 validation error detected: Value '[{shown}]' at 'entries' failed to satisfy constraint: {text}"
            )
        if sum(_size(entry) for entry in entries) > _MOST_BYTES:
            raise errors.invalid("Total size of the entries in the request is over the limit.")
        answers = [self._put(entry, call) for entry in entries]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}

    def _put(self, entry: Mapping[str, Any], call: Call) -> dict[str, Any]:
        detail = _detail(entry["Detail"]) if entry.get("Detail") else None
        problem = _problem(entry, detail, call)
        if problem is not None:
            return {"ErrorCode": problem[0], "ErrorMessage": problem[1]}
        event = {
            "version": "0",
            "id": self._cloud.ids.uuid(),
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            "account": call.principal.account_id or call.account_id,
            "time": _written(entry.get("Time") or self._cloud.clock.now()),
            "region": call.region,
            "resources": entry.get("Resources", []),
            "detail": detail,
        }
        account_id, region, name = place_of(entry.get("EventBusName") or DEFAULT, call.account_id, call.region)
        publish(self._cloud, account_id, region, name, event, call)
        return {"EventId": event["id"]}

    def test_event_pattern(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether an event agrees with a pattern.

        Raises:
            AwsError: InvalidEventPatternException, ValidationException.
        """
        pattern = matching.compiled(request["EventPattern"])
        try:
            event = json.loads(request["Event"])
        except (ValueError, RecursionError):
            raise errors.invalid_parameter("Event") from None
        needed = ("id", "account", "source", "time", "region", "resources", "detail-type")
        if not isinstance(event, dict) or any(name not in event for name in needed):
            raise errors.invalid_parameter("Event")
        return {"Result": pattern.matches(event)}


def publish(
    cloud: Cloud, account_id: str, region: str, name: str, event: Event, call: Call, path: tuple[str, ...] = ()
) -> None:
    """Let an event come to a bus: into its archives, and to the targets of the rules that it agrees with.

    ``path`` are the buses that it has passed already.
    """
    bus = known_bus(store_of(cloud, account_id, region), cloud, account_id, region, name)
    if bus is None:
        cloud.note("skipped", "events", name, "there is no such bus: its events are lost", parent=call.trace_id)
        return
    for rule in matching.rules_for(bus, event):
        if rule.managed_by:
            archives.keep(cloud, store_of(cloud, account_id, region), rule, event)
        else:
            routing.send(cloud, rule, event, call, (*path, bus.arn))


def _problem(entry: Mapping[str, Any], detail: Any, call: Call) -> tuple[str, str] | None:
    for member in ("Source", "DetailType", "Detail"):
        if not entry.get(member):
            return "InvalidArgument", f"Parameter {member} is not valid. Reason: {member} is a required argument."
    if not isinstance(detail, dict):
        return "MalformedDetail", "Detail is malformed."
    if entry["Source"].startswith("aws.") and not call.internal:
        return "NotAuthorizedForSourceException", "Not authorized for the source."
    return None


def _detail(text: str) -> Any:
    """An event's detail; ``None`` if it is no JSON, or nested deeper than JSON readers go."""
    if _is_too_deep(text):
        return None
    try:
        found = json.loads(text, parse_constant=_refused)
        _STRICT.encode(found).encode()
    except (ValueError, RecursionError):
        return None
    return found


def _is_too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= _DEEPEST:
        return False
    depth = deepest = 0
    for mark in _TEXT.sub("", text):
        depth += (mark in "{[") - (mark in "}]")
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _size(entry: Mapping[str, Any]) -> int:
    """The size of an entry in bytes, as EventBridge counts it."""
    texts = [entry.get("Source", ""), entry.get("DetailType", ""), entry.get("Detail", ""), *entry.get("Resources", ())]
    return (14 if "Time" in entry else 0) + sum(len(text.encode("utf-8", "replace")) for text in texts)


def _shown(entry: Mapping[str, Any]) -> str:
    parts = []
    for member in _MEMBERS:
        value = entry.get(member)
        text = "null" if value is None else f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
        parts.append(f"{member[0].lower()}{member[1:]}={text}")
    return f"PutEventsRequestEntry({', '.join(parts)}, kmsKeyIdentifier=null, internalMetadata=null)"
