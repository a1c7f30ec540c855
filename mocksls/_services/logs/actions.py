"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

from __future__ import annotations

_ON_GROUP = (
    *("CreateLogGroup", "DeleteLogGroup", "DescribeLogGroups", "PutRetentionPolicy", "DeleteRetentionPolicy"),
    *("TagLogGroup", "UntagLogGroup", "ListTagsLogGroup", "TagResource", "UntagResource", "ListTagsForResource"),
    *("DescribeLogStreams", "FilterLogEvents", "PutLogGroupDeletionProtection", "AssociateKmsKey"),
    *("DisassociateKmsKey", "PutMetricFilter", "DeleteMetricFilter", "DescribeMetricFilters"),
    *("DescribeSubscriptionFilters", "DeleteSubscriptionFilter", "CreateExportTask", "GetLogGroupFields"),
    *("PutTransformer", "GetTransformer", "DeleteTransformer", "PutDataProtectionPolicy", "GetDataProtectionPolicy"),
    *("DeleteDataProtectionPolicy", "PutIndexPolicy", "DeleteIndexPolicy", "PutBearerTokenAuthentication"),
)
_ON_STREAM = ("CreateLogStream", "DeleteLogStream", "PutLogEvents", "GetLogEvents")
_ON_GROUPS = ("StartQuery", "StartLiveTail", "DescribeIndexPolicies", "DescribeFieldIndexes")
_ON_NOTHING = (
    *("ListLogGroups", "TestMetricFilter", "DescribeDestinations", "DescribeExportTasks", "CancelExportTask"),
    *("GetQueryResults", "StopQuery", "DescribeQueries", "GetLogRecord", "PutQueryDefinition"),
    *("DescribeQueryDefinitions", "DeleteQueryDefinition", "PutResourcePolicy", "DescribeResourcePolicies"),
    *("TestTransformer", "PutAccountPolicy", "DescribeAccountPolicies", "DeleteAccountPolicy", "ListLogGroupsForQuery"),
    *("ListScheduledQueries", "DescribeLookupTables", "ListLogAnomalyDetectors", "ListAnomalies"),
    *("CreateScheduledQuery", "CreateLookupTable", "PutStorageTierPolicy", "GetStorageTierPolicy"),
    *("DeleteResourcePolicy", "DescribeDeliveries", "DescribeDeliveryDestinations", "DescribeDeliverySources"),
)
_ON_DESTINATION = ("PutDestination", "PutDestinationPolicy", "DeleteDestination")
_ON_DELIVERY = (
    *("PutDeliveryDestination", "GetDeliveryDestination", "DeleteDeliveryDestination"),
    *("PutDeliveryDestinationPolicy", "GetDeliveryDestinationPolicy", "DeleteDeliveryDestinationPolicy"),
    *("PutDeliverySource", "GetDeliverySource", "DeleteDeliverySource", "CreateDelivery", "GetDelivery"),
    *("DeleteDelivery", "UpdateDeliveryConfiguration"),
)
_ON_ARN = (
    *("UpdateLookupTable", "GetLookupTable", "DeleteLookupTable", "UpdateLogAnomalyDetector", "GetLogAnomalyDetector"),
    *("DeleteLogAnomalyDetector", "UpdateAnomaly", "UpdateScheduledQuery", "GetScheduledQuery"),
    *("DeleteScheduledQuery", "GetScheduledQueryHistory"),
)

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    **{operation: (f"logs:{operation}", "log-group") for operation in _ON_GROUP},
    **{operation: (f"logs:{operation}", "log-stream") for operation in _ON_STREAM},
    **{operation: (f"logs:{operation}", "log-groups") for operation in _ON_GROUPS},
    **{operation: (f"logs:{operation}", "*") for operation in _ON_NOTHING},
    **{operation: (f"logs:{operation}", "destination") for operation in _ON_DESTINATION},
    **{operation: (f"logs:{operation}", "delivery") for operation in _ON_DELIVERY},
    **{operation: (f"logs:{operation}", "arn") for operation in _ON_ARN},
    "CreateLogAnomalyDetector": ("logs:CreateLogAnomalyDetector", "watched"),
    "GetLogEvents": [("logs:GetLogEvents", "log-stream"), ("logs:Unmask", "unmasked")],
    "FilterLogEvents": [("logs:FilterLogEvents", "log-group"), ("logs:Unmask", "unmasked")],
    "PutSubscriptionFilter": [("logs:PutSubscriptionFilter", "log-group"), ("iam:PassRole", "passed role")],
}
