"""Configurations of which a bucket has several, each with an id: analytics, inventories, metrics, tiering.

They are kept and shown; nothing is reported and no object moves by them.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import errors
from .buckets import find_bucket
from .store import Bucket, Store

_MOST = 1000
_PAGE = 100


class _Kind(NamedTuple):
    member: str
    many: str


_ANALYTICS = _Kind("AnalyticsConfiguration", "AnalyticsConfigurationList")
_INVENTORY = _Kind("InventoryConfiguration", "InventoryConfigurationList")
_METRICS = _Kind("MetricsConfiguration", "MetricsConfigurationList")
_TIERING = _Kind("IntelligentTieringConfiguration", "IntelligentTieringConfigurationList")


class Configurations:
    """Operations on these configurations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_analytics_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Keep one. Raises: NoSuchBucket, InvalidArgument, TooManyConfigurations."""
        self._put(_ANALYTICS, request)

    def get_bucket_analytics_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show one. Raises: NoSuchBucket, NoSuchConfiguration."""
        return self._get(_ANALYTICS, request)

    def delete_bucket_analytics_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Forget one. Raises: NoSuchBucket, NoSuchConfiguration."""
        self._delete(_ANALYTICS, request, call)

    def list_bucket_analytics_configurations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show all, in pages of 100. Raises: NoSuchBucket, InvalidArgument."""
        return self._list(_ANALYTICS, request)

    def put_bucket_inventory_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Keep one. Raises: NoSuchBucket, InvalidArgument, TooManyConfigurations."""
        self._put(_INVENTORY, request)

    def get_bucket_inventory_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show one. Raises: NoSuchBucket, NoSuchConfiguration."""
        return self._get(_INVENTORY, request)

    def delete_bucket_inventory_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Forget one. Raises: NoSuchBucket, NoSuchConfiguration."""
        self._delete(_INVENTORY, request, call)

    def list_bucket_inventory_configurations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show all, in pages of 100. Raises: NoSuchBucket, InvalidArgument."""
        return self._list(_INVENTORY, request)

    def put_bucket_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Keep one. Raises: NoSuchBucket, InvalidArgument, TooManyConfigurations."""
        self._put(_METRICS, request)
        call.response.status = 204

    def get_bucket_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show one. Raises: NoSuchBucket, NoSuchConfiguration."""
        return self._get(_METRICS, request)

    def delete_bucket_metrics_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Forget one. Raises: NoSuchBucket, NoSuchConfiguration."""
        self._delete(_METRICS, request, call)

    def list_bucket_metrics_configurations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show all, in pages of 100. Raises: NoSuchBucket, InvalidArgument."""
        return self._list(_METRICS, request)

    def put_bucket_intelligent_tiering_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Keep one. Raises: NoSuchBucket, InvalidArgument, TooManyConfigurations."""
        self._put(_TIERING, request)

    def get_bucket_intelligent_tiering_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show one. Raises: NoSuchBucket, NoSuchConfiguration."""
        return self._get(_TIERING, request)

    def delete_bucket_intelligent_tiering_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Forget one. Raises: NoSuchBucket, NoSuchConfiguration."""
        self._delete(_TIERING, request, call)

    def list_bucket_intelligent_tiering_configurations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show all, in pages of 100. Raises: NoSuchBucket, InvalidArgument."""
        return self._list(_TIERING, request)

    def _kept(self, kind: _Kind, request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        bucket: Bucket = find_bucket(self._store, request)
        return bucket.lists.setdefault(kind.member, {})

    def _put(self, kind: _Kind, request: Mapping[str, Any]) -> None:
        kept = self._kept(kind, request)
        given = request[kind.member]
        if given.get("Id") != request["Id"] and self._cloud.options.compat != "moto":
            raise errors.malformed_xml()
        if len(kept) >= _MOST and given["Id"] not in kept:
            text = (
                "You are attempting to create a new configuration but have already reached the 1,000-configuration "
                "limit."
            )
            raise AwsError("TooManyConfigurations", text, status=400)
        kept[given["Id"]] = given

    def _get(self, kind: _Kind, request: Mapping[str, Any]) -> dict[str, Any]:
        found = self._kept(kind, request).get(request["Id"])
        if found is None:
            raise _none()
        return {kind.member: found}

    def _delete(self, kind: _Kind, request: Mapping[str, Any], call: Call) -> None:
        if self._kept(kind, request).pop(request["Id"], None) is None:
            raise _none()
        call.response.status = 204

    def _list(self, kind: _Kind, request: Mapping[str, Any]) -> dict[str, Any]:
        items = [each for _, each in sorted(self._kept(kind, request).items())]
        token = request.get("ContinuationToken")
        shown, following = page(items, _PAGE, token, lambda each: str(each["Id"]), errors.bad_token)
        return {
            "IsTruncated": following is not None,
            "ContinuationToken": token,
            "NextContinuationToken": following,
            kind.many: shown,
        }


def _none() -> AwsError:
    return AwsError("NoSuchConfiguration", "The specified configuration does not exist.", status=404)
