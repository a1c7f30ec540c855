"""Amazon CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .events import Events
from .groups import Groups
from .store import Store
from .streams import LogStreams
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (Groups(store, cloud), LogStreams(store, cloud), Events(store, cloud))


SERVICE = ServiceSpec(
    name="logs", store=Store, scope="region", resources=resources, wire=WIRE, actions=ACTIONS, needs=needs
)
