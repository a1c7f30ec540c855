"""AWS Security Token Service."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .federation import Federation
from .sessions import Sessions
from .store import Store


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account."""
    return (Sessions(store, cloud), Federation(store, cloud))


SERVICE = ServiceSpec(
    name="sts",
    store=Store,
    scope="account",
    resources=resources,
    wire={"validation_code": "ValidationError"},
    actions=ACTIONS,
    needs=needs,
    refusal="query",
    guards=True,
)
