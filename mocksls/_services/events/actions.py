"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from __future__ import annotations

_WORDS = {
    "archive": ("CreateArchive", "DeleteArchive", "DescribeArchive", "UpdateArchive"),
    "replay": ("CancelReplay", "DescribeReplay", "StartReplay"),
    "connection": (
        "CreateConnection",
        "DeauthorizeConnection",
        "DeleteConnection",
        "DescribeConnection",
        "UpdateConnection",
    ),
    "api-destination": (
        "CreateApiDestination",
        "DeleteApiDestination",
        "DescribeApiDestination",
        "UpdateApiDestination",
    ),
    "endpoint": ("CreateEndpoint", "DeleteEndpoint", "DescribeEndpoint", "UpdateEndpoint"),
    "named bus": ("CreateEventBus", "DeleteEventBus", "DescribeEventBus", "UpdateEventBus"),
    "bus": ("PutPermission", "RemovePermission"),
    "rule": (
        "DeleteRule",
        "DescribeRule",
        "DisableRule",
        "EnableRule",
        "ListTargetsByRule",
        "PutRule",
        "PutTargets",
        "RemoveTargets",
    ),
    "events": ("PutEvents",),
    "tagged": ("ListTagsForResource", "TagResource", "UntagResource"),
    "*": (
        "ListApiDestinations",
        "ListArchives",
        "ListConnections",
        "ListEndpoints",
        "ListEventBuses",
        "ListReplays",
        "ListRuleNamesByTarget",
        "ListRules",
        "TestEventPattern",
    ),
}

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    operation: (f"events:{operation}", word) for word, operations in _WORDS.items() for operation in operations
}
ACTIONS["PutTargets"] = [("events:PutTargets", "rule"), ("iam:PassRole", "passed role")]
ACTIONS["PutRule"] = [("events:PutRule", "rule"), ("iam:PassRole", "passed role")]
