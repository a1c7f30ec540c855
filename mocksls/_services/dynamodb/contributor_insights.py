"""Contributor insights of tables and global indexes: switched on and off; nothing is counted.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import paging
from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.names import managed_table
from mocksls._services.dynamodb.store import Store, Table

_MAX_LISTED = 100


class ContributorInsights:
    """The operations on contributor insights."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def update_contributor_insights(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Switch insights of a table or a global index on or off.

        Raises: ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html
        """
        table, index = self._found(request)
        known = table.insights.get(index, {})
        mode = request.get("ContributorInsightsMode", known.get("mode", "ACCESSED_AND_THROTTLED_KEYS"))
        enable = request["ContributorInsightsAction"] == "ENABLE"
        table.insights[index] = {"enabled": enable, "mode": mode, "at": call.cloud.clock.time()}
        return {
            "TableName": table.name,
            "IndexName": index or None,
            "ContributorInsightsStatus": "ENABLING" if enable else "DISABLING",
            "ContributorInsightsMode": mode,
        }

    def describe_contributor_insights(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell whether insights of a table or a global index are on.

        Raises: ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html
        """
        table, index = self._found(request)
        known = table.insights.get(index)
        answer: dict[str, Any] = {
            "TableName": table.name,
            "IndexName": index or None,
            "ContributorInsightsStatus": "ENABLED" if known and known["enabled"] else "DISABLED",
        }
        if known is not None:
            answer |= {"ContributorInsightsMode": known["mode"], "LastUpdateDateTime": moment(known["at"])}
        if known is not None and known["enabled"]:
            answer["ContributorInsightsRuleList"] = _rules(table, index, known["mode"])
        return answer

    def list_contributor_insights(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List the tables and indexes whose insights were ever switched.

        Raises: ResourceNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html
        """
        tables = list(self._store.tables.values())
        if "TableName" in request:
            tables = [managed_table(self._store, request["TableName"])]
        found = [
            _summary(table, index) for table in sorted(tables, key=lambda one: one.name) for index in table.insights
        ]
        shown, token = paging.page(
            found,
            request.get("MaxResults", _MAX_LISTED) or _MAX_LISTED,
            request.get("NextToken"),
            lambda one: f"{one['TableName']}/{one['IndexName'] or ''}",
            lambda: errors.validation("Invalid NextToken"),
        )
        return {"ContributorInsightsSummaries": shown, "NextToken": token}

    def _found(self, request: Mapping[str, Any]) -> tuple[Table, str]:
        table = managed_table(self._store, request["TableName"])
        name = request.get("IndexName", "")
        index = table.indexes.get(name)
        if name and (index is None or not index.is_global):
            raise errors.arn_not_found(f"{table.arn}/index/{name}")
        return table, name


def _summary(table: Table, index: str) -> dict[str, Any]:
    known = table.insights[index]
    return {
        "TableName": table.name,
        "IndexName": index or None,
        "ContributorInsightsStatus": "ENABLED" if known["enabled"] else "DISABLED",
        "ContributorInsightsMode": known["mode"],
    }


def _rules(table: Table, index: str, mode: str) -> list[str]:
    """The names of the CloudWatch rules: keys accessed and keys throttled, by hash key and by the whole key."""
    subject = table.indexes[index] if index else table
    kinds = ["PKC", "PKT"] if mode == "ACCESSED_AND_THROTTLED_KEYS" else ["PKT"]
    if subject.shape.range:
        kinds += [kind.replace("P", "S") for kind in kinds]
    name = f"{table.name}-{index}" if index else table.name
    return [f"DynamoDBContributorInsights-{kind}-{name}-{int(table.created * 1000)}" for kind in sorted(kinds)]
