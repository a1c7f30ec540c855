"""Imports of S3 objects into new tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.HowItWorks.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mocksls._kernel import paging
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors, marshalling, transfer_errors
from mocksls._services.dynamodb.item_writes import Write, putting
from mocksls._services.dynamodb.names import plain_name
from mocksls._services.dynamodb.store import Store, Table, Transfer
from mocksls._services.dynamodb.tables import defined_table
from mocksls._services.dynamodb.values import Item, checked_item
from mocksls._services.dynamodb.writes import carry_out

_MAX_LISTED = 25
_LOG_GROUP = "/aws-dynamodb/imports"
_TOLD = (
    "ClientToken",
    "S3BucketSource",
    "InputFormat",
    "InputFormatOptions",
    "InputCompressionType",
    "TableCreationParameters",
)


class Imports:
    """The operations on imports."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def import_table(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a table of what objects in S3 hold: DynamoDB JSON or CSV, plain or compressed by gzip.

        The answer says IN_PROGRESS; the import is done by the next call.

        Raises: ResourceInUseException, ValidationException, IdempotentParameterMismatchException,
            NotImplemented (ION, ZSTD).
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html
        """
        known = self._known(request)
        if known is not None:
            return {"ImportTableDescription": known.description}
        for member, value in (("InputFormat", "ION"), ("InputCompressionType", "ZSTD")):
            if request.get(member) == value:
                raise errors.left_out("ImportTable", f"{member} {value}")
        name = plain_name(request["TableCreationParameters"]["TableName"])
        table = defined_table(name, request["TableCreationParameters"], call)
        if name in self._store.tables:
            raise errors.table_exists(name)
        description = _begun(table, request, call)
        transfer = Transfer(description, dict(request))
        self._store.imports[description["ImportArn"]] = transfer
        self._store.tables[name] = table
        transfer.description = self._carried_out(table, description, call)
        return {"ImportTableDescription": description}

    def _known(self, request: Mapping[str, Any]) -> Transfer | None:
        token = request.get("ClientToken")
        for transfer in self._store.imports.values():
            if token is not None and transfer.request.get("ClientToken") == token:
                if transfer.request != request:
                    raise errors.idempotent_parameter_mismatch()
                return transfer
        return None

    def _carried_out(self, table: Table, begun: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The description of an import that is over; a table without a source goes again."""
        ended = {**begun, "EndTime": call.cloud.clock.now().replace(microsecond=0)}
        try:
            bodies = list(_bodies(begun["S3BucketSource"], call))
        except AwsError as error:
            del self._store.tables[table.name]
            return {**ended, "ImportStatus": "FAILED", **transfer_errors.failure(error)}
        count, bad, size = 0, [], 0
        for key, body in bodies:
            size += len(body)
            for position, item in enumerate(_items(body, begun, table)):
                count += 1
                if not _put(table, item, call):
                    bad.append({"s3Key": key, "itemIndex": position})
        ended |= {
            "ProcessedSizeBytes": size,
            "ProcessedItemCount": count,
            "ImportedItemCount": count - len(bad),
            "ErrorCount": len(bad),
            "ImportStatus": "FAILED" if bad else "COMPLETED",
        }
        if bad:
            _log(begun["ImportArn"], bad, call)
            ended |= {
                "FailureCode": "ItemValidationError",
                "FailureMessage": "Some of the items failed validation checks. Please check CloudWatch error logs for "
                "more details.",
            }
        return ended

    def describe_import(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Describe an import.

        Raises: ImportNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html
        """
        found = self._store.imports.get(request["ImportArn"])
        if found is None:
            raise transfer_errors.import_not_found(request["ImportArn"])
        return {"ImportTableDescription": found.description}

    def list_imports(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List imports, into all tables or into one.

        Raises: ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html
        """
        wanted = request.get("TableArn")
        names = (
            "ImportArn",
            "ImportStatus",
            "TableArn",
            "S3BucketSource",
            "CloudWatchLogGroupArn",
            "InputFormat",
            "StartTime",
            "EndTime",
        )
        found = [
            {name: one.description.get(name) for name in names}
            for arn, one in sorted(self._store.imports.items())
            if wanted in (None, one.description["TableArn"])
        ]
        shown, token = paging.page(
            found,
            request.get("PageSize", _MAX_LISTED),
            request.get("NextToken"),
            lambda one: str(one["ImportArn"]),
            lambda: errors.validation("Invalid NextToken"),
        )
        return {"ImportSummaryList": shown, "NextToken": token}


def _begun(table: Table, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    identifier = f"{int(call.cloud.clock.time() * 1000):014d}-{call.cloud.ids.hex(8)}"
    return {
        "ImportArn": f"{table.arn}/import/{identifier}",
        "ImportStatus": "IN_PROGRESS",
        "TableArn": table.arn,
        "TableId": table.table_id,
        "CloudWatchLogGroupArn": make_arn("logs", call.region, call.account_id, f"log-group:{_LOG_GROUP}:*"),
        "StartTime": call.cloud.clock.now().replace(microsecond=0),
        "InputCompressionType": "NONE",
        **{name: request[name] for name in _TOLD if name in request},
    }


def _bodies(source: Mapping[str, Any], call: Call) -> Iterator[tuple[str, bytes]]:
    """The objects under a prefix, with their contents."""
    where = {"Bucket": source["S3Bucket"]}
    wanted = {**where, "Prefix": source.get("S3KeyPrefix", "")}
    while True:
        page = call.request("s3", "ListObjectsV2", wanted)
        for listed in page.get("Contents", ()):
            yield listed["Key"], call.request("s3", "GetObject", {**where, "Key": listed["Key"]})["Body"]
        if not page.get("IsTruncated"):
            return
        wanted = {**wanted, "ContinuationToken": page["NextContinuationToken"]}


def _items(body: bytes, begun: Mapping[str, Any], table: Table) -> Iterator[Item | None]:
    try:
        content = marshalling.decompressed(body, begun["InputCompressionType"])
    except ValueError:
        yield None
        return
    if begun["InputFormat"] == "CSV":
        options = begun.get("InputFormatOptions", {}).get("Csv", {})
        yield from marshalling.csv_items(content, options, table.attribute_types)
    else:
        yield from marshalling.json_items(content)


def _put(table: Table, item: Item | None, call: Call) -> bool:
    """Whether an item could be written."""
    if item is None:
        return False
    try:
        checked, size = checked_item(item)
        write = Write(checked, size, change=putting)
        carry_out(write.plan(write.target(table)), call)
    except AwsError:
        return False
    return True


def _log(arn: str, bad: list[dict[str, Any]], call: Call) -> None:
    """Tell CloudWatch Logs of the items that could not be written."""
    by = Principal.service("dynamodb.amazonaws.com", call.account_id)
    stream = f"import-{arn.rpartition('/')[2]}/error"
    where = {"logGroupName": _LOG_GROUP, "logStreamName": stream}
    at = int(call.cloud.clock.time() * 1000)
    events = [{"timestamp": at, "message": json.dumps({"itemS3Pointer": one, "importArn": arn})} for one in bad]
    try:
        call.request("logs", "CreateLogGroup", {"logGroupName": _LOG_GROUP}, principal=by, internal=True)
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise
    call.request("logs", "CreateLogStream", where, principal=by, internal=True)
    call.request("logs", "PutLogEvents", {**where, "logEvents": events}, principal=by, internal=True)
