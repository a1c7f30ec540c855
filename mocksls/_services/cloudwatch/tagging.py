"""Tags of alarms, dashboards, insight rules and metric streams.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import Alarm, Dashboard, InsightRule, MetricStream, MuteRule, Store

Tagged = Alarm | Dashboard | InsightRule | MetricStream | MuteRule


class Tagging:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        tagged = self._required(request)
        tagged.tags = {**tagged.tags, **tags.from_list(request["Tags"])}

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Take tags away.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        tagged = self._required(request)
        tagged.tags = {name: value for name, value in tagged.tags.items() if name not in request["TagKeys"]}

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a resource; one that is not there has none."""
        tagged = find_tagged(self._store, request["ResourceARN"])
        return {"Tags": tags.to_list(tagged.tags) if tagged else []}

    def _required(self, request: Mapping[str, Any]) -> Tagged:
        tagged = find_tagged(self._store, request["ResourceARN"])
        if tagged is None:
            raise errors.no_resource("Unknown")
        return tagged


def find_tagged(store: Store, arn: str) -> Tagged | None:
    """What an ARN names, if it is there."""
    resource = ":".join(arn.split(":")[5:])
    if resource.startswith("alarm:"):
        return store.alarms.get(resource.removeprefix("alarm:"))
    if resource.startswith("alarm-mute-rule:"):
        return store.mute_rules.get(resource.removeprefix("alarm-mute-rule:"))
    kind, _, name = resource.partition("/")
    if kind == "dashboard":
        return store.dashboards.get(name)
    if kind == "insight-rule":
        return store.insight_rules.get(name)
    return store.streams.get(name) if kind == "metric-stream" else None
