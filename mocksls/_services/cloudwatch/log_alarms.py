"""Log alarms: over the results of a scheduled query of CloudWatch Logs, which is made for them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutLogAlarm.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.schedules import Rate, parse_schedule

from . import contributors, errors
from .alarm_definitions import check_treatment
from .evaluation import Verdict, judge
from .series import Series
from .store import Alarm, Store

_COMPARISONS = (
    *("GreaterThanOrEqualToThreshold", "GreaterThanThreshold"),
    *("LessThanThreshold", "LessThanOrEqualToThreshold"),
)
_MOST_RESULTS = 100
_MOST_LINES = 50
_KEYS = re.compile(r"\bby\b(?P<keys>[^|]*)", re.IGNORECASE)
_ALIAS = re.compile(r"\s+as\s+", re.IGNORECASE)


def check(request: Mapping[str, Any]) -> None:
    """Whether a log alarm is sound.

    Raises:
        AwsError: ValidationError.
    """
    wanted, needed = request["QueryResultsToEvaluate"], request["QueryResultsToAlarm"]
    if wanted > _MOST_RESULTS:
        raise errors.validation(f"QueryResultsToEvaluate must be between 1 and {_MOST_RESULTS}.")
    if needed > wanted:
        raise errors.validation("QueryResultsToAlarm must be less than or equal to QueryResultsToEvaluate.")
    if request["ComparisonOperator"] not in _COMPARISONS:
        raise errors.validation(f"The ComparisonOperator must be one of {', '.join(_COMPARISONS)}.")
    check_treatment(request)
    lines = request.get("ActionLogLineCount", 0)
    if not 0 <= lines <= _MOST_LINES:
        raise errors.validation(f"ActionLogLineCount must be between 0 and {_MOST_LINES}.")
    if lines and "ActionLogLineRoleArn" not in request:
        raise errors.validation("ActionLogLineRoleArn is required when ActionLogLineCount is greater than 0.")
    schedule = request["ScheduledQueryConfiguration"]["ScheduleConfiguration"]
    if _rate(schedule) is None:
        raise errors.validation("The ScheduleExpression must be a rate expression.")
    if schedule.get("EndTimeOffset", 0) >= schedule["StartTimeOffset"]:
        raise errors.validation("EndTimeOffset must be less than StartTimeOffset.")


def _rate(schedule: Mapping[str, Any]) -> Rate | None:
    try:
        found = parse_schedule(schedule["ScheduleExpression"], "scheduler")
    except AwsError:
        return None
    return found if isinstance(found, Rate) else None


def schedule_query(name: str, settings: Mapping[str, Any], known: Alarm | None, call: Call) -> str:
    """Make or change the scheduled query of an alarm; its ARN.

    Raises:
        AwsError: ValidationError: CloudWatch Logs does not take the query.
    """
    given = settings["ScheduledQueryConfiguration"]
    schedule = given["ScheduleConfiguration"]
    commands = [part for part in (given["QueryString"].strip(), f"stats {given['AggregationExpression']}") if part]
    params = {
        "queryLanguage": "CWLI",
        "queryString": " | ".join(commands),
        "scheduleExpression": schedule["ScheduleExpression"],
        "startTimeOffset": schedule["StartTimeOffset"],
        "endTimeOffset": schedule.get("EndTimeOffset", 0),
        "executionRoleArn": given["ScheduledQueryRoleARN"],
        **({"logGroupIdentifiers": given["LogGroupIdentifiers"]} if "LogGroupIdentifiers" in given else {}),
    }
    tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags", ())}
    try:
        if known is not None:
            params["identifier"] = query_of(known)
            call.request("logs", "UpdateScheduledQuery", params, internal=True)
            return query_of(known)
        made = {"name": f"cloudwatch-alarm-{name}", **params, **({"tags": tags} if tags else {})}
        return str(call.request("logs", "CreateScheduledQuery", made, internal=True)["scheduledQueryArn"])
    except AwsError as error:
        raise errors.validation(error.message) from None


def query_of(alarm: Alarm) -> str:
    """The ARN of an alarm's scheduled query."""
    return str(alarm.settings["ScheduledQueryConfiguration"]["QueryARN"])


def forget(alarm: Alarm, call: Call) -> None:
    """Delete an alarm's scheduled query, if it is still there."""
    try:
        call.request("logs", "DeleteScheduledQuery", {"identifier": query_of(alarm)}, internal=True)
    except AwsError as error:
        call.cloud.note("skipped", "cloudwatch", alarm.name, str(error), parent=call.trace_id)


class LogResults:
    """Takes over what the runs of scheduled queries have found."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def results_of(self, alarm: Alarm, payload: Mapping[str, Any], call: Call) -> Verdict:
        """Take over the results of a run, and judge the most recent runs."""
        settings = alarm.settings
        values = [] if payload["query_id"] is None else self._values(alarm, payload["query_id"], call)
        alarm.runs = [*alarm.runs, (payload["at"], values)][-settings["QueryResultsToEvaluate"] :]
        found: dict[tuple[tuple[str, str], ...], Series] = {}
        for at, run in alarm.runs:
            for attributes, value in run:
                found.setdefault(attributes, Series()).values[int(at)] = value
        rate = _rate(settings["ScheduledQueryConfiguration"]["ScheduleConfiguration"])
        like = {**settings, "Period": rate.period_s if rate else 60}
        like["EvaluationPeriods"], like["DatapointsToAlarm"] = (
            settings["QueryResultsToEvaluate"],
            settings["QueryResultsToAlarm"],
        )
        start = int(alarm.runs[0][0])
        verdicts = {attributes: judge(like, series, start, payload["at"]) for attributes, series in found.items()}
        if not verdicts or () in verdicts:
            return verdicts.get((), judge(like, Series(), start, payload["at"]))
        seen = [(dict(attributes), verdict.state, verdict.reason) for attributes, verdict in verdicts.items()]
        state = contributors.update(alarm, seen, payload["at"])
        full = any(verdict.full for verdict in verdicts.values())
        data = next(iter(verdicts.values())).data
        return Verdict(state, contributors.told(alarm, state), data, True, full)

    def _values(self, alarm: Alarm, query_id: str, call: Call) -> list[tuple[tuple[tuple[str, str], ...], float]]:
        """A run's values: the first aggregate of each group, by what the groups are told apart by."""
        rows = call.request("logs", "GetQueryResults", {"queryId": query_id}, internal=True)["results"]
        keys = _keys(alarm.settings["ScheduledQueryConfiguration"]["AggregationExpression"])
        values = []
        for row in rows:
            fields = {each["field"]: each["value"] for each in row if each["field"] != "@ptr"}
            attributes = tuple((name, fields[name]) for name in keys if name in fields)
            number = next((_number(text) for name, text in fields.items() if name not in keys), None)
            if number is not None:
                values.append((attributes, number))
        return values


def _keys(expression: str) -> list[str]:
    """The names that an aggregation groups by."""
    found = _KEYS.search(expression)
    return [_ALIAS.split(part.strip())[-1] for part in found["keys"].split(",")] if found else []


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
