"""Configurations of detailed metrics for single resources: stored; no further metrics come of them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_CreateResourceMetricsConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import ResourceMetrics, Store


class ResourceMetricsConfigurations:
    """Operations on configurations, one a resource."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_resource_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make the configuration of a resource.

        Raises:
            AwsError: ConflictException.

        Differs: the resource need not exist.
        """
        arn, now = request["ResourceArn"], self._cloud.clock.time()
        if arn in self._store.resource_metrics:
            raise errors.conflict(f"A resource metrics configuration already exists for {arn}.")
        made = ResourceMetrics(arn, now, now, request.get("MetricSelections"))
        self._store.resource_metrics[arn] = made
        return _shown(made)

    def get_resource_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The configuration of a resource.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return _shown(self._required(request))

    def update_resource_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace the metrics that are selected; without a selection all are collected.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        found = self._required(request)
        found.selections, found.updated = request.get("MetricSelections"), self._cloud.clock.time()
        return _shown(found)

    def delete_resource_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete the configuration of a resource.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        del self._store.resource_metrics[self._required(request).arn]
        return {}

    def _required(self, request: Mapping[str, Any]) -> ResourceMetrics:
        found = self._store.resource_metrics.get(request["ResourceArn"])
        if found is None:
            raise errors.no_resource(f"No resource metrics configuration exists for {request['ResourceArn']}.")
        return found


def _shown(found: ResourceMetrics) -> dict[str, Any]:
    return {
        "ResourceMetricsConfiguration": {
            "ResourceArn": found.arn,
            "CreatedAt": datetime.fromtimestamp(found.created, timezone.utc),
            "UpdatedAt": datetime.fromtimestamp(found.updated, timezone.utc),
            "MetricSelections": found.selections,
        }
    }
