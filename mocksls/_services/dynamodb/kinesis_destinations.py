"""Kinesis data streams as destinations of a table's changes: settings; no stream is written to.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.names import managed_table
from mocksls._services.dynamodb.store import Store, Table

_PRECISION = "ApproximateCreationDateTimePrecision"
_MAX_DESTINATIONS = 2


class KinesisDestinations:
    """The operations on Kinesis streaming destinations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def enable_kinesis_streaming_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Register a stream as destination; it is ENABLING in this answer and ACTIVE from the next call on.

        Raises: ResourceNotFoundException, ResourceInUseException, LimitExceededException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
        """
        table, arn = self._given(request)
        known = table.destinations.get(arn)
        if known is not None and known["DestinationStatus"] == "ACTIVE":
            raise AwsError(
                "ResourceInUseException",
                f"Table is already in a valid enabled state for the Kinesis stream: tableName: {table.name}, "
                f"streamArn: {arn}",
            )
        active = [one for one in table.destinations.values() if one["DestinationStatus"] == "ACTIVE"]
        if len(active) >= _MAX_DESTINATIONS:
            raise errors.limit_exceeded(
                f"A table can have at most {_MAX_DESTINATIONS} active Kinesis streaming destinations"
            )
        settings = request.get("EnableKinesisStreamingConfiguration", {})
        precision = settings.get(_PRECISION, "MILLISECOND")
        table.destinations[arn] = {"DestinationStatus": "ACTIVE", _PRECISION: precision}
        shown = {"EnableKinesisStreamingConfiguration": settings} if settings else {}
        return {"TableName": table.name, "StreamArn": arn, "DestinationStatus": "ENABLING", **shown}

    def disable_kinesis_streaming_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take a stream off; it stays listed as DISABLED.

        Raises: ResourceNotFoundException, ResourceInUseException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html
        """
        table, arn = self._given(request)
        self._active(table, arn)["DestinationStatus"] = "DISABLED"
        return {"TableName": table.name, "StreamArn": arn, "DestinationStatus": "DISABLING"}

    def update_kinesis_streaming_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change the precision of a destination's timestamps.

        Raises: ResourceNotFoundException, ResourceInUseException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html
        """
        table, arn = self._given(request)
        settings = request.get("UpdateKinesisStreamingConfiguration", {})
        if _PRECISION not in settings:
            raise errors.validation("Streaming destination cannot be updated without a configuration")
        destination = self._active(table, arn)
        if destination[_PRECISION] == settings[_PRECISION]:
            raise errors.validation(
                f"Invalid Request: Precision is already set to the desired value of {settings[_PRECISION]} for "
                f"tableId: {table.table_id}, kdsArn: {arn}"
            )
        destination[_PRECISION] = settings[_PRECISION]
        return {
            "TableName": table.name,
            "StreamArn": arn,
            "DestinationStatus": "UPDATING",
            "UpdateKinesisStreamingConfiguration": settings,
        }

    def describe_kinesis_streaming_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List the destinations of a table, disabled ones too.

        Raises: ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
        """
        table = managed_table(self._store, request["TableName"])
        found = [{"StreamArn": arn, **destination} for arn, destination in table.destinations.items()]
        return {"TableName": table.name, "KinesisDataStreamDestinations": found}

    def _given(self, request: Mapping[str, Any]) -> tuple[Table, str]:
        table = managed_table(self._store, request["TableName"])
        text: str = request["StreamArn"]
        arn = Arn.parse(text)
        if arn is None or arn.service != "kinesis" or not arn.resource.startswith("stream/"):
            raise errors.validation(f"Invalid StreamArn: {text}")
        return table, text

    def _active(self, table: Table, arn: str) -> dict[str, Any]:
        destination = table.destinations.get(arn)
        if destination is None or destination["DestinationStatus"] != "ACTIVE":
            raise AwsError(
                "ResourceInUseException",
                f"Table is not in a valid state to disable Kinesis Streaming Destination: "
                f"KinesisStreamingDestination must be ACTIVE to perform DISABLE operation. tableName: {table.name}, "
                f"streamArn: {arn}",
            )
        return destination
