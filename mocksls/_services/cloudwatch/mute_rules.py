"""Alarm mute rules: at their times the alarms that they name change without acting.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.schedules import At, Schedule, next_time, parse_schedule, zone_of
from mocksls._kernel.service import Task

from . import errors
from .store import MuteRule, Store

_DURATION = re.compile(r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,5})M)?)?")
_CRON = re.compile(r"cron\((\S+) +(\S+) +(\S+) +(\S+) +(\S+)\)")
_MINUTE = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)")
_LONGEST = timedelta(days=15)
_MEMBERS = ("Description", "Rule", "MuteTargets", "StartDate", "ExpireDate")


class MuteRules:
    """Operations on mute rules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_alarm_mute_rule(self, request: Mapping[str, Any], call: Call) -> None:
        """Make or replace a mute rule.

        Raises:
            AwsError: ValidationError.
        """
        name, given = request["Name"], request["Rule"]["Schedule"]
        _schedule(given["Expression"])
        _zone(given.get("Timezone"))
        _duration(given["Duration"])
        known = self._store.mute_rules.get(name)
        arn = make_arn("cloudwatch", call.region, call.account_id, f"alarm-mute-rule:{name}")
        rule = self._store.mute_rules[name] = MuteRule(name, arn, self._cloud.clock.time())
        rule.settings = {member: request[member] for member in _MEMBERS if member in request}
        rule.tags = known.tags if known else tags.from_list(request.get("Tags"))
        if known is not None:
            self._let_go(known, call)

    def get_alarm_mute_rule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A mute rule.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        rule = self._store.mute_rules.get(request["AlarmMuteRuleName"])
        if rule is None:
            raise errors.no_resource(f"Alarm mute rule {request['AlarmMuteRuleName']} does not exist.")
        return {"Name": rule.name, **rule.settings, **_shown(rule, self._cloud.clock.now())}

    def list_alarm_mute_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The mute rules, of an alarm and by status.

        Raises:
            AwsError: InvalidNextToken.
        """
        alarm, statuses, now = request.get("AlarmName"), request.get("Statuses"), self._cloud.clock.now()
        found = [
            rule
            for _, rule in sorted(self._store.mute_rules.items())
            if (alarm is None or alarm in rule.settings.get("MuteTargets", {}).get("AlarmNames", ()))
            and (not statuses or _status(rule, now) in statuses)
        ]
        shown, token = page(
            found,
            request.get("MaxRecords", 50),
            request.get("NextToken"),
            lambda rule: rule.name,
            errors.invalid_next_token,
        )
        summaries = [{**_shown(rule, now), "ExpireDate": rule.settings.get("ExpireDate")} for rule in shown]
        return {"AlarmMuteRuleSummaries": summaries, "NextToken": token}

    def delete_alarm_mute_rule(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a mute rule; one that is not there is no error."""
        rule = self._store.mute_rules.pop(request["AlarmMuteRuleName"], None)
        if rule is not None:
            self._let_go(rule, call)

    def _let_go(self, rule: MuteRule, call: Call) -> None:
        """The alarms of a rule that is gone may act again."""
        for name in rule.settings.get("MuteTargets", {}).get("AlarmNames", ()):
            task = Task("cloudwatch", "release_actions", call.account_id, call.region, {"alarm": name})
            self._cloud.router.send(task, call)


def muted_until(store: Store, alarm: str, now: datetime) -> float | None:
    """Until when an alarm is muted just now (epoch seconds); None: it is not."""
    ends = [
        until.timestamp()
        for rule in store.mute_rules.values()
        if alarm in rule.settings.get("MuteTargets", {}).get("AlarmNames", ())
        and (until := _active_until(rule, now)) is not None
    ]
    return max(ends, default=None)


def _schedule(text: str) -> Schedule:
    """A mute rule's expression: cron of five fields, or at a minute."""
    cron, minute = _CRON.fullmatch(text), _MINUTE.fullmatch(text)
    if cron:
        minutes, hours, days, months, weekdays = cron.groups()
        if weekdays == "*":
            weekdays = "?"
        elif days == "*":
            days = "?"
        text = f"cron({minutes} {hours} {days} {months} {weekdays} *)"
    elif minute:
        text = f"at({minute.group(1)}:00)"
    try:
        if cron or minute:
            return parse_schedule(text, "scheduler")
    except AwsError:
        pass
    raise errors.validation("The parameter Rule.Schedule.Expression is not valid.")


def _zone(name: str | None) -> Any:
    try:
        return zone_of(name)
    except AwsError:
        raise errors.validation("The parameter Rule.Schedule.Timezone is not valid.") from None


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    days, hours, minutes = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    span = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta(minutes=1) <= span <= _LONGEST:
        raise errors.validation("The parameter Rule.Schedule.Duration must be between PT1M and P15D.")
    return span


def _status(rule: MuteRule, now: datetime) -> str:
    settings = rule.settings
    schedule, expires = _schedule(settings["Rule"]["Schedule"]["Expression"]), settings.get("ExpireDate")
    if expires is not None and now >= expires:
        return "EXPIRED"
    if _active_until(rule, now) is not None:
        return "ACTIVE"
    return "EXPIRED" if isinstance(schedule, At) and _begun(rule, now) is None else "SCHEDULED"


def _begun(rule: MuteRule, now: datetime) -> datetime | None:
    """When the window that a moment may lie in began, or the next one begins."""
    given = rule.settings["Rule"]["Schedule"]
    since = now - _duration(given["Duration"])
    return next_time(_schedule(given["Expression"]), since, began=since, zone=_zone(given.get("Timezone")))


def _active_until(rule: MuteRule, now: datetime) -> datetime | None:
    """When the window that a rule is in ends; None: it is in none."""
    settings, begun = rule.settings, _begun(rule, now)
    starts, expires = settings.get("StartDate"), settings.get("ExpireDate")
    if (
        begun is None
        or begun > now
        or (starts is not None and begun < starts)
        or (expires is not None and now >= expires)
    ):
        return None
    end = begun + _duration(settings["Rule"]["Schedule"]["Duration"])
    return end if expires is None else min(end, expires)


def _shown(rule: MuteRule, now: datetime) -> dict[str, Any]:
    return {
        "AlarmMuteRuleArn": rule.arn,
        "Status": _status(rule, now),
        "LastUpdatedTimestamp": datetime.fromtimestamp(rule.modified, timezone.utc),
    }
