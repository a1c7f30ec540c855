"""Field indexes: which fields of a group's events are indexed, and where they were seen.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .groups import find_group
from .insights_events import row_of
from .policy_selection import for_group
from .store import LogGroup, Store
from .streams import living

_MOST_FIELDS = 20
_LONGEST = 100
_SHOWN = 100
_DEFAULT = ("@logStream", "@requestId", "@type")
_USUAL = ("DEFAULT", "CUSTOM", "INACTIVE")
_TYPES = ("FIELD_INDEX", "FACET")


def check(document: str) -> dict[str, str]:
    """The fields of an index policy, each with its type.

    Raises:
        AwsError: InvalidParameterException.
    """
    try:
        found = json.loads(document)
        plain, typed = found.get("Fields", []), found.get("FieldsV2", {})
        fields = {**dict.fromkeys(plain, "FIELD_INDEX"), **{name: each["type"] for name, each in typed.items()}}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise errors.invalid("The index policy document is not valid.") from None
    sound = isinstance(plain, list) and all(isinstance(name, str) and 0 < len(name) <= _LONGEST for name in fields)
    if not sound or not fields or len(fields) != len(plain) + len(typed) or not set(fields.values()) <= set(_TYPES):
        raise errors.invalid("The index policy document is not valid.")
    if len(fields) > _MOST_FIELDS:
        raise errors.invalid(f"An index policy can have at most {_MOST_FIELDS} fields.")
    return fields


class IndexPolicies:
    """Operations on index policies and on fields."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_index_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have fields of a group indexed.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        group, document = find_group(self._store, request), request["policyDocument"]
        if group.log_class != "STANDARD":
            raise errors.invalid("Only log groups in the Standard log class support field index policies.")
        check(document)
        group.index_policy = (document, int(self._cloud.clock.time() * 1000))
        return {"indexPolicy": _shown(group, *group.index_policy)}

    def describe_index_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies of groups: their own, else the account's.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        groups = [find_group(self._store, {"logGroupIdentifier": each}) for each in request["logGroupIdentifiers"]]
        found = [policy for group in groups if (policy := self._policy(group)) is not None]
        numbered = list(enumerate(found))
        shown, token = page(numbered, _SHOWN, request.get("nextToken"), lambda pair: f"{pair[0]:08d}", errors.bad_token)
        return {"indexPolicies": [policy for _, policy in shown], "nextToken": token}

    def _policy(self, group: LogGroup) -> dict[str, Any] | None:
        if group.index_policy is not None:
            return _shown(group, *group.index_policy)
        policy = next(for_group(self._store, "FIELD_INDEX_POLICY", group), None)
        if policy is None:
            return None
        shown = _shown(group, policy.document, policy.updated)
        return {**shown, "policyName": policy.name, "source": "ACCOUNT"}

    def delete_index_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a group's own policy.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        find_group(self._store, request).index_policy = None
        return {}

    def describe_field_indexes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The indexed fields of groups, and when they were first and last seen.

        Raises:
            AwsError: ResourceNotFoundException.

        Differs: AWS makes no indexes by itself here, and forgets those that are left out of a policy at once.
        """
        wanted = request.get("indexCategories") or _USUAL
        found = []
        for each in request["logGroupIdentifiers"]:
            group = find_group(self._store, {"logGroupIdentifier": each})
            policy = self._policy(group)
            custom = check(policy["policyDocument"]) if policy else {}
            fields = [(name, "FIELD_INDEX", "DEFAULT") for name in _DEFAULT if name not in custom]
            fields += [(name, kind, "CUSTOM") for name, kind in custom.items()]
            found += [self._index(group, *field) for field in fields if field[2] in wanted]
        numbered = list(enumerate(found))
        shown, token = page(numbered, _SHOWN, request.get("nextToken"), lambda pair: f"{pair[0]:08d}", errors.bad_token)
        return {"fieldIndexes": [index for _, index in shown], "nextToken": token}

    def _index(self, group: LogGroup, name: str, kind: str, category: str) -> dict[str, Any]:
        times = sorted(moment for moment, row in self._rows(group) if name in row)
        return {
            "logGroupIdentifier": group.arn,
            "fieldIndexName": name,
            "lastScanTime": int(self._cloud.clock.time() * 1000),
            "firstEventTime": times[0] if times else None,
            "lastEventTime": times[-1] if times else None,
            "type": kind,
            "indexCategory": category,
        }

    def _rows(self, group: LogGroup) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for stream in group.streams.values():
            for event in living(group, stream, self._cloud):
                yield event.timestamp, row_of(group, stream, event)

    def get_log_group_fields(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The fields of a group's events around a time, the most frequent first.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException.
        """
        if ("logGroupName" in request) == ("logGroupIdentifier" in request):
            raise errors.invalid("Specify either logGroupName or logGroupIdentifier, but not both.")
        group, now = find_group(self._store, request), self._cloud.clock.time()
        start, end = (request["time"] - 480, request["time"] + 480) if "time" in request else (now - 900, now)
        rows = [row for moment, row in self._rows(group) if start * 1000 <= moment <= end * 1000]
        counts: dict[str, int] = {}
        for row in rows:
            for name in row:
                counts[name] = counts.get(name, 0) + 1
        fields = [{"name": name, "percent": count * 100 // len(rows)} for name, count in counts.items()]
        return {"logGroupFields": sorted(fields, key=lambda each: (-int(str(each["percent"])), str(each["name"])))}

    def list_log_groups_for_query(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The groups that a query searched.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        query = self._store.queries.get(request["queryId"])
        if query is None:
            raise errors.no_query()
        limit, given = request.get("maxResults", 50), request.get("nextToken")
        shown, token = page(sorted(query.groups), limit, given, str, errors.bad_token)
        return {"logGroupIdentifiers": shown, "nextToken": token}


def _shown(group: LogGroup, document: str, updated: int) -> dict[str, Any]:
    return {
        "logGroupIdentifier": group.arn,
        "lastUpdateTime": updated,
        "policyDocument": document,
        "source": "LOG_GROUP",
    }
