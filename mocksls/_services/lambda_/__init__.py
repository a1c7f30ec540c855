"""AWS Lambda."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .functions import Functions
from .invocations import EventInvocations, Invocations
from .mappings import Mappings
from .permissions import Permissions
from .store import Store
from .stream_poller import StreamPoller
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (Functions(store, cloud), Invocations(store, cloud), Permissions(store, cloud), Mappings(store, cloud))


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return (EventInvocations(store, cloud), StreamPoller(store, cloud))


SERVICE = ServiceSpec(
    name="lambda",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="rest-json",
    guards=True,
)
