"""Tags of topics.

https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.tags import from_list, to_list

from . import arns, errors
from .store import Store, Topic

_MOST = 50


class Tags:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Set tags of a topic.

        Raises:
            AwsError: ResourceNotFound, InvalidParameter, TagLimitExceeded.
        """
        topic = self._topic(request, call)
        topic.tags = checked(request["Tags"], topic.tags)
        return {}

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Remove tags of a topic.

        Raises:
            AwsError: ResourceNotFound.
        """
        topic = self._topic(request, call)
        topic.tags = {name: value for name, value in topic.tags.items() if name not in request["TagKeys"]}
        return {}

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a topic.

        Raises:
            AwsError: ResourceNotFound.
        """
        return {"Tags": to_list(self._topic(request, call).tags)}

    def _topic(self, request: Mapping[str, Any], call: Call) -> Topic:
        try:
            return arns.find_topic(self._store, request, call, "ResourceArn")
        except AwsError:
            raise errors.no_resource() from None


def checked(given: Sequence[Mapping[str, Any]], before: Mapping[str, str]) -> dict[str, str]:
    """The tags of a resource after some are set.

    Raises:
        AwsError: InvalidParameter, TagLimitExceeded.
    """
    names = [tag["Key"] for tag in given]
    if len(set(names)) != len(names):
        raise errors.invalid("Duplicated keys are not allowed.")
    if any(name.lower().startswith("aws:") for name in names):
        raise errors.invalid("Tags Reason: aws: prefixed tag key names are not allowed for external use.")
    tags = {**before, **from_list(given)}
    if len(tags) > _MOST:
        raise errors.too_many_tags()
    return tags
