"""When alarms look at their metrics: every minute (every ten seconds for fine periods) while there is data to see.

An alarm without data in sight stays as it is until new data come, so nothing is planned for it.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from . import insights, windows
from .expressions import ExpressionError
from .store import Alarm, Store


def look_at(cloud: Cloud, store: Store, metrics: Iterable[tuple[str, str]], call: Call) -> None:
    """Data of some metrics came: the alarms that watch them will look."""
    for metric in metrics:
        for name in sorted(store.watched.get(metric, ())):
            if name in store.alarms:
                plan(cloud, store.alarms[name], call)


def watch(store: Store, alarm: Alarm, call: Call) -> None:
    """Remember which metrics an alarm looks at."""
    forget(store, alarm.name)
    for metric in _metrics_of(alarm.settings):
        store.watched.setdefault(metric, set()).add(alarm.name)
        call.cloud.measures.watch(call.account_id, call.region, *metric)


def forget(store: Store, name: str) -> None:
    """An alarm looks at nothing any more."""
    for names in store.watched.values():
        names.discard(name)


def _metrics_of(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "MetricName" in settings:
        yield settings["Namespace"], settings["MetricName"]
    for query in settings.get("Metrics", ()):
        metric = query.get("MetricStat", {}).get("Metric")
        if metric:
            yield metric.get("Namespace", ""), metric.get("MetricName", "")
        elif insights.is_query(query.get("Expression", "")):
            try:
                parsed = insights.parse(query["Expression"])
            except ExpressionError:
                continue
            yield parsed.namespace, parsed.metric


def period_of(settings: Mapping[str, Any]) -> int:
    """The period of an alarm, the longest of its queries' where it has several."""
    periods = [settings["Period"]] if "Period" in settings else []
    for query in settings.get("Metrics", ()):
        found = query.get("MetricStat", {}).get("Period") or query.get("Period")
        periods += [found] if found else []
    return max(periods, default=60)


def warms_up(alarm: Alarm, now: float, full: bool) -> bool:
    """Whether a young alarm does not judge yet: until its time is up, or already until data fill what it looks at."""
    asked = alarm.settings.get("WarmUpConfiguration")
    if asked is None or now >= alarm.created + asked["WarmUpPeriodDurationInMinutes"] * 60:
        return False
    return not full or asked.get("OnlyStartEvaluatingAfterWarmUpPeriodEnds", False)


def plan(cloud: Cloud, alarm: Alarm, call: Call) -> None:
    """Have an alarm look when the next minute is full, unless that is planned already."""
    if alarm.kind != "MetricAlarm" or alarm.planned is not None:
        return
    period = period_of(alarm.settings)
    step = 10 if period < 60 else 60 if period <= 3600 else 3600
    now = cloud.clock.time()
    at: float = (math.floor(now / step) + 1) * step
    at = min(at, windows.next_end(alarm.settings, period, now) or at)
    task = Task("cloudwatch", "evaluate_alarm", call.account_id, call.region, {"alarm": alarm.name, "at": at})
    alarm.planned = cloud.clock.schedule(at, task)


def drop(cloud: Cloud, alarm: Alarm) -> None:
    """Forget what is planned."""
    if alarm.planned is not None:
        cloud.clock.cancel(alarm.planned)
        alarm.planned = None
