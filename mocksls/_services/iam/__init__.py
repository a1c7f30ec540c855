"""AWS Identity and Access Management."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .access_keys import AccessKeys
from .account import Account
from .actions import ACTIONS
from .authorisation import needs
from .groups import Groups
from .inline_policies import InlinePolicies
from .instance_profiles import InstanceProfiles
from .login_profiles import LoginProfiles
from .managed_policies import ManagedPolicies
from .mfa_devices import MfaDevices
from .policy_versions import PolicyVersions
from .providers import OpenIdProviders, SamlProviders
from .roles import Roles
from .service_linked_roles import ServiceLinkedRoles
from .simulation import Simulation
from .store import Store
from .user_credentials import ServiceCredentials, SshKeys
from .users import Users

_RESOURCES: tuple[Callable[[Store, Cloud], object], ...] = (
    Roles,
    Users,
    Groups,
    AccessKeys,
    LoginProfiles,
    ServiceCredentials,
    SshKeys,
    MfaDevices,
    InlinePolicies,
    ManagedPolicies,
    PolicyVersions,
    InstanceProfiles,
    ServiceLinkedRoles,
    OpenIdProviders,
    SamlProviders,
    Account,
    Simulation,
)


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account."""
    return tuple(make(store, cloud) for make in _RESOURCES)


SERVICE = ServiceSpec(
    name="iam",
    store=Store,
    scope="account",
    resources=resources,
    wire={
        "validation_code": "ValidationError",
        "stricter": {"CreateLoginProfileRequest.Password": {"required": True}},
    },
    actions=ACTIONS,
    needs=needs,
    refusal="query",
)
