"""Archived objects restored for a while.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Task

from . import errors, events
from .buckets import find_bucket
from .lifecycle_rules import midnight_after
from .store import Bucket, Store, Version
from .versions import find_to_change, replaced, version_of

_MINUTES = {
    ("GLACIER", "Expedited"): 5,
    ("GLACIER", "Standard"): 5 * 60,
    ("GLACIER", "Bulk"): 12 * 60,
    ("DEEP_ARCHIVE", "Standard"): 12 * 60,
    ("DEEP_ARCHIVE", "Bulk"): 48 * 60,
}
_ACCEPTED = 202


class Restores:
    """The operation that restores objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def restore_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a copy of an archived object made, which is kept for some days; of a copy that is there, keep it on.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidObjectState, RestoreAlreadyInProgress, MalformedXML,
                InvalidArgument, NotImplemented (a restore that selects).
        """
        bucket = find_bucket(self._store, request)
        found = find_to_change(bucket, request, "POST")
        asked = request.get("RestoreRequest") or {}
        if asked.get("Type") == "SELECT" or "SelectParameters" in asked:
            raise errors.not_here("restores that select")
        tier = (asked.get("GlacierJobParameters") or {}).get("Tier") or asked.get("Tier") or "Standard"
        days = asked.get("Days")
        if days is None:
            raise errors.malformed_xml()
        self._check(found, days, tier)
        now = self._cloud.clock.now()
        if found.restored is not None and found.restored[0] <= now < found.restored[1]:
            kept = (found.restored[0], midnight_after(now, days))
            self._plan(bucket, found, kept, call)
            return {}
        takes = timedelta(minutes=_MINUTES[found.storage_class, tier])
        done = now if self._cloud.options.compat == "moto" else (now + takes).replace(microsecond=0)
        changed = self._plan(bucket, found, (done, midnight_after(done, days)), call)
        events.emit(self._cloud, bucket, "ObjectRestore:Post", changed, call)
        call.response.status = _ACCEPTED
        return {}

    def _check(self, found: Version, days: int, tier: str) -> None:
        if found.storage_class not in ("GLACIER", "DEEP_ARCHIVE"):
            text = "Restore is not allowed for the object's current storage class"
            raise AwsError("InvalidObjectState", text, status=403, members={"StorageClass": found.storage_class})
        if days < 1:
            raise errors.invalid("restoration days should be at least 1", ArgumentName="Days", ArgumentValue=str(days))
        if (found.storage_class, tier) not in _MINUTES:
            raise errors.invalid("Retrieval option is not supported by this storage class", ArgumentName="Tier")
        if found.restored is not None and self._cloud.clock.now() < found.restored[0]:
            raise AwsError("RestoreAlreadyInProgress", "Object restore is already in progress", status=409)

    def _plan(self, bucket: Bucket, found: Version, restored: tuple[Any, Any], call: Call) -> Version:
        changed = replace(found, restored=restored)
        replaced(bucket, found, changed)
        for moment, event in zip(restored, ("ObjectRestore:Completed", "ObjectRestore:Delete"), strict=True):
            work = {
                "bucket": bucket.name,
                "key": found.key,
                "version_id": found.version_id,
                "at": moment.timestamp(),
                "event": event,
            }
            task = Task("s3", "restored", bucket.account_id, bucket.region, work)
            if moment > self._cloud.clock.now():
                self._cloud.clock.schedule(moment.timestamp(), task)
        return changed


class Restoring:
    """The task that tells of restorations that are done, or over."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def restored(self, payload: dict[str, Any], call: Call) -> None:
        """Tell that a copy is there, or gone, if that is still so."""
        bucket = self._store.buckets.get(payload["bucket"])
        found = version_of(bucket, payload["key"], payload["version_id"]) if bucket else None
        if bucket is None or found is None or found.restored is None:
            return
        is_over = payload["event"].endswith("Delete")
        if found.restored[is_over].timestamp() != payload["at"]:
            return
        events.emit(self._cloud, bucket, payload["event"], found, call)
        if is_over:
            replaced(bucket, found, replace(found, restored=None))
