"""What each operation is called in policies, and on which resource it acts."""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str]] = {
    "BatchExecuteStatement": ("dynamodb:PartiQL*", "tables of statements"),
    "BatchGetItem": ("dynamodb:BatchGetItem", "tables"),
    "BatchWriteItem": ("dynamodb:BatchWriteItem", "tables"),
    "CreateTable": ("dynamodb:CreateTable", "table"),
    "DeleteItem": ("dynamodb:DeleteItem", "table"),
    "DeleteTable": ("dynamodb:DeleteTable", "table"),
    "DescribeEndpoints": ("dynamodb:DescribeEndpoints", "*"),
    "DescribeLimits": ("dynamodb:DescribeLimits", "*"),
    "DescribeTable": ("dynamodb:DescribeTable", "table"),
    "DescribeTimeToLive": ("dynamodb:DescribeTimeToLive", "table"),
    "ExecuteStatement": ("dynamodb:PartiQL*", "tables of statements"),
    "ExecuteTransaction": ("dynamodb:PartiQL*", "tables of statements"),
    "GetItem": ("dynamodb:GetItem", "table"),
    "ListTables": ("dynamodb:ListTables", "*"),
    "ListTagsOfResource": ("dynamodb:ListTagsOfResource", "arn"),
    "PutItem": ("dynamodb:PutItem", "table"),
    "Query": ("dynamodb:Query", "table or index"),
    "Scan": ("dynamodb:Scan", "table or index"),
    "TagResource": ("dynamodb:TagResource", "arn"),
    "TransactGetItems": ("dynamodb:GetItem", "tables of actions"),
    "TransactWriteItems": ("dynamodb:*Item", "tables of actions"),
    "UntagResource": ("dynamodb:UntagResource", "arn"),
    "UpdateItem": ("dynamodb:UpdateItem", "table"),
    "UpdateTable": ("dynamodb:UpdateTable", "table"),
    "UpdateTimeToLive": ("dynamodb:UpdateTimeToLive", "table"),
}
