"""What a mapping's failure destination is told of a batch of records that was given up.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.streams import StreamRecord

from .destinations import Destinations, stamp
from .runner import Result
from .stream_records import event_record

if TYPE_CHECKING:
    from .stream_poller import Reading


class StreamReports:
    """Reports to failure destinations."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._destinations = Destinations(cloud)

    def given_up(self, reading: Reading, batch: Sequence[StreamRecord], result: Result) -> None:
        """Report a batch that was tried as often as configured."""
        ran = {
            "statusCode": 200,
            "executedVersion": result.version,
            "functionError": "Unhandled" if result.error else None,
        }
        context = {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": reading.position.attempts}
        self._tell(reading, batch, context, {"responseContext": ran})

    def too_old(self, reading: Reading, batch: Sequence[StreamRecord]) -> None:
        """Report records that were discarded for their age; AWS counts one invocation whether there were any or not."""
        self._tell(reading, batch, {"condition": "RecordAgeExceeded", "approximateInvokeCount": 1}, {})

    def _tell(
        self, reading: Reading, batch: Sequence[StreamRecord], context: dict[str, Any], response: dict[str, Any]
    ) -> None:
        failure = reading.mapping.settings["DestinationConfig"].get("OnFailure") or {}
        place = failure.get("Destination")
        if not place:
            return
        report = self._report(reading, batch, context, response)
        key = None
        if ":s3:" in place:
            records = [event_record(record, reading.mapping.source_arn) for record in batch]
            report["payload"] = json.dumps({"Records": records})
            key = f"aws/lambda/{reading.mapping.uuid}/{reading.shard.shard_id}"
        self._destinations.send(place, reading.target, report, reading.call, key=key)

    def _report(
        self, reading: Reading, batch: Sequence[StreamRecord], context: dict[str, Any], response: dict[str, Any]
    ) -> dict[str, Any]:
        now = self._cloud.clock.now()
        first, last = batch[0], batch[-1]
        return {
            "version": "1.0",
            "timestamp": stamp(now),
            "requestContext": {
                "requestId": self._cloud.ids.uuid(),
                "functionArn": reading.target.arn,
                **context,
            },
            **response,
            "DDBStreamBatchInfo": {
                "shardId": reading.shard.shard_id,
                "startSequenceNumber": str(first.sequence),
                "endSequenceNumber": str(last.sequence),
                "approximateArrivalOfFirstRecord": stamp(datetime.fromtimestamp(first.created, now.tzinfo)),
                "approximateArrivalOfLastRecord": stamp(datetime.fromtimestamp(last.created, now.tzinfo)),
                "batchSize": len(batch),
                "streamArn": reading.mapping.source_arn,
            },
        }
