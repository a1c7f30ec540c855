"""Scan: all items of a table or an index, in the order of their hash keys' places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors, parameters
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.ordering import PLACES, place_of
from mocksls._services.dynamodb.reads import answer_of, read_page, reading, start_of
from mocksls._services.dynamodb.store import Store


class Scans:
    """The operation Scan."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def scan(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Read a table or an index, or one segment of it, a page at a time.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
        """
        parameters.check_not_mixed(request)
        segment, segments = _segment(request)
        read = reading(request, Scope(request, ("FilterExpression", "ProjectionExpression")), self._store, "ScanFilter")
        start = start_of(read, request.get("ExclusiveStartKey"))
        low, high = -(-PLACES * segment // segments), -(-PLACES * (segment + 1) // segments)
        if start is not None and not low <= place_of(start[0]) < high:
            raise errors.validation(
                "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with "
                f"correct Segment. TotalSegments: {segments} Segment: {segment}"
            )
        return answer_of(read, read_page(read, read.ordering.scan(low, high, start)), request, call)


def _segment(request: Mapping[str, Any]) -> tuple[int, int]:
    segment, segments = request.get("Segment"), request.get("TotalSegments")
    if segment is None and segments is None:
        return 0, 1
    if segments is None:
        raise errors.validation(
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is "
            "present"
        )
    if segment is None:
        raise errors.validation(
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is "
            "present"
        )
    if segment >= segments:
        raise errors.validation(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            f"Segment: {segment} is not less than TotalSegments: {segments}"
        )
    return int(segment), int(segments)
