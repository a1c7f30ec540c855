"""Alarms change their state: told in the history, in EventBridge, by their actions, to the composites above them."""

from __future__ import annotations

import json
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from . import composites
from .evaluation import moment
from .mute_rules import muting
from .store import Alarm, HistoryItem, Store

_ACTIONS = {"OK": "OKActions", "ALARM": "AlarmActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_KEPT = 10_000


def change(cloud: Cloud, store: Store, alarm: Alarm, state: str, reason: str, data: str | None, call: Call) -> None:
    """Put an alarm into a state; where it is another than before, everybody is told."""
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
    actions = alarm.settings.get(_ACTIONS[state], ()) if alarm.settings.get("ActionsEnabled", True) else ()
    held = composites.suppressor_of(store, alarm) or muting(store, alarm.name, cloud.clock.now())
    if held is not None and actions:
        cloud.note("skipped", "cloudwatch", alarm.name, f"actions are suppressed by {held}", parent=call.trace_id)
        actions = ()
    for what in ("event", *actions):
        task = Task("cloudwatch", "tell_change", call.account_id, call.region, {**work, "target": what})
        cloud.router.send(task, call)
    for parent in composites.parents_of(store, alarm):
        look(cloud, store, parent, alarm, call)


def look(cloud: Cloud, store: Store, composite: Alarm, because: Alarm | None, call: Call) -> None:
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
    change(cloud, store, composite, state, reason, data, call)


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
