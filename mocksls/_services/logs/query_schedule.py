"""When scheduled queries run, and what is done with what they find: a bucket or a lookup table is told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.principals import in_role
from mocksls._kernel.schedules import next_time, parse_schedule, zone_of
from mocksls._kernel.service import Task

from .store import ScheduledQuery, Store

_KEPT = 1_000
_JUMP_S = 3_600.0


def plan(cloud: Cloud, query: ScheduledQuery, after: float, call: Call) -> None:
    """Plan the next run, in place of what was planned."""
    drop(cloud, query)
    settings = query.settings
    if settings["state"] != "ENABLED":
        return
    start, end = settings.get("scheduleStartTime", 0) / 1000, settings.get("scheduleEndTime")
    expression, zone = parse_schedule(settings["scheduleExpression"], "scheduler"), zone_of(settings["timezone"])
    moment = next_time(expression, _aware(max(after, start)), began=_aware(query.created), zone=zone)
    if moment is None or (end is not None and moment.timestamp() * 1000 > end):
        return
    at = moment.timestamp()
    task = Task("logs", "run_scheduled_query", call.account_id, call.region, {"query": query.arn, "at": at})
    query.planned = cloud.clock.schedule(at, task)


def drop(cloud: Cloud, query: ScheduledQuery) -> None:
    """Forget what is planned."""
    if query.planned is not None:
        cloud.clock.cancel(query.planned)
        query.planned = None


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


class QueryRuns:
    """The task behind scheduled queries."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def run_scheduled_query(self, payload: dict[str, Any], call: Call) -> None:
        """Run a query in the name of its role, keep what came of it, and plan the next run."""
        query, at = self._store.scheduled_queries.get(payload["query"]), payload["at"]
        if query is None or query.planned is None:
            return
        query.planned = None
        run = self._run(query, at, call)
        query.history.append(run)
        del query.history[:-_KEPT]
        if query.managed:
            told = {"query": query.arn, "query_id": run.get("queryId"), "at": at}
            self._cloud.router.send(Task("cloudwatch", "evaluate_log_alarm", call.account_id, call.region, told), call)
        now = self._cloud.clock.time()
        plan(self._cloud, query, now if now - at > _JUMP_S else at, call)

    def _run(self, query: ScheduledQuery, at: float, call: Call) -> dict[str, Any]:
        settings = query.settings
        run: dict[str, Any] = {"triggeredTimestamp": int(at * 1000), "executionStatus": "Complete"}
        params = {
            "queryString": settings["queryString"],
            "startTime": int(at - settings["startTimeOffset"]),
            "endTime": int(at - settings.get("endTimeOffset", 0)),
            "logGroupIdentifiers": settings.get("logGroupIdentifiers", []),
        }
        try:
            role = self._assumed(settings["executionRoleArn"], call)
            run["queryId"] = call.request("logs", "StartQuery", params, principal=role)["queryId"]
        except AwsError as error:
            run["executionStatus"] = "InvalidQuery" if error.code == "MalformedQueryException" else "Failed"
            run["errorMessage"] = error.message or error.code
            self._cloud.note("refusal", "logs", query.name, f"scheduled query: {error}", parent=call.trace_id)
            return run
        destinations = settings.get("destinationConfiguration", {})
        told = []
        if "s3Configuration" in destinations:
            told.append(self._to_bucket(query, destinations["s3Configuration"], run["queryId"], call))
        if "lookupTableConfiguration" in destinations:
            told.append(self._to_table(destinations["lookupTableConfiguration"], run["queryId"], call))
        return {**run, **({"destinations": told} if told else {})}

    def _assumed(self, role_arn: str, call: Call) -> Principal:
        if self._cloud.identities.role(role_arn) is None and self._cloud.options.iam == "enforce":
            raise AwsError("AccessDeniedException", f"CloudWatch Logs could not assume {role_arn}", status=403)
        return in_role(self._cloud, role_arn, self._cloud.ids.hex(16))

    def _rows(self, query_id: str) -> list[dict[str, str]]:
        found = self._store.queries[query_id].rows
        return [{each["field"]: each["value"] for each in row if each["field"] != "@ptr"} for row in found]

    def _to_bucket(self, query: ScheduledQuery, where: Mapping[str, Any], query_id: str, call: Call) -> dict[str, Any]:
        uri = where["destinationIdentifier"]
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        key = "/".join(part for part in (prefix.strip("/"), f"{query.name}/{query_id}.json") if part)
        body = json.dumps(self._rows(query_id), separators=(",", ":")).encode()

        def send() -> None:
            params = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": "application/json"}
            call.request("s3", "PutObject", params, principal=self._assumed(where["roleArn"], call))

        return {**_told(send), "destinationType": "S3", "destinationIdentifier": uri, **_done(f"s3://{bucket}/{key}")}

    def _to_table(self, where: Mapping[str, Any], query_id: str, call: Call) -> dict[str, Any]:
        name = where["tableName"]
        known = next((each for each in self._store.lookup_tables.values() if each.name == name), None)

        def send() -> None:
            role = self._assumed(where["roleArn"], call)
            if known is not None:
                params = {"lookupTableArn": known.arn, "tableBody": as_csv(self._rows(query_id))}
                call.request("logs", "UpdateLookupTable", params, principal=role)
                return
            given = {each: where[each] for each in ("description", "kmsKeyId", "tags") if each in where}
            params = {"lookupTableName": name, "tableBody": as_csv(self._rows(query_id)), **given}
            call.request("logs", "CreateLookupTable", params, principal=role)

        return {**_told(send), "destinationType": "LOOKUP_TABLE", "destinationIdentifier": name, **_done(name)}


def _done(processed: str) -> dict[str, Any]:
    return {"processedIdentifier": processed}


def _told(send: Any) -> dict[str, Any]:
    try:
        send()
    except AwsError as error:
        return {"status": "CLIENT_ERROR", "errorMessage": error.message or error.code}
    return {"status": "COMPLETE"}


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows with their columns' names on top."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
