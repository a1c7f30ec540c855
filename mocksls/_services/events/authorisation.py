"""What a call to EventBridge must be allowed: buses with their policies, rules, roles passed on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.templates import Context

from .names import DEFAULT, bus_arn, bus_name, place_of, store_of
from .store import Store
from .tagging import find_tagged

_NAMED_BY = {"archive": "ArchiveName", "replay": "ReplayName"}


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. What does not exist is for the operation to miss."""
    action, word = entry
    if word == "*":
        yield Need(action)
    elif word == "events":
        yield from _on_events(action, request, call)
    elif word in ("bus", "named bus"):
        name = request.get("EventBusName" if word == "bus" else "Name") or DEFAULT
        yield Need(action, bus_arn(bus_name(name), call.account_id, call.region))
    elif word == "rule":
        yield _on_rule(action, request, call)
    elif word == "tagged":
        yield Need(action, request["ResourceARN"], keys=partial(_tags_of, request, call, store))
    elif word == "passed role":
        roles = {request.get("RoleArn")} | {target.get("RoleArn") for target in request.get("Targets", ())}
        for role in sorted(role for role in roles if role):
            yield Need(action, role, keys=lambda: {"iam:passedtoservice": "events.amazonaws.com"})
    else:
        name = request[_NAMED_BY.get(word, "Name")]
        suffix = "/*" if word in ("connection", "api-destination") else ""
        yield Need(action, make_arn("events", call.region, call.account_id, f"{word}/{name}{suffix}"))


def _on_events(action: str, request: Mapping[str, Any], call: Call) -> Iterator[Need]:
    """Each bus that the entries name, with its policy; sources and types can be conditions."""
    for text in dict.fromkeys(entry.get("EventBusName") or DEFAULT for entry in request["Entries"]):
        entries = [entry for entry in request["Entries"] if (entry.get("EventBusName") or DEFAULT) == text]
        account_id, region, name = place_of(text, call.account_id, call.region)
        bus = store_of(call.cloud, account_id, region).buses.get(name)
        policy = json.dumps(bus.policy) if bus and bus.policy else None
        keys = partial(_entry_keys, entries)
        yield Need(action, bus_arn(name, account_id, region), policy, account_id, keys)


def _entry_keys(entries: list[Mapping[str, Any]]) -> Context:
    sources = [entry["Source"] for entry in entries if entry.get("Source")]
    kinds = [entry["DetailType"] for entry in entries if entry.get("DetailType")]
    found: dict[str, Any] = {}
    if sources:
        found["events:source"] = sources if len(set(sources)) > 1 else sources[0]
    if kinds:
        found["events:detail-type"] = kinds if len(set(kinds)) > 1 else kinds[0]
    return found


def _on_rule(action: str, request: Mapping[str, Any], call: Call) -> Need:
    bus = bus_name(request.get("EventBusName") or DEFAULT)
    name = request.get("Name") or request.get("Rule", "")
    path = name if bus == DEFAULT else f"{bus}/{name}"
    return Need(action, make_arn("events", call.region, call.account_id, f"rule/{path}"))


def _tags_of(request: Mapping[str, Any], call: Call, store: Store) -> Context:
    try:
        found = find_tagged(store, request["ResourceARN"], call)
    except AwsError:
        return {}
    return {f"aws:resourcetag/{name.lower()}": value for name, value in found.tags.items()}
