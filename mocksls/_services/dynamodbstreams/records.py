"""Iterators, and the records that they lead to."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from mocksls._kernel.call import Call
from mocksls._kernel.streams import Shard, Stream
from mocksls._services.dynamodbstreams import errors
from mocksls._services.dynamodbstreams.streams import RETENTION_S, found_stream

_ITERATOR_S = 15 * 60
_MAX_RECORDS = 1000
_SEQUENCED = ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER")


class _Iterator(NamedTuple):
    """A place in a shard: behind the record of a sequence number."""

    arn: str
    shard_id: str
    after: int
    made: float

    def text(self) -> str:
        """The iterator as clients see it: an ARN, a bar, and something opaque."""
        opaque = json.dumps([self.shard_id, self.after, self.made]).encode()
        return f"{self.arn}|1|{base64.b64encode(opaque).decode()}"

    @classmethod
    def read(cls, text: str) -> _Iterator:
        """The place that an iterator names.

        Raises: ValidationException.
        """
        arn, _, opaque = text.partition("|1|")
        try:
            shard_id, after, made = json.loads(base64.b64decode(opaque, validate=True))
            return cls(arn, str(shard_id), int(after), float(made))
        except (binascii.Error, ValueError, TypeError):
            raise errors.invalid_iterator() from None


class Records:
    """The operations on records."""

    def get_shard_iterator(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make an iterator; it lives for fifteen minutes and can be read again.

        Raises: ResourceNotFoundException, TrimmedDataAccessException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
        """
        stream = found_stream(request["StreamArn"], call)
        shard = _shard(stream, request["ShardId"])
        now = call.cloud.clock.time()
        shard.trim(now - RETENTION_S)
        place = _Iterator(stream.arn, shard.shard_id, _start(shard, request), now)
        return {"ShardIterator": place.text()}

    def get_records(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Read records from an iterator on; an open shard always gives the next iterator.

        Raises: ExpiredIteratorException, ResourceNotFoundException, TrimmedDataAccessException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
        """
        limit = _limit(request)
        place = _Iterator.read(request["ShardIterator"])
        stream = found_stream(place.arn, call)
        shard = _shard(stream, place.shard_id)
        now = call.cloud.clock.time()
        if place.made < now - _ITERATOR_S:
            raise errors.expired_iterator()
        shard.trim(now - RETENTION_S)
        if place.after < shard.trimmed:
            raise errors.trimmed()
        records = shard.after(place.after, limit)
        last = records[-1].sequence if records else place.after
        answer: dict[str, Any] = {"Records": [record.body for record in records]}
        if shard.ended is None or shard.after(last, 1):
            answer["NextShardIterator"] = place._replace(after=last, made=now).text()
        return answer


def _shard(stream: Stream, shard_id: str) -> Shard:
    for shard in stream.shards:
        if shard.shard_id == shard_id:
            return shard
    raise errors.shard_not_found(shard_id, stream.arn)


def _limit(request: Mapping[str, Any]) -> int:
    limit: int = request.get("Limit", _MAX_RECORDS)
    if limit > _MAX_RECORDS:
        raise errors.validation(
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
            f"Member must have value less than or equal to {_MAX_RECORDS}"
        )
    return limit


def _start(shard: Shard, request: Mapping[str, Any]) -> int:
    """The sequence number behind which an iterator of the wanted type stands."""
    kind = request["ShardIteratorType"]
    horizon = max(shard.first_sequence - 1, shard.trimmed)
    if kind in _SEQUENCED:
        return _numbered_start(shard, kind, request.get("SequenceNumber"))
    if kind == "LATEST":
        return shard.records[-1].sequence if shard.records else max(shard.first_sequence, shard.trimmed)
    if kind == "AT_TIMESTAMP":
        moment = request["Timestamp"].timestamp() if "Timestamp" in request else 0.0
        earlier = [record.sequence for record in shard.records if record.created < moment]
        return earlier[-1] if earlier else horizon
    return horizon


def _numbered_start(shard: Shard, kind: str, number: str | None) -> int:
    if number is None or not number.isdecimal():
        raise errors.validation(f"SequenceNumber must be specified for ShardIteratorType {kind}")
    sequence = int(number)
    if sequence < shard.first_sequence or sequence <= shard.trimmed:
        raise errors.trimmed()
    return sequence - 1 if kind == "AT_SEQUENCE_NUMBER" else sequence
