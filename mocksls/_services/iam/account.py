"""The account: its alias, password policy, summary, and all its authorization details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .documents import on_the_wire
from .instance_profiles import InstanceProfiles
from .managed_policies import shown_policy
from .pages import paged
from .policy_versions import PolicyVersions
from .roles import shown_role
from .store import Entity, Store
from .users import shown_user

_SWITCHES = (
    *("RequireSymbols", "RequireNumbers", "RequireUppercaseCharacters", "RequireLowercaseCharacters"),
    "AllowUsersToChangePassword",
)
_QUOTAS = {
    "AccessKeysPerUserQuota": 2,
    "AssumeRolePolicySizeQuota": 2048,
    "AttachedPoliciesPerGroupQuota": 10,
    "AttachedPoliciesPerRoleQuota": 10,
    "AttachedPoliciesPerUserQuota": 10,
    "GlobalEndpointTokenVersion": 1,
    "GroupPolicySizeQuota": 5120,
    "GroupsPerUserQuota": 10,
    "GroupsQuota": 300,
    "InstanceProfilesQuota": 1000,
    "PoliciesQuota": 1500,
    "PolicySizeQuota": 6144,
    "PolicyVersionsInUseQuota": 10000,
    "RolePolicySizeQuota": 10240,
    "RolesQuota": 1000,
    "ServerCertificatesQuota": 20,
    "SigningCertificatesPerUserQuota": 2,
    "UserPolicySizeQuota": 2048,
    "UsersQuota": 5000,
    "VersionsPerPolicyQuota": 5,
}


class Account:
    """Operations on the account."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_account_alias(self, request: Mapping[str, Any], call: Call) -> None:
        """Give the account its one alias, in place of another."""
        self._store.alias = request["AccountAlias"]

    def delete_account_alias(self, request: Mapping[str, Any], call: Call) -> None:
        """Take the alias away.

        Raises:
            AwsError: NoSuchEntity.
        """
        if self._store.alias != request["AccountAlias"]:
            raise errors.no_alias(request["AccountAlias"])
        self._store.alias = None

    def list_account_aliases(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The alias, if there is one."""
        aliases = [self._store.alias] if self._store.alias else []
        return {"AccountAliases": aliases, "IsTruncated": False}

    def update_account_password_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the password policy; what is not given falls back to its default."""
        self._store.password_policy = {"MinimumPasswordLength": 6, **request}

    def get_account_password_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The password policy.

        Raises:
            AwsError: NoSuchEntity.
        """
        policy = self._store.password_policy
        if policy is None:
            raise errors.no_password_policy(call.account_id)
        shown = {name: policy.get(name, False) for name in _SWITCHES}
        ages = {name: policy[name] for name in ("MaxPasswordAge", "PasswordReusePrevention") if policy.get(name)}
        shown |= {"MinimumPasswordLength": policy["MinimumPasswordLength"], **ages}
        shown |= {"ExpirePasswords": "MaxPasswordAge" in ages, "HardExpiry": policy.get("HardExpiry", False)}
        return {"PasswordPolicy": shown}

    def delete_account_password_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take the password policy away.

        Raises:
            AwsError: NoSuchEntity.
        """
        if self._store.password_policy is None:
            raise errors.no_account_policy()
        self._store.password_policy = None

    def get_account_summary(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What the account has, and its quotas."""
        store = self._store
        own = [policy for policy in store.policies.values() if f"::{call.account_id}:" in policy.arn]
        counted = {
            "Users": len(store.users),
            "Groups": len(store.groups),
            "Roles": len(store.roles),
            "Policies": len(own),
            "PolicyVersionsInUse": sum(len(policy.versions) for policy in own),
            "InstanceProfiles": len(store.profiles),
            "Providers": len(store.open_id) + len(store.saml),
            "ServerCertificates": 0,
            "MFADevices": sum(device.virtual for device in store.devices.values()),
            "MFADevicesInUse": sum(device.user is not None for device in store.devices.values()),
            "AccountMFAEnabled": 0,
            "AccountAccessKeysPresent": 0,
            "AccountSigningCertificatesPresent": 0,
            "AccountPasswordPresent": 1,
        }
        return {"SummaryMap": {**counted, **_QUOTAS}}

    def get_account_authorization_details(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Users, roles, groups and policies with everything that decides what they may."""
        wanted = request.get("Filter", ())
        found: list[tuple[str, str, dict[str, Any]]] = []
        for kind, member, entities, detail in (
            ("User", "UserDetailList", self._store.users, self._user),
            ("Group", "GroupDetailList", self._store.groups, self._group),
            ("Role", "RoleDetailList", self._store.roles, self._role),
        ):
            if not wanted or kind in wanted:
                found += [(member, f"{member}/{name}", detail(each, call)) for name, each in sorted(entities.items())]
        found += self._policies(wanted, call)
        page = paged(request, "All", sorted(found, key=lambda each: each[1]), lambda each: each[1], lambda each: each)
        answer: dict[str, Any] = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
        for member, _, shown in page.pop("All"):
            answer[member].append(shown)
        return {**answer, **page}

    def _policies(self, wanted: Any, call: Call) -> list[tuple[str, str, dict[str, Any]]]:
        versions = PolicyVersions(self._store, self._cloud)
        found = []
        for arn, policy in sorted(self._store.policies.items()):
            kind = "AWSManagedPolicy" if ":aws:policy/" in arn else "LocalManagedPolicy"
            if wanted and kind not in wanted:
                continue
            listed = [
                versions.get_policy_version({"PolicyArn": arn, "VersionId": f"v{each.number}"}, call)["PolicyVersion"]
                for each in policy.versions
            ]
            shown = {**shown_policy(self._store, policy), "PolicyVersionList": listed, "Tags": None}
            found.append(("Policies", f"Policies/{arn}", shown))
        return found

    def _user(self, user: Entity, call: Call) -> dict[str, Any]:
        groups = [group.name for group in self._store.groups_of(user.name)]
        shown = {**shown_user(user), "GroupList": groups, "UserPolicyList": _inline(user) or None}
        return {**shown, "AttachedManagedPolicies": _attached(user), "Tags": _tags.to_list(user.tags)}

    def _group(self, group: Entity, call: Call) -> dict[str, Any]:
        return {
            "Path": group.path,
            "GroupName": group.name,
            "GroupId": group.unique_id,
            "Arn": group.arn,
            "CreateDate": group.created,
            "GroupPolicyList": _inline(group),
            "AttachedManagedPolicies": _attached(group),
        }

    def _role(self, role: Entity, call: Call) -> dict[str, Any]:
        profiles = InstanceProfiles(self._store, self._cloud)
        listed = profiles.list_instance_profiles_for_role({"RoleName": role.name}, call)["InstanceProfiles"]
        shown = {**shown_role(role), "Description": None, "RoleLastUsed": {}, "InstanceProfileList": listed}
        shown |= {"RolePolicyList": _inline(role), "AttachedManagedPolicies": _attached(role)}
        return {**shown, "Tags": _tags.to_list(role.tags)}


def _inline(entity: Entity) -> list[dict[str, str]]:
    return [{"PolicyName": name, "PolicyDocument": on_the_wire(text)} for name, text in sorted(entity.inline.items())]


def _attached(entity: Entity) -> list[dict[str, str]]:
    return [{"PolicyName": arn.rsplit("/", 1)[-1], "PolicyArn": arn} for arn in entity.attached]
