"""Amazon S3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Later, ServiceSpec

from . import access_logs, cors, plain_http
from .access_logs import AccessLogs
from .acls import AccessControl
from .actions import ACTIONS
from .annotations import Annotations
from .authorisation import needs
from .buckets import Buckets
from .configurations import Configurations
from .copies import Copies
from .delivery import EventDelivery
from .encryption import Encryption
from .lifecycle import Aging, Lifecycle
from .listings import Listings
from .locks import Locks
from .multipart import MultipartUploads
from .notifications import Notifications
from .object_tags import ObjectTags
from .objects import Objects
from .policies import BucketPolicies
from .reads import Reads
from .replication import Replicating, Replication
from .restores import Restores, Restoring
from .settings import Settings
from .store import Store
from .version_listings import VersionListings
from .wire import WIRE

_RESOURCES = (
    AccessControl,
    Annotations,
    BucketPolicies,
    Buckets,
    Configurations,
    Copies,
    Encryption,
    Lifecycle,
    Listings,
    Locks,
    MultipartUploads,
    Notifications,
    ObjectTags,
    Objects,
    Reads,
    Replication,
    Restores,
    Settings,
    VersionListings,
)
_TASKS = (AccessLogs, Aging, EventDelivery, Replicating, Restoring)


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of the partition."""
    rare = Later(partial(_selects, store, cloud), ("select_object_content",))
    return (*(make(store, cloud) for make in _RESOURCES), rare)


def _selects(store: Store, cloud: Cloud) -> object:
    from .select.queries import Selects  # a language of its own, for an operation that few call

    return Selects(store, cloud)


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return tuple(make(store, cloud) for make in _TASKS)


def concluded(call: Call, request: Mapping[str, Any], store: Store, error: AwsError | None) -> None:
    """What follows every call: the headers that let pages of other origins read the answer, and the access log."""
    bucket = store.buckets.get(request.get("Bucket", ""))
    if bucket is None or not bucket.settings:
        return
    origin = call.headers.get("origin")
    if origin is not None and "CORS" in bucket.settings:
        method = access_logs.verb_of(call.operation)
        allowed = cors.headers_for(bucket, origin, method)
        (call.response.headers if error is None else error.headers).update(allowed)
    if "Logging" in bucket.settings and (error is not None or call.operation != "PutBucketLogging"):
        access_logs.note(call.cloud, bucket, request, call, error)


SERVICE = ServiceSpec(
    name="s3",
    store=Store,
    scope="partition",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="s3",
    guards=True,
    anonymous=True,
    http=plain_http.make,
    concluded=concluded,
)
