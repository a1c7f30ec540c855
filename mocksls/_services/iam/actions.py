"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

_ON_ROLES = (
    "CreateRole",
    "GetRole",
    "DeleteRole",
    "UpdateRole",
    "UpdateRoleDescription",
    "UpdateAssumeRolePolicy",
    "PutRolePolicy",
    "GetRolePolicy",
    "DeleteRolePolicy",
    "ListRolePolicies",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "ListAttachedRolePolicies",
    "TagRole",
    "UntagRole",
    "ListRoleTags",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
)
_ON_USERS = (
    "CreateUser",
    "GetUser",
    "DeleteUser",
    "CreateAccessKey",
    "ListAccessKeys",
    "UpdateAccessKey",
    "DeleteAccessKey",
    "PutUserPolicy",
    "GetUserPolicy",
    "DeleteUserPolicy",
    "ListUserPolicies",
    "AttachUserPolicy",
    "DetachUserPolicy",
    "ListAttachedUserPolicies",
    "TagUser",
    "UntagUser",
    "ListUserTags",
    "PutUserPermissionsBoundary",
    "DeleteUserPermissionsBoundary",
)
_ON_POLICIES = ("CreatePolicy", "GetPolicy", "GetPolicyVersion", "DeletePolicy")
# lists are judged as the empty name below their kind
_ON_ALL = {"ListRoles": "role/", "ListUsers": "user/", "ListPolicies": "policy/", "GetAccessKeyLastUsed": "*"}

ACTIONS: dict[str, tuple[str, str]] = {
    **{name: (f"iam:{name}", "role") for name in _ON_ROLES},
    **{name: (f"iam:{name}", "user") for name in _ON_USERS},
    **{name: (f"iam:{name}", "policy") for name in _ON_POLICIES},
    **{name: (f"iam:{name}", word) for name, word in _ON_ALL.items()},
}
