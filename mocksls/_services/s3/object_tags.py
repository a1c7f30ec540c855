"""Tags of objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import events, tag_rules
from .buckets import find_bucket
from .store import Store
from .versions import find_to_change, replaced, shown_id


class ObjectTags:
    """Operations on the tags of versions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_object_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Set the tags of a version, in place of all it had.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed, InvalidTag, BadRequest.
        """
        tags = tag_rules.checked(request["Tagging"].get("TagSet") or [], tag_rules.OBJECT)
        return self._retag(request, call, tags, "ObjectTagging:Put", "PUT")

    def get_object_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a version.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed.
        """
        bucket = find_bucket(self._store, request)
        try:
            found = find_to_change(bucket, request, "GET")
        except AwsError as error:
            if error.code == "NoSuchKey":  # AWS names the bucket with it, here alone
                error.members["Key"] = f"{bucket.name}/{request['Key']}"
            raise
        return {"VersionId": shown_id(bucket, found), "TagSet": _tags.to_list(dict(sorted(found.tags.items())))}

    def delete_object_tagging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Remove the tags of a version.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed.
        """
        call.response.status = 204
        return self._retag(request, call, {}, "ObjectTagging:Delete", "DELETE")

    def _retag(
        self, request: Mapping[str, Any], call: Call, tags: dict[str, str], event: str, method: str
    ) -> dict[str, Any]:
        bucket = find_bucket(self._store, request)
        found = find_to_change(bucket, request, method)
        changed = replace(found, tags=tags)
        replaced(bucket, found, changed)
        events.emit(self._cloud, bucket, event, changed, call)
        return {"VersionId": shown_id(bucket, found)}
