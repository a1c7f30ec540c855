"""The settings of event source mappings: what each kind of source has, its defaults and limits.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import errors
from .filters import check_criteria

_STREAM: dict[str, Any] = {
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
_QUEUE: dict[str, Any] = {"BatchSize": 10, "MaximumBatchingWindowInSeconds": 0, "FunctionResponseTypes": []}
_DEFAULTS = {"stream": _STREAM, "queue": _QUEUE}
_SHOWN_WHEN_GIVEN = ("FilterCriteria", "ScalingConfig", "MetricsConfig", "KMSKeyArn", "ProvisionedPollerConfig")
_UNBATCHED = {"stream": 1000, "queue": 10}
_LARGEST = 10_000


def made(request: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The settings of a new mapping."""
    settings = changed(dict(_DEFAULTS[kind]), request, kind)
    if kind == "stream":
        settings["StartingPosition"] = request["StartingPosition"]
    return settings


def changed(settings: Mapping[str, Any], request: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Settings with what a request gives; filters that are none are not shown."""
    names = (*_DEFAULTS[kind], *_SHOWN_WHEN_GIVEN)
    merged = {**settings, **{name: request[name] for name in names if name in request}}
    if not (merged.get("FilterCriteria") or {}).get("Filters"):
        merged.pop("FilterCriteria", None)
    if kind == "stream":
        failure = (merged["DestinationConfig"] or {}).get("OnFailure") or {}
        merged["DestinationConfig"] = {"OnFailure": failure if failure.get("Destination") else {}}
    return {name: value for name, value in merged.items() if value not in ({}, None) or name == "DestinationConfig"}


def check(request: Mapping[str, Any], kind: str, source: str) -> None:
    """What holds for a new mapping.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    if kind == "stream":
        _check_start(request, source)
    elif request.get("DestinationConfig"):
        raise errors.invalid("Unsupported DestinationConfig parameter for given event source mapping type.")
    check_values(request, kind, source, _DEFAULTS[kind])


def check_values(request: Mapping[str, Any], kind: str, source: str, before: Mapping[str, Any]) -> None:
    """What holds for settings that are given.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    check_criteria(request.get("FilterCriteria"))
    size = request.get("BatchSize", before["BatchSize"])
    window = request.get("MaximumBatchingWindowInSeconds", before["MaximumBatchingWindowInSeconds"])
    if size > _UNBATCHED[kind] and kind == "queue" and source.endswith(".fifo"):
        raise errors.invalid(f"Batch size cannot be greater than {_UNBATCHED[kind]} for FIFO queues.")
    if window and source.endswith(".fifo"):
        raise errors.invalid("Batching window is not supported for FIFO queues.")
    if size > _UNBATCHED[kind] and not window:
        raise errors.invalid(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than "
            f"{_UNBATCHED[kind]}"
        )
    if size > _LARGEST:
        raise errors.invalid(f"BatchSize exceeds the maximum of {_LARGEST}")
    if request.get("TumblingWindowInSeconds") and request.get("ParallelizationFactor", 1) > 1:
        raise errors.invalid("Tumbling windows are not supported with a parallelization factor greater than 1.")


def _check_start(request: Mapping[str, Any], source: str) -> None:
    start = request.get("StartingPosition")
    if start is None:
        raise errors.invalid(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
            "Member must not be null."
        )
    if start == "AT_TIMESTAMP":
        raise errors.invalid(f"Unsupported starting position for arn type: {source}")


def lanes(settings: Mapping[str, Any], shard_id: str) -> list[str]:
    """The names under which positions in a shard are kept: one for each batch that may run at the same time."""
    factor = settings.get("ParallelizationFactor", 1)
    return [shard_id] if factor == 1 else [f"{shard_id}/{lane}" for lane in range(factor)]
