"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str]] = {
    "CreateLogGroup": ("logs:CreateLogGroup", "log-group"),
    "DeleteLogGroup": ("logs:DeleteLogGroup", "log-group"),
    "DescribeLogGroups": ("logs:DescribeLogGroups", "log-group"),
    "PutRetentionPolicy": ("logs:PutRetentionPolicy", "log-group"),
    "DeleteRetentionPolicy": ("logs:DeleteRetentionPolicy", "log-group"),
    "TagLogGroup": ("logs:TagLogGroup", "log-group"),
    "UntagLogGroup": ("logs:UntagLogGroup", "log-group"),
    "ListTagsLogGroup": ("logs:ListTagsLogGroup", "log-group"),
    "TagResource": ("logs:TagResource", "log-group"),
    "UntagResource": ("logs:UntagResource", "log-group"),
    "ListTagsForResource": ("logs:ListTagsForResource", "log-group"),
    "CreateLogStream": ("logs:CreateLogStream", "log-stream"),
    "DeleteLogStream": ("logs:DeleteLogStream", "log-stream"),
    "DescribeLogStreams": ("logs:DescribeLogStreams", "log-group"),
    "PutLogEvents": ("logs:PutLogEvents", "log-stream"),
    "GetLogEvents": ("logs:GetLogEvents", "log-stream"),
    "FilterLogEvents": ("logs:FilterLogEvents", "log-group"),
}
