"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

_PASS_ROLE = ("iam:PassRole", "passed role")

_ON_FUNCTION = (
    *("GetFunction", "GetFunctionConfiguration", "UpdateFunctionCode", "DeleteFunction", "AddPermission"),
    *("RemovePermission", "GetPolicy", "PublishVersion", "ListVersionsByFunction", "CreateAlias", "ListAliases"),
    *("PutFunctionConcurrency", "GetFunctionConcurrency", "DeleteFunctionConcurrency"),
    *("PutProvisionedConcurrencyConfig", "GetProvisionedConcurrencyConfig", "ListProvisionedConcurrencyConfigs"),
    *("DeleteProvisionedConcurrencyConfig", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig"),
    *("GetFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig", "ListFunctionEventInvokeConfigs"),
    *("CreateFunctionUrlConfig", "GetFunctionUrlConfig", "UpdateFunctionUrlConfig", "DeleteFunctionUrlConfig"),
    *("ListFunctionUrlConfigs", "GetFunctionCodeSigningConfig", "DeleteFunctionCodeSigningConfig"),
    *("PutRuntimeManagementConfig", "GetRuntimeManagementConfig", "PutFunctionRecursionConfig"),
    *("GetFunctionRecursionConfig", "TagResource", "UntagResource", "ListTags", "GetAlias", "UpdateAlias"),
    *("DeleteAlias", "InvokeAsync", "PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"),
)

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    **{operation: (f"lambda:{operation}", "function") for operation in _ON_FUNCTION},
    "CreateFunction": [("lambda:CreateFunction", "function"), _PASS_ROLE],
    "UpdateFunctionConfiguration": [("lambda:UpdateFunctionConfiguration", "function"), _PASS_ROLE],
    "ListFunctions": ("lambda:ListFunctions", "*"),
    "Invoke": ("lambda:InvokeFunction", "function"),
    "InvokeAsync": ("lambda:InvokeFunction", "function"),
    "InvokeWithResponseStream": ("lambda:InvokeFunction", "function"),
    "GetAccountSettings": ("lambda:GetAccountSettings", "*"),
    "PublishLayerVersion": ("lambda:PublishLayerVersion", "layer"),
    "GetLayerVersion": ("lambda:GetLayerVersion", "layer version"),
    "GetLayerVersionByArn": ("lambda:GetLayerVersion", "layer version"),
    "ListLayerVersions": ("lambda:ListLayerVersions", "*"),
    "ListLayers": ("lambda:ListLayers", "*"),
    "DeleteLayerVersion": ("lambda:DeleteLayerVersion", "layer version"),
    "AddLayerVersionPermission": ("lambda:AddLayerVersionPermission", "layer version"),
    "RemoveLayerVersionPermission": ("lambda:RemoveLayerVersionPermission", "layer version"),
    "GetLayerVersionPolicy": ("lambda:GetLayerVersionPolicy", "layer version"),
    "CreateEventSourceMapping": ("lambda:CreateEventSourceMapping", "*"),
    "GetEventSourceMapping": ("lambda:GetEventSourceMapping", "eventSourceMapping"),
    "ListEventSourceMappings": ("lambda:ListEventSourceMappings", "*"),
    "UpdateEventSourceMapping": ("lambda:UpdateEventSourceMapping", "eventSourceMapping"),
    "DeleteEventSourceMapping": ("lambda:DeleteEventSourceMapping", "eventSourceMapping"),
    "CreateCodeSigningConfig": ("lambda:CreateCodeSigningConfig", "*"),
    "GetCodeSigningConfig": ("lambda:GetCodeSigningConfig", "code signing config"),
    "UpdateCodeSigningConfig": ("lambda:UpdateCodeSigningConfig", "code signing config"),
    "DeleteCodeSigningConfig": ("lambda:DeleteCodeSigningConfig", "code signing config"),
    "ListCodeSigningConfigs": ("lambda:ListCodeSigningConfigs", "*"),
    "ListFunctionsByCodeSigningConfig": ("lambda:ListFunctionsByCodeSigningConfig", "code signing config"),
    "PutFunctionCodeSigningConfig": [
        ("lambda:PutFunctionCodeSigningConfig", "function"),
        ("lambda:PutFunctionCodeSigningConfig", "code signing config"),
    ],
}
