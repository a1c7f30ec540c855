"""Actions that are held back: by a composite's suppressor and its periods, by mute rules; and made up for afterwards.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
"""

from __future__ import annotations

from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from .composites import named
from .mute_rules import muted_until
from .store import Alarm, Held, Store

_ACTIONS = {"OK": "OKActions", "ALARM": "AlarmActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_REASONS = {
    "Alarm": "Actions suppressed by {suppressor}",
    "WaitPeriod": "Actions suppressed during the wait period of {suppressor}",
    "ExtensionPeriod": "Actions suppressed during the extension period of {suppressor}",
}


def act(cloud: Cloud, store: Store, alarm: Alarm, work: dict[str, Any], call: Call) -> None:
    """Have an alarm's actions for its new state run, unless something holds them back."""
    before = alarm.held.work["before"]["stateValue"] if alarm.held is not None else work["before"]["stateValue"]
    _release(cloud, alarm)
    if alarm.settings.get("ActionsEnabled", True):
        by, until = _holder(cloud, store, alarm)
        if by is None:
            _run(cloud, alarm, work, call)
        elif before != alarm.state:
            # an alarm that is back where its actions last stood has nothing to make up for
            first = {**work, "before": {**work["before"], "stateValue": before}}
            _hold(cloud, store, alarm, first, by, until, call)
        else:
            cloud.note("skipped", "cloudwatch", alarm.name, f"actions are suppressed by {by}", parent=call.trace_id)


def _holder(cloud: Cloud, store: Store, alarm: Alarm) -> tuple[str | None, float | None]:
    """What holds an alarm's actions back just now, and until when, where that is known."""
    muted = muted_until(store, alarm.name, cloud.clock.now())
    if muted is not None:
        return "mute rule", muted
    suppressor = _suppressor(store, alarm)
    if suppressor is None:
        return None, None
    now, settings = cloud.clock.time(), alarm.settings
    if suppressor.state == "ALARM":
        return "Alarm", None
    extended = suppressor.left_alarm + settings.get("ActionsSuppressorExtensionPeriod", 0)
    if now < extended:
        return "ExtensionPeriod", extended
    wait = settings.get("ActionsSuppressorWaitPeriod", 0)
    return ("WaitPeriod", now + wait) if wait > 0 else (None, None)


def _suppressor(store: Store, alarm: Alarm) -> Alarm | None:
    given = alarm.settings.get("ActionsSuppressor")
    return store.alarms.get(named(given)) if given else None


def _hold(
    cloud: Cloud, store: Store, alarm: Alarm, work: dict[str, Any], by: str, until: float | None, call: Call
) -> None:
    alarm.held = Held(work, by, cloud.clock.time())
    if until is not None:
        task = Task("cloudwatch", "release_actions", call.account_id, call.region, {"alarm": alarm.name})
        alarm.held.planned = cloud.clock.schedule(until, task)
    suppressor = _suppressor(store, alarm)
    if by in _REASONS and suppressor is not None:
        alarm.held.reason = _REASONS[by].format(suppressor=suppressor.arn)
    cloud.note("skipped", "cloudwatch", alarm.name, f"actions are suppressed by {by}", parent=call.trace_id)


def _release(cloud: Cloud, alarm: Alarm) -> None:
    if alarm.held is not None and alarm.held.planned is not None:
        cloud.clock.cancel(alarm.held.planned)
    alarm.held = None


def _run(cloud: Cloud, alarm: Alarm, work: dict[str, Any], call: Call) -> None:
    for target in alarm.settings.get(_ACTIONS[work["after"]["stateValue"]], ()):
        task = Task("cloudwatch", "tell_change", call.account_id, call.region, {**work, "target": target})
        cloud.router.send(task, call)


def look_again(cloud: Cloud, store: Store, alarm: Alarm, call: Call) -> None:
    """Something that held an alarm's actions back may have ended: they run now, or something else holds them."""
    held = alarm.held
    if held is None:
        return
    _release(cloud, alarm)
    by, until = _holder(cloud, store, alarm)
    if by == "WaitPeriod":
        # the wait began with the change, and is not begun anew
        until = held.since + alarm.settings.get("ActionsSuppressorWaitPeriod", 0)
        by = by if cloud.clock.time() < until else None
    if by is not None:
        _hold(cloud, store, alarm, held.work, by, until, call)
        if alarm.held is not None:
            alarm.held.since = held.since
    else:
        _run(cloud, alarm, {**held.work, "muted": held.by == "mute rule"}, call)


def suppressor_changed(cloud: Cloud, store: Store, suppressor: Alarm, was: str, call: Call) -> None:
    """A suppressor came or went: the composites that it is for look again."""
    if was == "ALARM":
        suppressor.left_alarm = cloud.clock.time()
    for alarm in list(store.alarms.values()):
        if alarm.held is not None and _suppressor(store, alarm) is suppressor:
            look_again(cloud, store, alarm, call)


def shown(alarm: Alarm) -> dict[str, Any]:
    """What a composite alarm tells of the actions that are held back."""
    held = alarm.held
    if held is None or held.by not in _REASONS:
        return {}
    return {"ActionsSuppressedBy": held.by, "ActionsSuppressedReason": held.reason}
