"""Targets of rules: put, listed, removed.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors, inputs
from .names import find_rule
from .store import Rule, Store

_MOST_TARGETS = 5


class Targets:
    """Operations on targets."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_targets(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Add targets to a rule, or replace those of the same id; at most five.

        Raises:
            AwsError: ValidationException, ResourceNotFoundException, LimitExceededException, ManagedRuleException.

        Differs: suites written for moto may have more than five.
        """
        targets = request["Targets"]
        _check(targets)
        _, rule = find_rule(self._store, call, request, "Rule")
        _check_managed(rule, request)
        merged = {**rule.targets, **{target["Id"]: target for target in targets}}
        if len(merged) > _MOST_TARGETS and self._cloud.options.compat != "moto":
            raise errors.over_limit()
        rule.targets = merged
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def list_targets_by_rule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The targets of a rule, by id.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        _, rule = find_rule(self._store, call, request, "Rule")
        found = [target for _, target in sorted(rule.targets.items())]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda each: str(each["Id"]), errors.bad_token
        )
        return {"Targets": shown, "NextToken": token}

    def remove_targets(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Remove targets by their ids; those that are not there are told.

        Raises:
            AwsError: ResourceNotFoundException, ManagedRuleException.
        """
        _, rule = find_rule(self._store, call, request, "Rule")
        _check_managed(rule, request)
        failed = [
            {
                "TargetId": name,
                "ErrorCode": "ResourceNotFoundException",
                "ErrorMessage": f"Rule {rule.name} does not have a target with the Id {name}.",
            }
            for name in request["Ids"]
            if name not in rule.targets
        ]
        rule.targets = {name: target for name, target in rule.targets.items() if name not in request["Ids"]}
        return {"FailedEntryCount": len(failed), "FailedEntries": failed}


def _check_managed(rule: Rule, request: Mapping[str, Any]) -> None:
    if rule.managed_by and not request.get("Force"):
        raise errors.managed(rule.name)


def _check(targets: Sequence[Mapping[str, Any]]) -> None:
    for target in targets:
        parsed = Arn.parse(target["Arn"])
        if not target["Arn"].startswith("arn:"):
            raise errors.invalid_parameter(target["Arn"], "Provided Arn is not in correct format.")
        fifo = parsed is not None and parsed.service == "sqs" and parsed.resource.endswith(".fifo")
        if fifo and not target.get("SqsParameters", {}).get("MessageGroupId"):
            raise errors.invalid(f"Parameter(s) SqsParameters must be specified for target: {target['Id']}.")
        inputs.check(target)
