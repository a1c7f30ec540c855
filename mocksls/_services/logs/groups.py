"""Log groups: made, described, kept for a while, tagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import LogGroup, Store

_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


class Groups:
    """Operations on log groups."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_log_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Make a log group.

        Raises:
            AwsError: ResourceAlreadyExistsException.
        """
        name = request["logGroupName"]
        if name in self._store.groups:
            raise errors.group_exists()
        self._store.groups[name] = LogGroup(
            name=name,
            arn=make_arn("logs", call.region, call.account_id, f"log-group:{name}"),
            created=int(self._cloud.clock.time() * 1000),
            log_class=request.get("logGroupClass", "STANDARD"),
            kms_key_id=request.get("kmsKeyId"),
            deletion_protected=request.get("deletionProtectionEnabled", False),
            tags=dict(request.get("tags", {})),
        )

    def delete_log_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a log group with its streams.

        Raises:
            AwsError: ResourceNotFoundException, and ValidationException for a protected group.
        """
        group = find_group(self._store, request)
        if group.deletion_protected:
            raise errors.invalid("The specified log group is protected from deletion.")
        del self._store.groups[group.name]

    def describe_log_groups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Log groups by prefix or pattern, sorted by name.

        Raises:
            AwsError: InvalidParameterException.
        """
        prefix, pattern = request.get("logGroupNamePrefix"), request.get("logGroupNamePattern")
        if prefix is not None and pattern is not None:
            raise errors.invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        wanted = request.get("logGroupClass")
        named = request.get("logGroupIdentifiers")
        groups = [
            group
            for name, group in sorted(self._store.groups.items())
            if name.startswith(prefix or "")
            and (pattern or "").lower() in name.lower()
            and wanted in (None, group.log_class)
            and (named is None or name in named or group.arn in named)
        ]
        shown, token = page(
            groups, request.get("limit", 50), request.get("nextToken"), lambda group: group.name, errors.bad_token
        )
        return {"logGroups": [_described(group) for group in shown], "nextToken": token}

    def put_retention_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Say how many days events are kept.

        Raises:
            AwsError: InvalidParameterException for a number of days that AWS does not offer.
        """
        group = find_group(self._store, request)
        days = request["retentionInDays"]
        if days not in _RETENTIONS:
            allowed = ", ".join(map(str, _RETENTIONS))
            raise errors.invalid(
                f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{allowed}]"
            )
        group.retention_days = days

    def delete_retention_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Keep events for ever."""
        find_group(self._store, request).retention_days = None

    def tag_log_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags, by the group's name."""
        find_group(self._store, request).tags.update(request["tags"])

    def untag_log_group(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags, by the group's name."""
        _untag(find_group(self._store, request), request["tags"])

    def list_tags_log_group(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags, by the group's name."""
        return {"tags": dict(find_group(self._store, request).tags)}

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags, by ARN."""
        self._by_arn(request["resourceArn"]).tags.update(request["tags"])

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags, by ARN."""
        _untag(self._by_arn(request["resourceArn"]), request["tagKeys"])

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags, by ARN."""
        return {"tags": dict(self._by_arn(request["resourceArn"]).tags)}

    def _by_arn(self, arn: str) -> LogGroup:
        parsed = Arn.parse(arn)
        name = parsed.resource.removeprefix("log-group:").removesuffix(":*") if parsed else ""
        group = self._store.groups.get(name)
        if group is None:
            raise errors.no_group()
        return group


def find_group(store: Store, request: Mapping[str, Any]) -> LogGroup:
    """The group that a request names, by name or ARN."""
    name = request.get("logGroupName") or request.get("logGroupIdentifier") or ""
    if name.startswith("arn:"):
        name = name.split(":log-group:", 1)[-1].removesuffix(":*")
    group = store.groups.get(name)
    if group is None:
        raise errors.no_group()
    return group


def _untag(group: LogGroup, keys: list[str]) -> None:
    for key in keys:
        group.tags.pop(key, None)


def _described(group: LogGroup) -> dict[str, Any]:
    return {
        "logGroupName": group.name,
        "creationTime": group.created,
        "retentionInDays": group.retention_days,
        "metricFilterCount": 0,
        "arn": f"{group.arn}:*",
        "storedBytes": sum(stream.stored_bytes for stream in group.streams.values()),
        "kmsKeyId": group.kms_key_id,
        "logGroupClass": group.log_class,
        "logGroupArn": group.arn,
        "deletionProtectionEnabled": group.deletion_protected,
    }
