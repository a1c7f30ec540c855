"""Lookup tables: CSV texts by name, for queries to look things up in.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLookupTable.html
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import errors
from .query_schedule import as_csv
from .store import LookupTable, Store

_LISTED = 50
_LARGEST_BYTES = 10 * 1_048_576


class LookupTables:
    """Operations on lookup tables."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_lookup_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a table of a CSV text, or of what a query has found.

        Raises:
            AwsError: InvalidParameterException, ResourceAlreadyExistsException, ValidationException.
        """
        name = request["lookupTableName"]
        arn = make_arn("logs", call.region, call.account_id, f"lookup-table:{name}")
        if arn in self._store.lookup_tables:
            raise AwsError("ResourceAlreadyExistsException", "The specified lookup table already exists.")
        body, now_ms = self._body(request), int(self._cloud.clock.time() * 1000)
        table = LookupTable(name, arn, body, now_ms, request.get("description"), request.get("kmsKeyId"))
        self._store.lookup_tables[arn] = table
        self._store.tags[arn] = dict(request.get("tags", {}))
        return {"lookupTableArn": arn, "createdAt": now_ms}

    def _body(self, request: Mapping[str, Any]) -> str:
        if ("tableBody" in request) == ("queryId" in request):
            raise errors.not_valid("You must specify either tableBody or queryId, but not both.")
        if "queryId" in request:
            query = self._store.queries.get(request["queryId"])
            if query is None:
                raise errors.not_valid(f"The query {request['queryId']} does not exist.")
            rows = [{each["field"]: each["value"] for each in row if each["field"] != "@ptr"} for row in query.rows]
            return as_csv(rows)
        body: str = request["tableBody"]
        if len(body.encode("utf-8", "replace")) > _LARGEST_BYTES:
            raise errors.invalid("The table body must not exceed 10 MB.")
        header, *rows_of = _rows(body)
        if len(set(header)) != len(header) or not all(name.strip() for name in header):
            raise errors.invalid("The first row of the table body must be a header with distinct column names.")
        if any(len(row) != len(header) for row in rows_of):
            raise errors.invalid("Each row of the table body must have as many columns as its header.")
        return body

    def update_lookup_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace a table's content.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException, ValidationException.
        """
        table = self._required(request)
        table.body, table.updated = self._body(request), int(self._cloud.clock.time() * 1000)
        table.description = request.get("description", table.description)
        table.kms_key_id = request.get("kmsKeyId", table.kms_key_id) or None
        return {"lookupTableArn": table.arn, "lastUpdatedTime": table.updated}

    def get_lookup_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A table with its content.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        table = self._required(request)
        return {**_shown(table), "tableBody": table.body}

    def describe_lookup_tables(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tables by prefix, in the order of their names.

        Raises:
            AwsError: InvalidParameterException.
        """
        prefix = request.get("lookupTableNamePrefix", "")
        found = [table for _, table in sorted(self._store.lookup_tables.items()) if table.name.startswith(prefix)]
        limit, given = request.get("maxResults", _LISTED), request.get("nextToken")
        shown, token = page(found, max(limit, 1), given, lambda table: table.name, errors.bad_token)
        tables = []
        for table in shown:
            header, *rows = _rows(table.body)
            tables.append({**_shown(table), "tableFields": header, "recordsCount": len(rows)})
        return {"lookupTables": tables, "nextToken": token}

    def delete_lookup_table(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a table.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        arn = self._required(request).arn
        del self._store.lookup_tables[arn]
        self._store.tags.pop(arn, None)

    def _required(self, request: Mapping[str, Any]) -> LookupTable:
        table = self._store.lookup_tables.get(request["lookupTableArn"])
        if table is None:
            raise errors.not_found("The specified lookup table does not exist.")
        return table


def rows_of(store: Store, name: str) -> list[dict[str, str]] | None:
    """The rows of the table of a name, for the command ``lookup`` of queries; ``None`` if there is no such table."""
    table = next((each for each in store.lookup_tables.values() if each.name == name), None)
    if table is None:
        return None
    header, *rows = _rows(table.body)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _rows(body: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(body.splitlines()) if row] or [[""]]
    except csv.Error as error:
        raise errors.invalid(f"The table body is no CSV: {error}") from None


def _shown(table: LookupTable) -> dict[str, Any]:
    return {
        "lookupTableArn": table.arn,
        "lookupTableName": table.name,
        "description": table.description,
        "sizeBytes": len(table.body.encode("utf-8", "replace")),
        "lastUpdatedTime": table.updated,
        "kmsKeyId": table.kms_key_id,
    }
