"""Alarms: made, described, switched, set, deleted.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import alarm_tags, composites, errors, log_alarms, suppression, watching
from .alarm_definitions import check_metric_alarm
from .data import dimensions_of
from .store import Alarm, HistoryItem, Store
from .transitions import change, look, remember

_DEEPEST = 256
_LISTS = ("OKActions", "AlarmActions", "InsufficientDataActions")


class Alarms:
    """Operations on alarms."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_metric_alarm(self, request: Mapping[str, Any], call: Call) -> None:
        """Make an alarm over a metric or over metric maths, or replace one: its state stays.

        Raises:
            AwsError: ValidationError, InvalidParameterValue, InvalidParameterCombination.
        """
        check_metric_alarm(request)
        alarm = self._put(request, "MetricAlarm", call)
        watching.watch(self._store, alarm, call)
        watching.drop(self._cloud, alarm)
        watching.plan(self._cloud, alarm, call)

    def put_composite_alarm(self, request: Mapping[str, Any], call: Call) -> None:
        """Make an alarm over other alarms, or replace one.

        Raises:
            AwsError: ValidationError.
        """
        composites.check(self._store, request["AlarmName"], request["AlarmRule"])
        self._check_suppressor(request)
        known = request["AlarmName"] in self._store.alarms
        alarm = self._put(request, "CompositeAlarm", call)
        if not known:
            look(self._cloud, self._store, alarm, None, call)

    def _check_suppressor(self, request: Mapping[str, Any]) -> None:
        """A suppressor is an alarm that is there, and comes with both of its periods."""
        given = request.get("ActionsSuppressor")
        periods = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
        if given is None:
            return
        if composites.named(given) not in self._store.alarms:
            raise errors.validation(f"The ActionsSuppressor {given} does not exist.")
        for name in periods:
            if name not in request:
                raise errors.validation(f"The parameter {name} must be provided with ActionsSuppressor.")

    def put_log_alarm(self, request: Mapping[str, Any], call: Call) -> None:
        """Make an alarm over the results of a query of logs, or replace one: its state stays.

        Raises:
            AwsError: ValidationError.
        """
        log_alarms.check(request)
        name = request["AlarmName"]
        known = self._store.alarms.get(name)
        self._check_kind(name, "LogAlarm")
        query = log_alarms.schedule_query(name, request, known, call)
        configured = {**request["ScheduledQueryConfiguration"], "QueryARN": query}
        self._put({**request, "ScheduledQueryConfiguration": configured}, "LogAlarm", call).runs = []

    def _check_kind(self, name: str, kind: str) -> None:
        known = self._store.alarms.get(name)
        if known is not None and known.kind != kind:
            raise errors.validation(f"An alarm of another type with the name {name} already exists.")

    def _put(self, request: Mapping[str, Any], kind: str, call: Call) -> Alarm:
        name, now = request["AlarmName"], self._cloud.clock.time()
        alarm_tags.check(request)
        settings = {key: value for key, value in request.items() if key not in ("AlarmName", "Tags")}
        settings.setdefault("ActionsEnabled", True)
        for member in _LISTS:
            settings.setdefault(member, [])
        alarm = self._store.alarms.get(name)
        self._check_kind(name, kind)
        word = "created" if alarm is None else "updated"
        if alarm is None:
            arn = make_arn("cloudwatch", call.region, call.account_id, f"alarm:{name}")
            alarm = self._store.alarms[name] = Alarm(name, arn, kind, now, updated=now, transitioned=now, created=now)
            alarm.tags = tags.from_list(request.get("Tags"))
        alarm.settings, alarm.configured = settings, now
        remember(self._store, alarm, now, "ConfigurationUpdate", f'Alarm "{name}" {word}', {"version": "1.0"})
        return alarm

    def describe_alarms(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The alarms by name, prefix, state, action or kin; metric alarms only unless other types are asked for.

        Raises:
            AwsError: ValidationError, InvalidNextToken.
        """
        if "AlarmNames" in request and "AlarmNamePrefix" in request:
            raise errors.validation("AlarmNames and AlarmNamePrefix are mutually exclusive.")
        types = request.get("AlarmTypes") or ["MetricAlarm"]
        found = [alarm for _, alarm in sorted(self._store.alarms.items()) if self._is_asked(alarm, request, types)]
        shown, token = page(
            found,
            request.get("MaxRecords", 100),
            request.get("NextToken"),
            lambda alarm: alarm.name,
            errors.invalid_next_token,
        )
        return {
            "MetricAlarms": [_shown(alarm) for alarm in shown if alarm.kind == "MetricAlarm"],
            "CompositeAlarms": [_shown(alarm) for alarm in shown if alarm.kind == "CompositeAlarm"],
            "LogAlarms": [_shown(alarm) for alarm in shown if alarm.kind == "LogAlarm"],
            "NextToken": token,
        }

    def _is_asked(self, alarm: Alarm, request: Mapping[str, Any], types: list[str]) -> bool:
        if "ChildrenOfAlarmName" in request:
            return alarm.name in composites.children_of(self._store, request["ChildrenOfAlarmName"])
        if "ParentsOfAlarmName" in request:
            return request["ParentsOfAlarmName"] in composites.children_of(self._store, alarm.name)
        prefix = request.get("ActionPrefix")
        actions = [action for member in _LISTS for action in alarm.settings.get(member, ())]
        return (
            alarm.kind in types
            and alarm.name in request.get("AlarmNames", (alarm.name,))
            and alarm.name.startswith(request.get("AlarmNamePrefix", ""))
            and request.get("StateValue", alarm.state) == alarm.state
            and (prefix is None or any(action.startswith(prefix) for action in actions))
        )

    def describe_alarms_for_metric(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The alarms over one metric."""
        wanted = {name: request[name] for name in ("MetricName", "Namespace")}
        for name in ("Statistic", "ExtendedStatistic", "Period", "Unit"):
            if name in request:
                wanted[name] = request[name]
        dimensions = dimensions_of(request.get("Dimensions", ()))
        return {
            "MetricAlarms": [
                _shown(alarm)
                for _, alarm in sorted(self._store.alarms.items())
                if all(alarm.settings.get(name) == value for name, value in wanted.items())
                and dimensions_of(alarm.settings.get("Dimensions", ())) == dimensions
            ]
        }

    def describe_alarm_history(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What happened to alarms, the newest first unless asked otherwise.

        Raises:
            AwsError: InvalidNextToken.
        """
        ascending = request.get("ScanBy") == "TimestampAscending"
        items = [item for item in self._store.history if _is_asked(item, request)]
        numbered = list(enumerate(items if ascending else reversed(items)))
        shown, token = page(
            numbered,
            request.get("MaxRecords", 100),
            request.get("NextToken"),
            lambda pair: f"{pair[0]:08d}",
            errors.invalid_next_token,
        )
        return {"AlarmHistoryItems": [_told(item) for _, item in shown], "NextToken": token}

    def set_alarm_state(self, request: Mapping[str, Any], call: Call) -> None:
        """Put an alarm into a state, until it looks at its data again.

        Raises:
            AwsError: ResourceNotFound, InvalidFormat.
        """
        alarm = self._store.alarms.get(request["AlarmName"])
        if alarm is None:
            raise errors.no_alarm()
        data = request.get("StateReasonData")
        if data and not _is_json(data):
            raise errors.bad_format("StateReasonData was not valid JSON")
        change(self._cloud, self._store, alarm, request["StateValue"], request["StateReason"], data, call)
        watching.plan(self._cloud, alarm, call)

    def enable_alarm_actions(self, request: Mapping[str, Any], call: Call) -> None:
        """Let alarms act; names of no alarm are no error."""
        self._switch(request, enabled=True)

    def disable_alarm_actions(self, request: Mapping[str, Any], call: Call) -> None:
        """Let alarms change without acting; names of no alarm are no error."""
        self._switch(request, enabled=False)

    def _switch(self, request: Mapping[str, Any], *, enabled: bool) -> None:
        for name in request["AlarmNames"]:
            alarm = self._store.alarms.get(name)
            if alarm is not None:
                alarm.settings = {**alarm.settings, "ActionsEnabled": enabled}

    def delete_alarms(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete alarms; those that composites speak of only with these. Names of no alarm are no error.

        Raises:
            AwsError: ValidationError: more than one composite, or a log alarm among others; ResourceConflict.
        """
        names = request["AlarmNames"]
        kinds = [self._store.alarms[name].kind for name in dict.fromkeys(names) if name in self._store.alarms]
        if kinds.count("CompositeAlarm") > 1:
            raise errors.validation("No more than one composite alarm can be deleted in one operation.")
        if "LogAlarm" in kinds and len(kinds) > 1:
            raise errors.validation("Log alarms cannot be deleted together with other alarms.")
        for name in names:
            alarm = self._store.alarms.get(name)
            if alarm is None:
                continue
            above = [parent.name for parent in composites.parents_of(self._store, alarm) if parent.name not in names]
            if above:
                raise errors.in_use(name, above[0])
        for name in names:
            alarm = self._store.alarms.pop(name, None)
            if alarm is not None:
                watching.drop(self._cloud, alarm)
                watching.forget(self._store, name)
                if alarm.kind == "LogAlarm":
                    log_alarms.forget(alarm, call)


def _is_json(text: str) -> bool:
    """Whether a text is JSON, and not nested too deeply to be sent on."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return text.count("{") + text.count("[") <= _DEEPEST


def _shown(alarm: Alarm) -> dict[str, Any]:
    settings = dict(alarm.settings)
    if alarm.kind == "MetricAlarm":
        settings.setdefault("Dimensions", [])
    return {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.arn,
        **settings,
        "AlarmConfigurationUpdatedTimestamp": _aware(alarm.configured),
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateReasonData": alarm.reason_data,
        "StateUpdatedTimestamp": _aware(alarm.updated),
        "StateTransitionedTimestamp": _aware(alarm.transitioned),
        **suppression.shown(alarm),
    }


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


def _is_asked(item: HistoryItem, request: Mapping[str, Any]) -> bool:
    when = _aware(item.moment)
    return (
        request.get("AlarmName", item.alarm) == item.alarm
        and item.kind in (request.get("AlarmTypes") or ["MetricAlarm"])
        and request.get("HistoryItemType", item.what) == item.what
        and request.get("StartDate", when) <= when <= request.get("EndDate", when)
    )


def _told(item: HistoryItem) -> dict[str, Any]:
    return {
        "AlarmName": item.alarm,
        "AlarmType": item.kind,
        "Timestamp": _aware(item.moment),
        "HistoryItemType": item.what,
        "HistorySummary": item.summary,
        "HistoryData": item.data[:4095],
    }
