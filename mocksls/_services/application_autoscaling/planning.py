"""Scheduled actions: put, described, deleted, and done when they are due.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.schedules import At, next_time, parse_schedule, zone_of
from mocksls._kernel.service import Task

from . import errors
from .dynamodb_capacity import capacity, subject_of
from .store import ScheduledAction, Store, TargetKey
from .tracking import make_alarms, scale

_MEMBERS = ("Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction")
_LITTLE = timedelta(microseconds=1)


def plan(cloud: Cloud, action: ScheduledAction, call: Call) -> None:
    """Begin a scheduled action, in place of what was planned of it."""
    drop(cloud, action)
    now, start = cloud.clock.now(), action.settings.get("StartTime")
    began = max(now, start) if start is not None else now
    action.began = began.timestamp()
    rate = action.settings["Schedule"].startswith("rate(")
    _plan_next(cloud, action, began if rate and start is None else began - _LITTLE, call)


def drop(cloud: Cloud, action: ScheduledAction) -> None:
    """Forget what is planned."""
    if action.planned is not None:
        cloud.clock.cancel(action.planned)
        action.planned = None


def _plan_next(cloud: Cloud, action: ScheduledAction, after: datetime, call: Call) -> None:
    settings = action.settings
    schedule = parse_schedule(settings["Schedule"], "scheduler")
    moment = next_time(schedule, after, began=_aware(action.began), zone=zone_of(settings.get("Timezone")))
    action.planned = None
    end = settings.get("EndTime")
    if moment is None or (end is not None and not isinstance(schedule, At) and moment > end):
        return
    payload = {"key": action.key, "name": action.name, "at": moment.timestamp()}
    task = Task("application-autoscaling", "run_scheduled_action", call.account_id, call.region, payload)
    action.planned = cloud.clock.schedule(moment.timestamp(), task)


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


class ScheduledActions:
    """Operations on scheduled actions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_scheduled_action(self, request: Mapping[str, Any], call: Call) -> None:
        """Make a scheduled action, or change one: what is given.

        Raises:
            AwsError: ValidationException, ObjectNotFoundException.
        """
        key: TargetKey = (request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"])
        name = request["ScheduledActionName"]
        subject_of(key)
        if key not in self._store.targets:
            raise errors.no_target_registered(key)
        known = self._store.actions.get((key, name))
        settings = {
            **(known.settings if known else {}),
            **{member: request[member] for member in _MEMBERS if member in request},
        }
        _check(settings)
        if known is None:
            place = f"resource/{key[0]}/{key[1]}:scheduledActionName/{name}"
            number = self._cloud.ids.uuid()
            partition = partition_of(call.region)
            arn = f"arn:{partition}:autoscaling:{call.region}:{call.account_id}:scheduledAction:{number}:{place}"
            known = ScheduledAction(name, arn, key, self._cloud.clock.time(), settings)
            self._store.actions[key, name] = known
        known.settings = settings
        plan(self._cloud, known, call)

    def describe_scheduled_actions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The scheduled actions of a service, by name, resource and dimension.

        Raises:
            AwsError: InvalidNextTokenException.
        """
        names = request.get("ScheduledActionNames")
        found = [
            action
            for (key, name), action in sorted(self._store.actions.items())
            if key[0] == request["ServiceNamespace"]
            and (not names or name in names)
            and request.get("ResourceId", key[1]) == key[1]
            and request.get("ScalableDimension", key[2]) == key[2]
        ]
        shown, token = page(
            found,
            request.get("MaxResults", 50),
            request.get("NextToken"),
            lambda each: "|".join((*each.key, each.name)),
            errors.bad_token,
        )
        return {"ScheduledActions": [_shown(action) for action in shown], "NextToken": token}

    def delete_scheduled_action(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a scheduled action.

        Raises:
            AwsError: ObjectNotFoundException.
        """
        key: TargetKey = (request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"])
        place = (key, request["ScheduledActionName"])
        if place not in self._store.actions:
            raise errors.no_action(place[1], key)
        drop(self._cloud, self._store.actions.pop(place))


class ScheduledScaling:
    """The task behind scheduled actions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def run_scheduled_action(self, payload: dict[str, Any], call: Call) -> None:
        """Set a target's bounds, bring its capacity between them, and plan the next time."""
        key: TargetKey = tuple(payload["key"])
        action, target = self._store.actions.get((key, payload["name"])), self._store.targets.get(key)
        if action is None or target is None or action.planned is None:
            return
        _plan_next(self._cloud, action, _aware(payload["at"]), call)
        if target.suspended.get("ScheduledScalingSuspended"):
            return
        bounds = action.settings["ScalableTargetAction"]
        target.least, target.most = bounds.get("MinCapacity", target.least), bounds.get("MaxCapacity", target.most)
        units = capacity(subject_of(key), call)
        wanted = min(max(units, target.least), target.most)
        if wanted != units:
            which = "minimum" if wanted > units else "maximum"
            cause = f"scheduled action name {action.name} was triggered and set {which} capacity to {wanted}"
            scale(self._cloud, self._store, key, wanted, cause, call)
            for policy in self._store.policies.values():
                if policy.key == key:
                    make_alarms(policy, call)


def _check(settings: Mapping[str, Any]) -> None:
    if "Schedule" not in settings:
        raise errors.invalid("Schedule must be specified for a new scheduled action.")
    try:
        parse_schedule(settings["Schedule"], "scheduler")
    except AwsError:
        raise errors.invalid(f"Invalid schedule expression: {settings['Schedule']}") from None
    try:
        zone_of(settings.get("Timezone"))
    except AwsError:
        raise errors.invalid(f"Invalid timezone: {settings['Timezone']}") from None
    bounds = settings.get("ScalableTargetAction", {})
    if not bounds:
        raise errors.invalid("ScalableTargetAction must be specified with MinCapacity, MaxCapacity or both.")
    if bounds.get("MinCapacity", 1) > bounds.get("MaxCapacity", bounds.get("MinCapacity", 1)):
        raise errors.invalid("Maximum capacity cannot be less than minimum capacity")


def _shown(action: ScheduledAction) -> dict[str, Any]:
    return {
        "ScheduledActionName": action.name,
        "ScheduledActionARN": action.arn,
        "ServiceNamespace": action.key[0],
        "ResourceId": action.key[1],
        "ScalableDimension": action.key[2],
        **action.settings,
        "CreationTime": datetime.fromtimestamp(action.created, timezone.utc),
    }
