"""What each operation is called in policies, and on which resource it acts."""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str]] = {
    "DescribeStream": ("dynamodb:DescribeStream", "stream"),
    "GetRecords": ("dynamodb:GetRecords", "stream"),
    "GetShardIterator": ("dynamodb:GetShardIterator", "stream"),
    "ListStreams": ("dynamodb:ListStreams", "*"),
}
