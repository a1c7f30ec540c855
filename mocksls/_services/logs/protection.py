"""Data protection: what policies call sensitive is masked when it comes in, and told.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from . import errors
from .data_identifiers import Identifier, IdentifierError, identifiers
from .groups import find_group
from .store import LogEvent, LogGroup, LogStream, Store

_VERSION = "2021-06-01"
_LONGEST = 30_720


class Policy(NamedTuple):
    """A policy, read: what it looks for, and the group that it tells of what it found."""

    identifiers: tuple[Identifier, ...]
    findings: str | None


class DataProtection:
    """Operations on the data protection policies of groups."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_data_protection_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a group's sensitive data masked from now on.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        group, document = find_group(self._store, request), request["policyDocument"]
        checked(document, self._store)
        group.data_protection = (document, int(self._cloud.clock.time() * 1000))
        return _shown(request, group)

    def get_data_protection_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A group's policy; only its name where it has none.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return _shown(request, find_group(self._store, request))

    def delete_data_protection_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Mask no more; what is masked stays so.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        group.was_protected = group.was_protected or group.data_protection is not None
        group.data_protection = None


def _shown(request: Mapping[str, Any], group: LogGroup) -> dict[str, Any]:
    document, updated = group.data_protection or (None, None)
    given = request["logGroupIdentifier"]
    return {"logGroupIdentifier": given, "policyDocument": document, "lastUpdatedTime": updated}


def checked(document: str, store: Store) -> Policy:
    """A policy, where it is one; the group that it tells must be there.

    Raises:
        AwsError: InvalidParameterException.
    """
    if len(document) > _LONGEST:
        raise errors.invalid(f"The policy document must not be longer than {_LONGEST} characters.")
    try:
        policy = read(document)
    except IdentifierError as error:
        raise errors.invalid(str(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise errors.invalid("The data protection policy document is not valid.") from None
    if policy.findings is not None and policy.findings not in store.groups:
        raise errors.invalid(f"The log group {policy.findings} for audit findings does not exist.")
    return policy


@lru_cache(maxsize=64)
def read(document: str) -> Policy:
    """A policy as it is written: an audit, and the masking of the same data."""
    found = json.loads(document)
    audit, mask = found["Statement"]
    listed = audit["DataIdentifier"]
    if found.get("Version", _VERSION) != _VERSION or listed != mask["DataIdentifier"] or not listed:
        raise ValueError(document)
    destination = audit["Operation"]["Audit"]["FindingsDestination"]
    if mask["Operation"]["Deidentify"]["MaskConfig"] != {}:
        raise ValueError(document)
    custom = {each["Name"]: each["Regex"] for each in found.get("Configuration", {}).get("CustomDataIdentifier", [])}
    return Policy(tuple(identifiers(listed, custom)), destination.get("CloudWatchLogs", {}).get("LogGroup"))


def mask(event: LogEvent, group: LogGroup, stream: LogStream, policies: Iterable[Policy], call: Call) -> None:
    """Mask what policies look for in a new event, and tell their groups."""
    covered: list[tuple[int, int]] = []
    for policy in policies:
        found = {each.name: list(each.spans(event.message)) for each in policy.identifiers}
        found = {name: spans for name, spans in found.items() if spans}
        covered += [span for spans in found.values() for span in spans]
        if found and policy.findings is not None:
            work = {"group": policy.findings, "stream": stream.name, "message": _finding(group, found, call)}
            call.cloud.router.send(Task("logs", "tell_finding", call.account_id, call.region, work), call)
    if covered:
        letters = list(event.message)
        for start, end in covered:
            letters[start:end] = "*" * (end - start)
        event.masked = "".join(letters)


def _finding(group: LogGroup, found: Mapping[str, list[tuple[int, int]]], call: Call) -> str:
    moment = datetime.fromtimestamp(call.cloud.clock.time(), timezone.utc)
    told = {
        "auditTimestamp": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "resourceArn": f"{group.arn}:*",
        "dataIdentifiers": [
            {
                "name": name,
                "count": len(spans),
                "detections": [{"start": start + 1, "end": end} for start, end in spans],
            }
            for name, spans in found.items()
        ],
    }
    return json.dumps(told, separators=(",", ":"))


class FindingTasks:
    """The task that writes findings into the group that a policy names."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tell_finding(self, payload: dict[str, Any], call: Call) -> None:
        """Write one finding; a group that is gone is told nothing."""
        group, name = self._store.groups.get(payload["group"]), payload["stream"]
        if group is None:
            return
        if name not in group.streams:
            call.request("logs", "CreateLogStream", {"logGroupName": group.name, "logStreamName": name}, internal=True)
        event = {"timestamp": int(self._cloud.clock.time() * 1000), "message": payload["message"]}
        params = {"logGroupName": group.name, "logStreamName": name, "logEvents": [event]}
        call.request("logs", "PutLogEvents", params, internal=True)
