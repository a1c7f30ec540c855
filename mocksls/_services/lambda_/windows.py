"""Tumbling windows: state that a function carries from batch to batch, until the window's end.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.streams import Shard, StreamRecord

from .runner import Result
from .store import EventSourceMapping, StreamPosition

_STATE_BYTES = 1_048_576


class Windows:
    """The windows of mappings, by position: its start, end (epoch seconds) and state."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def cut(
        self, mapping: EventSourceMapping, position: StreamPosition, batch: list[StreamRecord]
    ) -> list[StreamRecord]:
        """The records of a batch that lie in the open window, or in the one that the first of them opens.

        No record is left of a batch that lies behind the open window: that has to end first.
        """
        if position.window is None:
            length = mapping.settings["TumblingWindowInSeconds"]
            start = int(batch[0].created) // length * length
            position.window = {"start": start, "end": start + length, "state": {}}
        return [record for record in batch if record.created < position.window["end"]]

    def wait(self, position: StreamPosition) -> float:
        """The seconds until the open window ends."""
        if position.window is None:
            return 0.0
        return max(0.0, float(position.window["end"]) - self._cloud.clock.time())

    def added(
        self,
        mapping: EventSourceMapping,
        position: StreamPosition,
        shard: Shard,
        event: dict[str, Any],
        *,
        final: bool,
    ) -> dict[str, Any]:
        """An event with what it needs of the window, where there is one."""
        window = position.window
        if window is None:
            return event
        return {
            **event,
            "shardId": shard.shard_id,
            "eventSourceARN": mapping.source_arn,
            "window": {"start": _stamp(window["start"]), "end": _stamp(window["end"])},
            "state": window["state"],
            "isFinalInvokeForWindow": final,
            "isWindowTerminatedEarly": window.get("early", False),
        }

    def keep(self, position: StreamPosition, result: Result) -> None:
        """Keep the state that the function returned; one of more than 1 MB ends the window."""
        if position.window is None:
            return
        answer = json.loads(result.payload)
        state = answer.get("state") if isinstance(answer, dict) else None
        early = len(result.payload) > _STATE_BYTES
        end = self._cloud.clock.time() if early else position.window["end"]
        position.window = {**position.window, "state": state or {}, "end": end, "early": early}


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
