"""Rules with a schedule: planned on the cloud's clock, and what happens when they are due."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.schedules import next_time, parse_schedule
from mocksls._kernel.service import Task

from . import routing
from .names import DEFAULT
from .store import Rule, Store

_JUMP_S = 3600.0


def plan(cloud: Cloud, rule: Rule, call: Call) -> None:
    """Begin a rule's schedule now, in place of the one that it had; rules that are off or have none are not planned."""
    drop(cloud, rule)
    if rule.state != "DISABLED" and "ScheduleExpression" in rule.settings:
        rule.began = cloud.clock.time()
        _plan_next(cloud, rule, rule.began, call)


def drop(cloud: Cloud, rule: Rule) -> None:
    """Forget what is planned."""
    if rule.planned is not None:
        cloud.clock.cancel(rule.planned)
        rule.planned = None


def _plan_next(cloud: Cloud, rule: Rule, after: float, call: Call) -> None:
    """Plan the next time; each firing plans the one behind it, so that there is always one."""
    schedule = parse_schedule(rule.settings["ScheduleExpression"], "events")
    moment = next_time(schedule, _aware(after), began=_aware(rule.began))
    rule.planned = None
    if moment is not None:
        payload = {"rule": rule.name, "at": moment.timestamp()}
        task = Task("events", "fire_rule", call.account_id, call.region, payload)
        rule.planned = cloud.clock.schedule(moment.timestamp(), task)


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


class Timetable:
    """The task behind rules with a schedule."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def fire_rule(self, payload: dict[str, Any], call: Call) -> None:
        """Send a rule's targets the event that it is due, and plan the next time."""
        bus = self._store.buses.get(DEFAULT)
        rule = bus.rules.get(payload["rule"]) if bus else None
        if rule is None or rule.planned is None:
            return
        _plan_next(self._cloud, rule, self._seen(payload["at"]), call)
        event = {
            "version": "0",
            "id": self._cloud.ids.uuid(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": call.account_id,
            "time": f"{_aware(payload['at']):%Y-%m-%dT%H:%M:%SZ}",
            "region": call.region,
            "resources": [rule.arn],
            "detail": {},
        }
        routing.send(self._cloud, rule, event, call)

    def _seen(self, at: float) -> float:
        """Up to when firings are done with: the clock jumped ahead by itself, what was missed is not made up for."""
        now = self._cloud.clock.time()
        return now if self._cloud.options.delivery == "immediate" and now - at > _JUMP_S else at
