"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str]] = {
    "AssumeRole": ("sts:AssumeRole", "role"),
    "GetCallerIdentity": ("sts:GetCallerIdentity", "*"),
    "GetSessionToken": ("sts:GetSessionToken", "*"),
    "GetAccessKeyInfo": ("sts:GetAccessKeyInfo", "*"),
}
