"""Amazon EventBridge: buses, rules, targets, archives, API destinations."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .api_destinations import ApiDestinations
from .archives import Archives
from .authorisation import needs
from .buses import Buses
from .connections import Connections
from .delivery import Deliveries
from .endpoints import Endpoints
from .permissions import Permissions
from .publishing import Events
from .replays import ReplayRuns, Replays
from .rules import Rules
from .store import Store
from .tagging import Tagging
from .targets import Targets
from .timetable import Timetable
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (
        Buses(store, cloud),
        Permissions(store, cloud),
        Rules(store, cloud),
        Targets(store, cloud),
        Events(store, cloud),
        Archives(store, cloud),
        Replays(store, cloud),
        Connections(store, cloud),
        ApiDestinations(store, cloud),
        Endpoints(store, cloud),
        Tagging(store, cloud),
    )


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return (Deliveries(store, cloud), Timetable(store, cloud), ReplayRuns(store, cloud))


SERVICE = ServiceSpec(
    name="events",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="json",
    guards=True,
)
