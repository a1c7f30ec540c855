"""Wire quirks of CloudWatch Logs, as plain data."""

from __future__ import annotations

from typing import Any

_DELIVERIES = (
    *("PutDeliveryDestination", "GetDeliveryDestination", "DeleteDeliveryDestination", "DescribeDeliveryDestinations"),
    *("PutDeliveryDestinationPolicy", "GetDeliveryDestinationPolicy", "DeleteDeliveryDestinationPolicy"),
    *("PutDeliverySource", "GetDeliverySource", "DeleteDeliverySource", "DescribeDeliverySources"),
    *("CreateDelivery", "GetDelivery", "DeleteDelivery", "DescribeDeliveries"),
)

_SCHEDULED = (
    *("CreateScheduledQuery", "UpdateScheduledQuery", "GetScheduledQuery", "DeleteScheduledQuery"),
    *("ListScheduledQueries", "GetScheduledQueryHistory", "UpdateDeliveryConfiguration"),
)

WIRE: dict[str, Any] = {
    "validation_code": "InvalidParameterException",
    "hidden": ("LogGroupIdentifier",),
    "skip": ("DeleteMetricFilterRequest.logGroupName:max",),
    "validation_codes": dict.fromkeys((*_DELIVERIES, *_SCHEDULED), "ValidationException"),
}
