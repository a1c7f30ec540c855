"""Lifecycle configurations: set, checked, shown; and what they do as time goes by.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors, events, lifecycle_checks
from .buckets import find_bucket
from .lifecycle_rules import Step, abort_of, midnight_after, steps, wake
from .store import Bucket, Store, Version
from .versions import new_id, next_sequencer, remove, replaced, write

_ALL_SIZES = "all_storage_classes_128K"
_RULES = "The lifecycle configuration does not exist"


class Lifecycle:
    """Operations on buckets' lifecycle rules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_lifecycle_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Set the rules of a bucket, in place of those it had.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidArgument, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        rules = (request.get("LifecycleConfiguration") or {}).get("Rules") or []
        made = self._checked(rules)
        return self._set(bucket, made, request.get("TransitionDefaultMinimumObjectSize", _ALL_SIZES))

    def put_bucket_lifecycle(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the rules of a bucket in the form of before 2016: a prefix, and one transition of each kind.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidArgument, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        rules = [dict(rule) for rule in (request.get("LifecycleConfiguration") or {}).get("Rules") or []]
        for rule in rules:
            for one in ("Transition", "NoncurrentVersionTransition"):
                if one in rule:
                    rule[f"{one}s"] = [rule.pop(one)]
        self._set(bucket, self._checked(rules), _ALL_SIZES)

    def _checked(self, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return lifecycle_checks.checked(rules, self._cloud.ids.uuid, lenient=self._cloud.options.compat == "moto")

    def _set(self, bucket: Bucket, rules: list[dict[str, Any]], least_size: str) -> dict[str, Any]:
        bucket.lifecycle, bucket.lifecycle_size = rules, least_size
        wake(self._cloud, bucket)
        return {"TransitionDefaultMinimumObjectSize": least_size}

    def get_bucket_lifecycle_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The rules of a bucket.

        Raises:
            AwsError: NoSuchBucket, NoSuchLifecycleConfiguration.
        """
        bucket = find_bucket(self._store, request)
        if not bucket.lifecycle:
            raise errors.none_set("NoSuchLifecycleConfiguration", _RULES, bucket.name)
        return {"Rules": bucket.lifecycle, "TransitionDefaultMinimumObjectSize": bucket.lifecycle_size}

    def get_bucket_lifecycle(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The rules of a bucket in the form of before 2016.

        Raises:
            AwsError: NoSuchBucket, NoSuchLifecycleConfiguration, InvalidRequest (rules that have no such form).
        """
        bucket = find_bucket(self._store, request)
        if not bucket.lifecycle:
            raise errors.none_set("NoSuchLifecycleConfiguration", _RULES, bucket.name)
        shown = []
        for rule in bucket.lifecycle:
            old = {name: value for name, value in rule.items() if name not in ("Filter", "Transitions")}
            filtered = rule.get("Filter") or {}
            if set(filtered) - {"Prefix"} or len(rule.get("Transitions") or ()) > 1:
                raise errors.invalid_request("The lifecycle configuration has rules that need the newer operation")
            old["Prefix"] = filtered.get("Prefix", rule.get("Prefix", ""))
            if rule.get("Transitions"):
                old["Transition"] = rule["Transitions"][0]
            if old.pop("NoncurrentVersionTransitions", None):
                old["NoncurrentVersionTransition"] = rule["NoncurrentVersionTransitions"][0]
            shown.append(old)
        return {"Rules": shown}

    def delete_bucket_lifecycle(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a bucket's rules away.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).lifecycle = []
        call.response.status = 204


class Aging:
    """The task that does what lifecycle rules say."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def age(self, payload: dict[str, Any], call: Call) -> None:
        """Do what is due in a bucket, and plan the next look."""
        bucket = self._store.buckets.get(payload["bucket"])
        if bucket is None or bucket.wakes != payload["at"]:
            return
        bucket.wakes = None
        now = self._cloud.clock.now()
        later = []
        for key in list(bucket.keys):
            later += self._age_key(bucket, key, call, now)
        for upload in list(bucket.uploads.values()):
            rule = abort_of(bucket, upload)
            if rule is not None and rule[0] <= now:
                del bucket.uploads[upload.upload_id]
            elif rule is not None:
                later.append(rule[0])
        if later:
            wake(self._cloud, bucket, min(later))

    def _age_key(self, bucket: Bucket, key: str, call: Call, now: datetime) -> list[datetime]:
        """Do what is due for one key; when the rest falls due."""
        later = []
        history = bucket.versions[key]
        for at in range(len(history) - 1, -1, -1):
            found = sorted(steps(bucket, history, at))
            due = [step for step in found if step.due <= now]
            later += [step.due for step in found if step.due > now]
            ending = next((step for step in due if step.what in ("expire", "delete")), None)
            if ending is not None:
                later += self._end(bucket, history[at], ending, call)
            elif due:
                self._move(bucket, history[at], due[-1].what, call)
        return later

    def _end(self, bucket: Bucket, version: Version, step: Step, call: Call) -> list[datetime]:
        now = self._cloud.clock.now()
        if step.what == "expire" and bucket.versioning is not None:
            marker = Version(
                version.key,
                new_id(self._store, bucket, self._cloud),
                now.replace(microsecond=0),
                next_sequencer(self._store),
                bucket.account_id,
                marker=True,
            )
            write(bucket, marker)
            events.emit(self._cloud, bucket, "LifecycleExpiration:DeleteMarkerCreated", marker, call)
            return [midnight_after(now, 1)]
        if version.legal_hold == "ON" or (version.lock_until is not None and version.lock_until > now):
            return [] if version.lock_until is None else [version.lock_until]
        remove(bucket, version)
        gone = replace(version, sequencer=next_sequencer(self._store))
        events.emit(self._cloud, bucket, "LifecycleExpiration:Delete", gone, call)
        return [midnight_after(now, 1)] if bucket.versions.get(version.key) else []

    def _move(self, bucket: Bucket, version: Version, storage_class: str, call: Call) -> None:
        moved = replace(version, attributes={**version.attributes, "StorageClass": storage_class}, restored=None)
        replaced(bucket, version, moved)
        events.emit(self._cloud, bucket, "LifecycleTransition", moved, call)
