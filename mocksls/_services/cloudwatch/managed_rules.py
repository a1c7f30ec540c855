"""Contributor Insights rules that AWS manages: enabled for a resource by a template's name.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutManagedInsightRules.html
https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import InsightRule, Store

_LISTED = 100
_ENDPOINT_SERVICE = ":vpc-endpoint-service/"
_TEMPLATES = tuple(
    f"VpcEndpointService-{what}ByEndpointId-v1"
    for what in ("ActiveConnections", "Bytes", "NewConnections", "RstPackets")
)


class ManagedInsightRules:
    """Operations on managed rules; they are switched and deleted as other rules are."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_managed_insight_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Enable managed rules; those that cannot be are told.

        Raises:
            AwsError: MissingParameter.
        """
        if not request["ManagedRules"]:
            raise errors.missing("ManagedRules")
        failures = []
        for each in request["ManagedRules"]:
            if each["TemplateName"] in _templates_of(each["ResourceARN"]):
                self._enable(each, call)
            else:
                failures.append(_failure(each))
        return {"Failures": failures}

    def _enable(self, asked: Mapping[str, Any], call: Call) -> None:
        template, resource = asked["TemplateName"], asked["ResourceARN"]
        rule = self._rule_of(template, resource)
        if rule is not None:
            rule.state = "ENABLED"
            return
        name = f"{template}-{resource.rpartition('/')[2]}"
        arn = make_arn("cloudwatch", call.region, call.account_id, f"insight-rule/{name}")
        self._store.insight_rules[name] = InsightRule(
            name, arn, _definition(template), "ENABLED", tags=tags.from_list(asked.get("Tags"))
        )
        self._store.insight_rules[name].managed = (template, resource)

    def _rule_of(self, template: str, resource: str) -> InsightRule | None:
        rules = self._store.insight_rules.values()
        return next((rule for rule in rules if rule.managed == (template, resource)), None)

    def list_managed_insight_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The managed rules that there are for a resource, with the state of those that were enabled.

        Raises:
            AwsError: InvalidNextToken.
        """
        resource = request["ResourceARN"]
        shown, token = page(
            _templates_of(resource),
            request.get("MaxResults", _LISTED),
            request.get("NextToken"),
            str,
            errors.invalid_next_token,
        )
        return {"ManagedRules": [self._described(each, resource) for each in shown], "NextToken": token}

    def _described(self, template: str, resource: str) -> dict[str, Any]:
        rule = self._rule_of(template, resource)
        if rule is None:
            return {"TemplateName": template}
        state = {"RuleName": rule.name, "State": rule.state}
        return {"TemplateName": template, "ResourceARN": resource, "RuleState": state}


def _templates_of(resource: str) -> tuple[str, ...]:
    return _TEMPLATES if _ENDPOINT_SERVICE in resource else ()


def _definition(template: str) -> str:
    """What a managed rule is, in the form of other rules."""
    rule = {"Schema": {"Name": "ServiceInsightRule", "Version": 1}, "Template": template}
    return json.dumps({**rule, "Contribution": {"Keys": ["Endpoint ID"]}, "AggregateOn": "Sum"})


def _failure(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "FailureResource": asked["TemplateName"],
        "ExceptionType": "InvalidParameterValueException",
        "FailureCode": "400",
        "FailureDescription": f"There is no managed rule {asked['TemplateName']} for {asked['ResourceARN']}.",
    }
