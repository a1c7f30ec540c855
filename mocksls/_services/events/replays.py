"""Replays: an archive's events come to their bus once more.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task

from . import errors, matching, routing
from .archives import held, one_filter
from .names import bus_name, known_bus
from .store import Archive, Replay, Store

_UNDER_WAY = ("STARTING", "RUNNING")


class Replays:
    """Operations on replays."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def start_replay(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Let the events that an archive kept between two times come to its bus again.

        Raises:
            AwsError: ValidationException, ResourceNotFoundException, ResourceAlreadyExistsException.
        """
        name = request["ReplayName"]
        archive = self._checked(request, call)
        if name in self._store.replays:
            raise errors.already_there(f"Replay {name} already exists.")
        replay = self._store.replays[name] = Replay(
            name,
            make_arn("events", call.region, call.account_id, f"replay/{name}"),
            archive.name,
            request["EventSourceArn"],
            request["Destination"],
            request["EventStartTime"].timestamp(),
            request["EventEndTime"].timestamp(),
            self._cloud.clock.time(),
            request.get("Description"),
        )
        task = Task("events", "run_replay", call.account_id, call.region, {"replay": name})
        self._cloud.router.send(task, call)
        return {"ReplayArn": replay.arn, "State": "STARTING", "ReplayStartTime": _aware(replay.started)}

    def _checked(self, request: Mapping[str, Any], call: Call) -> Archive:
        destination = request["Destination"]["Arn"]
        parsed = Arn.parse(destination)
        if parsed is None or not parsed.resource.startswith("event-bus/"):
            raise errors.invalid_parameter("Destination.Arn", "Must contain an event bus ARN.")
        archive = self._store.archives.get(request["EventSourceArn"].rpartition("/")[2])
        if archive is not None and archive.source_arn != destination:
            raise errors.invalid_parameter("Destination.Arn", "Cross event bus replay is not permitted.")
        name = bus_name(destination)
        if known_bus(self._store, self._cloud, call.account_id, call.region, name) is None:
            raise errors.no_bus(name)
        if archive is None:
            missing = request["EventSourceArn"].rpartition("/")[2]
            raise errors.invalid_parameter("EventSourceArn", f"Archive {missing} does not exist.")
        if request["EventStartTime"] >= request["EventEndTime"]:
            raise errors.invalid_parameter("EventEndTime", "EventStartTime must be before EventEndTime.")
        return archive

    def describe_replay(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A replay.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        replay = self._found(request)
        return {
            "ReplayArn": replay.arn,
            "Description": replay.description,
            "Destination": replay.destination,
            **_shown(replay),
        }

    def list_replays(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The replays by prefix, archive or state.

        Raises:
            AwsError: ValidationException: more than one filter.
        """
        one_filter("ListReplays", request)
        prefix, source, state = request.get("NamePrefix", ""), request.get("EventSourceArn"), request.get("State")
        found = [
            replay
            for name, replay in sorted(self._store.replays.items())
            if name.startswith(prefix) and source in (None, replay.source_arn) and state in (None, replay.state)
        ]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda each: each.name, errors.bad_token
        )
        return {"Replays": [_shown(replay) for replay in shown], "NextToken": token}

    def cancel_replay(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Stop a replay that is under way.

        Raises:
            AwsError: ResourceNotFoundException, IllegalStatusException.

        Differs: a replay's events are delivered at once, so one that nobody has looked at since counts as under way.
        """
        replay = self._found(request)
        if replay.state not in _UNDER_WAY and (replay.seen or replay.state != "COMPLETED"):
            raise errors.illegal_status(f"Replay {replay.name} is not in a valid state for this operation.")
        replay.state, replay.last, replay.ended = "CANCELLED", None, None
        return {"ReplayArn": replay.arn, "State": "CANCELLING"}

    def _found(self, request: Mapping[str, Any]) -> Replay:
        replay = self._store.replays.get(request["ReplayName"])
        if replay is None:
            raise errors.not_found(f"Replay {request['ReplayName']} does not exist.")
        return replay


class ReplayRuns:
    """The task behind replays."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def run_replay(self, payload: dict[str, Any], call: Call) -> None:
        """Send a replay's events to the rules of their bus, to those named only where some are."""
        replay = self._store.replays[payload["replay"]]
        archive = self._store.archives.get(replay.archive)
        bus = self._store.buses.get(bus_name(replay.destination["Arn"]))
        if replay.state not in _UNDER_WAY or archive is None or bus is None:
            return
        wanted = replay.destination.get("FilterArns")
        for _, _, event in held(self._cloud, archive):
            moment = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
            if not replay.start <= moment < replay.end:
                continue
            again = {**event, "id": self._cloud.ids.uuid(), "replay-name": replay.name}
            for rule in matching.rules_for(bus, again):
                if not wanted or rule.arn in wanted:
                    routing.send(self._cloud, rule, again, call, (bus.arn,))
            replay.last = moment
        replay.state, replay.ended = "COMPLETED", self._cloud.clock.time()


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


def _shown(replay: Replay) -> dict[str, Any]:
    replay.seen = True
    return {
        "ReplayName": replay.name,
        "EventSourceArn": replay.source_arn,
        "State": replay.state,
        "EventStartTime": _aware(replay.start),
        "EventEndTime": _aware(replay.end),
        "EventLastReplayedTime": None if replay.last is None else _aware(replay.last),
        "ReplayStartTime": _aware(replay.started),
        "ReplayEndTime": None if replay.ended is None else _aware(replay.ended),
    }
