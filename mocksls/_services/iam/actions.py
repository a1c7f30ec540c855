"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

_ENTITY = (
    *("Create{}", "Get{}", "Delete{}", "Update{}", "Put{}Policy", "Get{}Policy", "Delete{}Policy", "List{}Policies"),
    *("Attach{}Policy", "Detach{}Policy", "ListAttached{}Policies"),
)
_TAGS = ("Tag{}", "Untag{}", "List{}Tags")
_BOUNDARY = ("Put{}PermissionsBoundary", "Delete{}PermissionsBoundary")


def _of(noun: str, *forms: str) -> tuple[str, ...]:
    return tuple(form.format(noun) for form in forms)


_ON: dict[str, tuple[str, ...]] = {
    "role": (
        *_of("Role", *_ENTITY, *_TAGS, *_BOUNDARY),
        *("UpdateRoleDescription", "UpdateAssumeRolePolicy", "ListInstanceProfilesForRole"),
        *("CreateServiceLinkedRole", "DeleteServiceLinkedRole", "GetServiceLinkedRoleDeletionStatus"),
    ),
    "user": (
        *_of("User", *_ENTITY, *_TAGS, *_BOUNDARY),
        *("CreateAccessKey", "ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey", "ListGroupsForUser"),
        *_of("LoginProfile", "Create{}", "Get{}", "Update{}", "Delete{}"),
        *_of("ServiceSpecificCredential", "Create{}", "Update{}", "Reset{}", "Delete{}", "List{}s"),
        *_of("SSHPublicKey", "Upload{}", "Get{}", "Update{}", "Delete{}", "List{}s"),
        *("EnableMFADevice", "DeactivateMFADevice", "ListMFADevices", "ChangePassword"),
    ),
    "group": (*_of("Group", *_ENTITY), "AddUserToGroup", "RemoveUserFromGroup"),
    "policy": (
        *_of("Policy", "Create{}", "Get{}", "Delete{}", *_TAGS),
        *_of("PolicyVersion", "Create{}", "Get{}", "Delete{}", "List{}s", "SetDefault{}"),
        "ListEntitiesForPolicy",
    ),
    "instance-profile": (
        *_of("InstanceProfile", "Create{}", "Get{}", "Delete{}", *_TAGS),
        "RemoveRoleFromInstanceProfile",
    ),
    "new mfa": ("CreateVirtualMFADevice",),
    "mfa": ("DeleteVirtualMFADevice", *_of("MFADevice", *_TAGS)),
    "new oidc-provider": ("CreateOpenIDConnectProvider",),
    "arn of OpenIDConnectProviderArn": (
        *_of("OpenIDConnectProvider", "Get{}", "Delete{}", *_TAGS),
        *("UpdateOpenIDConnectProviderThumbprint", "AddClientIDToOpenIDConnectProvider"),
        "RemoveClientIDFromOpenIDConnectProvider",
    ),
    "new saml-provider": ("CreateSAMLProvider",),
    "arn of SAMLProviderArn": _of("SAMLProvider", "Get{}", "Update{}", "Delete{}", *_TAGS),
    "arn of PolicySourceArn": ("SimulatePrincipalPolicy", "GetContextKeysForPrincipalPolicy"),
    # lists are judged as the empty name below their kind
    "role/": ("ListRoles",),
    "user/": ("ListUsers",),
    "group/": ("ListGroups",),
    "policy/": ("ListPolicies",),
    "instance-profile/": ("ListInstanceProfiles",),
    "*": (
        *("GetAccessKeyLastUsed", "CreateAccountAlias", "DeleteAccountAlias", "ListAccountAliases"),
        "ListVirtualMFADevices",
        *_of("AccountPasswordPolicy", "Get{}", "Update{}", "Delete{}"),
        *("GetAccountSummary", "GetAccountAuthorizationDetails", "ListOpenIDConnectProviders", "ListSAMLProviders"),
        *("SimulateCustomPolicy", "GetContextKeysForCustomPolicy"),
    ),
}

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    **{name: (f"iam:{name}", word) for word, names in _ON.items() for name in names},
    "AddRoleToInstanceProfile": [
        ("iam:AddRoleToInstanceProfile", "instance-profile"),
        ("iam:PassRole", "passed role"),
    ],
}
