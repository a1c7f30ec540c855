"""Amazon S3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import ServiceSpec, imported_later

from . import plain_http, rarely_needed
from .actions import ACTIONS
from .authorisation import needs
from .buckets import Buckets
from .listings import Listings
from .objects import Objects
from .reads import Reads
from .store import Store
from .wire import WIRE

_RESOURCES = (Buckets, Listings, Objects, Reads)


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of the partition."""
    later = imported_later(__name__, rarely_needed.RESOURCES, store, cloud)
    return (*(make(store, cloud) for make in _RESOURCES), *later)


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return imported_later(__name__, rarely_needed.TASKS, store, cloud)


def concluded(call: Call, request: Mapping[str, Any], store: Store, error: AwsError | None) -> None:
    """What follows every call: the headers that let pages of other origins read the answer, and the access log."""
    bucket = store.buckets.get(request.get("Bucket", ""))
    if bucket is None or bucket.settings.keys().isdisjoint(("CORS", "Logging")):
        return
    from . import access_logs, cors

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
