"""Amazon EventBridge Scheduler."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .delivery import Deliveries
from .groups import Groups
from .schedules import Schedules
from .store import Store
from .tagging import Tagging
from .timetable import Timetable
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (Groups(store, cloud), Schedules(store, cloud), Tagging(store, cloud))


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return (Timetable(store, cloud), Deliveries(store, cloud))


SERVICE = ServiceSpec(
    name="scheduler",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="rest-json",
)
