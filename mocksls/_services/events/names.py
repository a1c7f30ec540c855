"""Buses and rules as requests name them: by name or ARN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import Bus, Rule, Store

DEFAULT = "default"


def bus_arn(name: str, account_id: str, region: str) -> str:
    """The ARN of a bus."""
    return make_arn("events", region, account_id, f"event-bus/{name}")


def bus_name(text: str) -> str:
    """The name of a bus that is given by name or ARN."""
    parsed = Arn.parse(text)
    return parsed.resource.removeprefix("event-bus/") if parsed else text


def place_of(text: str, account_id: str, region: str) -> tuple[str, str, str]:
    """Account, region and name of a bus that is given by name or ARN."""
    parsed = Arn.parse(text)
    if parsed is None:
        return account_id, region, text
    return parsed.account_id, parsed.region, parsed.resource.removeprefix("event-bus/")


def store_of(cloud: Cloud, account_id: str, region: str) -> Store:
    """The store of an account and region."""
    store: Store = cloud.service("events", account_id, region).store
    return store


def known_bus(store: Store, cloud: Cloud, account_id: str, region: str, name: str) -> Bus | None:
    """A bus by name; the default one is made where it is first looked for."""
    found = store.buses.get(name)
    if found is None and name == DEFAULT:
        now = cloud.clock.time()
        found = store.buses[DEFAULT] = Bus(DEFAULT, bus_arn(DEFAULT, account_id, region), now, now)
    return found


def find_bus(store: Store, call: Call, text: str | None) -> Bus:
    """The bus that a request names, the default one if it names none.

    Raises:
        AwsError: ResourceNotFoundException.
    """
    account_id, region, name = place_of(text or DEFAULT, call.account_id, call.region)
    if (account_id, region) != (call.account_id, call.region):
        raise errors.no_bus(name)
    found = known_bus(store, call.cloud, account_id, region, name)
    if found is None:
        raise errors.no_bus(name)
    return found


def find_rule(store: Store, call: Call, request: Mapping[str, Any], member: str = "Name") -> tuple[Bus, Rule]:
    """The rule that a request names, with its bus.

    Raises:
        AwsError: ResourceNotFoundException.
    """
    bus = find_bus(store, call, request.get("EventBusName"))
    rule = bus.rules.get(request[member])
    if rule is None:
        raise errors.no_rule(request[member], bus.name)
    return bus, rule
