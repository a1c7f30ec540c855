"""Log groups: made, described, kept for a while, tagged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import errors
from .policy_selection import of_kind
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
        inherited = ["ACCOUNT_DATA_PROTECTION"] if of_kind(self._store, "DATA_PROTECTION_POLICY") else None
        described = [{**_described(group), "inheritedProperties": inherited} for group in shown]
        return {"logGroups": described, "nextToken": token}

    def list_log_groups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Log groups whose names agree with a regular expression.

        Raises:
            AwsError: InvalidParameterException.
        """
        try:
            wanted = re.compile(request.get("logGroupNamePattern", ""))
        except re.error:
            raise errors.invalid("Invalid logGroupNamePattern") from None
        groups = [
            group
            for name, group in sorted(self._store.groups.items())
            if wanted.search(name) and request.get("logGroupClass") in (None, group.log_class)
        ]
        shown, token = page(
            groups, request.get("limit", 50), request.get("nextToken"), lambda group: group.name, errors.bad_token
        )
        listed = [
            {"logGroupName": group.name, "logGroupArn": group.arn, "logGroupClass": group.log_class} for group in shown
        ]
        return {"logGroups": listed, "nextToken": token}

    def put_log_group_deletion_protection(self, request: Mapping[str, Any], call: Call) -> None:
        """Protect a group from being deleted, or protect it no longer."""
        find_group(self._store, request).deletion_protected = request["deletionProtectionEnabled"]

    def associate_kms_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Note the key of a group; nothing is encrypted here.

        Raises:
            AwsError: ResourceNotFoundException, NotImplemented for the key of query results.
        """
        if not request.get("logGroupName"):
            text = "mocksls keeps keys of log groups only"
            raise AwsError("NotImplemented", text, status=501, sender=False)
        find_group(self._store, request).kms_key_id = request["kmsKeyId"]

    def disassociate_kms_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Forget the key of a group."""
        find_group(self._store, request).kms_key_id = None

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


def find_group(store: Store, request: Mapping[str, Any]) -> LogGroup:
    """The group that a request names, by name or ARN."""
    name = request.get("logGroupName") or request.get("logGroupIdentifier") or ""
    if name.startswith("arn:"):
        name = name.split(":log-group:", 1)[-1].removesuffix(":*")
    group = store.groups.get(name)
    if group is None:
        raise errors.no_group()
    return group


def _protection(group: LogGroup) -> str | None:
    """Whether a group's data are protected, or were once."""
    if group.data_protection is not None:
        return "ACTIVATED"
    return "DELETED" if group.was_protected else None


def _described(group: LogGroup) -> dict[str, Any]:
    return {
        "logGroupName": group.name,
        "creationTime": group.created,
        "retentionInDays": group.retention_days,
        "metricFilterCount": len(group.metric_filters),
        "arn": f"{group.arn}:*",
        "storedBytes": sum(stream.stored_bytes for stream in group.streams.values()),
        "kmsKeyId": group.kms_key_id,
        "logGroupClass": group.log_class,
        "logGroupArn": group.arn,
        "deletionProtectionEnabled": group.deletion_protected,
        "dataProtectionStatus": _protection(group),
        "bearerTokenAuthenticationEnabled": group.takes_bearer_tokens or None,
    }
