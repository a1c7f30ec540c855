"""Streams and their shards, listed and described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.streams import Shard, Stream
from mocksls._services.dynamodbstreams import errors

RETENTION_S = 24 * 3600
_MAX_LISTED = 100


class Streams:
    """The operations on streams."""

    def list_streams(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List the streams of the account and region, or of one table.

        Raises: ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
        """
        streams = sorted(own_streams(call), key=lambda stream: stream.arn)
        table = request.get("TableName")
        if table is not None:
            streams = [stream for stream in streams if stream.attributes["TableName"] == table]
        start = request.get("ExclusiveStartStreamArn")
        if start is not None:
            check_arn(start)
            streams = [stream for stream in streams if stream.arn > start]
        limit = _limit(request)
        answer: dict[str, Any] = {"Streams": [_summary(stream) for stream in streams[:limit]]}
        if len(streams) > limit:
            answer["LastEvaluatedStreamArn"] = streams[limit - 1].arn
        return answer

    def describe_stream(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Describe a stream and its shards, a page at a time.

        Raises: ResourceNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
        """
        stream = found_stream(request["StreamArn"], call)
        shards = _filtered(stream.shards, request.get("ShardFilter"))
        start = request.get("ExclusiveStartShardId")
        if start is not None:
            shards = [shard for shard in shards if shard.shard_id > start]
        limit = _limit(request)
        description: dict[str, Any] = {
            "StreamArn": stream.arn,
            "StreamLabel": _label(stream),
            "StreamStatus": "ENABLED" if stream.enabled else "DISABLED",
            "StreamViewType": stream.attributes["StreamViewType"],
            "CreationRequestDateTime": datetime.fromtimestamp(stream.created, timezone.utc),
            "TableName": stream.attributes["TableName"],
            "KeySchema": stream.attributes["KeySchema"],
            "Shards": [_shard(shard) for shard in shards[:limit]],
        }
        if len(shards) > limit:
            description["LastEvaluatedShardId"] = shards[limit - 1].shard_id
        return {"StreamDescription": description}


def own_streams(call: Call) -> list[Stream]:
    """The DynamoDB streams of the caller's account and region that are still readable."""
    prefix = f":dynamodb:{call.region}:{call.account_id}:table/"
    return [stream for stream in call.cloud.streams.all() if prefix in stream.arn and _readable(stream, call)]


def _readable(stream: Stream, call: Call) -> bool:
    ended = stream.attributes.get("DisabledAt")
    return ended is None or ended > call.cloud.clock.time() - RETENTION_S


def found_stream(arn: str, call: Call) -> Stream:
    """The stream of an ARN.

    Raises: ResourceNotFoundException, ValidationException.
    """
    check_arn(arn)
    stream = call.cloud.streams.get(arn)
    if stream is None or not _readable(stream, call):
        raise errors.stream_not_found(arn)
    return stream


def check_arn(text: str) -> None:
    """Check that a text is a stream's ARN.

    Raises: ValidationException.
    """
    arn = Arn.parse(text)
    if arn is None or arn.service != "dynamodb" or "/stream/" not in arn.resource:
        raise errors.invalid_arn(text)


def _limit(request: Mapping[str, Any]) -> int:
    limit: int = request.get("Limit", _MAX_LISTED)
    if limit > _MAX_LISTED:
        raise errors.validation(
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
            f"Member must have value less than or equal to {_MAX_LISTED}"
        )
    return limit


def _filtered(shards: Sequence[Shard], shard_filter: Mapping[str, Any] | None) -> list[Shard]:
    if shard_filter is None:
        return list(shards)
    kind, parent = shard_filter.get("Type"), shard_filter.get("ShardId")
    if kind is None or parent is None:
        raise errors.validation("ShardFilter requires Type and ShardId")
    return [shard for shard in shards if shard.parent_shard_id == parent]


def _label(stream: Stream) -> str:
    return stream.arn.rsplit("/stream/", 1)[-1]


def _summary(stream: Stream) -> dict[str, Any]:
    return {"StreamArn": stream.arn, "TableName": stream.attributes["TableName"], "StreamLabel": _label(stream)}


def _shard(shard: Shard) -> dict[str, Any]:
    numbers = {"StartingSequenceNumber": str(shard.first_sequence)}
    if shard.ended is not None:
        numbers["EndingSequenceNumber"] = str(shard.ended)
    return {"ShardId": shard.shard_id, "SequenceNumberRange": numbers, "ParentShardId": shard.parent_shard_id}
