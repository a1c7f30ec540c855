"""When schedules are due: planned on the cloud's clock, each firing plans the next.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.schedules import At, flexible_delay_s, next_time, parse_schedule, zone_of
from mocksls._kernel.service import Task

from .definitions import is_expression
from .store import Schedule, Store

_JUMP_S = 3600.0
_LITTLE = timedelta(microseconds=1)


def plan(cloud: Cloud, schedule: Schedule, call: Call) -> None:
    """Begin a schedule, in place of what was planned of it.

    A rate's first time is its start itself: the moment of its making, or its StartDate. A cron expression that names
    the moment of its making is due the next time.
    """
    drop(cloud, schedule)
    settings, now = schedule.settings, cloud.clock.now()
    if settings["State"] != "ENABLED" or not is_expression(settings["ScheduleExpression"]):
        return
    start = settings.get("StartDate")
    began = max(now, start) if start is not None else now
    schedule.began = began.timestamp()
    cron = settings["ScheduleExpression"].startswith("cron(")
    _plan_next(cloud, schedule, began if cron and began == now else began - _LITTLE, call)


def drop(cloud: Cloud, schedule: Schedule) -> None:
    """Forget what is planned."""
    if schedule.planned is not None:
        cloud.clock.cancel(schedule.planned)
        schedule.planned = None


def _plan_next(cloud: Cloud, schedule: Schedule, after: datetime, call: Call) -> bool:
    """Plan the next invocation; False: there is none any more."""
    settings = schedule.settings
    expression = parse_schedule(settings["ScheduleExpression"], "scheduler")
    zone = zone_of(settings["ScheduleExpressionTimezone"])
    moment = next_time(expression, after, began=_aware(schedule.began), zone=zone)
    end = settings.get("EndDate")
    schedule.planned = None
    if moment is None or (end is not None and not isinstance(expression, At) and moment >= end):
        return False
    window = settings["FlexibleTimeWindow"]
    delay = flexible_delay_s(window.get("MaximumWindowInMinutes") if window["Mode"] == "FLEXIBLE" else None, cloud.ids)
    payload = {"group": schedule.group, "name": schedule.name, "at": moment.timestamp(), "delay": delay}
    task = Task("scheduler", "fire_schedule", call.account_id, call.region, payload)
    schedule.planned = cloud.clock.schedule(moment.timestamp() + delay, task)
    return True


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


class Timetable:
    """The task behind schedules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def fire_schedule(self, payload: dict[str, Any], call: Call) -> None:
        """Invoke a schedule's target, and plan the next time; after the last one the schedule may be deleted."""
        group = self._store.groups.get(payload["group"])
        schedule = group.schedules.get(payload["name"]) if group else None
        if group is None or schedule is None or schedule.planned is None:
            return
        work = {
            "schedule": schedule.arn,
            "target": schedule.settings["Target"],
            "at": payload["at"],
            "since": self._cloud.clock.time(),
            "attempt": 1,
            "waited": 0.0,
        }
        self._cloud.router.send(Task("scheduler", "invoke_target", call.account_id, call.region, work), call)
        more = _plan_next(self._cloud, schedule, _aware(self._seen(payload)), call)
        if not more and schedule.settings["ActionAfterCompletion"] == "DELETE":
            del group.schedules[schedule.name]

    def _seen(self, payload: dict[str, Any]) -> float:
        """Up to when firings are done with: the clock jumped ahead by itself, what was missed is not made up for."""
        now, at = self._cloud.clock.time(), float(payload["at"])
        jumped = self._cloud.options.delivery == "immediate" and now - at - payload["delay"] > _JUMP_S
        return now if jumped else at
