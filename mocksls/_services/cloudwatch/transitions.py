"""Alarms change their state: told in the history, in EventBridge, by their actions, to the composites above them."""

from __future__ import annotations

import json
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from . import composites, suppression
from .evaluation import moment
from .store import Alarm, HistoryItem, Store

_KEPT = 10_000


def change(
    cloud: Cloud,
    store: Store,
    alarm: Alarm,
    state: str,
    reason: str,
    data: str | None,
    call: Call,
    path: tuple[str, ...] = (),
) -> None:
    """Put an alarm into a state; where it is another than before, everybody is told.

    ``path`` names the alarms whose changes led here: where it closes, composites look no further.
    """
    now, before, previously = cloud.clock.time(), _now(alarm), alarm.updated
    if (state, reason) == (alarm.state, alarm.reason):
        return
    changed = state != alarm.state
    alarm.state, alarm.reason, alarm.reason_data, alarm.updated = state, reason, data, now
    if not changed:
        return
    alarm.transitioned = now
    after = _now(alarm)
    remember(
        store,
        alarm,
        now,
        "StateUpdate",
        f"Alarm updated from {before['stateValue']} to {state}",
        {"version": "1.0", "oldState": before, "newState": after},
    )
    work = {"alarm": alarm.name, "before": before, "after": after, "at": now, "previously": previously}
    task = Task("cloudwatch", "tell_change", call.account_id, call.region, {**work, "target": "event"})
    cloud.router.send(task, call)
    suppression.act(cloud, store, alarm, work, call)
    suppression.suppressor_changed(cloud, store, alarm, before["stateValue"], call)
    path = (*path, alarm.name)
    for parent in composites.parents_of(store, alarm):
        if parent.name not in path:
            look(cloud, store, parent, alarm, call, path)


def look(
    cloud: Cloud, store: Store, composite: Alarm, because: Alarm | None, call: Call, path: tuple[str, ...] = ()
) -> None:
    """Let a composite alarm look at its children; ``because`` is the one that changed."""
    state = composites.state_of(store, composite)
    if because is None:
        reason = f"{composite.arn} was created and its alarm rule evaluates to {state}"
        children = []
    else:
        when = composites.written(cloud.clock.now())
        reason = f"{because.arn} transitioned to {because.state} at {when}"
        children = [because]
    if state == composite.state and because is not None:
        return
    triggering = [
        {"arn": each.arn, "state": {"value": each.state, "timestamp": moment(each.transitioned)}} for each in children
    ]
    data = json.dumps({"triggeringAlarms": triggering}, separators=(",", ":")) if triggering else None
    change(cloud, store, composite, state, reason, data, call, path)


def remember(store: Store, alarm: Alarm, now: float, what: str, summary: str, data: Any) -> None:
    """Write a line of an alarm's history."""
    text = json.dumps(data, separators=(",", ":"))
    store.history.append(HistoryItem(alarm.name, alarm.kind, now, what, summary, text))
    del store.history[:-_KEPT]


def _now(alarm: Alarm) -> dict[str, Any]:
    found: dict[str, Any] = {"stateValue": alarm.state, "stateReason": alarm.reason}
    if alarm.reason_data:
        try:
            found["stateReasonData"] = json.loads(alarm.reason_data)
        except ValueError:
            found["stateReasonData"] = alarm.reason_data
    return found
