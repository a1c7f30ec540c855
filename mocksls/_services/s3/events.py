"""Sends events of objects to where a bucket's notification configuration wants them."""

from __future__ import annotations

from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from .store import Bucket, Store, StoredObject

TARGETS = {
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
}
"""The kinds of notification configuration, and the member that names the destination of each."""


class Events:
    """Finds the configurations that an event matches and queues its deliveries."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def send(self, bucket: Bucket, name: str, key: str, call: Call, stored: StoredObject | None = None) -> None:
        """Queue an event (``ObjectCreated:Put``) of a key, with its object where there is one."""
        if not bucket.notifications:
            return
        now = self._cloud.clock.now()
        happened = {
            "bucket": bucket.name,
            "event": name,
            "key": key,
            "time": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z",
            "size": None if stored is None else len(stored.body),
            "etag": None if stored is None else stored.etag.strip('"'),
            "sequencer": self._store.next_sequencer(now.timestamp()),
            "request_id": call.request_id,
            "host_id": self._cloud.ids.host_id(),
            "source_ip": call.source_ip,
            "principal": f"AWS:{call.principal.user_id or call.principal.account_id}",
        }
        for kind, member in TARGETS.items():
            for configuration in bucket.notifications.get(kind, ()):
                if matches(configuration, name, key):
                    target = {"kind": kind, "target": configuration[member], "id": configuration["Id"]}
                    work = {**happened, **target}
                    self._cloud.router.send(Task("s3", "notify", bucket.account_id, bucket.region, work), call)


def matches(configuration: dict[str, Any], name: str, key: str) -> bool:
    """Whether a configuration wants an event of a key."""
    wanted = any(_covers(event.removeprefix("s3:"), name) for event in configuration["Events"])
    prefix, suffix = affixes(configuration)
    return wanted and key.startswith(prefix) and key.endswith(suffix)


def affixes(configuration: dict[str, Any]) -> tuple[str, str]:
    """Prefix and suffix of the keys that a configuration wants."""
    rules = ((configuration.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    values = {rule["Name"].lower(): rule.get("Value", "") for rule in rules}
    return values.get("prefix", ""), values.get("suffix", "")


def _covers(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
