"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from __future__ import annotations

_WORDS = {
    "alarm": ("DescribeAlarmContributors", "PutCompositeAlarm", "PutLogAlarm", "PutMetricAlarm", "SetAlarmState"),
    "alarms": ("DeleteAlarms", "DisableAlarmActions", "EnableAlarmActions"),
    "alarm or all": ("DescribeAlarmHistory",),
    "dashboard": ("GetDashboard", "PutDashboard"),
    "dashboards": ("DeleteDashboards",),
    "insight rule": ("GetInsightRuleReport", "PutInsightRule"),
    "insight rules": ("DeleteInsightRules", "DisableInsightRules", "EnableInsightRules"),
    "stream": ("DeleteMetricStream", "GetMetricStream", "PutMetricStream"),
    "streams": ("StartMetricStreams", "StopMetricStreams"),
    "mute rule": ("DeleteAlarmMuteRule", "GetAlarmMuteRule"),
    "new mute rule": ("PutAlarmMuteRule",),
    "tagged": ("ListTagsForResource", "TagResource", "UntagResource"),
    "metrics": ("PutMetricData",),
    "dataset": ("AssociateDatasetKmsKey", "DisassociateDatasetKmsKey", "GetDataset"),
    "managed rules": ("ListManagedInsightRules", "PutManagedInsightRules"),
    "configured": (
        "CreateResourceMetricsConfiguration",
        "DeleteResourceMetricsConfiguration",
        "GetResourceMetricsConfiguration",
        "UpdateResourceMetricsConfiguration",
    ),
    "*": (
        "DeleteAnomalyDetector",
        "DescribeAlarms",
        "DescribeAlarmsForMetric",
        "DescribeAnomalyDetectors",
        "DescribeInsightRules",
        "GetMetricData",
        "GetMetricStatistics",
        "GetOTelEnrichment",
        "ListAlarmMuteRules",
        "ListDashboards",
        "ListMetricStreams",
        "ListMetrics",
        "PutAnomalyDetector",
        "StartOTelEnrichment",
        "StopOTelEnrichment",
        "UpdateOTelEnrichment",
    ),
}

ACTIONS: dict[str, tuple[str, str]] = {
    operation: (f"cloudwatch:{operation}", word) for word, operations in _WORDS.items() for operation in operations
}
