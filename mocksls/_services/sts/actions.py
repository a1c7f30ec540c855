"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from mocksls._kernel.authorise import NO_PERMISSION, NO_SIGNATURE

_WITH_TAGS = [("sts:TagSession", "role"), ("sts:SetSourceIdentity", "role")]

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    "AssumeRole": [("sts:AssumeRole", "role"), *_WITH_TAGS],
    "AssumeRoleWithSAML": ("", NO_SIGNATURE),
    "AssumeRoleWithWebIdentity": ("", NO_SIGNATURE),
    "DecodeAuthorizationMessage": ("sts:DecodeAuthorizationMessage", "*"),
    "GetAccessKeyInfo": ("sts:GetAccessKeyInfo", "*"),
    "GetCallerIdentity": ("sts:GetCallerIdentity", NO_PERMISSION),
    "GetFederationToken": ("sts:GetFederationToken", "federated user"),
    "GetSessionToken": ("sts:GetSessionToken", NO_PERMISSION),
}
