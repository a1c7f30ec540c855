"""The change streams of tables: opened and closed here, read through the kernel's port."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.streams import Shard, Stream, StreamRecord
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.store import Table
from mocksls._services.dynamodb.values import Item, item_size, same_items

RETENTION_S = 24 * 3600
_FIRST_SEQUENCE = 100000000000000000000
VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


def label_of(arn: str) -> str:
    """The label at the end of a stream's ARN."""
    return arn.rsplit("/stream/", 1)[-1]


def open_stream(table: Table, view: str, call: Call) -> None:
    """Give a table a new stream with one open shard."""
    cloud = call.cloud
    now = cloud.clock.now()
    while cloud.streams.get(arn := f"{table.arn}/stream/{now.strftime('%Y-%m-%dT%H:%M:%S')}.{_millis(now)}"):
        now = datetime.fromtimestamp(now.timestamp() + 0.001, timezone.utc)
    table.stream_sequence = max(table.stream_sequence, _FIRST_SEQUENCE + int(now.timestamp()) * 10**9) + 1
    shard = Shard(f"shardId-{int(now.timestamp() * 1000):020d}-{cloud.ids.hex(8)}", table.stream_sequence)
    attributes: dict[str, Any] = {"TableName": table.name, "KeySchema": table.key_schema, "StreamViewType": view}
    cloud.streams.open(Stream(arn, now.timestamp(), attributes=attributes, shards=[shard]))
    table.stream_arn, table.stream_view, table.stream_shard = arn, view, shard.shard_id
    table.settings["LatestStreamArn"] = arn


def _millis(moment: datetime) -> str:
    return f"{moment.microsecond // 1000:03d}"


def close_stream(table: Table, call: Call) -> None:
    """End a table's stream, if it has one; it stays readable until its records are too old."""
    stream = call.cloud.streams.get(table.stream_arn) if table.stream_arn is not None else None
    if stream is not None:
        stream.enabled = False
        stream.attributes["DisabledAt"] = call.cloud.clock.time()
        stream.shards[-1].ended = table.stream_sequence
    table.stream_arn = table.stream_view = None


def check_specification(specification: dict[str, Any]) -> None:
    """Check the members of a StreamSpecification against each other.

    Raises: ValidationException.
    """
    if specification["StreamEnabled"] and "StreamViewType" not in specification:
        raise errors.invalid("StreamViewType is required when StreamEnabled is true")
    if not specification["StreamEnabled"] and "StreamViewType" in specification:
        raise errors.invalid("StreamViewType cannot be specified when StreamEnabled is false")


def append(table: Table, old: Item | None, new: Item | None, call: Call, by_service: str | None = None) -> None:
    """Write the record of a change; a change that changes nothing leaves none."""
    if old is not None and new is not None and (old is new or same_items(old, new)):
        return
    arn, view = table.stream_arn, table.stream_view
    shown = new if new is not None else old
    if arn is None or view is None or shown is None:
        return
    cloud = call.cloud
    now = cloud.clock.time()
    table.stream_sequence += 1
    keys = table.key_of(shown)
    change: dict[str, Any] = {
        "ApproximateCreationDateTime": datetime.fromtimestamp(int(now), timezone.utc),
        "Keys": keys,
    }
    size = item_size(keys)
    if new is not None and view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
        change["NewImage"] = new
        size += item_size(new)
    if old is not None and view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"):
        change["OldImage"] = old
        size += item_size(old)
    change |= {"SequenceNumber": str(table.stream_sequence), "SizeBytes": size, "StreamViewType": view}
    body = {
        "eventID": cloud.ids.hex(32),
        "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": call.region,
        "dynamodb": change,
    }
    if by_service is not None:
        body["userIdentity"] = {"Type": "Service", "PrincipalId": by_service}
    _trim(arn, now, call)
    cloud.streams.append(arn, table.stream_shard, StreamRecord(table.stream_sequence, now, body), call)


def _trim(arn: str, now: float, call: Call) -> None:
    stream = call.cloud.streams.get(arn)
    if stream is None:
        return
    for shard in stream.shards:
        if shard.records and shard.records[0].created < now - RETENTION_S:
            shard.trim(now - RETENTION_S)
