"""Queries of Logs Insights, and the definitions that are kept of them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AnalyzingLogData.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import errors
from .insights import compile_query, run_query
from .insights_events import Row, row_of
from .insights_parser import Asked, QueryText
from .insights_strings import text as text_of
from .lookup_tables import rows_of
from .store import LogGroup, Query, Store
from .streams import living

_MOST_GROUPS = 50


class Queries:
    """Operations on queries; one has run when StartQuery answers."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def start_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Search log groups.

        Raises:
            AwsError: ResourceNotFoundException, MalformedQueryException, InvalidParameterException, and NotImplemented
                for other languages than Logs Insights' own.
        """
        if request.get("queryLanguage", "CWLI") != "CWLI":
            text = f"mocksls runs Logs Insights QL only, not {request['queryLanguage']}"
            raise AwsError("NotImplemented", text, status=501, sender=False)
        groups = self._groups(request, call)
        since, until = request["startTime"], request["endTime"]
        if since > until:
            raise errors.invalid("End time should not be before start time")
        now_ms = int(self._cloud.clock.time() * 1000)
        asked = Asked(now_ms, since * 1000, until * 1000, partial(rows_of, self._store))
        query = Query(
            query_id=self._cloud.ids.uuid(),
            text=request["queryString"],
            groups=[group.name for group in groups],
            since=since,
            until=until,
            created=now_ms,
        )
        try:
            commands = compile_query(request["queryString"], asked)
            query.rows = run_query(commands, self._rows(query, groups))[: request.get("limit")]
        except QueryText as error:
            raise errors.malformed_query(str(error)) from None
        query.matched = len(query.rows)
        self._store.queries[query.query_id] = query
        return {"queryId": query.query_id}

    def _groups(self, request: Mapping[str, Any], call: Call) -> list[LogGroup]:
        names = [
            *([request["logGroupName"]] if request.get("logGroupName") else []),
            *request.get("logGroupNames", ()),
            *request.get("logGroupIdentifiers", ()),
        ]
        if not names:
            raise errors.invalid("Specify at least one log group.")
        if len(names) > _MOST_GROUPS:
            raise errors.limit_exceeded()
        found = []
        for given in names:
            name = given.partition(":log-group:")[2].removesuffix(":*") if given.startswith("arn:") else given
            group = self._store.groups.get(name)
            if group is None:
                raise errors.no_queried_group(name, call.account_id, call.request_id)
            found.append(group)
        return found

    def _rows(self, query: Query, groups: list[LogGroup]) -> list[Row]:
        rows = []
        for group in groups:
            for stream in group.streams.values():
                for event in living(group, stream, self._cloud):
                    if query.since * 1000 <= event.timestamp <= query.until * 1000 + 999:
                        rows.append(row_of(group, stream, event))
                        query.scanned += 1
                        query.scanned_bytes += len(event.message.encode())
        return rows

    def get_query_results(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What a query has found.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        query = self._find(request["queryId"])
        return {
            "queryLanguage": "CWLI",
            "results": query.rows,
            "statistics": {
                "recordsMatched": float(query.matched),
                "recordsScanned": float(query.scanned),
                "estimatedRecordsSkipped": 0.0,
                "bytesScanned": float(query.scanned_bytes),
                "estimatedBytesSkipped": 0.0,
                "logGroupsScanned": float(len(query.groups)),
            },
            "status": query.status,
        }

    def stop_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Stop a query; here it has always ended.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        query = self._find(request["queryId"])
        raise errors.invalid(f"Query {query.query_id} is not in a state to be stopped: {query.status}")

    def describe_queries(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Queries of a group, or of a status, the newest first.

        Raises:
            AwsError: InvalidParameterException.
        """
        group, status = request.get("logGroupName"), request.get("status")
        found = [
            query
            for query in reversed(list(self._store.queries.values()))
            if (group is None or group in query.groups) and status in (None, query.status)
        ]
        places = {query.query_id: f"{place:08d}" for place, query in enumerate(found)}
        shown, token = page(
            found,
            request.get("maxResults", 50),
            request.get("nextToken"),
            lambda query: places[query.query_id],
            errors.bad_token,
        )
        return {"queries": [_described(query) for query in shown], "nextToken": token}

    def get_log_record(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All fields of one event, by the ``@ptr`` of a query's result.

        Raises:
            AwsError: InvalidParameterException.
        """
        for group in self._store.groups.values():
            for stream in group.streams.values():
                for event in stream.events:
                    if event.id == request["logRecordPointer"]:
                        return {
                            "logRecord": {name: text_of(value) for name, value in row_of(group, stream, event).items()}
                        }
        raise errors.invalid("The specified log record pointer is invalid.")

    def put_query_definition(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keep a query under a name.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        given = request.get("queryDefinitionId")
        if given is not None and given not in self._store.query_definitions:
            raise errors.no_query()
        definition_id = given or self._cloud.ids.uuid()
        self._store.query_definitions[definition_id] = {
            "queryLanguage": request.get("queryLanguage", "CWLI"),
            "queryDefinitionId": definition_id,
            "name": request["name"],
            "queryString": request["queryString"],
            "lastModified": int(self._cloud.clock.time() * 1000),
            "logGroupNames": list(request.get("logGroupNames", [])),
        }
        return {"queryDefinitionId": definition_id}

    def describe_query_definitions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Kept queries, by name."""
        prefix = request.get("queryDefinitionNamePrefix", "")
        found = [each for each in self._store.query_definitions.values() if each["name"].startswith(prefix)]
        shown, token = page(
            sorted(found, key=lambda each: (each["name"], each["queryDefinitionId"])),
            request.get("maxResults", 1000),
            request.get("nextToken"),
            lambda each: f"{each['name']}\0{each['queryDefinitionId']}",
            errors.bad_token,
        )
        return {"queryDefinitions": shown, "nextToken": token}

    def delete_query_definition(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Forget a kept query.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        if self._store.query_definitions.pop(request["queryDefinitionId"], None) is None:
            raise errors.no_query()
        return {"success": True}

    def _find(self, query_id: str) -> Query:
        query = self._store.queries.get(query_id)
        if query is None:
            raise errors.no_query()
        return query


def _described(query: Query) -> dict[str, Any]:
    span = f"START={query.since}000 END={query.until}999"
    return {
        "queryLanguage": "CWLI",
        "queryId": query.query_id,
        "queryString": f'SOURCE "{query.groups[0]}" {span} | {query.text}',
        "status": query.status,
        "createTime": query.created,
        "logGroupName": query.groups[0],
    }
