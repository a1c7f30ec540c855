"""Objects replicated to another bucket of the cloud.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Task

from . import errors, events
from .buckets import find_bucket
from .store import Bucket, Store, Version
from .versions import next_sequencer, replaced, version_of, write
from .writing import check_class

_PENDING, _DONE, _REPLICA, _FAILED = "PENDING", "COMPLETED", "REPLICA", "FAILED"
_ARN = re.compile(r"arn:aws[a-z-]*:s3:::(.+)")


class Replication:
    """Operations on a bucket's replication rules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_replication(self, request: Mapping[str, Any], call: Call) -> None:
        """Say what is replicated where.

        Raises:
            AwsError: NoSuchBucket, InvalidRequest, InvalidArgument, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        if bucket.versioning != "Enabled":
            text = "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
            raise AwsError("InvalidRequest", text, status=400, members={"BucketName": bucket.name})
        given = request["ReplicationConfiguration"]
        made = [{**rule, "ID": rule.get("ID") or self._cloud.ids.alnum(48)} for rule in given.get("Rules") or []]
        if self._cloud.options.compat == "moto":
            made = [_completed(rule, number) for number, rule in enumerate(made, 1)]
        if not made or len(made) > 1000:
            raise errors.malformed_xml()
        for rule in made:
            self._check(rule)
        bucket.settings["Replication"] = {"Role": given["Role"], "Rules": made}

    def _check(self, rule: Mapping[str, Any]) -> None:
        arn = rule["Destination"]["Bucket"]
        named = _ARN.fullmatch(arn)
        if named is None:
            if self._cloud.options.compat == "moto":
                return
            raise errors.invalid("Invalid bucket ARN", ArgumentName="Bucket", ArgumentValue=arn)
        target = self._store.buckets.get(named.group(1))
        if target is None:
            raise errors.invalid_request("Destination bucket must exist.")
        if target.versioning != "Enabled":
            raise errors.invalid_request("Destination bucket must have versioning enabled.")
        if "StorageClass" in rule["Destination"]:
            check_class(rule["Destination"]["StorageClass"])

    def get_bucket_replication(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What is replicated where.

        Raises:
            AwsError: NoSuchBucket, ReplicationConfigurationNotFoundError.
        """
        bucket = find_bucket(self._store, request)
        if "Replication" not in bucket.settings:
            text = "The replication configuration was not found"
            raise errors.none_set("ReplicationConfigurationNotFoundError", text, bucket.name)
        return {"ReplicationConfiguration": bucket.settings["Replication"]}

    def delete_bucket_replication(self, request: Mapping[str, Any], call: Call) -> None:
        """Replicate nothing.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).settings.pop("Replication", None)
        call.response.status = 204


def _completed(rule: dict[str, Any], number: int) -> dict[str, Any]:
    """A rule without filter or prefix, with what suites written for moto read from it."""
    if "Filter" in rule or "Prefix" in rule:
        return rule
    usual = {"DeleteMarkerReplication": {"Status": "Disabled"}, "Filter": {"Prefix": ""}, "Priority": number}
    return {**usual, **rule}


def _rules_for(bucket: Bucket, version: Version) -> Iterator[Mapping[str, Any]]:
    rules = bucket.settings["Replication"]["Rules"]
    for rule in sorted(rules, key=lambda rule: -int(rule.get("Priority", 0))):
        if rule["Status"] != "Enabled" or not _is_for(rule, version):
            continue
        # the first form of rules (a prefix, no filter) replicates delete markers
        markers = "Filter" not in rule or (rule.get("DeleteMarkerReplication") or {}).get("Status") == "Enabled"
        if markers or not version.marker:
            yield rule


def _is_for(rule: Mapping[str, Any], version: Version) -> bool:
    given = rule.get("Filter") or {}
    wanted = given.get("And") or given
    if not version.key.startswith(wanted.get("Prefix", rule.get("Prefix", ""))):
        return False
    tags = [*wanted.get("Tags", ()), *([wanted["Tag"]] if "Tag" in wanted else ())]
    return all(version.tags.get(tag["Key"]) == tag["Value"] for tag in tags)


def send(cloud: Cloud, bucket: Bucket, version: Version, call: Call) -> None:
    """Have a new version replicated where rules say so; replicas of others are not replicated again."""
    if "Replication" not in bucket.settings or version.replication == _REPLICA:
        return
    targets = {rule["Destination"]["Bucket"]: rule for rule in reversed(list(_rules_for(bucket, version)))}
    if not targets:
        return
    if not version.marker:
        replaced(bucket, version, replace(version, replication=_PENDING))
    for arn, rule in targets.items():
        work = {
            "bucket": bucket.name,
            "key": version.key,
            "version_id": version.version_id,
            "target": _ARN.sub(r"\1", arn),
            "storage_class": rule["Destination"].get("StorageClass"),
        }
        cloud.router.send(Task("s3", "replicate", bucket.account_id, bucket.region, work), call)


class Replicating:
    """The task that carries versions over."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def replicate(self, payload: dict[str, Any], call: Call) -> None:
        """Write one version, with the id it has, to the other bucket."""
        bucket, target = (self._store.buckets.get(payload[name]) for name in ("bucket", "target"))
        found = version_of(bucket, payload["key"], payload["version_id"]) if bucket else None
        if bucket is None or found is None:
            return
        status = _FAILED
        if target is not None and target.versioning == "Enabled":
            attributes = dict(found.attributes)
            if payload["storage_class"]:
                attributes["StorageClass"] = payload["storage_class"]
            copy = replace(
                found,
                attributes=attributes,
                replication=_REPLICA,
                sequencer=next_sequencer(self._store),
            )
            write(target, copy)
            event = "ObjectRemoved:DeleteMarkerCreated" if found.marker else "ObjectCreated:Put"
            events.emit(self._cloud, target, event, copy, call)
            status = _DONE
        if not found.marker:
            replaced(bucket, found, replace(found, replication=status))
