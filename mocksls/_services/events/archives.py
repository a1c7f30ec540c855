"""Archives: what came to a bus is kept, to be replayed.

An archive is fed by a managed rule on its bus, as AWS's is; that rule hears no replayed events.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors, inputs, matching
from .names import DEFAULT, bus_name, known_bus
from .store import Archive, Bus, Event, Rule, Store

_MANAGER = "prod.vhs.events.aws.internal"
_PREFIX = "Events-Archive-"
_DAY_S = 86_400.0
_MEMBERS = ("Description", "EventPattern", "RetentionDays", "KmsKeyIdentifier")


class Archives:
    """Operations on archives."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_archive(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make an archive of a bus's events, those of a pattern where one is given.

        Raises:
            AwsError: InvalidEventPatternException, ResourceNotFoundException, ResourceAlreadyExistsException,
                ValidationException.
        """
        name, source = request["ArchiveName"], request["EventSourceArn"]
        if "EventPattern" in request:
            matching.compiled(request["EventPattern"])
        if name in self._store.archives:
            raise errors.already_there(f"Archive {name} already exists.")
        parsed = Arn.parse(source)
        if parsed is None or not parsed.resource.startswith("event-bus/"):
            raise errors.invalid_parameter("EventSourceArn", "Must contain an event bus ARN.")
        bus = known_bus(self._store, self._cloud, call.account_id, call.region, bus_name(source))
        if bus is None or bus.arn != source:
            raise errors.no_bus(bus_name(source))
        arn = make_arn("events", call.region, call.account_id, f"archive/{name}")
        archive = self._store.archives[name] = Archive(name, arn, source, self._cloud.clock.time())
        archive.settings = {member: request[member] for member in _MEMBERS if member in request}
        _feed(bus, archive, call)
        return _answer(archive)

    def describe_archive(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An archive.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        archive = self._found(request)
        return {"ArchiveArn": archive.arn, **archive.settings, **_shown(self._cloud, archive)}

    def list_archives(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The archives by prefix, source or state.

        Raises:
            AwsError: ValidationException: more than one filter.
        """
        one_filter("ListArchives", request)
        prefix, source = request.get("NamePrefix", ""), request.get("EventSourceArn")
        found = [
            archive
            for name, archive in sorted(self._store.archives.items())
            if name.startswith(prefix)
            and source in (None, archive.source_arn)
            and request.get("State", "ENABLED") == "ENABLED"
        ]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda each: each.name, errors.bad_token
        )
        return {"Archives": [_shown(self._cloud, archive) for archive in shown], "NextToken": token}

    def update_archive(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change an archive: what is given.

        Raises:
            AwsError: ValidationException, InvalidEventPatternException, ResourceNotFoundException.
        """
        archive = self._found(request)
        given = {member: request[member] for member in _MEMBERS if member in request}
        if not given:
            raise errors.invalid("At least one of EventPattern, RetentionDays or Description must be provided.")
        if "EventPattern" in given:
            matching.compiled(given["EventPattern"])
        archive.settings = {**archive.settings, **given}
        bus = self._store.buses.get(bus_name(archive.source_arn))
        if bus is not None:
            _feed(bus, archive, call)
        return _answer(archive)

    def delete_archive(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an archive with its events.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        archive = self._found(request)
        bus = self._store.buses.get(bus_name(archive.source_arn))
        if bus is not None:
            bus.rules.pop(_PREFIX + archive.name, None)
            bus.by_source = None
        del self._store.archives[archive.name]

    def _found(self, request: Mapping[str, Any]) -> Archive:
        archive = self._store.archives.get(request["ArchiveName"])
        if archive is None:
            raise errors.not_found(f"Archive {request['ArchiveName']} does not exist.")
        return archive


def keep(cloud: Cloud, store: Store, rule: Rule, event: Event) -> None:
    """Keep an event in the archive that a managed rule feeds."""
    archive = store.archives.get(rule.name.removeprefix(_PREFIX))
    if archive is not None:
        size = len(inputs.written(event).encode("utf-8", "replace"))
        archive.events.append((cloud.clock.time(), size, event))


def held(cloud: Cloud, archive: Archive) -> list[tuple[float, int, Event]]:
    """The events of an archive that its retention still keeps."""
    days = archive.settings.get("RetentionDays", 0)
    if days:
        oldest = cloud.clock.time() - days * _DAY_S
        archive.events = [each for each in archive.events if each[0] >= oldest]
    return archive.events


def one_filter(operation: str, request: Mapping[str, Any]) -> None:
    """Lists of archives and replays are narrowed by one thing at most.

    Raises:
        AwsError: ValidationException.
    """
    if sum(member in request for member in ("State", "EventSourceArn", "NamePrefix")) > 1:
        text = f"At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix."
        raise errors.invalid(text)


def _feed(bus: Bus, archive: Archive, call: Call) -> None:
    """Give a bus the managed rule that feeds an archive."""
    wanted = json.loads(archive.settings.get("EventPattern", "{}"))
    pattern = json.dumps({**wanted, "replay-name": [{"exists": False}]}, separators=(",", ":"))
    name = _PREFIX + archive.name
    path = name if bus.name == DEFAULT else f"{bus.name}/{name}"
    arn = make_arn("events", call.region, call.account_id, f"rule/{path}")
    template = (
        f'{{"archive-arn": "{archive.arn}", "event": <aws.events.event.json>, '
        '"ingestion-time": <aws.events.event.ingestion-time>}'
    )
    target = {
        "Id": name,
        "Arn": f"arn:aws:events:{call.region}:::",
        "InputTransformer": {"InputPathsMap": {}, "InputTemplate": template},
    }
    bus.rules[name] = Rule(
        name,
        bus.name,
        arn,
        call.account_id,
        settings={"EventPattern": pattern},
        targets={name: target},
        pattern=matching.compiled(pattern),
        managed_by=_MANAGER,
    )
    bus.by_source = None


def _answer(archive: Archive) -> dict[str, Any]:
    return {
        "ArchiveArn": archive.arn,
        "State": "ENABLED",
        "CreationTime": datetime.fromtimestamp(archive.created, timezone.utc),
    }


def _shown(cloud: Cloud, archive: Archive) -> dict[str, Any]:
    events = held(cloud, archive)
    return {
        "ArchiveName": archive.name,
        "EventSourceArn": archive.source_arn,
        "State": "ENABLED",
        "RetentionDays": archive.settings.get("RetentionDays", 0),
        "SizeBytes": sum(size for _, size, _ in events),
        "EventCount": len(events),
        "CreationTime": datetime.fromtimestamp(archive.created, timezone.utc),
    }
