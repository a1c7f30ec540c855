"""Contributor Insights rules: stored, switched; their reports are empty.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutInsightRule.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import InsightRule, Store


class InsightRules:
    """Operations on insight rules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_insight_rule(self, request: Mapping[str, Any], call: Call) -> None:
        """Make or replace a rule.

        Raises:
            AwsError: InvalidParameterValue.
        """
        name = request["RuleName"]
        _document(request["RuleDefinition"])
        state = request.get("RuleState", "ENABLED")
        if state not in ("ENABLED", "DISABLED"):
            raise errors.invalid(f"The value {state} for parameter RuleState is invalid.")
        known = self._store.insight_rules.get(name)
        if known is not None and known.managed:
            raise errors.invalid(f"The rule {name} is managed by AWS and cannot be edited.")
        arn = make_arn("cloudwatch", call.region, call.account_id, f"insight-rule/{name}")
        self._store.insight_rules[name] = InsightRule(
            name,
            arn,
            request["RuleDefinition"],
            state,
            request.get("ApplyOnTransformedLogs", False),
            tags.from_list(request.get("Tags")) if known is None else known.tags,
        )

    def describe_insight_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All rules.

        Raises:
            AwsError: InvalidNextToken.
        """
        found = [rule for _, rule in sorted(self._store.insight_rules.items())]
        shown, token = page(
            found,
            request.get("MaxResults", 500),
            request.get("NextToken"),
            lambda rule: rule.name,
            errors.invalid_next_token,
        )
        return {"InsightRules": [_shown(rule) for rule in shown], "NextToken": token}

    def enable_insight_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Switch rules on; those that are not there are told."""
        return self._switched(request, "ENABLED")

    def disable_insight_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Switch rules off; those that are not there are told."""
        return self._switched(request, "DISABLED")

    def _switched(self, request: Mapping[str, Any], state: str) -> dict[str, Any]:
        for name in request["RuleNames"]:
            if name in self._store.insight_rules:
                self._store.insight_rules[name].state = state
        return {"Failures": self._missing(request)}

    def delete_insight_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete rules; those that are not there are told."""
        failures = self._missing(request)
        for name in request["RuleNames"]:
            self._store.insight_rules.pop(name, None)
        return {"Failures": failures}

    def _missing(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "FailureResource": name,
                "ExceptionType": "ResourceNotFoundException",
                "FailureCode": "404",
                "FailureDescription": f"The rule {name} does not exist.",
            }
            for name in request["RuleNames"]
            if name not in self._store.insight_rules
        ]

    def get_insight_rule_report(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A report of a rule's contributors.

        Raises:
            AwsError: ResourceNotFoundException.

        Differs: no log line contributes.
        """
        rule = self._store.insight_rules.get(request["RuleName"])
        if rule is None:
            raise errors.no_resource(f"Rule {request['RuleName']} does not exist.")
        document, period = _document(rule.definition), request["Period"]
        start = math.floor(request["StartTime"].timestamp() / period) * period
        places = range(start, int(request["EndTime"].timestamp()), period)
        counts = document.get("AggregateOn", "Count") == "Count"
        return {
            "KeyLabels": document.get("Contribution", {}).get("Keys", []),
            "AggregationStatistic": "SampleCount" if counts else "Sum",
            "AggregateValue": 0.0,
            "ApproximateUniqueCount": 0,
            "Contributors": [],
            "MetricDatapoints": [
                {"Timestamp": datetime.fromtimestamp(place, timezone.utc), "UniqueContributors": 0.0}
                for place in places[:1440]
            ],
        }


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise errors.invalid("The value for parameter RuleDefinition is not valid JSON.")
    return found


def _shown(rule: InsightRule) -> dict[str, Any]:
    schema = _document(rule.definition).get("Schema", "")
    shown = f"{schema.get('Name')}/{schema.get('Version')}" if isinstance(schema, dict) else str(schema)
    return {
        "Name": rule.name,
        "State": rule.state,
        "Schema": shown,
        "Definition": rule.definition,
        "ManagedRule": rule.managed is not None,
        "ApplyOnTransformedLogs": rule.transformed,
    }
