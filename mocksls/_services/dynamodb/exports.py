"""Exports of tables to S3, as they were at a moment or with what changed between two.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import md5
from typing import Any

from mocksls._kernel import paging
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import copies, errors, marshalling, transfer_errors
from mocksls._services.dynamodb.backups import backed_up_table
from mocksls._services.dynamodb.continuous_backups import earliest_moment, recovery_of
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.keys import item_key
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.store import Recovery, Store, Table, Transfer
from mocksls._services.dynamodb.values import Item, item_size

_MAX_LISTED = 25
_TOLD = (
    "ClientToken",
    "S3Bucket",
    "S3BucketOwner",
    "S3Prefix",
    "S3SseKmsKeyId",
    "IncrementalExportSpecification",
    "FilterSpecification",
)


class Exports:
    """The operations on exports."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def export_table_to_point_in_time(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Write a table's items, or the changes of a span, as compressed JSON lines with manifests to S3.

        The answer says IN_PROGRESS; the export is done by the next call.

        Raises: TableNotFoundException, PointInTimeRecoveryUnavailableException, InvalidExportTimeException,
            ExportConflictException, ValidationException, NotImplemented (ION).
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
        """
        known = self._known(request)
        if known is not None:
            return {"ExportDescription": known.description}
        table = backed_up_table(self._store, request["TableArn"])
        recovery = recovery_of(table, call)
        if request.get("ExportFormat") == "ION":
            raise errors.left_out("ExportTableToPointInTime", "ExportFormat ION")
        records = _records(table, recovery, request, call)
        description = _begun(table, request, call)
        transfer = Transfer(description, dict(request))
        self._store.exports[description["ExportArn"]] = transfer
        transfer.description = _written(description, records, call)
        return {"ExportDescription": description}

    def _known(self, request: Mapping[str, Any]) -> Transfer | None:
        token = request.get("ClientToken")
        for transfer in self._store.exports.values():
            if token is not None and transfer.request.get("ClientToken") == token:
                if transfer.request != request:
                    raise transfer_errors.export_conflict()
                return transfer
        return None

    def describe_export(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Describe an export.

        Raises: ExportNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html
        """
        found = self._store.exports.get(request["ExportArn"])
        if found is None:
            raise transfer_errors.export_not_found(request["ExportArn"])
        return {"ExportDescription": found.description}

    def list_exports(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List exports, of all tables or of one.

        Raises: ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html
        """
        wanted = request.get("TableArn")
        found = [
            {name: one.description[name] for name in ("ExportArn", "ExportStatus", "ExportType")}
            for arn, one in sorted(self._store.exports.items())
            if wanted in (None, one.description["TableArn"])
        ]
        shown, token = paging.page(
            found,
            request.get("MaxResults", _MAX_LISTED),
            request.get("NextToken"),
            lambda one: one["ExportArn"],
            lambda: errors.validation("Invalid NextToken"),
        )
        return {"ExportSummaries": shown, "NextToken": token}


def _begun(table: Table, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    now = call.cloud.clock.now().replace(microsecond=0)
    identifier = f"{int(call.cloud.clock.time() * 1000):014d}-{call.cloud.ids.hex(8)}"
    return {
        "ExportArn": f"{table.arn}/export/{identifier}",
        "ExportStatus": "IN_PROGRESS",
        "StartTime": now,
        "TableArn": table.arn,
        "TableId": table.table_id,
        "ExportTime": request.get("ExportTime", now),
        "S3SseAlgorithm": request.get("S3SseAlgorithm", "AES256"),
        "ExportFormat": request.get("ExportFormat", "DYNAMODB_JSON"),
        "ExportType": request.get("ExportType", "FULL_EXPORT"),
        **{name: request[name] for name in _TOLD if name in request},
    }


# -- what is written --------------------------------------------------------------------------------------------------


def _records(table: Table, recovery: Recovery, request: Mapping[str, Any], call: Call) -> list[dict[str, Any]]:
    """The lines of an export.

    Raises: InvalidExportTimeException, ValidationException.
    """
    if request.get("ExportType") == "INCREMENTAL_EXPORT":
        return _changes(table, recovery, request.get("IncrementalExportSpecification", {}), call)
    at = _moment(request.get("ExportTime"), recovery, call)
    items = _filtered(copies.items_at(table, recovery, at), request.get("FilterSpecification", {}))
    return [{"Item": marshalling.item_to_json(item)} for item in items]


def _moment(wanted: datetime | None, recovery: Recovery, call: Call) -> float:
    now = call.cloud.clock.time()
    if wanted is None:
        return now
    second = int(wanted.timestamp())
    if not int(earliest_moment(recovery, call)) <= second <= now:
        raise transfer_errors.invalid_export_time()
    return second + 1 - 1e-6


def _filtered(items: list[Item], given: Mapping[str, Any]) -> list[Item]:
    if not given:
        return items
    scope = Scope(given, ("KeyConditionExpression", "FilterExpression", "ProjectionExpression"))
    tests = [
        condition.test
        for condition in (scope.condition("KeyConditionExpression"), scope.condition("FilterExpression"))
        if condition is not None
    ]
    projection = scope.projection("ProjectionExpression")
    scope.finish()
    kept = [item for item in items if all(test(item) for test in tests)]
    return kept if projection is None else [projection.project(item) for item in kept]


def _changes(table: Table, recovery: Recovery, specification: Mapping[str, Any], call: Call) -> list[dict[str, Any]]:
    """The items that changed from a moment on, up to but without another, as they were and became."""
    if "ExportFromTime" not in specification:
        raise errors.validation("ExportFromTime must be specified for incremental exports")
    start = _moment(specification["ExportFromTime"], recovery, call) - 1
    end = specification["ExportToTime"].timestamp() - 1e-6 if "ExportToTime" in specification else None
    until = call.cloud.clock.time() if end is None else end
    if not start < until <= call.cloud.clock.time():
        raise transfer_errors.invalid_export_time()
    before = {item_key(table.shape, item): item for item in copies.items_at(table, recovery, start)}
    after = {item_key(table.shape, item): item for item in copies.items_at(table, recovery, until)}
    changed: dict[Any, float] = {key: at for at, key, _ in recovery.undo if start < at <= until}
    with_old = specification.get("ExportViewType", "NEW_AND_OLD_IMAGES") == "NEW_AND_OLD_IMAGES"
    return [
        _change(table, before.get(key), after.get(key), at, with_old)
        for key, at in changed.items()
        if before.get(key) != after.get(key)
    ]


def _change(table: Table, old: Item | None, new: Item | None, at: float, with_old: bool) -> dict[str, Any]:
    shown = new or old or {}
    record: dict[str, Any] = {
        "Metadata": {"WriteTimestampMicros": {"N": str(int(at * 1_000_000))}},
        "Keys": marshalling.item_to_json(table.key_of(shown)),
    }
    if old is not None and with_old:
        record["OldImage"] = marshalling.item_to_json(old)
    if new is not None:
        record["NewImage"] = marshalling.item_to_json(new)
    return record


# -- writing it -------------------------------------------------------------------------------------------------------


def _written(begun: Mapping[str, Any], records: list[dict[str, Any]], call: Call) -> dict[str, Any]:
    """The description of an export that is over, well or badly."""
    ended = {**begun, "EndTime": call.cloud.clock.now().replace(microsecond=0)}
    prefix = "AWSDynamoDB/" + begun["ExportArn"].rpartition("/")[2]
    if begun.get("S3Prefix"):
        prefix = f"{begun['S3Prefix']}/{prefix}"
    size = sum(item_size(marshalling.item_from_json(record["Item"])) for record in records if "Item" in record)
    ended |= {"ItemCount": len(records), "BilledSizeBytes": size, "ExportManifest": f"{prefix}/manifest-summary.json"}
    try:
        _write_files(ended, prefix, records, call)
    except AwsError as error:
        failed = {**begun, "EndTime": ended["EndTime"], "ExportStatus": "FAILED"}
        return {**failed, **transfer_errors.failure(error)}
    return {**ended, "ExportStatus": "COMPLETED"}


def _write_files(ended: Mapping[str, Any], prefix: str, records: list[dict[str, Any]], call: Call) -> None:
    def put(name: str, body: bytes) -> str:
        request = {"Bucket": ended["S3Bucket"], "Key": f"{prefix}/{name}", "Body": body}
        etag: str = call.request("s3", "PutObject", request)["ETag"]
        return etag.strip('"')

    def put_with_checksum(name: str, text: str) -> None:
        body = text.encode()
        put(f"{name}.json", body)
        put(f"{name}.md5", base64.b64encode(md5(body, usedforsecurity=False).digest()))

    put("_started", b"")
    body = marshalling.lines(records)
    data = f"data/{call.cloud.ids.alnum(26).lower()}.json.gz"
    etag = put(data, body)
    checksum = base64.b64encode(md5(body, usedforsecurity=False).digest()).decode()
    files = {
        "itemCount": len(records),
        "md5Checksum": checksum,
        "etag": etag,
        "dataFileS3Key": f"{prefix}/{data}",
    }
    put_with_checksum("manifest-files", json.dumps(files, separators=(",", ":")) + "\n")
    put_with_checksum("manifest-summary", json.dumps(_summary(ended, prefix), separators=(",", ":")))


def _summary(ended: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {
        "version": "2020-06-30" if ended["ExportType"] == "FULL_EXPORT" else "2023-08-01",
        "exportArn": ended["ExportArn"],
        "startTime": _iso(ended["StartTime"]),
        "endTime": _iso(ended["EndTime"]),
        "tableArn": ended["TableArn"],
        "tableId": ended["TableId"],
        "exportTime": _iso(ended["ExportTime"]),
        "s3Bucket": ended["S3Bucket"],
        "s3Prefix": ended.get("S3Prefix"),
        "s3SseAlgorithm": ended["S3SseAlgorithm"],
        "s3SseKmsKeyId": ended.get("S3SseKmsKeyId"),
        "manifestFilesS3Key": f"{prefix}/manifest-files.json",
        "billedSizeBytes": ended["BilledSizeBytes"],
        "itemCount": ended["ItemCount"],
        "outputFormat": ended["ExportFormat"],
    }


def _iso(at: datetime) -> str:
    return moment(at.timestamp()).strftime("%Y-%m-%dT%H:%M:%S.000Z")
