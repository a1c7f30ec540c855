"""Tags of scalable targets.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TagResource.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import ScalableTarget, Store


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
        target = self._found(request)
        target.tags = {**target.tags, **request["Tags"]}

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Take tags away.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        target = self._found(request)
        target.tags = {name: value for name, value in target.tags.items() if name not in request["TagKeys"]}

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a scalable target.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return {"Tags": self._found(request).tags}

    def _found(self, request: Mapping[str, Any]) -> ScalableTarget:
        arn = request["ResourceARN"]
        target = next((each for each in self._store.targets.values() if each.arn == arn), None)
        if target is None:
            raise errors.no_resource(arn)
        return target
