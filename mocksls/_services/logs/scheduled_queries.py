"""Scheduled queries: kept, listed, and what their runs came to.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/ScheduledQueries.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.schedules import At, Rate, parse_schedule, zone_of

from . import errors, query_schedule
from .insights import compile_query
from .insights_parser import Asked, QueryText
from .lookup_tables import rows_of
from .store import ScheduledQuery, Store

_LISTED = 50
_MILLISECONDS = 100_000_000_000
_DEFAULT_SPAN_S = 300


class ScheduledQueries:
    """Operations on scheduled queries. Those that AWS itself makes (for log alarms) are shown as managed by AWS."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_scheduled_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a query run by a schedule.

        Raises:
            AwsError: ValidationException, ResourceNotFoundException, ConflictException; NotImplemented for other
                languages than Logs Insights' own.
        """
        name = request["name"]
        self._check(request, call)
        if any(each.name == name for each in self._store.scheduled_queries.values()):
            raise errors.conflict(f"A scheduled query with the name {name} already exists.")
        now, query_id = self._cloud.clock.time(), self._cloud.ids.uuid()
        arn = make_arn("logs", call.region, call.account_id, f"scheduled-query:{query_id}")
        query = self._store.scheduled_queries[arn] = ScheduledQuery(name, arn, now, now, call.internal)
        query.settings = _settings(request)
        self._store.tags[arn] = dict(request.get("tags", {}))
        query_schedule.plan(self._cloud, query, now, call)
        return {"scheduledQueryArn": arn, "state": query.settings["state"]}

    def _check(self, request: Mapping[str, Any], call: Call) -> None:
        if request["queryLanguage"] != "CWLI":
            text = f"mocksls runs Logs Insights QL only, not {request['queryLanguage']}"
            raise AwsError("NotImplemented", text, status=501, sender=False)
        try:
            now_ms = int(self._cloud.clock.time() * 1000)
            compile_query(request["queryString"], Asked(now_ms, rows_of=partial(rows_of, self._store)))
        except QueryText as error:
            raise errors.not_valid(f"The query string is not valid: {error}") from None
        expression = parse_schedule(request["scheduleExpression"], "scheduler")
        if isinstance(expression, At) or (isinstance(expression, Rate) and not call.internal):
            raise errors.not_valid("The schedule expression must be a cron expression.")
        zone_of(request.get("timezone"))
        since, until = request.get("startTimeOffset", _DEFAULT_SPAN_S), request.get("endTimeOffset", 0)
        if not 0 <= until < since:
            raise errors.not_valid("endTimeOffset must be non-negative and less than startTimeOffset.")
        if request.get("scheduleEndTime", 1 << 62) <= request.get("scheduleStartTime", 0):
            raise errors.not_valid("scheduleEndTime must be after scheduleStartTime.")
        for given in request.get("logGroupIdentifiers", ()):
            name = given.partition(":log-group:")[2].removesuffix(":*") if given.startswith("arn:") else given
            if name not in self._store.groups:
                raise errors.not_found(f"The log group {given} does not exist.")

    def update_scheduled_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace all of a scheduled query's settings.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException, NotImplemented.
        """
        query = self._required(request["identifier"])
        self._check(request, call)
        now = self._cloud.clock.time()
        query.settings, query.modified = _settings(request), now
        query_schedule.plan(self._cloud, query, now, call)
        return _shown(query)

    def get_scheduled_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A scheduled query.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return _shown(self._required(request["identifier"]))

    def delete_scheduled_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a scheduled query with its history.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        query = self._required(request["identifier"])
        query_schedule.drop(self._cloud, query)
        del self._store.scheduled_queries[query.arn]
        self._store.tags.pop(query.arn, None)
        return {}

    def list_scheduled_queries(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The scheduled queries by state and by who manages them, in the order of their names.

        Raises:
            AwsError: ValidationException.
        """
        state, kind = request.get("state"), request.get("scheduleType")
        found = [
            _summary(query)
            for query in sorted(self._store.scheduled_queries.values(), key=lambda query: query.name)
            if state in (None, query.settings["state"]) and kind in (None, query.kind)
        ]
        limit, given = request.get("maxResults", _LISTED), request.get("nextToken")
        shown, token = page(found, limit, given, lambda query: str(query["name"]), _bad_token)
        return {"scheduledQueries": shown, "nextToken": token}

    def get_scheduled_query_history(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The runs of a scheduled query in a span of time, the newest first.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        query = self._required(request["identifier"])
        start, end = _moment(request["startTime"]), _moment(request["endTime"])
        if start > end:
            raise errors.not_valid("startTime must not be after endTime.")
        statuses = request.get("executionStatuses")
        found = [
            run
            for run in reversed(query.history)
            if start * 1000 <= run["triggeredTimestamp"] <= end * 1000
            and (not statuses or run["executionStatus"] in statuses)
        ]
        numbered = list(enumerate(found))
        limit, given = request.get("maxResults", _LISTED), request.get("nextToken")
        shown, token = page(numbered, limit, given, lambda pair: f"{pair[0]:08d}", _bad_token)
        history = [run for _, run in shown]
        return {"name": query.name, "scheduledQueryArn": query.arn, "triggerHistory": history, "nextToken": token}

    def _required(self, identifier: str) -> ScheduledQuery:
        queries = self._store.scheduled_queries
        found = queries.get(identifier) or next((each for each in queries.values() if each.name == identifier), None)
        if found is None:
            raise errors.not_found(f"The scheduled query {identifier} does not exist.")
        return found


def _bad_token() -> AwsError:
    return errors.not_valid("The specified nextToken is invalid.")


def _moment(given: int) -> float:
    """A time in seconds, whether it was given so or in milliseconds."""
    return given / 1000 if given >= _MILLISECONDS else float(given)


def _settings(request: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in request.items() if key not in ("name", "identifier", "tags")}
    for name in ("scheduleStartTime", "scheduleEndTime"):
        if name in kept:
            kept[name] = int(_moment(kept[name]) * 1000)
    return {"state": "ENABLED", "timezone": "UTC", "startTimeOffset": _DEFAULT_SPAN_S, **kept}


def _shown(query: ScheduledQuery) -> dict[str, Any]:
    return {**_summary(query), **query.settings}


def _summary(query: ScheduledQuery) -> dict[str, Any]:
    last = query.history[-1] if query.history else {}
    settings = query.settings
    return {
        "scheduledQueryArn": query.arn,
        "name": query.name,
        "state": settings["state"],
        "scheduleType": query.kind,
        "lastTriggeredTime": last.get("triggeredTimestamp"),
        "lastExecutionStatus": last.get("executionStatus"),
        "scheduleExpression": settings["scheduleExpression"],
        "timezone": settings["timezone"],
        "destinationConfiguration": settings.get("destinationConfiguration"),
        "creationTime": int(query.created * 1000),
        "lastUpdatedTime": int(query.modified * 1000),
    }
