"""AWS Identity and Access Management."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .access_keys import AccessKeys
from .actions import ACTIONS
from .authorisation import needs
from .inline_policies import InlinePolicies
from .managed_policies import ManagedPolicies
from .roles import Roles
from .store import Store
from .users import Users


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account."""
    return tuple(make(store, cloud) for make in (Roles, Users, AccessKeys, InlinePolicies, ManagedPolicies))


SERVICE = ServiceSpec(
    name="iam",
    store=Store,
    scope="account",
    resources=resources,
    wire={"validation_code": "ValidationError"},
    actions=ACTIONS,
    needs=needs,
    refusal="query",
)
