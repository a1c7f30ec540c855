"""What lifecycle rules say of versions and uploads: which they are for, and when they fall due.

Ages are counted in days and rounded up to the next midnight UTC.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from .store import Bucket, MultipartUpload, Version

_DAY = timedelta(days=1)
_LEAST_TO_MOVE = 131_072
_ANY_SIZE = ("GLACIER", "DEEP_ARCHIVE")
ORDER = ("STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER",
         "DEEP_ARCHIVE")  # fmt: skip


class Step(NamedTuple):
    """Something that a rule wants done with a version: ``expire``, ``delete``, or a storage class."""

    due: datetime
    what: str
    rule_id: str


def midnight_after(moment: datetime, days: int) -> datetime:
    """The midnight that follows so many days after a time."""
    later = moment + days * _DAY
    start = later.replace(hour=0, minute=0, second=0, microsecond=0)
    return start if start == later else start + _DAY


def _active(bucket: Bucket) -> Iterator[dict[str, Any]]:
    return (rule for rule in bucket.lifecycle if rule["Status"] == "Enabled")


def filter_of(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's filter in one form: ``Prefix``, ``Tags`` and bounds of size."""
    given = rule.get("Filter")
    if given is None:
        return {"Prefix": rule.get("Prefix", "")}
    found = dict(given.get("And") or given)
    if "Tag" in found:
        found["Tags"] = [found.pop("Tag")]
    return found


def is_for(rule: Mapping[str, Any], version: Version) -> bool:
    """Whether a rule's filter takes a version."""
    wanted = filter_of(rule)
    if not version.key.startswith(wanted.get("Prefix", "")):
        return False
    if any(version.tags.get(tag["Key"]) != tag["Value"] for tag in wanted.get("Tags", ())):
        return False
    above, below = wanted.get("ObjectSizeGreaterThan"), wanted.get("ObjectSizeLessThan")
    return (above is None or version.size > above) and (below is None or version.size < below)


def _due(action: Mapping[str, Any], since: datetime) -> datetime | None:
    if "Date" in action:
        date: datetime = action["Date"]
        return date
    return midnight_after(since, action["Days"]) if "Days" in action else None


def expiry(bucket: Bucket, version: Version) -> Step | None:
    """When a current version expires: by the rule that says it soonest."""
    found = []
    for rule in _active(bucket):
        due = _due(rule.get("Expiration") or {}, version.modified)
        if due is not None and is_for(rule, version):
            found.append(Step(due, "expire", rule["ID"]))
    return min(found, default=None)


def expiration(bucket: Bucket, version: Version) -> str | None:
    """What ``x-amz-expiration`` says of a version; ``None``: it is not to expire."""
    current = bucket.current(version.key)
    step = expiry(bucket, version) if current is not None and current.version_id == version.version_id else None
    if step is None:
        return None
    return f'expiry-date="{format_datetime(step.due, usegmt=True)}", rule-id="{step.rule_id}"'


def steps(bucket: Bucket, history: tuple[Version, ...], at: int) -> Iterator[Step]:
    """What is to be done with a version of a history, now or later."""
    if at == 0:
        yield from _of_current(bucket, history)
    else:
        yield from _of_noncurrent(bucket, history, at)


def _of_current(bucket: Bucket, history: tuple[Version, ...]) -> Iterator[Step]:
    version = history[0]
    if version.marker:
        if len(history) == 1:
            yield from _of_last_marker(bucket, version)
        return
    step = expiry(bucket, version)
    if step is not None:
        yield step
    for rule in _active(bucket):
        for action in rule.get("Transitions") or ():
            due = _due(action, version.modified)
            if due is not None and _moves(bucket, rule, version, action["StorageClass"]):
                yield Step(due, action["StorageClass"], rule["ID"])


def _of_last_marker(bucket: Bucket, marker: Version) -> Iterator[Step]:
    """A delete marker that nothing is left behind goes, too."""
    for rule in _active(bucket):
        action = rule.get("Expiration") or {}
        if not marker.key.startswith(filter_of(rule).get("Prefix", "")):
            continue
        if action.get("ExpiredObjectDeleteMarker"):
            yield Step(marker.modified, "delete", rule["ID"])
        elif (due := _due(action, marker.modified)) is not None:
            yield Step(due, "delete", rule["ID"])


def _of_noncurrent(bucket: Bucket, history: tuple[Version, ...], at: int) -> Iterator[Step]:
    version, since = history[at], history[at - 1].modified
    for rule in _active(bucket):
        if not is_for(rule, version):
            continue
        ending = rule.get("NoncurrentVersionExpiration")
        if ending and at > ending.get("NewerNoncurrentVersions", 0):
            yield Step(midnight_after(since, ending["NoncurrentDays"]), "delete", rule["ID"])
        for action in rule.get("NoncurrentVersionTransitions") or ():
            name = action["StorageClass"]
            if at > action.get("NewerNoncurrentVersions", 0) and _moves(bucket, rule, version, name):
                yield Step(midnight_after(since, action["NoncurrentDays"]), name, rule["ID"])


def _moves(bucket: Bucket, rule: Mapping[str, Any], version: Version, name: str) -> bool:
    """Versions only move down; small ones stay, unless the rule speaks of sizes."""
    if version.marker or not is_for(rule, version) or ORDER.index(version.storage_class) >= ORDER.index(name):
        return False
    if any(bound in filter_of(rule) for bound in ("ObjectSizeGreaterThan", "ObjectSizeLessThan")):
        return True
    if bucket.lifecycle_size == "varies_by_storage_class" and name in _ANY_SIZE:
        return True
    return version.size >= _LEAST_TO_MOVE


def abort_of(bucket: Bucket, upload: MultipartUpload) -> tuple[datetime, str] | None:
    """When an unfinished upload is given up, and by which rule."""
    found = []
    for rule in _active(bucket):
        action = rule.get("AbortIncompleteMultipartUpload")
        if action and upload.key.startswith(filter_of(rule).get("Prefix", "")):
            found.append((midnight_after(upload.started, action["DaysAfterInitiation"]), rule["ID"]))
    return min(found, default=None)


def wake(cloud: Cloud, bucket: Bucket, due: datetime | None = None) -> None:
    """Have a bucket's rules looked at at the next midnight (or later, where nothing can fall due before)."""
    if not bucket.lifecycle:
        return
    midnight = midnight_after(cloud.clock.now(), 0)
    at = max(midnight, due or midnight).timestamp()
    if bucket.wakes is not None and cloud.clock.time() < bucket.wakes <= at:
        return
    bucket.wakes = at
    cloud.clock.schedule(at, Task("s3", "age", bucket.account_id, bucket.region, {"bucket": bucket.name, "at": at}))
