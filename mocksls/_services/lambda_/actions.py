"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

_PASS_ROLE = ("iam:PassRole", "passed role")

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    "CreateFunction": [("lambda:CreateFunction", "function"), _PASS_ROLE],
    "GetFunction": ("lambda:GetFunction", "function"),
    "GetFunctionConfiguration": ("lambda:GetFunctionConfiguration", "function"),
    "ListFunctions": ("lambda:ListFunctions", "*"),
    "UpdateFunctionCode": ("lambda:UpdateFunctionCode", "function"),
    "UpdateFunctionConfiguration": [("lambda:UpdateFunctionConfiguration", "function"), _PASS_ROLE],
    "DeleteFunction": ("lambda:DeleteFunction", "function"),
    "Invoke": ("lambda:InvokeFunction", "function"),
    "AddPermission": ("lambda:AddPermission", "function"),
    "RemovePermission": ("lambda:RemovePermission", "function"),
    "GetPolicy": ("lambda:GetPolicy", "function"),
    "CreateEventSourceMapping": ("lambda:CreateEventSourceMapping", "*"),
    "GetEventSourceMapping": ("lambda:GetEventSourceMapping", "eventSourceMapping"),
    "ListEventSourceMappings": ("lambda:ListEventSourceMappings", "*"),
    "UpdateEventSourceMapping": ("lambda:UpdateEventSourceMapping", "eventSourceMapping"),
    "DeleteEventSourceMapping": ("lambda:DeleteEventSourceMapping", "eventSourceMapping"),
    "TagResource": ("lambda:TagResource", "function"),
    "UntagResource": ("lambda:UntagResource", "function"),
    "ListTags": ("lambda:ListTags", "function"),
}
