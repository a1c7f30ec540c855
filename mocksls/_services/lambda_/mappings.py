"""Event source mappings: made, described, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import role_may
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task
from mocksls._kernel.streams import Stream

from . import errors
from .names import find_function, function_arn, parse_name
from .store import EventSourceMapping, Store, StreamPosition

_STREAM_DEFAULTS: dict[str, Any] = {
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": 0,
    "ParallelizationFactor": 1,
    "DestinationConfig": {"OnFailure": {}},
    "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": False,
    "MaximumRetryAttempts": -1,
    "TumblingWindowInSeconds": 0,
    "FunctionResponseTypes": [],
}
_SETTABLE = tuple(_STREAM_DEFAULTS)


_READING = ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")


class Mappings:
    """Operations on event source mappings."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a function read a DynamoDB stream.

        Raises:
            AwsError: InvalidParameterValueException, ResourceConflictException.

        Differs: other event sources and filter criteria answer NotImplemented.
        """
        _refuse_what_is_missing(request)
        source = request.get("EventSourceArn")
        if not source:
            raise errors.invalid("Unrecognized event source.")
        named = parse_name(request["FunctionName"], call)
        if named.name not in self._store.functions:
            raise errors.invalid("Function does not exist")
        stream = self._stream(source)
        _check_start(request, source)
        arn = function_arn(named.name, call)
        self._check_role(self._store.functions[named.name].role, source)
        self._check_new(source, arn)
        mapping = self._made(request, source, arn, call)
        self._store.mappings[mapping.uuid] = mapping
        self._watch(mapping, stream, request["StartingPosition"], call)
        return {**shown(mapping), "State": "Creating", "StateTransitionReason": "User action"}

    def _stream(self, source: str) -> Stream:
        if ":dynamodb:" not in source or "/stream/" not in source:
            raise AwsError("NotImplemented", f"mocksls has no event source {source} yet", status=501, sender=False)
        stream = self._cloud.streams.get(source)
        if stream is None:
            raise errors.no_stream(source)
        return stream

    def _check_role(self, role: str, source: str) -> None:
        """The function's role must be able to read the stream."""
        if not all(role_may(self._cloud, role, f"dynamodb:{action}", source) for action in _READING):
            raise errors.unreadable_stream(source)

    def _check_new(self, source: str, function: str) -> None:
        for mapping in self._store.mappings.values():
            if mapping.source_arn == source and mapping.function_arn == function:
                raise errors.mapping_exists(source, function, mapping.uuid)

    def _made(self, request: Mapping[str, Any], source: str, function: str, call: Call) -> EventSourceMapping:
        uuid = self._cloud.ids.uuid()
        settings = {**_STREAM_DEFAULTS, **{name: request[name] for name in _SETTABLE if name in request}}
        settings["StartingPosition"] = request["StartingPosition"]
        now = self._cloud.clock.time()
        return EventSourceMapping(
            uuid=uuid,
            arn=make_arn("lambda", call.region, call.account_id, f"event-source-mapping:{uuid}"),
            source_arn=source,
            function_arn=function,
            enabled=request.get("Enabled", True),
            last_modified=now,
            created=now,
            settings=settings,
            tags=dict(request.get("Tags", {})),
        )

    def _watch(self, mapping: EventSourceMapping, stream: Stream, start: str, call: Call) -> None:
        """Read the stream from its start or its end, now and after each write."""
        for shard in stream.shards:
            at_end = shard.records[-1].sequence if shard.records and start == "LATEST" else shard.first_sequence - 1
            mapping.positions[shard.shard_id] = StreamPosition(at_end)
        task = Task("lambda", "poll_stream", call.account_id, call.region, {"mapping": mapping.uuid})
        self._cloud.streams.watch(mapping.source_arn, mapping.uuid, task)
        if mapping.enabled:
            self._cloud.router.send_once(task, call)

    def get_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One mapping.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return shown(self._find(request))

    def list_event_source_mappings(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The mappings of a function, of a source, or all."""
        function = request.get("FunctionName")
        arn = function_arn(parse_name(function, call).name, call) if function else None
        if arn is not None and function is not None:
            find_function(self._store, function, call)
        source = request.get("EventSourceArn")
        found = [
            mapping
            for mapping in sorted(self._store.mappings.values(), key=lambda each: each.uuid)
            if arn in (None, mapping.function_arn) and source in (None, mapping.source_arn)
        ]
        items, marker = page(
            found,
            request.get("MaxItems", 100),
            request.get("Marker"),
            lambda mapping: mapping.uuid,
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"EventSourceMappings": [shown(mapping) for mapping in items], "NextMarker": marker}

    def update_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change, enable or disable a mapping.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        mapping = self._find(request)
        _refuse_what_is_missing(request)
        if "FunctionName" in request:
            name = parse_name(request["FunctionName"], call).name
            if name not in self._store.functions:
                raise errors.invalid("Function does not exist")
            mapping.function_arn = function_arn(name, call)
        mapping.settings = {**mapping.settings, **{name: request[name] for name in _SETTABLE if name in request}}
        was = mapping.enabled
        mapping.enabled = request.get("Enabled", was)
        mapping.last_modified = self._cloud.clock.time()
        stream = self._cloud.streams.get(mapping.source_arn)
        if mapping.enabled and stream is not None:
            self._cloud.router.send_once(stream.watchers[mapping.uuid], call)
        state = "Updating" if was == mapping.enabled else "Enabling" if mapping.enabled else "Disabling"
        return {**shown(mapping), "State": state}

    def delete_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """End a mapping.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        mapping = self._find(request)
        del self._store.mappings[mapping.uuid]
        self._cloud.streams.unwatch(mapping.source_arn, mapping.uuid)
        return {**shown(mapping), "State": "Deleting"}

    def _find(self, request: Mapping[str, Any]) -> EventSourceMapping:
        mapping = self._store.mappings.get(request["UUID"])
        if mapping is None:
            raise errors.no_mapping()
        return mapping


def shown(mapping: EventSourceMapping) -> dict[str, Any]:
    """A mapping as answers show it."""
    return {
        "UUID": mapping.uuid,
        "EventSourceMappingArn": mapping.arn,
        "EventSourceArn": mapping.source_arn,
        "FunctionArn": mapping.function_arn,
        "LastModified": mapping.last_modified,
        "LastProcessingResult": mapping.last_result,
        "State": "Enabled" if mapping.enabled else "Disabled",
        "StateTransitionReason": "User action",
        **mapping.settings,
    }


def _refuse_what_is_missing(request: Mapping[str, Any]) -> None:
    if (request.get("FilterCriteria") or {}).get("Filters"):
        raise AwsError("NotImplemented", "mocksls has no FilterCriteria yet", status=501, sender=False)
    window = request.get("MaximumBatchingWindowInSeconds")
    if request.get("BatchSize", 0) > 1000 and not window:
        raise errors.invalid(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 1000"
        )


def _check_start(request: Mapping[str, Any], source: str) -> None:
    start = request.get("StartingPosition")
    if start is None:
        raise errors.invalid(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
            "Member must not be null."
        )
    if start == "AT_TIMESTAMP":
        raise errors.invalid(f"Unsupported starting position for arn type: {source}")
