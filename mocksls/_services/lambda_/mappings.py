"""Event source mappings: made, described, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.authorise import role_may
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task
from mocksls._kernel.streams import Stream

from . import errors, mapping_settings
from .names import Target, find_function, function_arn, function_named, parse_name, target_of
from .queue_poller import queue_url
from .store import EventSourceMapping, Store, StreamPosition

_STREAM_ACTIONS = (
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
)
_QUEUE_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_REASONS = {"stream": "User action", "queue": "USER_INITIATED"}


class Mappings:
    """Operations on event source mappings."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a function read a DynamoDB stream or an SQS queue.

        Raises:
            AwsError: InvalidParameterValueException, ResourceConflictException.

        Differs: other event sources answer NotImplemented.
        """
        source = request.get("EventSourceArn")
        if not source:
            raise _without_arn(request)
        kind = _kind(source)
        mapping_settings.check(request, kind, source)
        target = self._target(request["FunctionName"], call)
        stream = self._stream(source, request, call) if kind == "stream" else None
        arn = _named_arn(request["FunctionName"], call)
        self._check_new(kind, source, arn)
        if kind == "queue":
            self._check_queue(source, target, call)
        self._check_role(kind, source, target)
        mapping = self._made(request, kind, arn, call)
        self._store.mappings[mapping.uuid] = mapping
        if stream is not None:
            self._watch_stream(mapping, stream, request, call)
        else:
            self._watch_queue(mapping, call)
        if self._cloud.options.compat == "moto":
            return self._shown(mapping)
        return {**self._shown(mapping), "State": "Creating"}

    def _target(self, name: str, call: Call) -> Target:
        named = parse_name(name, call)
        function = function_named(self._store, named, call)
        target = target_of(function, named.qualifier) if function else None
        if target is None:
            raise errors.invalid("Function does not exist")
        return target

    def _stream(self, source: str, request: Mapping[str, Any], call: Call) -> Stream:
        stream = self._cloud.streams.get(source)
        if stream is None:
            raise errors.no_stream(source)
        return stream

    def _check_queue(self, source: str, target: Target, call: Call) -> None:
        """The queue must be there, and hide messages for as long as the function may take."""
        arn = Arn.parse(source)
        assert arn is not None
        if arn.region != call.region:
            raise errors.invalid(f"Unsupported queue region: {arn.region}")
        params = {"QueueUrl": queue_url(arn), "AttributeNames": ["VisibilityTimeout"]}
        try:
            found = call.request("sqs", "GetQueueAttributes", params, internal=True, account_id=arn.account_id)
        except AwsError:
            raise errors.invalid(
                "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
                "SQS Error Message: The specified queue does not exist."
            ) from None
        hidden_s = int(found["Attributes"]["VisibilityTimeout"])
        if hidden_s < target.version.timeout_s and self._cloud.options.compat != "moto":
            raise errors.invalid(
                f"Queue visibility timeout: {hidden_s} seconds is less than Function timeout: "
                f"{target.version.timeout_s} seconds"
            )

    def _check_role(self, kind: str, source: str, target: Target) -> None:
        """The function's role must be allowed to read the source."""
        wanted = _STREAM_ACTIONS if kind == "stream" else _QUEUE_ACTIONS
        for action in wanted:
            if role_may(self._cloud, target.version.role, action, source):
                continue
            if kind == "stream":
                raise errors.unreadable_stream(source)
            operation = action.partition(":")[2]
            raise errors.invalid(f"The provided execution role does not have permissions to call {operation} on SQS")

    def _check_new(self, kind: str, source: str, function: str) -> None:
        for mapping in self._store.mappings.values():
            if mapping.source_arn == source and mapping.function_arn == function:
                exists = errors.mapping_exists if kind == "stream" else errors.queue_mapping_exists
                raise exists(source, function, mapping.uuid)

    def _made(self, request: Mapping[str, Any], kind: str, function: str, call: Call) -> EventSourceMapping:
        uuid = self._cloud.ids.uuid()
        now = self._cloud.clock.time()
        return EventSourceMapping(
            uuid=uuid,
            arn=make_arn("lambda", call.region, call.account_id, f"event-source-mapping:{uuid}"),
            source_arn=request["EventSourceArn"],
            function_arn=function,
            enabled=request.get("Enabled", True),
            last_modified=now,
            created=now,
            settings=mapping_settings.made(request, kind),
            kind=kind,
            tags=dict(request.get("Tags", {})),
        )

    def _watch_stream(
        self, mapping: EventSourceMapping, stream: Stream, request: Mapping[str, Any], call: Call
    ) -> None:
        """Read the stream from its start or its end, now and after each write."""
        for shard in stream.shards:
            at_end = shard.records[-1].sequence if shard.records else shard.first_sequence - 1
            latest = request["StartingPosition"] == "LATEST"
            for lane in mapping_settings.lanes(mapping.settings, shard.shard_id):
                mapping.positions[lane] = StreamPosition(at_end if latest else shard.first_sequence - 1)
        task = Task("lambda", "poll_stream", call.account_id, call.region, {"mapping": mapping.uuid})
        self._cloud.streams.watch(mapping.source_arn, mapping.uuid, task)
        if mapping.enabled:
            self._cloud.router.send_once(task, call)

    def _watch_queue(self, mapping: EventSourceMapping, call: Call) -> None:
        """Read the queue now and at each arrival; what is hidden at the moment is looked for on the clock."""
        task = Task("lambda", "poll_queue", call.account_id, call.region, {"mapping": mapping.uuid})
        self._cloud.arrivals.watch(mapping.source_arn, mapping.uuid, task)
        if mapping.enabled:
            work = {"mapping": mapping.uuid, "hidden": True}
            self._cloud.router.send_once(Task("lambda", "poll_queue", call.account_id, call.region, work), call)

    def get_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One mapping.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return self._shown(self._find(request))

    def list_event_source_mappings(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The mappings of a function, of a source, or all.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = request.get("FunctionName")
        arn = None
        if function is not None:
            find_function(self._store, function, call)
            arn = _named_arn(function, call)
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
        return {"EventSourceMappings": [self._shown(mapping) for mapping in items], "NextMarker": marker}

    def update_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change, enable or disable a mapping.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        mapping = self._find(request)
        mapping_settings.check_values(request, mapping.kind, mapping.source_arn, mapping.settings)
        if "FunctionName" in request:
            self._target(request["FunctionName"], call)
            mapping.function_arn = _named_arn(request["FunctionName"], call)
        mapping.settings = mapping_settings.changed(mapping.settings, request, mapping.kind)
        was = mapping.enabled
        mapping.enabled = request.get("Enabled", was)
        mapping.last_modified = self._cloud.clock.time()
        if mapping.enabled:
            task = "poll_stream" if mapping.kind == "stream" else "poll_queue"
            work = {"mapping": mapping.uuid}
            if mapping.kind == "queue":
                work["hidden"] = True  # type: ignore[assignment]
            self._cloud.router.send_once(Task("lambda", task, call.account_id, call.region, work), call)
        state = "Updating" if was == mapping.enabled else "Enabling" if mapping.enabled else "Disabling"
        return {**self._shown(mapping), "State": state}

    def delete_event_source_mapping(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """End a mapping.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        mapping = self._find(request)
        del self._store.mappings[mapping.uuid]
        self._cloud.streams.unwatch(mapping.source_arn, mapping.uuid)
        self._cloud.arrivals.unwatch(mapping.source_arn, mapping.uuid)
        return {**self._shown(mapping), "State": "Deleting"}

    def _find(self, request: Mapping[str, Any]) -> EventSourceMapping:
        mapping = self._store.mappings.get(request["UUID"])
        if mapping is None:
            raise errors.no_mapping()
        return mapping

    def _shown(self, mapping: EventSourceMapping) -> dict[str, Any]:
        """A mapping as answers show it."""
        start = mapping.settings.get("StartingPositionTimestamp")
        shown = {
            "UUID": mapping.uuid,
            "EventSourceMappingArn": mapping.arn,
            "EventSourceArn": mapping.source_arn,
            "FunctionArn": mapping.function_arn,
            "LastModified": datetime.fromtimestamp(mapping.last_modified, timezone.utc),
            "LastProcessingResult": mapping.last_result if mapping.kind == "stream" else None,
            "State": "Enabled" if mapping.enabled else "Disabled",
            "StateTransitionReason": _REASONS[mapping.kind],
            **mapping.settings,
        }
        return shown if start is None else {**shown, "StartingPositionTimestamp": start}


def _named_arn(name: str, call: Call) -> str:
    named = parse_name(name, call)
    arn = function_arn(named.name, call)
    return f"{arn}:{named.qualifier}" if named.qualifier else arn


def _without_arn(request: Mapping[str, Any]) -> AwsError:
    if request.get("SelfManagedEventSource"):
        text = "mocksls has no self-managed Kafka event sources (see docs/differences-from-aws.md)"
        return AwsError("NotImplemented", text, status=501, sender=False)
    return errors.invalid("Unrecognized event source.")


def _kind(source: str) -> str:
    arn = Arn.parse(source)
    if arn is not None and arn.service == "dynamodb" and "/stream/" in arn.resource:
        return "stream"
    if arn is not None and arn.service == "sqs":
        return "queue"
    if arn is None or arn.service not in ("kinesis", "kafka", "mq", "rds", "docdb-elastic"):
        raise errors.invalid("Unrecognized event source.")
    text = f"mocksls has no event source {source} (see docs/differences-from-aws.md)"
    raise AwsError("NotImplemented", text, status=501, sender=False)
