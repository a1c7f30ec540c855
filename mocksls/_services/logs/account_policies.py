"""Policies for all log groups of an account, or those with certain names.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import errors, indexes, protection
from .filter_patterns import compile_filter
from .policy_selection import NOT_IN, PREFIX, of_kind
from .processor_shapes import check_shapes
from .store import AccountPolicy, Store
from .subscriptions import check_destination
from .transformers import check_processors

_SHOWN = 50
_LONGEST_SELECTION_BYTES = 25_000
_MOST_OF_PREFIXES = 20
_DATA_SOURCE = re.compile(r"\s*DataSourceName\b.+\bAND\b.+\bDataSourceType\b.+", re.DOTALL)
_SINGLE = ("DATA_PROTECTION_POLICY", "SUBSCRIPTION_FILTER_POLICY")


class AccountPolicies:
    """Operations on account policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_account_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a policy, or replace the one of that name and type.

        Raises:
            AwsError: InvalidParameterException, LimitExceededException; NotImplemented for transformers' processors
                that mocksls lacks.
        """
        name, kind = request["policyName"], request["policyType"]
        criteria = request.get("selectionCriteria")
        if name.startswith("aws/"):
            raise errors.invalid("The policy name cannot start with aws/.")
        if kind not in _CHECKS:
            raise AwsError("NotImplemented", f"mocksls has no account policies {kind}", status=501, sender=False)
        _check_criteria(kind, criteria)
        _CHECKS[kind](request["policyDocument"], self._store, call)
        others = [each for each in of_kind(self._store, kind) if each.name != name]
        _check_others(kind, criteria, others)
        now_ms = int(self._cloud.clock.time() * 1000)
        made = AccountPolicy(name, kind, request["policyDocument"], now_ms, criteria)
        self._store.account_policies[(kind, name)] = made
        return {"accountPolicy": _shown(made, call)}

    def describe_account_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies of a type, or the one of a name.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException.
        """
        kind, name = request["policyType"], request.get("policyName")
        found = [each for each in of_kind(self._store, kind) if name in (None, each.name)]
        if name is not None and not found:
            raise errors.no_account_policy()
        shown, token = page(found, _SHOWN, request.get("nextToken"), lambda each: each.name, errors.bad_token)
        return {"accountPolicies": [_shown(each, call) for each in shown], "nextToken": token}

    def delete_account_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a policy.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        if self._store.account_policies.pop((request["policyType"], request["policyName"]), None) is None:
            raise errors.no_account_policy()


def _check_criteria(kind: str, criteria: str | None) -> None:
    if criteria is None:
        return
    if len(criteria.encode()) > _LONGEST_SELECTION_BYTES:
        raise errors.invalid("The selection criteria are too long.")
    excluded = NOT_IN.fullmatch(criteria) if kind == "SUBSCRIPTION_FILTER_POLICY" else None
    if excluded and _names(excluded.group(1)):
        return
    if kind in ("TRANSFORMER_POLICY", "FIELD_INDEX_POLICY") and PREFIX.fullmatch(criteria):
        return
    if kind == "FIELD_INDEX_POLICY" and _DATA_SOURCE.fullmatch(criteria):
        return
    raise errors.invalid(f"The selection criteria are not supported for {kind}.")


def _names(text: str) -> bool:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, list) and all(isinstance(name, str) for name in found)


def _check_others(kind: str, criteria: str | None, others: list[AccountPolicy]) -> None:
    if kind in _SINGLE and others:
        raise errors.limit_exceeded()
    if kind not in ("TRANSFORMER_POLICY", "FIELD_INDEX_POLICY"):
        return
    if len(others) >= _MOST_OF_PREFIXES or any((each.criteria is None) or (criteria is None) for each in others):
        raise errors.limit_exceeded()
    mine = PREFIX.fullmatch(criteria or "")
    for each in others:
        its = PREFIX.fullmatch(each.criteria or "")
        if mine and its and (mine.group(1).startswith(its.group(1)) or its.group(1).startswith(mine.group(1))):
            raise errors.invalid(f"The selection criteria overlap with those of the policy {each.name}.")


def _object(document: str) -> Any:
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        raise errors.invalid("The policy document is not valid JSON.") from None


def _check_protection(document: str, store: Store, call: Call) -> None:
    protection.checked(document, store)


def _check_subscription(document: str, store: Store, call: Call) -> None:
    found = _object(document)
    texts = ("DestinationArn", "FilterPattern", "RoleArn", "Distribution")
    if not isinstance(found, dict) or not all(isinstance(found.get(name, ""), str) for name in texts):
        raise errors.invalid("The subscription filter policy document is not valid.")
    if not found.get("DestinationArn"):
        raise errors.invalid("The subscription filter policy document must have a DestinationArn.")
    compile_filter(found.get("FilterPattern", ""))
    check_destination(found["DestinationArn"], _every_group(call), call)


def _every_group(call: Call) -> str:
    return f"arn:aws:logs:{call.region}:{call.account_id}:log-group:*"


def _check_indexes(document: str, store: Store, call: Call) -> None:
    indexes.check(document)


def _check_transformer(document: str, store: Store, call: Call) -> None:
    found = _object(document)
    check_shapes(found)
    check_processors(found)


_CHECKS = {
    "DATA_PROTECTION_POLICY": _check_protection,
    "SUBSCRIPTION_FILTER_POLICY": _check_subscription,
    "FIELD_INDEX_POLICY": _check_indexes,
    "TRANSFORMER_POLICY": _check_transformer,
}


def _shown(policy: AccountPolicy, call: Call) -> dict[str, Any]:
    return {
        "policyName": policy.name,
        "policyDocument": policy.document,
        "lastUpdatedTime": policy.updated,
        "policyType": policy.kind,
        "scope": "ALL",
        "selectionCriteria": policy.criteria,
        "accountId": call.account_id,
    }
