"""Amazon S3."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .buckets import Buckets
from .listings import Listings
from .multipart import MultipartUploads
from .notifications import EventDelivery, Notifications
from .objects import Objects
from .policies import BucketPolicies
from .reads import Reads
from .store import Store


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of the partition."""
    kinds = (Buckets, Objects, Reads, Listings, MultipartUploads, Notifications, BucketPolicies)
    return tuple(make(store, cloud) for make in kinds)


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router runs."""
    return (EventDelivery(store, cloud),)


SERVICE = ServiceSpec(
    name="s3",
    store=Store,
    scope="partition",
    resources=resources,
    tasks=tasks,
    actions=ACTIONS,
    needs=needs,
    refusal="s3",
    guards=True,
    anonymous=True,
)
